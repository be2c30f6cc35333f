// SPDX-License-Identifier: GPL-3.0-or-later
// The Transcripts page: sandbox episodes of a run, what was said and done in one, and what judges say of it.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "viewmodels/episodes_model.h"
#include "viewmodels/judging.h"
#include "viewmodels/store_watcher.h"
#include "viewmodels/transcripts.h"

#include <QWidget>

#include <functional>
#include <memory>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace gradus::common {
class ChipLabel;
class ElidedLabel;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class AgreementPanel;
class ComparePane;
class EpisodesPanel;
class FactsPanel;
class JudgePanel;
class OutlinePanel;
class TranscriptView;

/// Follows the store of the watcher (which must outlive it) with readers of its own: the GUI thread reads no store and
/// writes none: what a person says of an episode is written by Judging. GUI thread only.
class TranscriptsPage final : public QWidget
{
    Q_OBJECT
public:
    TranscriptsPage(viewmodels::StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent = nullptr);
    ~TranscriptsPage() override;

    void openStore(const QString& path);
    /// Until this or the user chooses, the newest run with episodes is shown.
    void showRun(qint64 run);
    void showEpisode(qint64 episode);
    /// The run with an episode of that generation, as soon as they are read; said() tells where it has none.
    void showMoment(qint64 run, int generation);
    bool isReady() const; ///< nothing that will be shown is still on its way

    const viewmodels::Transcripts& transcripts() const { return m_transcripts; }
    const viewmodels::EpisodesModel& episodes() const { return m_model; }
    viewmodels::Judging& judging() { return m_judging; }
    EpisodesPanel* panel() const { return m_panel; }
    ComparePane* comparePane() const { return m_compare; }
    bool isComparing() const;
    TranscriptView* view() const { return m_view; }
    OutlinePanel* outline() const { return m_outline; }
    /// Writes the episode that is shown, off the GUI thread; said() tells how it ended. html or json by the ending.
    void exportTo(const QString& file);

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

private:
    void build();
    QWidget* buildHead();
    QWidget* buildJudging();
    QWidget* buildReading();
    void addShortcuts();
    void addCompareShortcuts();
    void addKey(const QString& name, const QKeySequence& keys, std::function<void()> triggered);
    void toggleMark();
    void toggleCompare();
    void compareGenerations();
    void stepGeneration(int direction);
    void showGeneration(int generation);
    void showWantedGeneration();
    std::int64_t episodeOf(int generation) const; ///< 0: none
    void judgeChanged();
    void showJudgements();
    void showOutline();
    void setSide(bool outline); ///< what stands at the right: facts, or the outline
    void chooseExport();
    void addFoldingShortcuts();
    void showAgreement();
    void goTo(std::int64_t episode); ///< 0: nowhere
    void runsArrived();
    void modelChanged();
    void episodeArrived();
    void refreshEmpty();

    common::ThemeController& m_theme;
    viewmodels::Transcripts m_transcripts;
    viewmodels::EpisodesModel m_model;
    viewmodels::Judging m_judging;
    QVector<store::RunRow> m_rows;
    QString m_storeFailure;
    bool m_hasRows = false; ///< the watcher has said which runs there are
    EpisodesPanel* m_panel = nullptr;
    JudgePanel* m_judge = nullptr;
    FactsPanel* m_facts = nullptr;
    OutlinePanel* m_outline = nullptr;
    QStackedWidget* m_side = nullptr;
    QToolButton* m_sideFacts = nullptr;
    QToolButton* m_sideOutline = nullptr;
    QToolButton* m_export = nullptr;
    common::Job m_exportJob{this};
    AgreementPanel* m_agreement = nullptr;
    int m_wantedGeneration = 0; ///< waits for the run's episodes
    std::int64_t m_shown = 0;   ///< episode in the view
    std::shared_ptr<const events::EpisodeRecord> m_shownEpisode;
    bool m_shownHidden = false;
    TranscriptView* m_view = nullptr;
    QWidget* m_reading = nullptr; ///< the view with its map
    ComparePane* m_compare = nullptr;
    QLabel* m_hit = nullptr;
    QToolButton* m_comparing = nullptr;
    common::ChipLabel* m_family = nullptr;
    common::ElidedLabel* m_title = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
    common::EmptyState* m_empty = nullptr;
    QStackedWidget* m_stack = nullptr;
};

} // namespace gradus::pages
