// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/query_plot.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/legend_row.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr std::size_t kLongestColumn = 60; // bytes of a column's name
constexpr qsizetype kMarked = 300;         // points of a line up to which each has its marker

QString tickText(double x)
{
    return QString::number(x, 'g', 6);
}

/// Keeps the column of that name while there is one.
void fill(QComboBox& box, const store::QueryResult& result, const QVector<int>& columns, int usual)
{
    const QSignalBlocker quiet(&box);
    const QString kept = box.currentText();
    box.clear();
    for (const int column : columns)
        box.addItem(QString::fromStdString(visible(result.columns[static_cast<std::size_t>(column)], kLongestColumn)),
                    column);
    const int place = box.findText(kept);
    box.setCurrentIndex(place >= 0 ? place : std::min(usual, box.count() - 1));
}

} // namespace

QueryPlot::QueryPlot(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_job(this)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, 36);
    const auto box = [this, bar](const char* name, const QString& label) {
        bar->addWidget(common::makeLabel(label, common::Type::Small, QStringLiteral("quiet")));
        auto* made = new QComboBox;
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(label);
        made->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        made->setMaximumWidth(200);
        bar->addWidget(made);
        connect(made, &QComboBox::currentIndexChanged, this, &QueryPlot::refresh);
        return made;
    };
    m_y = box("queryPlotY", tr("Up"));
    m_x = box("queryPlotX", tr("Across"));
    m_note = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_note->setObjectName(QStringLiteral("queryPlotNote"));
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    bar->addWidget(m_note, 1);
    m_legend = new LegendRow(theme, this);
    column->addWidget(m_legend);
    m_chart = new plot::TimePlot(theme, this);
    m_chart->setObjectName(QStringLiteral("queryPlot"));
    m_chart->setAccessibleName(tr("Picture of the result"));
    m_chart->setXFormatter(tickText);
    m_chart->setYFormatter(tickText);
    m_chart->setAutoYRange(0.05);
    plot::Margins margins;
    margins.left = 60;
    margins.right = 24;
    m_chart->setMargins(margins);
    column->addWidget(m_chart, 1);
    connect(&theme, &common::ThemeController::changed, this, &QueryPlot::refresh);
}

QString QueryPlot::note() const
{
    return m_note->text();
}

void QueryPlot::setResult(const std::shared_ptr<const store::QueryResult>& result)
{
    m_result = result;
    const viewmodels::ResultColumns columns = result ? viewmodels::columnsOf(*result) : viewmodels::ResultColumns{};
    const store::QueryResult none;
    fill(*m_x, result ? *result : none, columns.numbers, 0);
    fill(*m_y, result ? *result : none, columns.numbers, 1);
    refresh();
}

void QueryPlot::refresh()
{
    const bool isPlottable = m_result && m_x->currentIndex() >= 0 && m_y->currentIndex() >= 0;
    m_chart->setEmptyText(!m_result     ? tr("The picture of a result appears here")
                          : isPlottable ? tr("No row has a number in both columns")
                                        : tr("The result has no column of numbers"));
    if (!isPlottable) {
        m_job.cancel();
        return draw({});
    }
    m_job.start([result = m_result, x = m_x->currentData().toInt(),
                 y = m_y->currentData().toInt()] { return viewmodels::linesOf(*result, x, y); },
                [this](const viewmodels::ResultLines& lines) { draw(lines); });
}

void QueryPlot::draw(const viewmodels::ResultLines& lines)
{
    QVector<plot::Series> all;
    QVector<LegendEntry> entries;
    bool scattered = false;
    double low = 0;
    double high = 1;
    for (std::size_t i = 0; i < lines.lines.size(); ++i) {
        const viewmodels::ResultLine& line = lines.lines[i];
        plot::Series series;
        series.id = QString::number(i);
        series.name = line.name.isEmpty() ? m_y->currentText() : line.name;
        series.style = static_cast<int>(i);
        series.points = line.points;
        series.draw = line.repeatsX ? plot::Draw::Points : plot::Draw::Line;
        series.hollow = line.repeatsX; // where several lie on each other, all are seen
        series.markers = line.points.size() <= kMarked;
        scattered = scattered || line.repeatsX;
        low = i == 0 ? line.points.first().x() : std::min(low, line.points.first().x());
        high = i == 0 ? line.points.last().x() : std::max(high, line.points.last().x());
        const common::SeriesStyle& style = m_theme.tokens().seriesAt(series.style);
        entries.append({series.name, common::groupedText(line.points.size()), style.line, style.dash, false});
        all.append(series);
    }
    if (low == high) high = low + 1;
    m_chart->setFullRange(low, high);
    m_chart->setXRange(low, high);
    m_chart->setSeries(all);
    m_legend->setEntries(entries);
    QStringList notes;
    if (scattered) notes << tr("several rows of one x: points, not joined");
    if (m_result && m_result->cut)
        notes << tr("of the first %1 rows").arg(common::groupedText(qint64(m_result->rows.size())));
    if (lines.linesLeftOut > 0) notes << tr("%n more line(s) left out", nullptr, lines.linesLeftOut);
    if (lines.rowsLeftOut > 0)
        notes << tr("%n row(s) without both numbers or beyond", nullptr, static_cast<int>(lines.rowsLeftOut));
    m_note->setText(notes.join(QStringLiteral(", ")));
}

} // namespace gradus::pages
