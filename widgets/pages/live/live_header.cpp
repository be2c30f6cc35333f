// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/live_header.h"

#include "base/clock.h"
#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/live/command_note.h"
#include "pages/live/run_buttons.h"
#include "pages/live/stage_key.h"
#include "pages/live/stage_look.h"
#include "pages/live/time_strip.h"
#include "pages/shared/smoothing_button.h"
#include "viewmodels/figures.h"
#include "viewmodels/runs_model.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

using store::RunState;
using viewmodels::XAxis;

namespace {

enum FactIndex
{
    GenerationFact,
    StageFact,
    StepFact,
    SpeedFact,
    ElapsedFact,
    LeftFact,
};
constexpr double kSilence = 5;      // seconds without a heartbeat before the chip says so
constexpr int kKeyBelow = 820;      // the strip's key is left out when the header is narrower
constexpr int kButtonsBelow = 1000; // some of the buttons are in the menu alone when the header is narrower
constexpr int kWidthOfTools = 390;  // alerts, smoothing and axis: what the facts must leave free

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text));
}

QString toneOf(RunState state)
{
    switch (state) {
    case RunState::Running:
    case RunState::Finished:
        return QStringLiteral("ok");
    case RunState::Stopping:
    case RunState::Stopped:
        return QStringLiteral("warn");
    case RunState::Failed:
    case RunState::Crashed:
        return QStringLiteral("danger");
    case RunState::Queued:
    case RunState::Preparing:
        return QStringLiteral("neutral");
    }
    return QStringLiteral("neutral");
}

QString stateWord(RunState state)
{
    const QString word = QString::fromLatin1(store::nameOf(state)).toLower();
    return state == RunState::Running ? QStringLiteral("● ") + word : word;
}

} // namespace

LiveHeader::LiveHeader(const viewmodels::LiveRun& run, viewmodels::TimeWindow& window,
                       const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_run(run), m_window(window), m_theme(theme)
{
    setObjectName(QStringLiteral("liveHeader"));
    setProperty("panel", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(nameRow());
    column->addWidget(causeBar());
    m_note = new CommandNote(m_run, theme, this);
    column->addWidget(m_note);
    m_factsRow = factsRow();
    column->addWidget(m_factsRow);
    m_stripRow = stripRow();
    column->addWidget(m_stripRow);
    column->addWidget(common::makeLine(Qt::Horizontal));
    connect(&theme, &common::ThemeController::changed, this, [this] {
        paintSquare();
        refreshCause();
        m_note->refresh();
    });
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (!m_run.hasRun() || !isVisible()) return;
        refreshState();
        refreshFacts();
    });
    m_clock.start();
    refresh();
}

QWidget* LiveHeader::nameRow()
{
    auto* row = new QWidget(this);
    row->setFixedHeight(44);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    m_square = new QLabel(row);
    m_name = new common::ElidedLabel({}, Qt::ElideRight, row);
    m_name->setFont(common::typeFont(common::Type::CardTitle));
    m_name->setObjectName(QStringLiteral("runName"));
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_chip = new common::ChipLabel({}, {}, row);
    m_chip->setObjectName(QStringLiteral("runState"));
    m_context = new common::ElidedLabel({}, Qt::ElideRight, row);
    m_context->setFont(common::typeFont(common::Type::Small));
    m_context->setProperty("tone", "quiet");
    m_buttons = new RunButtons(m_run, row);
    connect(m_buttons, &RunButtons::commandRequested, this, &LiveHeader::commandRequested);
    connect(m_buttons, &RunButtons::resumeRequested, this, &LiveHeader::resumeRequested);
    line->addWidget(m_square);
    line->addWidget(m_name);
    line->addWidget(m_chip);
    line->addWidget(m_context, 1);
    line->addWidget(m_buttons);
    return row;
}

QWidget* LiveHeader::causeBar()
{
    m_bar = new QFrame(this);
    m_bar->setObjectName(QStringLiteral("causeBar"));
    m_bar->setFixedHeight(34);
    auto* line = new QHBoxLayout(m_bar);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    m_barIcon = new QLabel(m_bar);
    m_cause = new common::ElidedLabel({}, Qt::ElideRight, m_bar);
    m_cause->setObjectName(QStringLiteral("cause"));
    m_log = common::makeButton(tr("Open log"), QStringLiteral("link"), m_bar);
    m_log->setObjectName(QStringLiteral("openLog"));
    connect(m_log, &QPushButton::clicked, this, &LiveHeader::openLogRequested);
    line->addWidget(m_barIcon);
    line->addWidget(m_cause, 1);
    line->addWidget(m_log);
    return m_bar;
}

QWidget* LiveHeader::factsRow()
{
    auto* rows = new QWidget(this);
    auto* column = new QVBoxLayout(rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* grid = new QFrame(rows);
    grid->setProperty("line", "grid");
    column->addWidget(grid);
    auto* row = new QWidget(rows);
    row->setFixedHeight(43);
    column->addWidget(row);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(0);
    addFact(*line, tr("Generation"), 6);
    addFact(*line, tr("Stage"), 5);
    addFact(*line, tr("Step"), 1);
    addFact(*line, tr("Speed"), 2);
    addFact(*line, tr("Elapsed"), 3);
    addFact(*line, tr("Time left"), 4);
    line->addStretch(1);
    m_alerts = new QToolButton(row);
    m_alerts->setObjectName(QStringLiteral("openAlerts"));
    m_alerts->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_alerts->setToolTip(tr("What is watched, and what was found"));
    connect(m_alerts, &QToolButton::clicked, this, &LiveHeader::alertsRequested);
    setAlertCount(0, 0);
    line->addWidget(m_alerts);
    line->addSpacing(8);
    m_smoothing = new SmoothingButton(tr("Smoothing"), row);
    m_smoothing->setProperty("role", "quiet");
    line->addWidget(m_smoothing);
    line->addSpacing(8);
    m_axis = new QComboBox(row);
    m_axis->setObjectName(QStringLiteral("xAxis"));
    m_axis->setAccessibleName(tr("Unit of the x axis"));
    m_axis->addItem(tr("Step"));
    m_axis->addItem(tr("Wall time"));
    m_axis->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_axis, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_window.setAxis(index == 1 ? XAxis::WallTime : XAxis::Step); });
    connect(&m_window, &viewmodels::TimeWindow::axisChanged, this,
            [this] { m_axis->setCurrentIndex(m_window.axis() == XAxis::WallTime ? 1 : 0); });
    line->addWidget(m_axis);
    return rows;
}

void LiveHeader::setAlertCount(int rules, int fired)
{
    m_alerts->setText(rules > 0 ? tr("Alerts %1").arg(rules) : tr("Alerts"));
    m_alerts->setIcon(fired > 0 ? common::makeIcon(common::Icon::TriangleWarning, m_theme.tokens().danger)
                                : common::makeIcon(common::Icon::TriangleWarning));
}

void LiveHeader::addFact(QHBoxLayout& row, const QString& name, int importance)
{
    auto* box = new QWidget;
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    if (!m_facts.isEmpty()) {
        auto* divider = common::makeLine(Qt::Vertical);
        divider->setFixedHeight(28);
        line->addWidget(divider);
    }
    auto* column = new QVBoxLayout;
    column->setSpacing(1);
    column->addStretch(1);
    column->addWidget(common::makeLabel(name, common::Type::Chart, QStringLiteral("quiet")));
    auto* value = common::makeLabel({}, common::Type::BodyMedium);
    value->setObjectName(QStringLiteral("fact%1").arg(m_facts.size()));
    column->addWidget(value);
    column->addStretch(1);
    line->addLayout(column);
    line->addSpacing(4);
    row.addWidget(box);
    m_facts.append({box, value, importance, {}});
}

QWidget* LiveHeader::stripRow()
{
    auto* rows = new QWidget(this);
    auto* column = new QVBoxLayout(rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* grid = new QFrame(rows);
    grid->setProperty("line", "grid");
    column->addWidget(grid);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(12);
    column->addLayout(line);
    m_follow = new QToolButton(rows);
    m_follow->setObjectName(QStringLiteral("follow"));
    m_follow->setText(tr("Follow"));
    m_follow->setIcon(common::makeIcon(common::Icon::Follow));
    m_follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the cursor and the visible range at the newest step"));
    connect(m_follow, &QToolButton::clicked, &m_window, &viewmodels::TimeWindow::setFollow);
    connect(&m_window, &viewmodels::TimeWindow::followChanged, m_follow, &QToolButton::setChecked);
    m_strip = new TimeStrip(m_run, m_window, m_theme, rows);
    m_key = new StageKey(m_theme, rows);
    line->addWidget(m_follow);
    line->addWidget(m_strip, 1);
    line->addWidget(m_key);
    return rows;
}

void LiveHeader::setColour(int seriesStyle)
{
    m_colour = seriesStyle;
    paintSquare();
}

void LiveHeader::paintSquare()
{
    const qreal ratio = devicePixelRatioF();
    QPixmap square(QSize(10, 10) * ratio);
    square.setDevicePixelRatio(ratio);
    square.fill(Qt::transparent);
    QPainter painter(&square);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.tokens().seriesAt(m_colour).line);
    painter.drawRoundedRect(QRectF(0, 0, 10, 10), 2, 2);
    m_square->setPixmap(square);
}

void LiveHeader::setCommandsBlocked(const QString& reason)
{
    m_buttons->setBlocked(reason);
}

void LiveHeader::refresh()
{
    const bool has = m_run.hasRun();
    m_square->setVisible(has);
    m_chip->setVisible(has);
    m_factsRow->setVisible(has);
    m_stripRow->setVisible(has);
    paintSquare();
    if (has) {
        const store::RunRow& run = m_run.detail().run;
        const QString experiment = shown(run.experimentName);
        const QString name = run.condition.empty() ? experiment : viewmodels::shortCondition(run.condition);
        m_name->setFullText(tr("%1, seed %2").arg(name).arg(run.seed));
        m_context->setFullText(run.condition.empty() ? shown(run.taskName)
                                                     : tr("%1, %2").arg(experiment, shown(run.taskName)));
        m_strip->refresh();
    } else {
        m_name->setFullText(tr("No run"));
        m_context->setFullText({});
    }
    refreshState();
    refreshFacts();
    refreshCause();
}

void LiveHeader::refreshState()
{
    const bool has = m_run.hasRun();
    m_buttons->refresh();
    m_note->refresh();
    if (!has) return;
    const store::RunRow& run = m_run.detail().run;
    const double silent = run.heartbeatAt ? wallSeconds() - *run.heartbeatAt : 0;
    if (m_run.isAlive() && silent > kSilence) {
        const QString last =
            QDateTime::fromSecsSinceEpoch(static_cast<qint64>(*run.heartbeatAt)).time().toString("HH:mm:ss");
        setChip(tr("not responding, last sign %1").arg(last), QStringLiteral("warn"));
        return;
    }
    if (m_run.isHeld()) {
        setChip(tr("paused"), QStringLiteral("warn"));
        return;
    }
    setChip(stateWord(run.state), toneOf(run.state));
}

void LiveHeader::setChip(const QString& text, const QString& tone)
{
    if (m_chip->text() == text) return;
    m_chip->setText(text);
    m_chip->setTone(tone);
    m_chip->setMinimumWidth(m_chip->fontMetrics().horizontalAdvance(text) + 20);
}

void LiveHeader::setFact(int index, const QString& text)
{
    if (m_facts[index].text == text) return;
    m_facts[index].text = text;
    m_facts[index].value->setText(text);
}

void LiveHeader::refreshFacts()
{
    if (!m_run.hasRun()) return;
    const store::RunRow& run = m_run.detail().run;
    setFact(GenerationFact,
            run.generation > 0 ? tr("%1 of %2").arg(run.generation).arg(run.generations) : common::missingText());
    QString stage; // between stages and after the end there is none to name
    for (const viewmodels::StageBand& band : m_run.stageBands())
        if (!band.planned && band.state == events::StageState::Running)
            stage = tr("%1 of 3, %2").arg(band.stage).arg(stageName(band.stage));
    setFact(StageFact, stage);
    setFact(StepFact, m_run.hasPoints() ? common::groupedText(m_run.lastStep()) : common::missingText());
    const std::optional<double> speed = m_run.newest("throughput/tokens_per_s");
    setFact(SpeedFact, speed && std::isfinite(*speed) ? tr("%1 tokens/s").arg(common::groupedText(std::llround(*speed)))
                                                      : QString());
    const double end = run.endedAt ? *run.endedAt : wallSeconds();
    setFact(ElapsedFact, run.startedAt ? viewmodels::clockText(end - *run.startedAt) : common::missingText());
    if (!m_run.isAlive() || run.secondsLeft < 0) {
        setFact(LeftFact, {});
    } else {
        const QString ends = QDateTime::currentDateTime()
                                 .addSecs(static_cast<qint64>(std::min(run.secondsLeft, 1e9)))
                                 .time()
                                 .toString("HH:mm");
        setFact(LeftFact, tr("%1, ends %2").arg(common::durationText(run.secondsLeft), ends));
    }
    fitFacts();
}

// The least important facts give way when the header is narrow; an empty one is not shown at all.
void LiveHeader::fitFacts()
{
    QVector<int> order;
    for (int i = 0; i < m_facts.size(); ++i)
        order.append(i);
    std::sort(order.begin(), order.end(),
              [this](int a, int b) { return m_facts[a].importance > m_facts[b].importance; });
    int left = width() - kWidthOfTools;
    for (const int i : order) {
        const Fact& fact = m_facts[i];
        left -= fact.box->sizeHint().width();
        fact.box->setVisible(!fact.text.isEmpty() && left >= 0);
    }
    m_key->setVisible(width() >= kKeyBelow);
}

void LiveHeader::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    m_buttons->setCompact(width() < kButtonsBelow);
    fitFacts();
}

void LiveHeader::refreshCause()
{
    const bool has = m_run.hasRun();
    const RunState state = has ? m_run.detail().run.state : RunState::Finished;
    m_bar->setVisible(state == RunState::Failed || state == RunState::Crashed);
    if (!m_bar->isVisibleTo(this)) return;
    const bool crashed = state == RunState::Crashed;
    const std::string& failure = m_run.detail().run.failure;
    common::setStyleProperty(*m_bar, "bar", QStringLiteral("danger"));
    m_barIcon->setPixmap(common::iconPixmap(crashed ? common::Icon::TriangleWarning : common::Icon::CrossCircle,
                                            m_theme.tokens().danger, 16, devicePixelRatioF()));
    if (!failure.empty())
        m_cause->setFullText(QString::fromStdString(visible(failure, 2000)));
    else
        m_cause->setFullText(crashed
                                 ? tr("The process of this run is gone without a word; nothing committed is lost, and "
                                      "Resume goes on from its last checkpoint.")
                                 : tr("The run failed and left no reason; its log may say more."));
}

} // namespace gradus::pages
