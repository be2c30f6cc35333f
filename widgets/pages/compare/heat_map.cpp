// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/heat_map.h"

#include "common/controls.h"
#include "viewmodels/comparison_table_model.h"

#include <QHelpEvent>
#include <QPainter>

#include <algorithm>
#include <limits>

namespace gradus::pages {

namespace {

constexpr double kMargin = 12;
constexpr double kHead = 38; // key and values of the columns
constexpr double kMostCell = 54;
constexpr double kMostLabel = 170;
constexpr double kHeat = 0.45; // of accent at the best cell: text keeps 4.5 : 1 on it

} // namespace

HeatMap::HeatMap(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("sweepHeat"));
    setMouseTracking(true);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void HeatMap::setGrid(const viewmodels::SweepGrid& grid, const QString& rowKey, const QString& columnKey,
                      const compare::FinalMetric& metric)
{
    m_grid = grid;
    m_rowKey = rowKey;
    m_columnKey = columnKey;
    m_metric = metric;
    QStringList words;
    for (int row = 0; row < grid.rows.size(); ++row)
        for (int column = 0; column < grid.columns.size(); ++column)
            if (grid.at(row, column).mean)
                words << QStringLiteral("%1, %2: %3")
                             .arg(grid.rows[row], grid.columns[column],
                                  viewmodels::figureText(metric, *grid.at(row, column).mean));
    setAccessibleName(tr("%1 over %2 and %3").arg(QLatin1String(metric.label), rowKey, columnKey));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    update();
}

double HeatMap::labelWidth() const
{
    const QFontMetricsF metrics(common::typeFont(common::Type::Mono));
    double widest = QFontMetricsF(common::typeFont(common::Type::ChartStrong)).horizontalAdvance(m_rowKey);
    for (const QString& value : m_grid.rows)
        widest = std::max(widest, metrics.horizontalAdvance(value));
    return std::min(widest, kMostLabel) + 10;
}

QRectF HeatMap::cellAt(int row, int column) const
{
    const double left = kMargin + labelWidth();
    const double wide = (width() - left - kMargin) / double(std::max<qsizetype>(1, m_grid.columns.size()));
    const double high = std::min(kMostCell, (height() - kMargin - kHead - kMargin) /
                                                double(std::max<qsizetype>(1, m_grid.rows.size())));
    return {left + column * wide, kMargin + kHead + row * high, wide, high};
}

void HeatMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintOn(painter);
}

void HeatMap::paintOn(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    painter.setLayoutDirection(Qt::LeftToRight);
    if (m_grid.cells.isEmpty()) {
        painter.setFont(common::typeFont(common::Type::Small));
        painter.setPen(tokens.text2);
        painter.drawText(rect(), Qt::AlignCenter, tr("A grid needs keys that differ between runs"));
        return;
    }
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const viewmodels::GridCell& cell : m_grid.cells)
        if (cell.mean) low = std::min(low, *cell.mean), high = std::max(high, *cell.mean);
    painter.setFont(common::typeFont(common::Type::ChartStrong));
    painter.setPen(tokens.text2);
    painter.drawText(QRectF(kMargin, kMargin + 18, labelWidth(), 18), Qt::AlignLeft, m_rowKey);
    painter.drawText(QRectF(kMargin + labelWidth(), kMargin, width(), 18), Qt::AlignLeft, m_columnKey);
    for (int row = 0; row < m_grid.rows.size(); ++row) {
        const QRectF first = cellAt(row, 0);
        painter.setFont(common::typeFont(common::Type::Mono));
        painter.setPen(tokens.text);
        painter.drawText(QRectF(kMargin, first.top(), labelWidth() - 8, first.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_grid.rows[row], Qt::ElideMiddle, int(labelWidth()) - 8));
    }
    for (int column = 0; column < m_grid.columns.size(); ++column) {
        const QRectF top = cellAt(0, column);
        painter.setFont(common::typeFont(common::Type::Mono));
        painter.setPen(tokens.text);
        painter.drawText(
            QRectF(top.left(), kMargin + 18, top.width() - 4, 18), Qt::AlignHCenter | Qt::AlignTop,
            painter.fontMetrics().elidedText(m_grid.columns[column], Qt::ElideMiddle, int(top.width()) - 4));
        for (int row = 0; row < m_grid.rows.size(); ++row)
            paintCell(painter, m_grid.at(row, column), cellAt(row, column).adjusted(0.5, 0.5, -1.5, -1.5), low, high);
    }
}

void HeatMap::paintCell(QPainter& painter, const viewmodels::GridCell& cell, const QRectF& box, double low,
                        double high) const
{
    const common::Tokens& tokens = m_theme.tokens();
    if (!cell.mean) return painter.fillRect(box, tokens.surface2);
    const bool lower = m_metric.better == compare::Better::Lower;
    const double place = high > low ? (*cell.mean - low) / (high - low) : 0.5;
    painter.fillRect(box, common::blended(tokens.accent, tokens.surface, kHeat * (lower ? 1 - place : place)));
    const bool best = high > low && *cell.mean == (lower ? low : high);
    painter.setFont(common::numericFont(best ? common::Type::BodyStrong : common::Type::Body));
    painter.setPen(tokens.text);
    const bool two = box.height() >= 34;
    painter.drawText(two ? box.adjusted(0, 2, 0, -box.height() / 2 + 3) : box, Qt::AlignCenter,
                     viewmodels::figureText(m_metric, *cell.mean));
    if (!two) return;
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.drawText(box.adjusted(0, box.height() / 2, 0, -2), Qt::AlignCenter, tr("n %1").arg(cell.runs));
}

bool HeatMap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int row = 0; row < m_grid.rows.size(); ++row)
        for (int column = 0; column < m_grid.columns.size(); ++column) {
            const viewmodels::GridCell& cell = m_grid.at(row, column);
            if (!cell.mean || !cellAt(row, column).contains(QPointF(help->pos()))) continue;
            const QString text = tr("%1 = %2\n%3 = %4\nmean %5, n %6")
                                     .arg(m_rowKey, m_grid.rows[row], m_columnKey, m_grid.columns[column],
                                          viewmodels::figureText(m_metric, *cell.mean))
                                     .arg(cell.runs);
            common::showTip(*help, text, this);
            return true;
        }
    common::showTip(*help, {}, this);
    return true;
}

} // namespace gradus::pages
