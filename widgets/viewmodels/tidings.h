// SPDX-License-Identifier: GPL-3.0-or-later
// What a person wants to hear of runs while looking elsewhere: that one ended or failed, that a sweep is over, that an
// alert fired.
#pragma once

#include "store/fired_alert.h"
#include "store/records.h"

#include <QHash>
#include <QObject>
#include <QVector>

namespace gradus::viewmodels {

struct Tiding
{
    QString title;             ///< the experiment
    QString sentence;          ///< plain text, nothing hidden in it
    bool isFailure = false;    ///< of a run, or an alert
    bool isForDesktop = false; ///< worth a message to who does not look at the window
};

/// Compares every list of runs with the one before. A single run of a sweep that ends is said in the window; the
/// desktop hears of failures and alerts at once, and of the rest when nothing of the experiment waits or runs any more.
/// GUI thread.
class Tidings final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    void setRuns(const QVector<store::RunRow>& runs); ///< the first list after clear() is no news
    void setAlerts(const QVector<store::FiredAlert>& alerts);
    void clear(); ///< another store

Q_SIGNALS:
    void told(const gradus::viewmodels::Tiding& tiding);

private:
    void tellOfRun(const store::RunRow& run);
    void tellOfExperiment(const store::RunRow& last);

    QVector<store::RunRow> m_runs;
    QHash<QString, store::RunState> m_states; ///< by UUID: a list of the store before may still be on its way
    bool m_knows = false;
};

} // namespace gradus::viewmodels
