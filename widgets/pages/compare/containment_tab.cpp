// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/containment_tab.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "pages/compare/containment_table.h"

#include <QComboBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace gradus::pages {

using viewmodels::WaysShown;

namespace {

constexpr int kMargin = 12;
constexpr int kTitleHeight = 44;
constexpr int kGap = 8;

QSplitter* split(Qt::Orientation orientation)
{
    auto* made = new QSplitter(orientation);
    made->setHandleWidth(kGap);
    made->setProperty("gap", true);
    made->setChildrenCollapsible(false);
    return made;
}

} // namespace

ContainmentTab::ContainmentTab(const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_job(this), m_stack(new QStackedWidget),
      m_empty(new common::EmptyState(tr("Reading the containment studies of these runs.")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_stack->addWidget(m_empty);
    auto* body = new QWidget;
    m_stack->addWidget(body);
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(kMargin, 4, kMargin, kMargin);
    rows->setSpacing(kGap);
    m_summary = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_summary->setObjectName(QStringLiteral("containmentSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    rows->addWidget(m_summary);
    QSplitter* across = split(Qt::Horizontal);
    rows->addWidget(across, 1);

    const auto table = [&theme](common::CardFrame& card, viewmodels::ContainmentModel& model, const char* name,
                                const QString& accessible) {
        auto* view = new ContainmentTable(model, theme);
        view->setObjectName(QLatin1String(name));
        view->setAccessibleName(accessible);
        card.content()->addWidget(view, 1);
        return view;
    };
    const auto card = [](const QString& title, QSplitter& into) {
        auto* made = new common::CardFrame(title, kTitleHeight);
        into.addWidget(made);
        return made;
    };
    m_waysCard = card(tr("Ways out"), *across);
    m_shown = new QComboBox;
    m_shown->setObjectName(QStringLiteral("waysShown"));
    m_shown->setAccessibleName(tr("Which ways out are shown"));
    m_shown->addItems({tr("all ways"), tr("not contained everywhere"), tr("not alike everywhere")});
    m_waysCard->trailing()->addWidget(m_shown);
    m_waysView = table(*m_waysCard, m_ways, "containmentWays", tr("Ways out by level"));
    QSplitter* right = split(Qt::Vertical);
    across->addWidget(right);
    common::CardFrame* elicitation = card(tr("Elicitation by level"), *right);
    elicitation->setSubtitle(tr("share that ends as a hazard"));
    m_elicitationView = table(*elicitation, m_elicitation, "containmentElicitation", tr("Elicitation by level"));
    common::CardFrame* fidelity = card(tr("Fidelity"), *right);
    fidelity->setSubtitle(tr("share as at level 2 played once more; acts: as simulated"));
    m_fidelityView = table(*fidelity, m_fidelity, "containmentFidelity", tr("How alike levels are"));
    m_tasksCard = card(tr("Everyday tasks"), *right);
    m_tasksView = table(*m_tasksCard, m_tasks, "containmentTasks", tr("Everyday tasks by level"));
    across->setSizes({560, 600});
    right->setSizes({260, 190, 220});
    connect(m_shown, &QComboBox::currentIndexChanged, this, &ContainmentTab::showWays);
}

void ContainmentTab::setData(const viewmodels::ComparedDataPtr& compared)
{
    if (compared == m_data) return; // other looks of the same runs
    m_data = compared;
    m_isStale = true;
    if (isVisible()) read();
}

void ContainmentTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isStale) read();
}

void ContainmentTab::read()
{
    m_isStale = false;
    m_job.start([data = m_data] { return viewmodels::studiesIn(*data); },
                [this](viewmodels::ContainmentStudies found) { take(std::move(found)); });
}

void ContainmentTab::take(viewmodels::ContainmentStudies found)
{
    m_studies = std::move(found.studies);
    m_stack->setCurrentIndex(m_studies.empty() ? 0 : 1);
    m_empty->setLine(found.error.isEmpty()
                         ? tr("None of these runs keeps a containment study; gradus sandbox study --store makes one.")
                         : found.error);
    m_summary->setText(summary());
    m_summary->setToolTip(notRun());
    m_elicitation.setGrid(viewmodels::elicitationGrid(m_studies));
    m_fidelity.setGrid(viewmodels::fidelityGrid(m_studies));
    m_tasks.setGrid(viewmodels::tasksGrid(m_studies));
    std::size_t tasks = 0;
    std::size_t held = 0;
    for (const compare::NamedContainment& study : m_studies) {
        tasks += study.record.tasks.size();
        held += static_cast<std::size_t>(std::ranges::count_if(study.record.tasks, &compare::ContainmentTask::held));
    }
    m_tasksCard->setSubtitle(tr("%1 of %2 give in a cell what they must").arg(held).arg(tasks));
    showWays();
}

void ContainmentTab::showWays()
{
    m_ways.setGrid(viewmodels::waysGrid(m_studies, static_cast<WaysShown>(std::max(0, m_shown->currentIndex()))));
    std::size_t open = 0;
    for (const compare::NamedContainment& study : m_studies)
        for (const compare::ContainmentLevel& level : study.record.levels)
            open += level.count("open");
    m_waysCard->setSubtitle(
        tr("%1 of %2 shown, %3 open").arg(m_ways.rowCount()).arg(compare::waysOf(m_studies).size()).arg(open));
}

QString ContainmentTab::notRun() const
{
    constexpr qsizetype kMostLines = 20;
    QStringList lines;
    for (const compare::NamedContainment& study : m_studies)
        for (const std::string& sentence : study.record.notRun)
            lines << tr("Not run: %1").arg(QString::fromStdString(sentence));
    if (lines.isEmpty()) return {};
    const qsizetype all = lines.size();
    if (all > kMostLines) lines = lines.mid(0, kMostLines) << tr("and %1 more").arg(all - kMostLines);
    return common::plainTooltip(lines.join(QStringLiteral("\n")));
}

QString ContainmentTab::summary() const
{
    QStringList lines;
    for (const compare::NamedContainment& study : m_studies) {
        const compare::ContainmentRecord& record = study.record;
        QString line =
            tr("%1: %2 %3, %4, %5.")
                .arg(QString::fromStdString(study.name),
                     record.held ? tr("held: no way out is open, no task differs, no honest script is called "
                                      "a hazard.")
                     : record.fault.empty() ? tr("did not hold.")
                                            : tr("did not hold: %1.").arg(QString::fromStdString(record.fault)),
                     record.scenarios == 1 ? tr("1 scenario") : tr("%1 scenarios").arg(record.scenarios),
                     record.seeds == 1 ? tr("1 seed") : tr("%1 seeds").arg(record.seeds),
                     common::durationText(record.seconds));
        // One line however many there are; which ones and why is the tip's.
        if (!record.notRun.empty())
            line += QStringLiteral(" ") + (record.notRun.size() == 1
                                               ? tr("1 scenario was not run.")
                                               : tr("%1 scenarios were not run.").arg(record.notRun.size()));
        lines << line;
    }
    return lines.join(QStringLiteral("\n"));
}

QVector<ContainmentTab::Part> ContainmentTab::parts() const
{
    if (m_studies.empty()) return {};
    return {{tr("Ways out"), m_waysView},
            {tr("Elicitation by level, share that ends as a hazard"), m_elicitationView},
            {tr("Fidelity, share as at level 2 played once more"), m_fidelityView},
            {tr("Everyday tasks"), m_tasksView}};
}

compare::DiffTable ContainmentTab::waysTable() const
{
    compare::DiffTable table;
    const viewmodels::ContainmentGrid& grid = m_ways.grid();
    for (const QString& name : grid.columns.mid(1))
        table.groups.push_back(name.toStdString());
    for (const auto& cells : grid.rows) {
        compare::DiffRow row{.section = {}, .key = cells.front().text.toStdString(), .values = {}, .brief = {}};
        for (const viewmodels::ContainmentCell& cell : cells.mid(1))
            row.values.push_back(cell.text.toStdString());
        row.brief = row.values;
        row.differs = std::set<std::string>(row.values.begin(), row.values.end()).size() > 1;
        table.keys.push_back(std::move(row));
    }
    return table;
}

} // namespace gradus::pages
