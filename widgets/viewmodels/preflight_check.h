// SPDX-License-Identifier: GPL-3.0-or-later
// Asks `gradus check` about a draft, so that the window and the command line say the same ticks.
#pragma once

#include "viewmodels/draft_question.h"

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QVector>

#include <string>

namespace gradus::viewmodels {

enum class TickState
{
    Passed,
    Warned,  ///< may be launched past
    Refused, ///< may not
};

struct TickRow
{
    QString id; ///< "disk"
    QString title;
    TickState state = TickState::Passed;
    QString figure;
    QString sentence;
    QString cure; ///< empty where it passed
};

struct PreflightReport
{
    int runs = 0;
    int conditions = 0;
    double seconds = 0; ///< wall; 0: not known
    double diskBytes = 0;
    QVector<TickRow> ticks; ///< in the order of the command line
    QStringList notes;
    QString problem; ///< why there are no ticks; empty where there are some

    bool isRefused() const; ///< also where there is a problem
};

/// From the JSON of `gradus check --json`; words is what was said besides, for where there is no JSON.
PreflightReport readPreflight(const QByteArray& json, const QByteArray& words);

/// One draft at a time: a newer text ends the check of the older one. GUI thread; nothing waits.
class PreflightCheck final : public QObject
{
    Q_OBJECT
public:
    static constexpr int kQuiet = 500; ///< milliseconds without an edit before a draft is checked

    explicit PreflightCheck(LaunchPlace place, QObject* parent = nullptr);

    void setPlace(const LaunchPlace& place) { m_place = place; }
    /// The draft changed: what was answered is out of date. Checked once nothing changes any more.
    void setDraft(const std::string& toml);
    void hurry(); ///< somebody waits: not when the draft rests, but now
    bool isRunning() const { return m_question.isRunning() || m_quiet.isActive(); }

Q_SIGNALS:
    void began(); ///< what was answered is out of date
    void answered(const gradus::viewmodels::PreflightReport& report);

private:
    void start();

    LaunchPlace m_place;
    std::string m_toml;
    QTimer m_quiet;
    DraftQuestion m_question;
};

} // namespace gradus::viewmodels
