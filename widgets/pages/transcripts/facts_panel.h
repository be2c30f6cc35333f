// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of one episode beside its messages: every judge's verdict, what became of its hazard, who said what.
#pragma once

#include "common/tokens.h"
#include "events/events.h"
#include "store/records.h"

#include <QFrame>

#include <vector>

class QLabel;
class QVBoxLayout;

namespace gradus::common {
class ChipLabel;
}

namespace gradus::pages {

/// Texts from the store are plain and visible. GUI thread only.
class FactsPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit FactsPanel(QWidget* parent = nullptr);
    /// null: nothing. row: as the list knows it; null: not yet. isHidden: judged blind, so that only the scenario is
    /// told.
    void setEpisode(const events::EpisodeRecord* episode, const store::EpisodeRow* row,
                    const std::vector<store::VerdictRow>& verdicts, const std::vector<store::VerdictChange>& changes,
                    bool isHidden);

Q_SIGNALS:
    void messageRequested(int message); ///< that a monitor cites

private:
    QLabel* addFact(QVBoxLayout& column, const QString& title, const char* name);
    void addOthers(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& verdicts);
    void addMonitor(const events::EpisodeRecord& episode, const store::VerdictRow& verdict);
    void addChanges(const std::vector<store::VerdictChange>& changes);
    void addEvidence(const events::EpisodeRecord& episode);
    QLabel* addLine(const QString& text, common::Type type, const QString& tone = {});

    common::ChipLabel* m_verdict = nullptr;
    QLabel* m_judge = nullptr;
    QLabel* m_why = nullptr;
    QLabel* m_severity = nullptr;
    QLabel* m_safe = nullptr;
    QLabel* m_safeBy = nullptr;
    QLabel* m_scenario = nullptr;
    QLabel* m_place = nullptr;
    QLabel* m_steps = nullptr;
    QLabel* m_hidden = nullptr;
    QWidget* m_told = nullptr;     ///< what blind judging hides
    QVBoxLayout* m_more = nullptr; ///< people, monitors, the journal and what was kept, made anew for every episode
    QWidget* m_body = nullptr;
};

} // namespace gradus::pages
