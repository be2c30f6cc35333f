// SPDX-License-Identifier: GPL-3.0-or-later
// Asks `gradus check` about a draft, so that the window and the command line say the same ticks.
#pragma once

#include "viewmodels/draft_question.h"

#include <QElapsedTimer>
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
    static constexpr int kQuiet = 500;    ///< milliseconds without an edit before a draft is checked
    static constexpr int kFresh = 60'000; ///< milliseconds for which an answer holds

    explicit PreflightCheck(LaunchPlace place, QObject* parent = nullptr);

    /// Another workspace has other disks, runs and models: the next setDraft() asks again.
    void setPlace(const LaunchPlace& place);
    /// Another text, or one whose answer is no longer fresh: what was answered is out of date. Checked once nothing
    /// changes any more.
    void setDraft(const std::string& toml);
    /// Memory, disk and what the store knows change while a text does not: an answer ages.
    bool isFresh() const { return m_answeredAt.isValid() && !m_answeredAt.hasExpired(m_freshFor); }
    void setFreshFor(int milliseconds) { m_freshFor = milliseconds; }
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
    QElapsedTimer m_answeredAt; ///< not valid while there is no answer about this text in this place
    int m_freshFor = kFresh;
    DraftQuestion m_question;
};

} // namespace gradus::viewmodels
