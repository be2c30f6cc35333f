// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/live_page.h"

#include "base/clock.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "common/page_action.h"
#include "pages/live/event_line.h"
#include "pages/live/gap_content.h"
#include "pages/live/live_card.h"
#include "pages/live/live_header.h"
#include "pages/live/live_moment.h"
#include "pages/live/live_tables.h"
#include "pages/live/risk_content.h"
#include "pages/live/run_buttons.h"
#include "pages/shared/moment_popover.h"
#include "spec/imported.h"
#include "viewmodels/figures.h"
#include "viewmodels/run_mix.h"
#include "viewmodels/series_catalogue.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

using viewmodels::GenerationsModel;
using viewmodels::PointBatch;
using viewmodels::TimeWindow;
using viewmodels::ValuesModel;
using viewmodels::XAxis;

namespace {

constexpr int kGap = 8;
constexpr int kRefreshInterval = 34; // milliseconds: at most 30 refreshes a second

// Row by row: two columns of cards, so that a crosshair is one straight line down a column.
constexpr CardKind kOrder[kCardCount] = {CardKind::Utility, CardKind::TrainingFit, CardKind::Imitation,
                                         CardKind::Entropy, CardKind::Gap,         CardKind::Recovery,
                                         CardKind::Noise,   CardKind::Harm,        CardKind::Mix};

} // namespace

LivePage::LivePage(viewmodels::StoreWatcher& watcher, const viewmodels::RunsModel& runs, common::ThemeController& theme,
                   QWidget* parent)
    : QWidget(parent), m_watcher(watcher), m_runs(runs), m_theme(theme), m_values(m_run)
{
    setObjectName(QStringLiteral("livePage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_header = new LiveHeader(m_run, m_window, theme, this);
    column->addWidget(m_header);
    m_stack = new QStackedWidget(this);
    m_empty = new common::EmptyState(QString());
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area = new QWidget;
    m_grid = new QGridLayout(m_area);
    m_grid->setContentsMargins(kGap, kGap, kGap, kGap);
    m_grid->setSpacing(kGap);
    buildCards();
    buildTables();
    m_scroll->setWidget(m_area);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_scroll);
    column->addWidget(m_stack, 1);
    m_events = new EventLine(theme, this);
    column->addWidget(m_events);
    m_moment = new MomentPopover(this);
    connect(m_moment, &MomentPopover::transcriptsRequested, this, &LivePage::transcriptsRequested);

    m_refresh.setSingleShot(true);
    connect(&m_refresh, &QTimer::timeout, this, &LivePage::refresh);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        for (LiveCard* card : m_cards + m_foreign)
            card->catchUp();
    });
    connect(m_empty, &common::EmptyState::activated, this, &LivePage::startRequested);
    connect(m_header, &LiveHeader::commandRequested, this,
            [this](const QString& verb) { Q_EMIT commandRequested(m_runId, verb); });
    connect(m_header, &LiveHeader::resumeRequested, this, [this] { Q_EMIT resumeRequested(m_runId); });
    connect(m_header, &LiveHeader::openLogRequested, this, [this] { Q_EMIT openLogRequested(m_runId); });
    connect(m_events, &EventLine::stepChosen, this, [this](double step) {
        m_window.setFollow(false);
        m_window.setPointer(step);
    });
    buildAlerts();
    connectWatcher();
    connectWindow();
    addShortcuts();
    arrange();
    refreshEmpty();
}

LivePage::~LivePage() = default;

void LivePage::buildCards()
{
    for (const CardKind kind : kOrder) {
        auto* card = new LiveCard(kind, m_run, m_window, m_theme, m_area);
        m_cards.append(card);
        connectCard(card);
        if (isOptional(kind)) card->hide();
    }
    m_foreignNote = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"), m_area);
    m_foreignNote->setObjectName(QStringLiteral("foreignLeftOut"));
    m_foreignNote->hide();
    m_cards.back()->hide(); // the mix: until a run has one
    // The utility card's paint stands for "on screen" in the latency that the status bar shows.
    for (QWidget* child : m_cards.front()->timePlot()->findChildren<QWidget*>())
        child->installEventFilter(this);
}

void LivePage::buildTables()
{
    m_valuesCard = new common::CardFrame(tr("Values"), 34, m_area);
    m_valuesTable = new LiveTable(m_values, m_theme, m_valuesCard);
    m_valuesTable->setObjectName(QStringLiteral("valuesTable"));
    m_valuesTable->setAccessibleName(tr("Values at the cursor"));
    m_valuesTable->setShares({150, 62, 54, 58});
    m_valuesTable->setStyleRole(ValuesModel::SeriesColumn, ValuesModel::StyleRole);
    m_valuesTable->setQuietColumn(ValuesModel::HalfWidthColumn);
    m_valuesCard->content()->addWidget(m_valuesTable);
    m_riskCard = new common::CardFrame(tr("Risk and competence"), 34, m_area);
    m_riskCard->setSubtitle(tr("before and after alignment"));
    m_riskMap = new plot::RiskMap(m_theme, m_riskCard);
    m_riskMap->setObjectName(QStringLiteral("riskMap"));
    m_riskMap->setAccessibleName(tr("Risk and competence of every generation"));
    m_riskCard->content()->addWidget(m_riskMap);
    m_riskCard->setMinimumHeight(240);
    m_riskCard->hide();
    m_generationsCard = new common::CardFrame(tr("Generations"), 34, m_area);
    m_generationsTable = new LiveTable(m_generations, m_theme, m_generationsCard);
    m_generationsTable->setStruckRole(viewmodels::GenerationsModel::RolledBackRole);
    m_generationsTable->setObjectName(QStringLiteral("generationsTable"));
    m_generationsTable->setAccessibleName(tr("Generations"));
    m_generationsTable->setShares({42, 46, 42, 38, 44, 44, 40, 50});
    m_generationsCard->content()->addWidget(m_generationsTable);
    connect(m_generationsTable, &QTableView::clicked, this, [this](const QModelIndex& index) {
        const auto& records = m_run.detail().generations;
        if (static_cast<std::size_t>(index.row()) >= records.size()) return;
        m_window.setFollow(false);
        m_window.setPointer(m_run.lastStepOf(records[static_cast<std::size_t>(index.row())]));
    });
}

void LivePage::connectWatcher()
{
    using viewmodels::StoreWatcher;
    connect(&m_watcher, &StoreWatcher::runDetailChanged, this, &LivePage::detailArrived);
    connect(&m_watcher, &StoreWatcher::pointsArrived, this, &LivePage::pointsArrived);
    connect(&m_watcher, &StoreWatcher::runsChanged, this, &LivePage::rowsArrived);
    connect(&m_watcher, &StoreWatcher::votesCounted, this, [this](const viewmodels::VoteTally& tally) {
        if (tally.runId != m_runId) return;
        m_run.setVotes(tally.counts);
        m_dataIsBehind = true;
        scheduleRefresh();
    });
    const auto notice = [this](const QString& sentence, bool failure) {
        m_notice = sentence;
        m_noticeIsFailure = failure;
        refreshEmpty();
    };
    connect(&m_watcher, &StoreWatcher::storeWaiting, this, [notice](const QString& s) { notice(s, false); });
    connect(&m_watcher, &StoreWatcher::storeFailed, this, [notice](const QString& s) { notice(s, true); });
    connect(&m_watcher, &StoreWatcher::storeReady, this, [notice] { notice({}, false); });
}

void LivePage::connectWindow()
{
    connect(&m_window, &TimeWindow::rangeChanged, this, [this] {
        m_dataIsBehind = true;
        scheduleRefresh();
    });
    connect(&m_window, &TimeWindow::axisChanged, this, [this] {
        m_dataIsBehind = true;
        scheduleRefresh();
    });
    connect(&m_window, &TimeWindow::cursorChanged, this, [this] {
        m_cursorIsBehind = true;
        scheduleRefresh();
    });
}

void LivePage::addShortcuts()
{
    common::addPageAction(*this, tr("Live: back to the range before"), Qt::Key_Backspace, [this] { m_window.back(); });
    common::addPageAction(*this, tr("Live: pause the run, or let it go on"), QKeySequence(Qt::CTRL | Qt::Key_P),
                          [this] { m_header->buttons()->pauseOrGoOn(); });
    common::addPageAction(*this, tr("Live: event before"), Qt::Key_BracketLeft, [this] { jumpToEvent(false); });
    common::addPageAction(*this, tr("Live: next event"), Qt::Key_BracketRight, [this] { jumpToEvent(true); });
    common::addPageAction(*this, tr("Live: follow the newest step, or not"), Qt::Key_F,
                          [this] { m_window.setFollow(!m_window.follows()); });
    common::addPageAction(*this, tr("Live: this moment, with the way to its transcripts"), Qt::Key_T,
                          [this] { showMomentAtCursor(); });
}

void LivePage::showRun(std::int64_t runId)
{
    if (runId == m_runId && runId != 0) return;
    m_runId = runId;
    m_isGone = false;
    m_run.clear();
    m_window.reset();
    m_specOfDrawn.clear();
    m_watched.clear();
    m_pendingWall = 0;
    m_generations.setRecords({});
    m_riskCard->hide();
    m_values.refresh(0);
    m_events->setEvents({});
    m_header->refresh();
    for (LiveCard* card : m_cards) {
        card->setDrawnGap(std::nullopt);
        card->dataChanged();
    }
    refreshMix({});
    m_isImported = false;
    refreshForeign();
    refreshEmpty();
    m_watcher.watch(runId);
}

void LivePage::detailArrived(const store::RunDetail& detail)
{
    if (detail.run.id != m_runId) return;
    const bool first = !m_run.hasRun();
    m_run.setDetail(detail);
    if (detail.specToml != m_specOfDrawn) {
        m_specOfDrawn = detail.specToml;
        const std::optional<schedule::Curve> drawn = drawnGap(detail.specToml);
        for (LiveCard* card : m_cards)
            card->setDrawnGap(drawn);
        refreshMix(detail.specToml);
        m_isImported = spec::isImported(detail.specToml);
    }
    refreshAlerts();
    m_dataIsBehind = true;
    if (first) refreshEmpty();
    scheduleRefresh();
}

void LivePage::rowsArrived(const QVector<store::RunRow>& rows)
{
    const auto isShown = [this](const store::RunRow& row) { return row.id == m_runId; };
    const bool isThere = std::any_of(rows.begin(), rows.end(), isShown);
    if (!m_run.hasRun() || isThere) return;
    // What was read of it would stand there as if it were still to be had.
    showRun(0);
    m_isGone = true;
    refreshEmpty();
}

void LivePage::pointsArrived(const PointBatch& batch)
{
    if (batch.runId != m_runId) return;
    m_run.append(batch);
    m_pendingWall = std::max(m_pendingWall, batch.newestWall);
    m_dataIsBehind = true;
    scheduleRefresh();
}

void LivePage::scheduleRefresh()
{
    if (!m_refresh.isActive()) m_refresh.start(kRefreshInterval);
}

void LivePage::refresh()
{
    // setNow moves range and cursor, which asks for a refresh again: this one serves it.
    m_window.setNow(static_cast<double>(std::max<std::int64_t>(m_run.lastStep(), 0)));
    const bool dataIsNew = m_dataIsBehind;
    m_dataIsBehind = false;
    if (dataIsNew) {
        const QModelIndex index = m_runs.indexOf(m_runId);
        m_header->setColour(index.isValid() ? index.data(viewmodels::RunsModel::ColourRole).toInt() : 0);
        m_header->refresh();
        refreshForeign();
        for (LiveCard* card : m_cards + m_foreign)
            card->dataChanged();
        if (m_run.hasRun()) {
            m_generations.setRecords(m_run.detail().generations);
            refreshRisk();
            m_events->setEvents(m_run.detail().events);
        }
        refreshCursor();
    } else if (m_cursorIsBehind) {
        for (LiveCard* card : m_cards + m_foreign)
            card->cursorChanged();
        refreshCursor();
    }
    m_cursorIsBehind = false;
    m_refresh.stop();
}

void LivePage::refreshCursor()
{
    const double step = m_window.cursor();
    m_values.refresh(step);
    if (!m_run.hasPoints()) {
        m_valuesCard->setSubtitle({});
        return;
    }
    QString place = tr("step %1, G%2").arg(common::groupedText(std::llround(step))).arg(m_run.generationAt(step));
    if (m_window.axis() == XAxis::WallTime)
        place = viewmodels::clockText(m_run.xOf(step, XAxis::WallTime)) + QStringLiteral(", ") + place;
    m_valuesCard->setSubtitle(place);
}

void LivePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
    for (LiveCard* card : m_cards + m_foreign)
        card->catchUp();
}

bool LivePage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && m_pendingWall > 0 && !m_dataIsBehind) {
        const double wall = m_pendingWall;
        m_pendingWall = 0;
        QMetaObject::invokeMethod(
            this, [this, wall] { Q_EMIT latencyMeasured(1000 * (wallSeconds() - wall)); }, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

void LivePage::keyPressEvent(QKeyEvent* event)
{
    const int reach = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        moveByPoints(-reach);
        return;
    case Qt::Key_Right:
        moveByPoints(reach);
        return;
    case Qt::Key_Escape:
        m_window.setPointer(std::nullopt);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void LivePage::connectCard(LiveCard* card)
{
    connect(card, &LiveCard::momentRequested, this,
            [this, card](const QPoint& at, double step, const QString& event) { showMoment(card, at, step, event); });
}

void LivePage::setRunsWithEpisodes(const QSet<qint64>& runs)
{
    m_withEpisodes = runs;
}

void LivePage::showMoment(LiveCard* card, const QPoint& at, double step, const QString& event)
{
    m_window.setFollow(false);
    Moment moment = momentOf(m_run, m_cards.back()->sources(), step, card->valuesAt(step), event);
    for (MomentRun& run : moment.runs)
        run.hasEpisodes = !m_withEpisodes || m_withEpisodes->contains(run.run);
    m_moment->openAt(at, moment);
}

/// The keyboard's way to what a click opens.
void LivePage::showMomentAtCursor()
{
    if (!m_run.hasRun() || !m_run.hasPoints()) return;
    LiveCard* card = m_cards.front();
    for (LiveCard* other : m_cards + m_foreign)
        if (other->timePlot()->hasFocus()) card = other;
    card->pin(m_window.cursor());
}

void LivePage::moveByPoints(int points)
{
    m_window.setPointer(std::round(m_window.cursor()) + points);
}

void LivePage::jumpToEvent(bool forward)
{
    if (!m_run.hasRun()) return;
    const double here = std::round(m_window.cursor());
    std::optional<double> best;
    for (const store::EventRow& event : m_run.detail().events) {
        const auto step = static_cast<double>(event.step);
        if (forward ? step <= here : step >= here) continue;
        if (!best || (forward ? step < *best : step > *best)) best = step;
    }
    if (!best) return;
    m_window.setFollow(false);
    m_window.setPointer(*best);
}

} // namespace gradus::pages
