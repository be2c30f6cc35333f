// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_page.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/page_action.h"
#include "pages/compare/charts_tab.h"
#include "pages/compare/choice_panel.h"
#include "pages/compare/compare_export.h"
#include "pages/compare/compare_legend.h"
#include "pages/compare/compare_moment.h"
#include "pages/compare/containment_tab.h"
#include "pages/compare/diff_tab.h"
#include "pages/compare/options_bar.h"
#include "pages/compare/page_menu.h"
#include "pages/compare/parallel_card.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/sources_card.h"
#include "pages/compare/table_tab.h"

#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using viewmodels::StoreWatcher;

namespace {

constexpr int kPanelWidth = 288;
constexpr int kTabsHeight = 44;

QToolButton* segment(const QString& text, const char* name, QButtonGroup* group)
{
    auto* button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setProperty("role", "button");
    button->setText(text);
    button->setCheckable(true);
    group->addButton(button);
    return button;
}

} // namespace

ComparePage::ComparePage(StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_choice(m_runs), m_curvesJob(this)
{
    setObjectName(QStringLiteral("comparePage"));
    build();
    addShortcuts();
    connect(&watcher, &StoreWatcher::runsChanged, this, &ComparePage::rowsArrived);
    const auto notice = [this](const QString& sentence) {
        m_storeFailure = sentence;
        refreshEmpty();
    };
    connect(&watcher, &StoreWatcher::storeFailed, this, notice);
    connect(&watcher, &StoreWatcher::storeReady, this, [notice] { notice({}); });
    connect(&m_choice, &viewmodels::RunChoiceModel::chosenChanged, this, &ComparePage::chosenChanged);
    connect(&m_comparison, &viewmodels::Comparison::changed, this, &ComparePage::dataChanged);
    connect(m_options, &OptionsBar::changed, this, &ComparePage::optionsChanged);
    connect(m_options, &OptionsBar::changed, this, &ComparePage::noteEdit);
    connect(m_tableTab, &TableTab::contrastsEdited, this, &ComparePage::noteEdit);
    connect(m_legend, &CompareLegend::groupClicked, m_options, &OptionsBar::setBaseline);
    m_moment = new MomentPopover(this);
    connect(m_moment, &MomentPopover::transcriptsRequested, this, &ComparePage::transcriptsRequested);
    connect(m_chartsTab, &ChartsTab::momentRequested, this,
            [this](CurveCard* card, const QPoint& at, const QPointF& point) { showMoment(card->curves(), at, point); });
    connect(m_chartsTab, &ChartsTab::rangeEdited, this, &ComparePage::noteEdit);
    connect(m_relationsTab->sources(), &SourcesCard::said, this, &ComparePage::said);
    connect(m_relationsTab->parallel(), &ParallelCard::runsChosen, this,
            [this](const QSet<std::int64_t>& runs) { m_choice.setChosen(runs); });
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_empty, &common::EmptyState::activated, this, [this] {
        m_chosenByUser = false;
        rowsArrived(m_rows);
    });
    refreshEmpty();
}

ComparePage::~ComparePage() = default;

void ComparePage::build()
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    row->addWidget(splitter);
    m_panel = new ChoicePanel(m_runs, m_choice, m_theme);
    splitter->addWidget(m_panel);
    auto* right = new QWidget;
    splitter->addWidget(right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kPanelWidth, 1100});
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTabs());
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_outer = new QStackedWidget;
    column->addWidget(m_outer, 1);
    m_empty = new common::EmptyState(QString());
    m_outer->addWidget(m_empty);
    m_body = new QWidget;
    m_outer->addWidget(m_body);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    m_options = new OptionsBar;
    body->addWidget(m_options);
    body->addWidget(common::makeLine(Qt::Horizontal));
    m_legend = new CompareLegend(m_theme);
    auto* curves = new QHBoxLayout; // whose curves, and what of them
    curves->setContentsMargins(0, 4, 12, 0);
    curves->setSpacing(0);
    curves->addWidget(m_legend, 1);
    curves->addWidget(m_values, 0, Qt::AlignTop);
    curves->addWidget(m_difference, 0, Qt::AlignTop);
    body->addLayout(curves);
    m_stack = new QStackedWidget;
    m_chartsTab = new ChartsTab(m_theme);
    m_tableTab = new TableTab(m_theme);
    m_stack->addWidget(m_chartsTab);
    m_diffTab = new DiffTab(m_theme);
    m_stack->addWidget(m_tableTab);
    m_stack->addWidget(m_diffTab);
    m_relationsTab = new RelationsTab(m_theme);
    m_stack->addWidget(m_relationsTab);
    m_containmentTab = new ContainmentTab(m_theme);
    m_stack->addWidget(m_containmentTab);
    body->addWidget(m_stack, 1);
}

QWidget* ComparePage::buildTabs()
{
    auto* bar = new QFrame;
    bar->setProperty("panel", true);
    bar->setFixedHeight(kTabsHeight);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(4, 0, 12, 0);
    line->setSpacing(4);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("compareTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setAccessibleName(tr("Views of the comparison"));
    int key = 1;
    for (const QString& title : {tr("Charts"), tr("Table"), tr("Diff"), tr("Relations"), tr("Containment")}) {
        const int place = m_tabs->addTab(title);
        m_tabs->setTabToolTip(place, tr("%1 (%2)").arg(title).arg(key++));
    }
    line->addWidget(m_tabs, 0, Qt::AlignBottom);
    line->addStretch(1);
    auto* group = new QButtonGroup(this);
    m_values = segment(tr("Values"), "compareValues", group);
    m_difference = segment(tr("Difference"), "compareDifference", group);
    m_values->setChecked(true);
    connect(group, &QButtonGroup::idToggled, this, [this](int, bool on) {
        if (!on) return;
        optionsChanged();
        noteEdit();
    });
    QPushButton* save = common::makeButton(tr("Export…"));
    save->setObjectName(QStringLiteral("compareExport"));
    save->setToolTip(tr("PNG, SVG, PDF, CSV, JSON, Markdown or LaTeX, by the file's ending (Ctrl+Shift+E)"));
    connect(save, &QPushButton::clicked, this, &ComparePage::chooseExport);
    line->addWidget(save);
    auto* views = common::makeButton(tr("View"));
    views->setObjectName(QStringLiteral("compareView"));
    views->setToolTip(tr("Runs, curves and baseline as a file, which `gradus plot` draws too"));
    auto* menu = new QMenu(views);
    menu->addAction(tr("Open view…"), this, [this] { chooseView(false); });
    menu->addAction(tr("Save view…"), this, [this] { chooseView(true); });
    views->setMenu(menu);
    line->addWidget(views);
    m_pages = new PageMenu([this] { return pageSubject(); });
    connect(m_pages, &PageMenu::said, this, &ComparePage::said);
    line->addWidget(m_pages);
    return bar;
}

void ComparePage::addShortcuts()
{
    const auto add = [this](const QString& name, const QKeySequence& keys, std::function<void()> triggered) {
        common::addPageAction(*this, name, keys, std::move(triggered));
    };
    for (int tab = 0; tab < TabCount; ++tab)
        add(tr("Compare: %1").arg(m_tabs->tabText(tab)), QKeySequence(Qt::Key_1 + tab),
            [this, tab] { setTab(static_cast<Tab>(tab)); });
    add(tr("Compare: export"), QKeySequence(QStringLiteral("Ctrl+Shift+E")), [this] { chooseExport(); });
    const auto open = [this](const char* verb) { return [this, verb] { m_pages->open(QLatin1String(verb)); }; };
    add(tr("Compare: contrasts"), {}, [this] {
        setTab(Table);
        m_tableTab->openContrasts();
    });
    add(tr("Compare: report"), QKeySequence(QStringLiteral("Ctrl+Shift+R")), open("report"));
    add(tr("Compare: forecast"), {}, open("forecast"));
    add(tr("Compare: beyond the judge"), {}, open("beyond"));
    add(tr("Compare: containment studies as a page"), {}, open("containment"));
    add(tr("Compare: undo"), QKeySequence::Undo, [this] { m_undo.undo(); });
    add(tr("Compare: redo"), QKeySequence::Redo, [this] { m_undo.redo(); });
    add(tr("Compare: whole range of x"), Qt::Key_Backspace, [this] { m_chartsTab->zoomBack(); });
    add(tr("Compare: values or difference to baseline"), Qt::Key_D,
        [this] { (m_values->isChecked() ? m_difference : m_values)->click(); });
}

void ComparePage::chooseExport()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export the comparison"), QStringLiteral("comparison.svg"),
        tr("Pictures (*.png *.svg *.pdf);;Figures (*.csv *.json);;Tables for papers (*.md *.tex)"));
    if (file.isEmpty()) return;
    const Result<void> written = exportComparison(*this, file);
    Q_EMIT said(written ? tr("Written: %1").arg(file) : QString::fromStdString(written.error().message), !written);
}

void ComparePage::setPlace(const viewmodels::LaunchPlace& place)
{
    m_pages->setPlace(place);
}

PageSubject ComparePage::pageSubject() const
{
    const auto& runs = m_comparison.data().runs;
    const auto& groups = m_comparison.data().grouping.groups;
    PageSubject subject{.words = {}, .store = m_comparison.store(), .runs = {}, .reportOptions = {}};
    QStringList experiments;
    for (const compare::ComparedRun& run : runs) {
        subject.runs << QString::fromStdString(run.detail.run.uuid);
        const QString name = QString::fromStdString(visible(run.detail.run.experimentName, 60));
        if (!experiments.contains(name)) experiments << name;
    }
    const auto count = [](std::size_t number, const QString& one, const QString& several) {
        return number == 1 ? one : several.arg(number);
    };
    subject.words =
        tr("%1 in %2 of %3")
            .arg(count(runs.size(), tr("1 run"), tr("%1 runs")),
                 count(groups.size(), tr("1 condition"), tr("%1 conditions")),
                 experiments.size() == 1 ? experiments.front() : tr("%1 experiments").arg(experiments.size()));
    const auto baseline = static_cast<std::size_t>(std::max(0, currentOptions().baseline));
    if (baseline < groups.size())
        subject.reportOptions = {QStringLiteral("--baseline=") + QString::fromStdString(groups[baseline].label)};
    subject.reportOptions += viewmodels::againstOptions(m_tableTab->contrasts());
    return subject;
}

void ComparePage::openStore(const QString& path)
{
    m_chosenByUser = false;
    m_rowsKnown = false;
    m_cards.clear();
    m_wantedBaseline.reset();
    m_tableTab->setAddedContrasts({});
    m_undo.clear();
    m_colours.clear();
    m_rows.clear();
    m_runs.setRows({});
    m_choosing = true;
    m_choice.setChosen({});
    m_choosing = false;
    m_comparison.open(path);
}

void ComparePage::choose(const QSet<std::int64_t>& runs)
{
    m_chosenByUser = true;
    m_choice.setChosen(runs);
}

void ComparePage::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

ComparePage::Tab ComparePage::tab() const
{
    return static_cast<Tab>(m_tabs->currentIndex());
}

QStringList ComparePage::tabNames()
{
    return {QStringLiteral("charts"), QStringLiteral("table"), QStringLiteral("diff"), QStringLiteral("relations"),
            QStringLiteral("containment")};
}

bool ComparePage::isReady() const
{
    return !m_comparison.isLoading() && !m_curvesJob.isRunning() && !m_tableTab->isBusy() &&
           !m_relationsTab->sources()->isLoading() && !m_containmentTab->isBusy();
}

void ComparePage::rowsArrived(const QVector<store::RunRow>& rows)
{
    m_rows = rows;
    m_runs.setRows(rows);
    m_comparison.setRows(rows);
    for (int group = 0; group < m_runs.rowCount(); ++group) {
        const QModelIndex index = m_runs.index(group, 0);
        for (const std::int64_t run : m_runs.runsUnder(index))
            m_colours.insert(run, index.data(viewmodels::RunsModel::ColourRole).toInt());
    }
    if (!m_chosenByUser) {
        m_choosing = true;
        m_choice.setChosen(viewmodels::usualChoice(rows));
        m_choosing = false;
    }
    m_rowsKnown = true;
    applyPending();
    refreshEmpty();
}

void ComparePage::chosenChanged()
{
    if (!m_choosing) {
        m_chosenByUser = true;
        noteEdit();
    }
    m_comparison.choose(m_choice.chosen(), m_colours);
    refreshEmpty();
}

QStringList ComparePage::names() const
{
    QStringList names;
    for (const compare::RunGroup& group : m_comparison.data().grouping.groups)
        names << viewmodels::shortCondition(group.label);
    return names;
}

QVector<GroupLook> ComparePage::looks() const
{
    QVector<GroupLook> looks;
    const QStringList groups = names();
    for (qsizetype i = 0; i < groups.size(); ++i)
        looks.append({groups[i], m_comparison.data().styles[i]});
    return looks;
}

viewmodels::CurveOptions ComparePage::currentOptions() const
{
    viewmodels::CurveOptions options = m_options->options();
    options.difference = m_difference->isChecked() && options.baseline >= 0;
    return options;
}

void ComparePage::dataChanged()
{
    QStringList keys;
    for (const compare::RunGroup& group : m_comparison.data().grouping.groups)
        keys << QString::fromStdString(group.key);
    m_options->setGroups(names(), keys);
    applyBaseline();
    m_difference->setEnabled(keys.size() > 1);
    m_difference->setToolTip(keys.size() > 1 ? tr("Every curve minus its baseline's, as in the table (D)")
                                             : tr("A difference needs two groups or more"));
    if (keys.size() < 2) m_values->setChecked(true);
    refreshEmpty();
    optionsChanged();
    m_settled = view();
}

void ComparePage::optionsChanged()
{
    const viewmodels::CurveOptions options = currentOptions();
    compare::TableOptions table{.centre = options.centre, .interval = options.band, .baseline = std::nullopt};
    if (options.baseline >= 0) table.baseline = static_cast<std::size_t>(options.baseline);
    m_tableTab->setData(m_comparison.shared(), table, m_comparison.store());
    m_diffTab->setData(m_comparison.data(), looks(), options.baseline);
    m_relationsTab->setData(m_comparison.shared(), looks(), m_comparison.store());
    m_containmentTab->setData(m_comparison.shared());
    m_curvesJob.start([data = m_comparison.shared(), options] { return viewmodels::comparedCurves(*data, options); },
                      [this, options](viewmodels::ComparedCurves curves) {
                          m_shownOptions = options;
                          showCurves(std::move(curves));
                      });
    refreshLegend();
}

void ComparePage::showCurves(viewmodels::ComparedCurves curves)
{
    m_curves = std::move(curves);
    if (!m_cards.empty())
        m_curves.series.removeIf([this](const viewmodels::SeriesCurves& one) {
            return std::find(m_cards.begin(), m_cards.end(), one.series.toStdString()) == m_cards.end();
        });
    m_chartsTab->setCurves(m_curves, m_shownOptions, looks());
}

void ComparePage::setRunsWithEpisodes(const QSet<qint64>& runs)
{
    m_withEpisodes = runs;
}

void ComparePage::showMoment(const viewmodels::SeriesCurves& curves, const QPoint& at, const QPointF& point)
{
    Moment moment = momentOf(m_comparison.data(), m_shownOptions, curves, names(), point);
    for (MomentRun& run : moment.runs)
        run.hasEpisodes = !m_withEpisodes || m_withEpisodes->contains(run.run);
    m_moment->openAt(at, moment);
}

void ComparePage::refreshLegend()
{
    const viewmodels::ComparedData& compared = m_comparison.data();
    const QStringList groups = names();
    const int baseline = currentOptions().baseline;
    QVector<GroupEntry> entries;
    for (qsizetype i = 0; i < groups.size(); ++i) {
        const compare::RunGroup& group = compared.grouping.groups[static_cast<std::size_t>(i)];
        GroupEntry entry{groups[i], compared.styles[i], static_cast<int>(group.runs.size()), 0, baseline == i};
        for (const std::size_t run : group.runs)
            entry.living += compared.runs[run].detail.run.state == store::RunState::Running ? 1 : 0;
        entries.append(entry);
    }
    QStringList keys;
    for (const compare::DifferingKey& key : compared.grouping.differing)
        keys << QString::fromStdString(key.key);
    QString differs;
    if (groups.size() > 1 && keys.size() > 3)
        differs = tr("differs in %1 and %n more", nullptr, static_cast<int>(keys.size()) - 2)
                      .arg(keys.mid(0, 2).join(QStringLiteral(", ")));
    else if (groups.size() > 1 && !keys.isEmpty())
        differs = tr("differs only in %1").arg(keys.join(QStringLiteral(", ")));
    m_legend->setGroups(differs, entries);
}

void ComparePage::refreshEmpty()
{
    const viewmodels::ComparedData& compared = m_comparison.data();
    m_outer->setCurrentWidget(compared.runs.empty() ? static_cast<QWidget*>(m_empty) : m_body);
    if (!compared.runs.empty()) return;
    m_empty->setButton({});
    if (!m_storeFailure.isEmpty() || !compared.error.isEmpty()) {
        m_empty->setLine(m_storeFailure.isEmpty() ? compared.error : m_storeFailure);
    } else if (!m_choice.chosen().isEmpty()) {
        m_empty->setLine(tr("Reading the runs from the store."));
    } else if (m_rows.isEmpty()) {
        m_empty->setLine(tr("Runs can be compared here when there are some."));
    } else {
        m_empty->setLine(tr("Open the eyes of runs in the list to compare them (Space)."));
        m_empty->setButton(tr("Compare the newest experiment"), true);
    }
}

} // namespace gradus::pages
