// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/design_page.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "editor/lane_view.h"
#include "editor/overview_strip.h"
#include "pages/design/batch_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/inspector.h"
#include "pages/design/ladder_panel.h"
#include "pages/design/mix_limits_view.h"
#include "pages/design/mix_panel.h"
#include "pages/design/number_field.h"
#include "pages/design/number_lanes.h"
#include "pages/design/points_panel.h"
#include "pages/design/settings_panel.h"
#include "pages/design/simulation_card.h"
#include "pages/design/sweep_panel.h"
#include "pages/design/text_panel.h"
#include "viewmodels/ladder_steps.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kTableHeight = 230;
constexpr int kLowerLeast = 150;
constexpr int kMixHeight = 270;
constexpr int kNumbersHeight = 190;
constexpr plot::Margins kLaneMargins{48, 26, 20, 24};

QPixmap dotPixmap(const QColor& colour, qreal ratio)
{
    QPixmap pixmap(QSize(9, 9) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(0.5, 0.5, 8, 8));
    return pixmap;
}

} // namespace

DesignPage::DesignPage(common::ThemeController& theme, const viewmodels::LaunchPlace& place, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_launcher(place)
{
    setObjectName(QStringLiteral("designPage"));
    m_lane = new editor::LaneView(m_document, theme);
    m_inspector = new Inspector(m_active, m_commands);
    m_points = new PointsPanel(m_active);
    m_ladder = new LadderPanel(m_document, theme);
    m_settings = new SettingsPanel(m_document);
    m_sweep = new SweepPanel(m_document);
    m_text = new TextPanel(m_document, theme);
    m_simulation = new SimulationCard(m_document, theme);
    m_inspector->addBelow(m_simulation);
    m_mix = new MixPanel(m_document, theme);
    m_mix->batch().setPlace(place);
    m_itemTokens.setPlace(place);
    m_mix->limitsView().setStore(m_launcher.storePath());
    m_numbers = new NumberLanes(m_document, theme);
    m_strip = new FindingStrip(theme);
    joinLanes();
    makeActions();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(makeBranchBar());
    auto* body = new QHBoxLayout;
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addWidget(makeWork(), 1);
    body->addWidget(common::makeLine(Qt::Vertical));
    body->addWidget(m_inspector);
    column->addLayout(body, 1);
    connect(&m_document, &viewmodels::ScheduleDocument::stateChanged, this, &DesignPage::refreshTitle);
    connect(&m_document, &viewmodels::ScheduleDocument::curveChanged, this, &DesignPage::refreshGap);
    connect(&m_document, &viewmodels::ScheduleDocument::textChanged, this, [this] {
        m_notice.clear();
        refreshAxis();
        refreshBranch();
        refreshTitle();
        refreshGap();
        refreshFindings();
    });
    const auto refuse = [this](const QString& sentence) { showNotice(sentence, true); };
    connect(&m_document, &viewmodels::ScheduleDocument::editRefused, this, refuse);
    connect(&m_document, &viewmodels::ScheduleDocument::journalFailed, this, refuse);
    connect(&m_document, &viewmodels::ScheduleDocument::leftChanged, this, &DesignPage::refreshFindings);
    connect(m_points, &PointsPanel::refused, this, refuse);
    connect(m_ladder, &LadderPanel::refused, this, refuse);
    connect(m_settings, &SettingsPanel::refused, this, refuse);
    connect(m_sweep, &SweepPanel::refused, this, refuse);
    connect(m_fixed, &NumberField::entered, this, [this](double value) {
        if (const auto done = m_document.setValue("gap.value", numberText(value), tr("Fixed gap")); !done)
            showNotice(QString::fromStdString(done.error().message), true);
    });
    connect(&theme, &common::ThemeController::changed, this, &DesignPage::refreshTitle);
    m_document.setJournalFolder(viewmodels::journalFolderOf(place.workspace));
    refreshAxis();
    refreshTitle();
    refreshGap();
    refreshFindings();
}

DesignPage::~DesignPage()
{
    // A field that loses the focus says its last word: while everything that hears it still lives.
    hide();
}

/// One range, one playhead and one row of numbers for the gap's lane, the sources' lanes and the mix.
void DesignPage::joinLanes()
{
    const auto join = [this] {
        m_active.setTrack(m_document); // the tracks of sources that went go soon
        QVector<editor::LaneView*> all{m_lane};
        all += m_mix->lanes();
        all += m_numbers->lanes();
        m_lanes.setLanes(all);
    };
    const auto renumber = [this] { m_numbers->setFirstNumber(2 + static_cast<int>(m_mix->lanes().size())); };
    renumber();
    join();
    connect(m_mix, &MixPanel::lanesChanged, this, renumber);
    connect(m_numbers, &NumberLanes::lanesChanged, this, join);
    connect(m_mix, &MixPanel::lanesChanged, this, join);
    connect(&m_lanes, &editor::LaneGroup::laneFocused, this,
            [this](editor::LaneView* lane) { m_active.setTrack(lane->track()); });
    connect(&m_lanes, &editor::LaneGroup::aboutToFocus, this, [this](int index) {
        if (index > 0 && index <= m_mix->lanes().size()) m_mix->showView(MixPanel::View::Lanes);
    });
    viewmodels::MixDesk& desk = m_mix->desk();
    m_mixPlayhead = desk.playhead();
    connect(&desk, &viewmodels::MixDesk::mixChanged, this, [this, &desk] {
        if (desk.playhead() == m_mixPlayhead) return;
        m_mixPlayhead = desk.playhead();
        m_lanes.span().setPlayhead(m_mixPlayhead);
    });
    connect(&m_lanes.span(), &viewmodels::LaneSpan::playheadChanged, this, [this, &desk] {
        if (m_lanes.span().playhead()) desk.setPlayhead(*m_lanes.span().playhead());
    });
}

QWidget* DesignPage::makeWork()
{
    auto* upper = new QWidget;
    auto* column = new QVBoxLayout(upper);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeLaneHeader());
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(m_lane, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_overview = new editor::OverviewStrip(m_document, m_lanes.span(), m_theme);
    column->addWidget(m_overview);
    column->addWidget(m_strip);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(upper);
    splitter->addWidget(m_numbers);
    splitter->addWidget(m_mix);
    splitter->addWidget(makeLower());
    splitter->setStretchFactor(0, 1); // the others have none; an empty mix sets its own
    splitter->setSizes({600, kNumbersHeight, kMixHeight, kTableHeight});
    return splitter;
}

QWidget* DesignPage::makeLower()
{
    auto* lower = new QFrame;
    lower->setProperty("panel", true);
    lower->setMinimumHeight(kLowerLeast);
    auto* column = new QVBoxLayout(lower);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_lowerTabs = new QTabBar;
    m_lowerTabs->setObjectName(QStringLiteral("designTabs"));
    m_lowerTabs->setDrawBase(false);
    m_lowerTabs->setExpanding(false);
    m_lowerTabs->setAccessibleName(tr("Under the curve"));
    auto* stack = new QStackedWidget;
    const std::pair<QString, QWidget*> tabs[] = {{tr("Points"), m_points},
                                                 {tr("Ladder"), m_ladder},
                                                 {tr("Settings"), m_settings},
                                                 {tr("Sweep"), m_sweep},
                                                 {tr("Text"), m_text}};
    for (const auto& [title, panel] : tabs) {
        m_lowerTabs->addTab(title);
        stack->addWidget(panel);
    }
    connect(m_lowerTabs, &QTabBar::currentChanged, stack, &QStackedWidget::setCurrentIndex);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(m_lowerTabs);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(stack, 1);
    return lower;
}

void DesignPage::showLower(Lower which)
{
    m_lowerTabs->setCurrentIndex(static_cast<int>(which));
}

void DesignPage::refreshTitle()
{
    const bool unsaved = m_document.isUnsaved() || m_document.path().isEmpty();
    m_dot->setPixmap(unsaved ? dotPixmap(m_theme.tokens().warn, devicePixelRatioF()) : QPixmap());
    m_dot->setToolTip(unsaved ? tr("Not saved") : QString());
    m_dot->setVisible(unsaved);
    m_name->setFullText(m_document.name());
    m_name->setToolTip(m_document.path().isEmpty() ? tr("New draft, no file yet") : m_document.path());
    m_launchAction->setEnabled(m_document.isValid());
    m_launch->setEnabled(m_document.isValid());
    m_queueAction->setEnabled(m_document.isValid());
    m_queue->setEnabled(m_document.isValid());
    m_presets->setEnabled(m_document.isValid());
    Q_EMIT titleChanged(m_document.name() + (unsaved ? QStringLiteral("*") : QString()));
}

void DesignPage::refreshGap()
{
    const spec::Experiment& experiment = m_document.experiment();
    const auto steps = m_document.isBlank() ? std::vector<viewmodels::LadderStep>{}
                                            : viewmodels::ladderSteps(experiment, m_document.curve());
    const auto sizes = viewmodels::rungParameters(experiment);
    m_inspector->setSteps(steps, sizes, !spec::measures(experiment.gap));
    QVector<editor::RulerMark> marks;
    auto rung = static_cast<std::size_t>(std::max(experiment.ladder.start, 0));
    for (const viewmodels::LadderStep& step : steps) {
        QString label = QStringLiteral("G%1  %2").arg(step.from).arg(viewmodels::sizeText(sizes.at(rung)));
        if (step.rung) rung = static_cast<std::size_t>(*step.rung);
        const bool last = step.rung && step.from + 1 == experiment.ladder.generations;
        if (last) label += QStringLiteral(" → G%1  %2").arg(step.from + 1).arg(viewmodels::sizeText(sizes.at(rung)));
        marks.append({step.fraction, label, step.wanted});
    }
    m_lane->setRuler(marks);
    const bool readsValue = experiment.gap.controller == "fixed" || spec::measures(experiment.gap);
    m_controller->setCurrentIndex(m_controller->findData(QString::fromStdString(experiment.gap.controller)));
    m_controller->setEnabled(m_document.isValid());
    m_fixed->setVisible(readsValue);
    m_fixed->setEnabled(m_document.isValid());
    m_fixed->setValue(experiment.gap.value);
    if (!m_document.isPreviewing()) refreshFindings();
}

editor::LaneView* DesignPage::activeLane() const
{
    for (const auto& lane : m_lanes.lanes())
        if (lane && &lane->track() == &m_active.track()) return lane;
    return m_lane;
}

void DesignPage::setController(const QString& name)
{
    // Controllers that measure need anchors: both keys are one step to undo.
    spec::Gap gap = m_document.experiment().gap;
    gap.controller = name.toStdString();
    const bool buys = spec::measures(gap) && m_document.experiment().signals.anchors < spec::kFewestAnchors;
    const int step = m_document.newMergeId();
    auto done =
        buys ? m_document.setValue("signals.anchors", std::to_string(spec::kUsualAnchors), tr("Controller"), step)
             : Result<void>();
    if (done) done = m_document.setValue("gap.controller", '"' + gap.controller + '"', tr("Controller"), step);
    if (!done) showNotice(QString::fromStdString(done.error().message), true);
    refreshGap();
}

void DesignPage::launch()
{
    if (!m_document.isValid() || !keepsItsPast()) return;
    if (m_document.past())
        Q_EMIT branchRequested(branch(), false);
    else
        Q_EMIT launchRequested(QString::fromStdString(frozenText()));
}

void DesignPage::addToQueue()
{
    if (!m_document.isValid() || !keepsItsPast()) return;
    if (m_document.past())
        Q_EMIT branchRequested(branch(), true);
    else
        Q_EMIT queueRequested(QString::fromStdString(frozenText()));
}

void DesignPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    fitInspector();
    alignLanes();
}

void DesignPage::alignLanes()
{
    const int gutter = m_numbers->gutter();
    const int left = isRightToLeft() ? gutter : 0; // where their scroll bar is
    m_lane->setMargins(
        {kLaneMargins.left + left, kLaneMargins.top, kLaneMargins.right + gutter - left, kLaneMargins.bottom});
    m_overview->setGutters(left, gutter - left);
}

void DesignPage::copyCommand()
{
    if (!keepsItsPast()) return;
    QString line;
    if (m_document.past()) {
        line = m_launcher.commandLine(branch());
    } else {
        // The frozen copy, not the draft: the line must run what is on the screen, today and tomorrow.
        const auto file = m_launcher.freeze(frozenText());
        if (!file) return showNotice(QString::fromStdString(file.error().message), true);
        line = m_launcher.commandLine(*file);
    }
    QGuiApplication::clipboard()->setText(line);
    showNotice(tr("Copied: %1").arg(line), false);
    Q_EMIT commandCopied(line);
}

void DesignPage::undo()
{
    if (!m_document.isPreviewing()) m_document.undoStack().undo();
}

void DesignPage::redo()
{
    if (!m_document.isPreviewing()) m_document.undoStack().redo();
}

} // namespace gradus::pages
