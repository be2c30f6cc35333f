// SPDX-License-Identifier: GPL-3.0-or-later
// Asks `gradus data batch` for the first batch of a draft's generation: the run's own sampler and sources answer.
#pragma once

#include "viewmodels/draft_question.h"

#include <QObject>
#include <QStringList>
#include <QVector>

#include <string>

namespace gradus::viewmodels {

struct BatchSource
{
    QString name;
    double weight = 0;
    QString notAsked; ///< why it cannot be asked before the run; empty: it was
};

struct BatchItem
{
    QString name;
    QString text; ///< of its first text, shown as it is
    int truth = 0;
    QStringList labels; ///< one a source; empty: none
    QString pooled;     ///< empty: nobody said anything
};

struct BatchReport
{
    int generation = 0;
    int pool = 0;
    QVector<BatchSource> sources;
    QVector<BatchItem> items;
    QString problem; ///< why there is no batch; empty where there is one
};

/// From the JSON of the verb; words is what was said besides, for where there is no JSON.
BatchReport readBatch(const QByteArray& json, const QByteArray& words);

/// One draw at a time: a newer one ends the older. GUI thread; nothing waits.
class BatchDraw final : public QObject
{
    Q_OBJECT
public:
    explicit BatchDraw(QObject* parent = nullptr) : QObject(parent) {}

    void setPlace(const LaunchPlace& place) { m_place = place; }
    void draw(const std::string& toml, int generation);
    bool isRunning() const { return m_question.isRunning(); }

Q_SIGNALS:
    void drawn(const gradus::viewmodels::BatchReport& report);

private:
    LaunchPlace m_place;
    DraftQuestion m_question;
};

} // namespace gradus::viewmodels
