// SPDX-License-Identifier: GPL-3.0-or-later
// The list of episodes with what narrows it: run, grouping, filter, search and verdicts.
#pragma once

#include "common/theme.h"
#include "viewmodels/episodes_model.h"
#include "viewmodels/transcripts.h"

#include <QFrame>
#include <QSet>
#include <QTimer>
#include <QVector>

#include <array>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace gradus::pages {

class EpisodesTree;
class GenerationStrip;

/// Over a model and a Transcripts that must outlive it. GUI thread only.
class EpisodesPanel final : public QFrame
{
    Q_OBJECT
public:
    EpisodesPanel(viewmodels::EpisodesModel& model, viewmodels::Transcripts& transcripts,
                  const common::ThemeController& theme, QWidget* parent = nullptr);

    /// Newest first; those without an episode are not offered.
    void setRuns(const QVector<store::RunRow>& runs);
    void choose(std::int64_t episode); ///< selects it and scrolls to it; nothing where it is not shown
    void step(int direction);          ///< to the next (+1) or previous (-1) episode in the order shown
    void clearNarrowing();             ///< empties filter and search, shows every verdict

    void focusSearch();
    void setGeneration(int generation); ///< of the episode that is shown; 0: none, or not to be told

    EpisodesTree* tree() const { return m_tree; }

Q_SIGNALS:
    void episodeChosen(qint64 episode);
    void openRequested(); ///< Enter on an episode
    void runChosen(qint64 run);
    void generationChosen(int generation);

private:
    void build(const common::ThemeController& theme);
    QWidget* buildHead();
    QWidget* buildChips();
    void applyFilter();
    void applySearch();
    void rowsArrived();
    void hitsArrived();
    void modelChanged();
    void updateTexts();
    void updateIcons();

    viewmodels::EpisodesModel& m_model;
    viewmodels::Transcripts& m_transcripts;
    const common::ThemeController& m_theme;
    EpisodesTree* m_tree = nullptr;
    GenerationStrip* m_strip = nullptr;
    QLabel* m_count = nullptr;
    QToolButton* m_grouping = nullptr;
    QComboBox* m_runs = nullptr;
    QLineEdit* m_filter = nullptr;
    QLineEdit* m_search = nullptr;
    QLabel* m_filterError = nullptr;
    QLabel* m_hits = nullptr;
    std::array<QToolButton*, viewmodels::kVerdicts> m_chips{};
    QTimer m_filterDelay;
    QTimer m_searchDelay;
    bool m_choosing = false; // the panel itself moves the selection
};

} // namespace gradus::pages
