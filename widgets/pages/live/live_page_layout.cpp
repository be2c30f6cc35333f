// SPDX-License-Identifier: GPL-3.0-or-later
// Which cards and tables the Live page has for the run it shows, and where they stand.
#include "common/controls.h"
#include "pages/live/event_line.h"
#include "pages/live/live_card.h"
#include "pages/live/live_page.h"
#include "pages/live/live_tables.h"
#include "pages/live/risk_content.h"
#include "viewmodels/run_mix.h"
#include "viewmodels/series_catalogue.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kSideWidth = 336;
constexpr int kFoldBelow = 1000; // of the page: narrower, the tables go below the cards
constexpr int kGap = 8;
constexpr qsizetype kMostForeign = 24; // cards of an imported run's own series
constexpr int kMixRow = 3;             // of the grid: below the six cards, as wide as both columns

} // namespace

/// An imported run is drawn under the names it came with; of the usual cards it keeps those that it has something for.
void LivePage::refreshForeign()
{
    QVector<std::string> names;
    int leftOut = 0;
    if (m_isImported)
        for (const std::string& name : m_run.seriesNames()) {
            if (viewmodels::findSeries(name) != nullptr) continue;
            if (names.size() < kMostForeign)
                names.append(name);
            else
                ++leftOut;
        }
    bool isMoved = false;
    const auto show = [&isMoved](LiveCard* card, bool isShown) {
        if (card->isHidden() != isShown) return;
        card->setVisible(isShown);
        isMoved = true;
    };
    while (m_foreign.size() < names.size()) {
        m_foreign.append(new LiveCard(CardKind::Foreign, m_run, m_window, m_theme, m_area));
        m_foreign.last()->hide();
        m_foreign.last()->setSmoothing(m_smoothing);
        m_foreign.last()->setAlertRules(viewmodels::rulesOf(m_watched));
        connectCard(m_foreign.last());
    }
    for (qsizetype i = 0; i < m_foreign.size(); ++i) {
        if (i < names.size() && m_foreign[i]->series() != names[i]) m_foreign[i]->setSeries(names[i]);
        show(m_foreign[i], i < names.size());
    }
    for (qsizetype i = 0; i + 1 < m_cards.size(); ++i)
        show(m_cards[i], isOptional(m_cards[i]->kind()) ? !m_cards[i]->isEmpty()
                                                        : !m_isImported || names.isEmpty() || !m_cards[i]->isEmpty());
    m_foreignNote->setVisible(leftOut > 0);
    m_foreignNote->setText(tr("%n more series are not drawn; the Store page has them.", nullptr, leftOut));
    if (!isMoved) return;
    m_columns = 0;
    arrange();
}

/// Runs that one source teaches have no mix, and its place goes to the other cards.
void LivePage::refreshMix(const std::string& specToml)
{
    std::vector<spec::SignalSource> sources =
        specToml.empty() ? std::vector<spec::SignalSource>() : viewmodels::mixSources(specToml);
    const bool isMixed = !sources.empty();
    m_cards.back()->setSources(std::move(sources));
    m_cards.back()->setVisible(isMixed);
    m_grid->setRowStretch(kMixRow, isMixed ? 1 : 0);
}

/// Runs without stages 2 and 3 have no such picture, and its place goes to the tables.
void LivePage::refreshRisk()
{
    m_riskMap->setSteps(riskStepsOf(m_run));
    m_riskCard->setVisible(!m_riskMap->steps().isEmpty());
}

void LivePage::refreshEmpty()
{
    const bool shown = m_runId != 0 && m_run.hasRun();
    m_stack->setCurrentWidget(shown ? static_cast<QWidget*>(m_scroll) : m_empty);
    m_events->setVisible(shown);
    if (shown) return;
    if (m_noticeIsFailure)
        m_empty->setLine(m_notice);
    else if (m_isGone)
        m_empty->setLine(tr("The run that was shown is no longer in this store; the trash may have it."));
    else if (m_runId != 0)
        m_empty->setLine(tr("Reading the run from the store."));
    else if (m_runs.totalRuns() > 0)
        m_empty->setLine(tr("Choose a run in the list on the left, or start one."));
    else
        m_empty->setLine(m_notice.isEmpty() ? tr("No run yet. A run that is launched appears here as it goes.")
                                            : m_notice);
    m_empty->setButton(m_noticeIsFailure || m_runId != 0 ? QString() : tr("Start a run"), true);
}

// Three columns where there is room; else the tables go below the two columns of cards and the area scrolls.
void LivePage::arrange()
{
    const int columns = width() >= kFoldBelow ? 3 : 2;
    if (columns == m_columns) return;
    m_columns = columns;
    while (QLayoutItem* item = m_grid->takeAt(0))
        delete item;
    int place = 0;
    for (LiveCard* card : m_cards.first(m_cards.size() - 1) + m_foreign) {
        if (card->isHidden()) continue;
        m_grid->addWidget(card, place / 2 + (place / 2 >= kMixRow ? 1 : 0), place % 2);
        ++place;
    }
    m_grid->addWidget(m_cards.back(), kMixRow, 0, 1, 2);
    for (int row = 0; row < kMixRow; ++row)
        m_grid->setRowStretch(row, 1);
    const int below = std::max(kMixRow, (place + 1) / 2) + 1; // the first row that no card stands in
    m_grid->addWidget(m_foreignNote, below, 0, 1, 2);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(2, columns == 3 ? kSideWidth : 0);
    m_grid->setColumnStretch(2, 0);
    const bool beside = columns == 3;
    m_valuesCard->setMinimumHeight(beside ? 0 : 300);
    m_generationsCard->setMinimumHeight(beside ? 0 : 300);
    if (beside) {
        auto* side = new QVBoxLayout;
        side->setSpacing(kGap);
        side->addWidget(m_valuesCard, 3);
        side->addWidget(m_riskCard, 2);
        side->addWidget(m_generationsCard, 2);
        m_grid->addLayout(side, 0, 2, kMixRow + 1, 1);
    } else {
        m_grid->addWidget(m_valuesCard, below + 1, 0);
        m_grid->addWidget(m_generationsCard, below + 1, 1);
        m_grid->addWidget(m_riskCard, below + 2, 0, 1, 2);
    }
}

} // namespace gradus::pages
