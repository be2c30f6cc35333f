// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/relations_tab.h"

#include "common/controls.h"
#include "pages/compare/heat_map.h"
#include "pages/compare/parallel_card.h"
#include "pages/compare/sources_card.h"
#include "viewmodels/comparison_table_model.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kMargin = 12;
constexpr int kTitleHeight = 44;

QString metricName(const compare::FinalMetric& metric)
{
    const QString unit = QString::fromLatin1(metric.unit);
    return QString::fromLatin1(metric.label) + (unit.isEmpty() ? QString() : QStringLiteral(", ") + unit);
}

const compare::FinalMetric& metricOf(const QComboBox& box)
{
    return compare::finalMetrics()[static_cast<std::size_t>(std::max(0, box.currentIndex()))];
}

/// Keeps what is chosen while it is there.
void setEntries(QComboBox& box, const QStringList& entries, int other)
{
    const QSignalBlocker blocker(&box);
    const QString kept = box.currentText();
    const bool hadChoice = box.count() > 2; // without runs there are only group and seed
    box.clear();
    box.addItems(entries);
    const int place = hadChoice ? static_cast<int>(entries.indexOf(kept)) : -1;
    box.setCurrentIndex(place >= 0 ? place : std::min(other, static_cast<int>(entries.size()) - 1));
}

} // namespace

RelationsTab::RelationsTab(common::ThemeController& theme, QWidget* parent) : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kMargin, 4, kMargin, kMargin);
    const auto split = [](Qt::Orientation orientation) {
        auto* made = new QSplitter(orientation);
        made->setHandleWidth(8);
        made->setProperty("gap", true);
        made->setChildrenCollapsible(false);
        return made;
    };
    QSplitter* halves = split(Qt::Vertical);
    row->addWidget(halves);
    QSplitter* splitter = split(Qt::Horizontal);
    halves->addWidget(splitter);
    m_parallel = new ParallelCard(theme);
    m_sources = new SourcesCard(theme);
    QSplitter* below = split(Qt::Horizontal);
    below->addWidget(m_parallel);
    below->addWidget(m_sources);
    below->setSizes({660, 440});
    halves->addWidget(below);
    halves->setStretchFactor(0, 1);
    halves->setSizes({440, 260});

    m_planeCard = new common::CardFrame(tr("Plane"), kTitleHeight);
    splitter->addWidget(m_planeCard);
    m_y = metricBox("planeY", tr("Figure up"), "utility/competence", *m_planeCard);
    m_planeCard->trailing()->addWidget(common::makeLabel(tr("over"), common::Type::Small, QStringLiteral("quiet")));
    m_x = metricBox("planeX", tr("Figure across"), "imitation/rate", *m_planeCard);
    m_plane = new plot::ScatterPlot(theme, m_planeCard);
    m_plane->setAccessibleName(tr("Two final figures against each other"));
    m_plane->setEmptyText(tr("No run has both figures yet"));
    m_planeCard->content()->addWidget(m_plane, 1);
    auto* chips = new QHBoxLayout;
    chips->setContentsMargins(kMargin, 0, kMargin, 8);
    const auto chip = [this, chips](const char* name, const QString& text,
                                    void (plot::ScatterPlot::*setVisibleOf)(bool)) {
        auto* button = new QToolButton;
        button->setObjectName(QLatin1String(name));
        button->setText(text);
        button->setCheckable(true);
        button->setChecked(true);
        connect(button, &QToolButton::toggled, m_plane,
                [this, setVisibleOf](bool on) { (m_plane->*setVisibleOf)(on); });
        chips->addWidget(button);
    };
    chip("planePaths", tr("Trajectories"), &plot::ScatterPlot::setPathsVisible);
    chip("planeFront", tr("Pareto front"), &plot::ScatterPlot::setFrontVisible);
    chip("planePoints", tr("Runs"), &plot::ScatterPlot::setPointsVisible);
    chips->addStretch(1);
    m_planeCard->content()->addLayout(chips);

    m_heatCard = new common::CardFrame(tr("Sweep"), kTitleHeight);
    splitter->addWidget(m_heatCard);
    m_value = metricBox("heatValue", tr("Figure in the cells"), "utility/competence", *m_heatCard);
    const auto keyBox = [this](const char* name, const QString& accessible) {
        auto* box = new QComboBox;
        box->setObjectName(QLatin1String(name));
        box->setAccessibleName(accessible);
        box->setMaximumWidth(150);
        m_heatCard->trailing()->addWidget(box);
        connect(box, &QComboBox::currentIndexChanged, this, &RelationsTab::refreshHeat);
        return box;
    };
    m_rows = keyBox("heatRows", tr("Key down"));
    m_columns = keyBox("heatColumns", tr("Key across"));
    m_heat = new HeatMap(theme, m_heatCard);
    m_heatCard->content()->addWidget(m_heat, 1);
    splitter->setSizes({620, 480});
    for (QComboBox* box : {m_x, m_y})
        connect(box, &QComboBox::currentIndexChanged, this, &RelationsTab::refreshPlane);
    connect(m_value, &QComboBox::currentIndexChanged, this, &RelationsTab::refreshHeat);
}

QComboBox* RelationsTab::metricBox(const char* name, const QString& accessible, const char* metric,
                                   common::CardFrame& card)
{
    auto* box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setMaximumWidth(190);
    for (const compare::FinalMetric& one : compare::finalMetrics()) {
        if (QLatin1String(one.id) == QLatin1String(metric)) box->setProperty("first", box->count());
        box->addItem(metricName(one));
    }
    box->setCurrentIndex(box->property("first").toInt());
    card.trailing()->addWidget(box);
    return box;
}

void RelationsTab::setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks,
                           const QString& store)
{
    m_data = compared;
    m_looks = looks;
    const QStringList keys = viewmodels::gridKeys(*compared);
    // A sweep of two keys is a grid of them; any other is groups by seeds.
    const bool twoKeys = keys.size() == 4;
    setEntries(*m_rows, keys, twoKeys ? 1 : 0);
    setEntries(*m_columns, keys, twoKeys ? 2 : static_cast<int>(keys.size()) - 1);
    m_parallel->setData(compared, looks);
    m_sources->setData(compared, looks, store);
    refreshPlane();
    refreshHeat();
}

void RelationsTab::refreshPlane()
{
    if (!m_data) return;
    const compare::FinalMetric& x = metricOf(*m_x);
    const compare::FinalMetric& y = metricOf(*m_y);
    QVector<plot::Cloud> clouds;
    const QVector<viewmodels::PlaneGroup> groups = viewmodels::planeOf(*m_data, x, y);
    for (qsizetype i = 0; i < groups.size(); ++i) {
        const viewmodels::PlaneGroup& group = groups[i];
        plot::Cloud cloud;
        cloud.name = m_looks[i].name;
        cloud.style = m_looks[i].style;
        cloud.points = group.points;
        for (qsizetype run = 0; run < group.points.size(); ++run)
            cloud.labels << tr("%1, seed %2: %3 against %4")
                                .arg(m_looks[i].name)
                                .arg(group.seeds[run])
                                .arg(viewmodels::figureText(y, group.points[run].y()),
                                     viewmodels::figureText(x, group.points[run].x()));
        cloud.mean = group.mean;
        cloud.half = group.half;
        cloud.path = group.path;
        clouds.append(cloud);
    }
    m_plane->setAxisNames(metricName(x), metricName(y));
    m_plane->setGoodness({x.better == compare::Better::Higher, y.better != compare::Better::Lower});
    m_plane->setClouds(clouds);
    m_planeCard->setSubtitle(tr("front of %1").arg(m_plane->front().size()));
}

QString RelationsTab::planeTitle() const
{
    return tr("%1 against %2").arg(metricName(metricOf(*m_y)), metricName(metricOf(*m_x)));
}

QString RelationsTab::heatTitle() const
{
    return tr("%1 over %2 and %3").arg(metricName(metricOf(*m_value)), m_rows->currentText(), m_columns->currentText());
}

void RelationsTab::refreshHeat()
{
    if (!m_data) return;
    const compare::FinalMetric& metric = metricOf(*m_value);
    m_heat->setGrid(viewmodels::sweepGrid(*m_data, m_rows->currentText(), m_columns->currentText(), metric),
                    m_rows->currentText(), m_columns->currentText(), metric);
}

} // namespace gradus::pages
