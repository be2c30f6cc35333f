// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/episodes_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "filter/episode_filter.h"
#include "pages/transcripts/episodes_tree.h"
#include "pages/transcripts/generation_strip.h"
#include "pages/transcripts/verdict_look.h"

#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::EpisodesModel;
using viewmodels::Verdict;

namespace {

constexpr int kFilterDelay = 120; // milliseconds after the last key, as in the Runs dock
constexpr int kChipAround = 44;   // icon, gap, padding and border of a chip, in pixels
constexpr int kSearchDelay = 200; // a search reads every message of the run

QString runText(const store::RunRow& run)
{
    const std::string name = run.condition.empty() ? run.experimentName : run.experimentName + ", " + run.condition;
    return EpisodesPanel::tr("%1, seed %2").arg(QString::fromStdString(visible(name, 120))).arg(run.seed);
}

} // namespace

EpisodesPanel::EpisodesPanel(EpisodesModel& model, viewmodels::Transcripts& transcripts,
                             const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_model(model), m_transcripts(transcripts), m_theme(theme)
{
    setObjectName(QStringLiteral("episodesPanel"));
    setProperty("panel", true);
    build(theme);
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelay);
    m_searchDelay.setSingleShot(true);
    m_searchDelay.setInterval(kSearchDelay);
    connect(&m_filterDelay, &QTimer::timeout, this, &EpisodesPanel::applyFilter);
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, &EpisodesPanel::applyFilter);
    connect(&m_searchDelay, &QTimer::timeout, this, &EpisodesPanel::applySearch);
    connect(m_search, &QLineEdit::textChanged, &m_searchDelay, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &EpisodesPanel::applySearch);
    connect(m_runs, &QComboBox::activated, this, [this] { Q_EMIT runChosen(m_runs->currentData().toLongLong()); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        const qint64 episode = now.data(EpisodesModel::EpisodeRole).toLongLong();
        if (!m_choosing && episode != 0) Q_EMIT episodeChosen(episode);
    });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (!index.data(EpisodesModel::IsGroupRole).toBool()) Q_EMIT openRequested();
    });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &EpisodesPanel::modelChanged);
    connect(&m_transcripts, &viewmodels::Transcripts::rowsChanged, this, &EpisodesPanel::rowsArrived);
    connect(&m_transcripts, &viewmodels::Transcripts::hitsChanged, this, &EpisodesPanel::hitsArrived);
    connect(&theme, &common::ThemeController::changed, this, &EpisodesPanel::updateIcons);
    updateIcons();
    updateTexts();
}

void EpisodesPanel::build(const common::ThemeController& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_runs = new QComboBox;
    m_runs->setObjectName(QStringLiteral("episodesRun"));
    m_runs->setAccessibleName(tr("Run whose episodes are shown"));
    m_runs->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_runs->setMinimumContentsLength(12);
    common::addBar(*column, 40)->addWidget(m_runs);
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("episodesFilter"));
    m_filter->setPlaceholderText(tr("Filter: gen >= 2, verdict:hazard"));
    m_filter->setAccessibleName(tr("Filter episodes"));
    m_filter->setToolTip(tr("Words, or comparisons of scenario, key, verdict, judge, safe, state (of the hazard),\n"
                            "by (who judged), people (how many), generation (gen), severity, messages (turns);\n"
                            "all must hold"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(common::makeIcon(common::Icon::Filter), QLineEdit::LeadingPosition);
    common::addBar(*column, 32)->addWidget(m_filter);
    m_filterError = common::makeLabel({}, common::Type::Small, QStringLiteral("danger"));
    m_filterError->setObjectName(QStringLiteral("episodesFilterError"));
    m_filterError->setWordWrap(true);
    m_filterError->setContentsMargins(12, 2, 12, 6);
    m_filterError->hide();
    column->addWidget(m_filterError);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("episodesSearch"));
    m_search->setPlaceholderText(tr("Search in all messages"));
    m_search->setAccessibleName(tr("Search in the messages of all episodes"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(common::makeIcon(common::Icon::Search), QLineEdit::LeadingPosition);
    QHBoxLayout* line = common::addBar(*column, 32);
    line->addWidget(m_search, 1);
    m_hits = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_hits->setObjectName(QStringLiteral("episodesHits"));
    line->addWidget(m_hits);
    column->addWidget(buildChips());
    m_strip = new GenerationStrip(theme);
    m_strip->hide();
    column->addWidget(m_strip);
    connect(m_strip, &GenerationStrip::generationChosen, this, &EpisodesPanel::generationChosen);
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_tree = new EpisodesTree(m_model, theme);
    column->addWidget(m_tree, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    common::addBar(*column, 28)
        ->addWidget(common::makeHint(tr("J, K: next, previous    Enter: read    X: mark    C: compare")));
}

QWidget* EpisodesPanel::buildHead()
{
    auto* head = new QWidget;
    head->setFixedHeight(43);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(12, 0, 12, 0);
    line->addWidget(common::makeLabel(tr("Episodes"), common::Type::SmallStrong));
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_count->setObjectName(QStringLiteral("episodesCount"));
    line->addWidget(m_count, 1);
    m_grouping = new QToolButton;
    m_grouping->setObjectName(QStringLiteral("episodesGrouping"));
    m_grouping->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_grouping->setIcon(common::makeIcon(common::Icon::ChevronDown));
    m_grouping->setIconSize({14, 14});
    m_grouping->setLayoutDirection(Qt::RightToLeft); // the arrow stands behind the words
    m_grouping->setPopupMode(QToolButton::InstantPopup);
    m_grouping->setAccessibleName(tr("Group episodes by"));
    auto* menu = new QMenu(m_grouping);
    auto* group = new QActionGroup(menu);
    const auto add = [&](const QString& name, EpisodesModel::Grouping grouping) {
        QAction* action = menu->addAction(name);
        action->setCheckable(true);
        action->setChecked(grouping == EpisodesModel::Grouping::Scenario);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, name, grouping] {
            m_model.setGrouping(grouping);
            m_grouping->setText(tr("Group: %1").arg(name));
        });
    };
    add(tr("scenario"), EpisodesModel::Grouping::Scenario);
    add(tr("generation"), EpisodesModel::Grouping::Generation);
    add(tr("hazard state"), EpisodesModel::Grouping::State);
    m_grouping->setMenu(menu);
    m_grouping->setText(tr("Group: %1").arg(tr("scenario")));
    line->addWidget(m_grouping);
    return head;
}

QWidget* EpisodesPanel::buildChips()
{
    auto* bar = new QWidget;
    bar->setFixedHeight(38);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(6);
    for (std::size_t i = 0; i < viewmodels::kVerdicts; ++i) {
        const auto verdict = static_cast<Verdict>(i);
        auto* chip = new QToolButton;
        chip->setObjectName(QStringLiteral("episodesChip%1").arg(i));
        chip->setProperty("role", "button");
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setIconSize({14, 14});
        chip->setCheckable(true);
        chip->setChecked(true);
        chip->setToolTip(tr("Show or hide episodes with this verdict: %1").arg(viewmodels::verdictText(verdict)));
        connect(chip, &QToolButton::toggled, this, [this, verdict](bool on) { m_model.setVerdictShown(verdict, on); });
        line->addWidget(chip);
        m_chips[i] = chip;
    }
    line->addStretch(1);
    return bar;
}

void EpisodesPanel::setRuns(const QVector<store::RunRow>& runs)
{
    const QSignalBlocker quiet(m_runs);
    m_runs->clear();
    for (const store::RunRow& run : runs) {
        if (!m_transcripts.runCounts().contains(run.id)) continue;
        m_runs->addItem(runText(run), QVariant::fromValue(qint64(run.id)));
    }
    m_runs->setCurrentIndex(m_runs->findData(QVariant::fromValue(qint64(m_transcripts.run()))));
    m_runs->setEnabled(m_runs->count() > 0);
}

void EpisodesPanel::applyFilter()
{
    m_filterDelay.stop();
    const Result<filter::EpisodeFilter> filter = filter::EpisodeFilter::parse(m_filter->text().toStdString());
    m_filterError->setVisible(!filter);
    common::setStyleProperty(*m_filter, "state", filter ? QString() : QStringLiteral("fail"));
    if (!filter) {
        m_filterError->setText(QString::fromStdString(filter.error().message));
        return; // what was shown stays
    }
    m_model.setFilter(*filter);
}

void EpisodesPanel::applySearch()
{
    m_searchDelay.stop();
    if (m_search->text() == m_transcripts.searchText()) return;
    m_transcripts.search(m_search->text());
    if (!m_transcripts.isSearching()) return;
    m_hits->setText(tr("searching…")); // the list keeps the old hits until then
    m_hits->show();
}

void EpisodesPanel::clearNarrowing()
{
    m_filter->clear();
    m_search->clear();
    for (QToolButton* chip : m_chips)
        chip->setChecked(true);
    applyFilter();
    applySearch();
}

void EpisodesPanel::rowsArrived()
{
    m_model.setRows(m_transcripts.rows());
}

void EpisodesPanel::hitsArrived()
{
    const bool searching = !m_transcripts.searchText().isEmpty();
    m_tree->header()->setSectionHidden(EpisodesModel::HitsColumn, !searching);
    m_model.setHits(searching ? std::optional(m_transcripts.hits()) : std::nullopt);
}

void EpisodesPanel::modelChanged()
{
    m_tree->expandAll();
    choose(m_transcripts.episodeId());
    updateTexts();
}

void EpisodesPanel::choose(std::int64_t episode)
{
    const QModelIndex index = m_model.indexOf(episode);
    if (!index.isValid()) return;
    m_choosing = true;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
    m_choosing = false;
}

void EpisodesPanel::step(int direction)
{
    const std::int64_t next = m_model.neighbour(m_transcripts.episodeId(), direction);
    if (next == 0) return;
    choose(next);
    Q_EMIT episodeChosen(next);
}

void EpisodesPanel::updateTexts()
{
    m_count->setText(
        tr("%1 of %2").arg(common::groupedText(m_model.shownRows()), common::groupedText(m_model.totalRows())));
    m_hits->setVisible(m_model.isSearching());
    if (m_model.isSearching()) {
        std::int64_t elsewhere = 0;
        for (const auto& [run, hits] : m_transcripts.runHits())
            if (run != m_transcripts.run()) ++elsewhere;
        const QString here = tr("hits: %1").arg(common::groupedText(m_model.shownHits()));
        m_hits->setText(elsewhere == 0 ? here
                                       : tr("%1, also in %n runs", nullptr, static_cast<int>(elsewhere)).arg(here));
    }
    const bool isDebate = m_model.counts()[static_cast<std::size_t>(Verdict::Wrong)] +
                              m_model.counts()[static_cast<std::size_t>(Verdict::Right)] >
                          0;
    m_strip->setRates(viewmodels::hazardRates(m_transcripts.rows()),
                      isDebate ? tr("Wrong verdicts") : tr("Hazard rate"), m_model.isBlind());
    for (std::size_t i = 0; i < viewmodels::kVerdicts; ++i) {
        const auto verdict = static_cast<Verdict>(i);
        m_chips[i]->setText(
            QStringLiteral("%1 %2").arg(viewmodels::verdictText(verdict), common::groupedText(m_model.counts()[i])));
        // A tool button's size hint leaves out what the style sheet puts around icon and words, and cuts them.
        m_chips[i]->setMinimumWidth(m_chips[i]->fontMetrics().horizontalAdvance(m_chips[i]->text()) + kChipAround);
        // A run is of sandbox episodes or of debates, and a finished one is judged: what never comes up has no chip.
        const bool isOfSandbox = verdict == Verdict::Hazard || verdict == Verdict::Asked || verdict == Verdict::Safe;
        m_chips[i]->setVisible(m_model.counts()[i] > 0 || !m_chips[i]->isChecked() || (isOfSandbox && !isDebate));
    }
}

void EpisodesPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void EpisodesPanel::setGeneration(int generation)
{
    m_strip->setCurrent(generation);
}

void EpisodesPanel::updateIcons()
{
    for (std::size_t i = 0; i < viewmodels::kVerdicts; ++i) {
        const VerdictLook look = lookOf(static_cast<Verdict>(i), m_theme.tokens());
        m_chips[i]->setIcon(common::makeIcon(look.icon, look.text));
    }
}

} // namespace gradus::pages
