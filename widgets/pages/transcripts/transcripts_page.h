// SPDX-License-Identifier: GPL-3.0-or-later
// The Transcripts page: sandbox episodes of a run, what was said and done in one, and how it was judged.
#pragma once

#include "common/theme.h"
#include "viewmodels/episodes_model.h"
#include "viewmodels/store_watcher.h"
#include "viewmodels/transcripts.h"

#include <QWidget>

class QStackedWidget;
class QToolButton;

namespace gradus::common {
class ChipLabel;
class ElidedLabel;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class EpisodesPanel;
class FactsPanel;
class TranscriptView;

/// Follows the store of the watcher (which must outlive it) with readers of its own: the GUI thread reads no store.
/// Read only. GUI thread only.
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
    bool isReady() const; ///< nothing that will be shown is still on its way

    const viewmodels::Transcripts& transcripts() const { return m_transcripts; }
    const viewmodels::EpisodesModel& episodes() const { return m_model; }
    EpisodesPanel* panel() const { return m_panel; }
    TranscriptView* view() const { return m_view; }

private:
    void build();
    QWidget* buildHead();
    void addShortcuts();
    void runsArrived();
    void modelChanged();
    void episodeArrived();
    void refreshEmpty();

    common::ThemeController& m_theme;
    viewmodels::Transcripts m_transcripts;
    viewmodels::EpisodesModel m_model;
    QVector<store::RunRow> m_rows;
    QString m_storeFailure;
    bool m_hasRows = false; ///< the watcher has said which runs there are
    EpisodesPanel* m_panel = nullptr;
    FactsPanel* m_facts = nullptr;
    TranscriptView* m_view = nullptr;
    common::ChipLabel* m_family = nullptr;
    common::ElidedLabel* m_title = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
    common::EmptyState* m_empty = nullptr;
    QStackedWidget* m_stack = nullptr;
};

} // namespace gradus::pages
