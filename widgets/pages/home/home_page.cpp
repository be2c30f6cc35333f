// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/home_page.h"

#include "base/clock.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/home/device_card.h"
#include "pages/home/devices_card.h"
#include "pages/home/home_delegates.h"
#include "pages/home/recent_models.h"
#include "pages/home/start_card.h"
#include "plot/lane_plot.h"
#include "plot/time_plot.h"

#include <QFontMetrics>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using common::Type;

namespace {

constexpr int kGap = 16;
constexpr int kConditionName = 84; ///< beside the example's curves; the value stands behind it
constexpr int kSideMargin = 24;
constexpr int kRowHeight = 28;
constexpr int kHeaderHeight = 26;
constexpr int kDevicesWidth = 320;
constexpr int kOneRowOfCards = 1300; ///< below this width of the page the cards stand two by two

QString counted(qsizetype count, const QString& one, const QString& many)
{
    return common::leftToRight(QStringLiteral("%1 %2").arg(common::groupedText(count), count == 1 ? one : many));
}

/// "A₁": the model's index below its letter.
QString generationText(double x)
{
    QString text = QStringLiteral("A");
    for (const QChar digit : QString::number(qRound(x)))
        text += QChar(0x2080 + digit.digitValue());
    return text;
}

} // namespace

HomePage::HomePage(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("homePage"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(scroll);
    auto* body = new QWidget;
    body->setObjectName(QStringLiteral("homeBody"));
    scroll->setWidget(body);
    scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);

    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(kSideMargin, 20, kSideMargin, 20);
    column->setSpacing(kGap);
    column->addWidget(heading());
    m_notice = new QFrame(body);
    m_notice->setProperty("bar", "warn");
    m_notice->setFixedHeight(40);
    auto* noticeRow = new QHBoxLayout(m_notice);
    noticeRow->setContentsMargins(12, 0, 12, 0);
    m_noticeText = common::makeLabel({}, Type::Body, {}, m_notice);
    m_noticeButton = common::makeButton({}, {}, m_notice);
    noticeRow->addWidget(m_noticeText, 1);
    noticeRow->addWidget(m_noticeButton);
    connect(m_noticeButton, &QPushButton::clicked, this, &HomePage::noticeActivated);
    m_notice->hide();
    column->addWidget(m_notice);
    column->addWidget(startCards());
    m_strip = new FiveMinutes(theme, body);
    column->addWidget(m_strip);
    column->addWidget(lowerGrid(), 1);

    connect(m_strip, &FiveMinutes::hideRequested, this, &HomePage::hideFirstStepsRequested);
    connect(m_strip, &FiveMinutes::stepActivated, this, [this](FirstStep step) {
        if (step == FirstStep::DragPoint)
            Q_EMIT newScheduleRequested();
        else if (step == FirstStep::Preflight)
            Q_EMIT preflightRequested();
        else if (step == FirstStep::LaunchDemo)
            Q_EMIT launchDemoRequested();
        else if (step == FirstStep::SeeLive)
            Q_EMIT watchRequested();
        else
            Q_EMIT compareExampleRequested();
    });
    refreshHeading();
    refreshExample();
    refreshSchedule();
}

HomePage::~HomePage() = default;

QWidget* HomePage::heading()
{
    auto* row = new QWidget(this);
    row->setFixedHeight(32);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    m_name = common::makeLabel({}, Type::Heading, {}, row);
    m_counts = common::makeLabel({}, Type::Body, QStringLiteral("quiet"), row);
    line->addWidget(m_name);
    line->addWidget(m_counts);
    line->addStretch(1);
    auto* folder = common::makeButton(tr("Show folder"), QStringLiteral("quiet"), row);
    folder->setIcon(common::makeIcon(common::Icon::Folder));
    auto* change = common::makeButton(tr("Switch workspace…"), {}, row);
    line->addWidget(folder);
    line->addWidget(change);
    connect(folder, &QPushButton::clicked, this, &HomePage::showFolderRequested);
    connect(change, &QPushButton::clicked, this, &HomePage::switchWorkspaceRequested);
    return row;
}

QWidget* HomePage::startCards()
{
    m_cards = new QWidget(this);
    m_cardGrid = new QGridLayout(m_cards);
    m_cardGrid->setContentsMargins(0, 0, 0, 0);
    m_cardGrid->setSpacing(kGap);

    m_examplePlot = new plot::TimePlot(m_theme, m_cards);
    m_examplePlot->setInteractive(false);
    m_examplePlot->setAttribute(Qt::WA_TransparentForMouseEvents, false); // the preview is a click target
    m_examplePlot->setAccessibleName(tr("Utility of the example's runs"));
    m_examplePlot->setMargins({40, 14, 132, 20});
    m_examplePlot->setXFormatter(generationText);
    m_examplePlot->setYTickCount(3);
    m_exampleCard = new StartCard(m_examplePlot, tr("Open the example"), {}, tr("Open example"), tr("Ctrl+E"), m_cards);

    m_schedulePlot = new plot::LanePlot(m_theme, m_cards);
    m_schedulePlot->setAccessibleName(tr("The gap curve edited last"));
    m_schedulePlot->setMargins({40, 14, 18, 20});
    m_schedulePlot->setVerticalGrid(true);
    m_schedulePlot->setYTickCount(3);
    m_schedulePlot->setXTicks({0, 0.25, 0.5, 0.75, 1});
    m_schedulePlot->setXFormatter([](double x) { return common::percentText(x); });
    m_scheduleCard = new StartCard(
        m_schedulePlot, tr("New schedule"),
        tr("Draw how the gap between generations grows.\nA run takes its value at each generation's start."),
        tr("New schedule"), tr("Ctrl+N"), m_cards);

    m_dropOutline = new DropOutline(m_theme, m_cards);
    setLastOpened({});
    m_openCard =
        new StartCard(m_dropOutline, tr("Open a file or store"),
                      tr("An experiment (.toml), a run store (.db) or a\nworkspace folder. Or drop it on this window."),
                      tr("Open…"), tr("Ctrl+O"), m_cards);
    m_deviceFindings = new DeviceFindings(m_theme, m_cards);
    m_deviceCard = new StartCard(m_deviceFindings, tr("Test this device"), {}, tr("Run the self-test"), {}, m_cards);
    refreshDevice();
    connect(m_deviceCard, &StartCard::activated, this, &HomePage::deviceTestRequested);
    connect(m_exampleCard, &StartCard::activated, this, &HomePage::openExampleRequested);
    connect(m_scheduleCard, &StartCard::activated, this, &HomePage::newScheduleRequested);
    connect(m_openCard, &StartCard::activated, this, &HomePage::openFileRequested);
    arrangeCards();
    return m_cards;
}

void HomePage::arrangeCards()
{
    const bool narrow = width() < kOneRowOfCards;
    int place = 0;
    for (StartCard* card : {m_exampleCard, m_scheduleCard, m_openCard, m_deviceCard}) {
        m_cardGrid->removeWidget(card);
        m_cardGrid->addWidget(card, narrow ? place / 2 : 0, narrow ? place % 2 : place);
        ++place;
    }
    for (int i = 0; i < 4; ++i)
        m_cardGrid->setColumnStretch(i, i < (narrow ? 2 : 4) ? 1 : 0);
}

QTableView* HomePage::makeTable(const QString& name)
{
    auto* table = new QTableView(this);
    table->setAccessibleName(name);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setMouseTracking(true);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    table->horizontalHeader()->setFixedHeight(kHeaderHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionsClickable(false);
    table->horizontalHeader()->setFont(common::typeFont(Type::SmallStrong));
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    return table;
}

QWidget* HomePage::tableCard(common::CardFrame& card, QTableView& table, common::EmptyState& empty,
                             QStackedWidget*& stack)
{
    stack = new QStackedWidget(&card);
    stack->addWidget(&empty);
    stack->addWidget(&table);
    card.content()->addWidget(stack, 1);
    return &card;
}

QWidget* HomePage::lowerGrid()
{
    auto* grid = new QWidget(this);
    grid->setMinimumHeight(380);
    auto* row = new QHBoxLayout(grid);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    auto* left = new QVBoxLayout;
    left->setSpacing(kGap);

    m_draftsModel = new DraftsModel(this);
    m_draftsTable = makeTable(tr("Recent drafts"));
    m_draftsTable->setModel(m_draftsModel);
    m_draftsTable->setItemDelegate(new HomeDelegate(m_theme, DraftsModel::Name, DraftsModel::Contents, this));
    QHeaderView* drafts = m_draftsTable->horizontalHeader();
    drafts->setSectionResizeMode(DraftsModel::Name, QHeaderView::Stretch);
    drafts->setSectionResizeMode(DraftsModel::Contents, QHeaderView::Stretch);
    common::fitSection(*drafts, DraftsModel::Curve, 104);
    common::fitSection(*drafts, DraftsModel::Edited, 108);
    m_noDrafts = new common::EmptyState(tr("No drafts yet. A new schedule starts from the built-in ladder."),
                                        tr("New schedule"));
    m_draftsCard = new common::CardFrame(tr("Recent drafts"), 34, grid);
    m_draftsCard->setFixedHeight(174);
    left->addWidget(tableCard(*m_draftsCard, *m_draftsTable, *m_noDrafts, m_draftsStack));

    m_runsModel = new RecentRunsModel(this);
    m_runsTable = makeTable(tr("Recent runs"));
    m_runsTable->setModel(m_runsModel);
    m_runsTable->setItemDelegate(new HomeDelegate(m_theme, RecentRunsModel::Name, RecentRunsModel::Ended, this));
    QHeaderView* runs = m_runsTable->horizontalHeader();
    runs->setSectionResizeMode(RecentRunsModel::Name, QHeaderView::Stretch);
    common::fitSection(*runs, RecentRunsModel::Generation, 100);
    common::fitSection(*runs, RecentRunsModel::Utility, 104);
    common::fitSection(*runs, RecentRunsModel::Last, 64);
    common::fitSection(*runs, RecentRunsModel::Imitation, 92);
    common::fitSection(*runs, RecentRunsModel::Ended, 140);
    m_noRuns = new common::EmptyState(tr("No runs yet. The demo run trains a tiny ladder on the CPU."),
                                      tr("Launch the demo run"));
    m_runsCard = new common::CardFrame(tr("Recent runs"), 34, grid);
    left->addWidget(tableCard(*m_runsCard, *m_runsTable, *m_noRuns, m_runsStack), 1);
    row->addLayout(left, 1);

    auto* devicesCard = new common::CardFrame(tr("Devices and disk"), 34, grid);
    devicesCard->setFixedWidth(kDevicesWidth);
    m_devices = new DevicesCard(m_theme, devicesCard);
    devicesCard->content()->addWidget(m_devices, 1);
    row->addWidget(devicesCard);

    connect(m_noDrafts, &common::EmptyState::activated, this, &HomePage::newScheduleRequested);
    connect(m_noRuns, &common::EmptyState::activated, this, &HomePage::launchDemoRequested);
    connect(m_draftsTable, &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT openDraftRequested(m_draftsModel->rows().value(index.row()).path);
    });
    connect(m_runsTable, &QTableView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT openRunRequested(m_runsModel->rows().value(index.row()).id); });
    return grid;
}

void HomePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if ((event->oldSize().width() < kOneRowOfCards) != (event->size().width() < kOneRowOfCards)) arrangeCards();
}

void HomePage::setWorkspace(const QString& name, const QString& folder)
{
    m_workspace = name;
    m_devices->setWorkspace(folder);
    refreshHeading();
}

void HomePage::setRows(const QVector<store::RunRow>& runs)
{
    m_runCount = int(runs.size());
    m_lastChange = 0;
    int going = 0;
    for (const store::RunRow& run : runs) {
        m_lastChange = std::max({m_lastChange, run.createdAt, run.endedAt.value_or(0), run.heartbeatAt.value_or(0)});
        going += run.state == store::RunState::Running;
    }
    m_runsModel->setRows(runs);
    m_runsStack->setCurrentIndex(runs.isEmpty() ? 0 : 1);
    m_runsCard->setSubtitle(runs.isEmpty() ? QString() : common::groupedText(m_runCount));
    m_devices->setRunning(going);
    refreshHeading();
}

void HomePage::setDrafts(const QVector<DraftRow>& drafts)
{
    m_draftsModel->setRows(drafts);
    m_draftsStack->setCurrentIndex(drafts.isEmpty() ? 0 : 1);
    m_draftsCard->setSubtitle(drafts.isEmpty() ? QString() : common::groupedText(drafts.size()));
    refreshHeading();
    refreshSchedule();
}

void HomePage::refreshHeading()
{
    const qsizetype drafts = m_draftsModel ? m_draftsModel->rows().size() : 0;
    if (m_runCount == 0 && drafts == 0) {
        m_name->setText(m_workspace.isEmpty() ? tr("New workspace") : m_workspace);
        m_counts->setText(tr("nothing in it yet"));
        return;
    }
    m_name->setText(m_workspace);
    QString counts =
        counted(m_runCount, tr("run"), tr("runs")) + QStringLiteral(", ") + counted(drafts, tr("draft"), tr("drafts"));
    if (m_lastChange > 0)
        counts += QStringLiteral("  ·  ") + tr("last change %1").arg(common::agoText(m_lastChange, wallSeconds()));
    m_counts->setText(counts);
}

void HomePage::setDeviceReport(const viewmodels::DeviceReport& report)
{
    m_deviceFindings->setReport(report);
    refreshDevice();
}

void HomePage::setDeviceTested(bool running)
{
    m_deviceFindings->setRunning(running);
    refreshDevice();
}

void HomePage::refreshDevice()
{
    m_deviceCard->setWords(m_deviceFindings->words());
    m_deviceCard->button()->setEnabled(!m_deviceFindings->isRunning());
}

void HomePage::setExample(const ExamplePreview& example)
{
    m_example = example;
    refreshExample();
}

void HomePage::refreshExample()
{
    QVector<plot::Series> all;
    const QFontMetrics names(common::typeFont(common::Type::Chart));
    int style = 0;
    for (const ConditionCurve& condition : m_example.conditions) {
        plot::Series series;
        series.id = series.name = condition.name;
        series.style = style++;
        for (qsizetype i = 0; i < condition.mean.size(); ++i)
            series.points.append({double(i + 1), condition.mean[i]});
        if (condition.seeds > 1) {
            series.low = condition.low;
            series.high = condition.high;
        }
        series.markers = true;
        if (!condition.mean.isEmpty())
            series.endLabel = names.elidedText(condition.name, Qt::ElideRight, kConditionName) + QLatin1Char(' ') +
                              common::numberText(condition.mean.last(), 2);
        all.append(series);
    }
    m_examplePlot->setFullRange(1, std::max(2, m_example.generations));
    m_examplePlot->setXTickCount(std::max(1, m_example.generations - 1));
    m_examplePlot->setSeries(all);
    m_examplePlot->setEmptyText(m_example.error);
    const bool there = m_example.runs > 0;
    m_exampleCard->button()->setEnabled(there);
    m_exampleCard->button()->setToolTip(there ? QString() : m_example.error);
    m_exampleCard->setWords(there ? tr("%1 finished, %2.\nNeeds no GPU.")
                                        .arg(counted(m_example.runs, tr("run"), tr("runs")),
                                             counted(m_example.conditions.size(), tr("condition"), tr("conditions")))
                                  : tr("Finished runs to look at before you train your own."));
}

void HomePage::refreshSchedule()
{
    schedule::Curve curve;
    for (const DraftRow& draft : m_draftsModel->rows()) {
        if (draft.gap.keys.empty()) continue;
        curve = draft.gap;
        break;
    }
    if (curve.keys.empty())
        curve.keys = {{.x = 0, .y = 0.3, .left = {}, .right = {}}, {.x = 1, .y = 0.9, .left = {}, .right = {}}};
    const auto samples = schedule::Evaluator(curve).sample(0, 1, 200);
    QVector<QPointF> line;
    double low = samples.front(), high = samples.front();
    for (std::size_t i = 0; i < samples.size(); ++i) {
        line.append({double(i) / double(samples.size() - 1), samples[i]});
        low = std::min(low, samples[i]);
        high = std::max(high, samples[i]);
    }
    QVector<plot::KeyMark> keys;
    for (const schedule::Key& key : curve.keys)
        keys.append({{key.x, key.y},
                     key.interpolation == schedule::Interpolation::Bezier     ? plot::KeyShape::Circle
                     : key.interpolation == schedule::Interpolation::Constant ? plot::KeyShape::Square
                                                                              : plot::KeyShape::Diamond});
    const double pad = std::max(0.1, (high - low) * 0.2);
    m_schedulePlot->setRange(0, 1, std::max(0.0, low - pad), high + pad);
    m_schedulePlot->setCurve(line);
    m_schedulePlot->setKeys(keys);
}

void HomePage::setLastOpened(const QString& path)
{
    if (path.isEmpty())
        m_dropOutline->setLines(tr("Drop a file or a folder here"), {});
    else
        m_dropOutline->setLines(tr("Drop a file or a folder here"), tr("last: %1").arg(path));
}

void HomePage::setStoreSize(qint64 bytes)
{
    m_devices->setStoreSize(bytes);
}

void HomePage::setNotice(const QString& sentence, const QString& button)
{
    m_noticeText->setText(sentence);
    m_noticeButton->setText(button);
    m_noticeButton->setVisible(!button.isEmpty());
    m_notice->setVisible(!sentence.isEmpty());
}

void HomePage::setLaunchBlocked(const QString& reason)
{
    m_strip->setLaunchBlocked(reason);
    m_noRuns->button()->setEnabled(reason.isEmpty());
    m_noRuns->button()->setToolTip(reason);
}

void HomePage::setFirstStepsVisible(bool visible)
{
    m_strip->setVisible(visible);
}

} // namespace gradus::pages
