// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/comparison_table_model.h"

#include "common/number_text.h"
#include "compare/table_text.h"
#include "viewmodels/figures.h"
#include "viewmodels/runs_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gradus::viewmodels {

using compare::Better;
using compare::FinalMetric;
using compare::TableCell;
using compare::TableRow;

QString pText(double p)
{
    return p < 0.001 ? QStringLiteral("< 0.001") : common::numberText(p, 3);
}

QString figureText(const FinalMetric& metric, double value, bool sign)
{
    QString text = metric.decimals >= 0 || !std::isfinite(value)
                       ? common::numberText(value, std::max(metric.decimals, 0))
                       : QString::number(value, 'e', 2).replace(QLatin1Char('-'), QChar(0x2212));
    return sign && value > 0 ? QLatin1Char('+') + text : text;
}

namespace {

/// "± 0.012", or "[0.976, 1.000]" where the two sides differ.
QString intervalText(const FinalMetric& metric, const Estimate& estimate, bool sign = false)
{
    return common::leftToRight(
        compare::isEven(estimate, metric.decimals)
            ? QStringLiteral("± ") + figureText(metric, (estimate.high - estimate.low) / 2)
            : QStringLiteral("[%1, %2]")
                  .arg(figureText(metric, estimate.low, sign), figureText(metric, estimate.high, sign)));
}

/// "minus baseline +0.107 [+0.09, +0.12], paired by seed" and every test of it.
QString differenceWords(const FinalMetric& metric, const TableCell& cell, const QString& name)
{
    const compare::GroupDifference& difference = *cell.difference;
    QString text =
        ComparisonTableModel::tr("%1 %2 [%3, %4], %5")
            .arg(name, figureText(metric, difference.estimate.value, true),
                 figureText(metric, difference.estimate.low, true), figureText(metric, difference.estimate.high, true),
                 difference.paired ? ComparisonTableModel::tr("paired by seed")
                                   : ComparisonTableModel::tr("not paired"));
    for (const compare::TestKind kind : {compare::TestKind::Student, compare::TestKind::Permutation})
        if (const compare::TestResult* test = difference.test(kind))
            text += QStringLiteral("\n%1: p %2").arg(QString::fromStdString(nameOf(difference, kind)), pText(test->p));
    if (cell.p) text += ComparisonTableModel::tr("\np %1 after Holm over the column").arg(pText(*cell.p));
    return cell.noP.empty() ? text : text + ComparisonTableModel::tr("\nno p: ") + QString::fromStdString(cell.noP);
}

} // namespace

QString rowText(const TableRow& row)
{
    const QString name = shortCondition(row.label);
    return row.run ? ComparisonTableModel::tr("%1, seed %2").arg(name).arg(row.seed) : name;
}

void ComparisonTableModel::setTable(compare::ComparisonTable table, const QVector<int>& styles)
{
    beginResetModel();
    m_table = std::move(table);
    m_styles = styles;
    m_order = ordered();
    endResetModel();
}

compare::ComparisonTable ComparisonTableModel::shownTable() const
{
    compare::ComparisonTable shown = m_table;
    for (std::size_t i = 0; i < m_order.size(); ++i)
        shown.rows[i] = m_table.rows[m_order[i]];
    return shown;
}

int ComparisonTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size() + m_table.contrasts.size());
}

int ComparisonTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstMetric + static_cast<int>(m_table.columns.size());
}

QVariant ComparisonTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == NameColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (section == NameColumn) return role == Qt::DisplayRole ? QVariant(tr("condition")) : QVariant();
    if (section == CountColumn) return role == Qt::DisplayRole ? QVariant(tr("n")) : QVariant();
    const FinalMetric& metric = m_table.columns[static_cast<std::size_t>(section - FirstMetric)];
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromLatin1(metric.label);
    case UnitRole:
        return QString::fromLatin1(metric.unit);
    case Qt::ToolTipRole: {
        const QString what = QStringLiteral("%1: %2").arg(QLatin1String(metric.id), QLatin1String(metric.unit));
        return metric.better == Better::Neither
                   ? what
                   : what + (metric.better == Better::Higher ? tr("\nhigher is better") : tr("\nlower is better"));
    }
    default:
        return {};
    }
}

QVariant ComparisonTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole) return headerData(index.column(), Qt::Horizontal, role);
    if (const compare::ContrastRow* contrast = contrastAt(index.row()))
        return contrastData(*contrast, index.column(), role);
    const TableRow& row = rowAt(index.row());
    if (role == StyleRole) return m_styles.value(static_cast<int>(row.group));
    if (role == BaselineRole) return row.baseline;
    if (index.column() == NameColumn) return nameData(row, role);
    if (index.column() == CountColumn)
        return role == Qt::DisplayRole ? QVariant(QString::number(row.runs))
               : role == Qt::ToolTipRole && row.unfinished > 0
                   ? QVariant(tr("%n run(s) still going or without a result: not in these figures", nullptr,
                                 static_cast<int>(row.unfinished)))
                   : QVariant();
    return cellData(row, static_cast<std::size_t>(index.column() - FirstMetric), role);
}

QVariant ComparisonTableModel::nameData(const TableRow& row, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return rowText(row);
    case Qt::ToolTipRole:
        return plainToolTip(row.label);
    case Qt::AccessibleTextRole:
        return row.baseline ? tr("%1, baseline").arg(rowText(row)) : rowText(row);
    default:
        return {};
    }
}

QVariant ComparisonTableModel::cellData(const TableRow& row, std::size_t column, int role) const
{
    const FinalMetric& metric = m_table.columns[column];
    const TableCell& cell = row.cells[column];
    const QString count = QString::fromStdString(compare::countNote(row, cell));
    if (!cell.value)
        return role == Qt::DisplayRole                           ? QVariant(common::missingText())
               : role == Qt::ToolTipRole || role == IntervalRole ? QVariant(count)
                                                                 : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return figureText(metric, cell.value->value);
    case IntervalRole: {
        QStringList words;
        if (cell.value->n > 1 && cell.value->high > cell.value->low) words << intervalText(metric, *cell.value);
        if (!count.isEmpty()) words << count;
        return words.join(QStringLiteral(", "));
    }
    case DifferenceRole: {
        if (!cell.difference) return QString();
        const QString difference = figureText(metric, cell.difference->estimate.value, true);
        return cell.p ? tr("%1, p %2").arg(difference, pText(*cell.p)) : difference;
    }
    case BestRole:
        return cell.best;
    case HeatRole:
        return heat(column, cell);
    case Qt::ToolTipRole: {
        QString text = tr("%1 [%2, %3], n %4 %5")
                           .arg(figureText(metric, cell.value->value), figureText(metric, cell.value->low),
                                figureText(metric, cell.value->high))
                           .arg(cell.value->n)
                           .arg(cell.overItems ? tr("items") : tr("runs"));
        if (!count.isEmpty()) text += tr("\nof %n run(s): %1", nullptr, static_cast<int>(row.runs)).arg(count);
        return cell.difference ? text + QLatin1Char('\n') + differenceWords(metric, cell, tr("minus baseline")) : text;
    }
    default:
        return {};
    }
}

const compare::ContrastRow* ComparisonTableModel::contrastAt(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    return place < m_table.rows.size() ? nullptr : &m_table.contrasts[place - m_table.rows.size()];
}

QVariant ComparisonTableModel::contrastName(const compare::ContrastRow& row, int role) const
{
    const auto nameOf = [&](std::size_t group) { return shortCondition(m_table.rows[group].label); }; // a row a group
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return tr("%1 minus %2").arg(nameOf(row.contrast.group), nameOf(row.contrast.minus));
    case Qt::ToolTipRole:
        return plainToolTip(row.label);
    case FirstNameRole:
        return nameOf(row.contrast.group);
    default:
        return {};
    }
}

QVariant ComparisonTableModel::contrastData(const compare::ContrastRow& row, int column, int role) const
{
    if (role == StyleRole) return m_styles.value(static_cast<int>(row.contrast.group));
    if (role == MinusStyleRole) return m_styles.value(static_cast<int>(row.contrast.minus));
    if (role == BaselineRole) return false;
    if (role == MinusRole) return tr("minus %1").arg(shortCondition(m_table.rows[row.contrast.minus].label));
    if (column == NameColumn) return contrastName(row, role);
    const auto first = std::find_if(row.cells.begin(), row.cells.end(),
                                    [](const TableCell& one) { return one.difference.has_value(); });
    const QString count =
        first == row.cells.end() ? common::missingText() : QString::fromStdString(compare::countText(*first));
    if (column == CountColumn) return role == Qt::DisplayRole ? QVariant(count) : QVariant();
    const FinalMetric& metric = m_table.columns[static_cast<std::size_t>(column - FirstMetric)];
    const TableCell& cell = row.cells[static_cast<std::size_t>(column - FirstMetric)];
    if (!cell.difference)
        return role == Qt::DisplayRole ? QVariant(common::missingText())
               : role == Qt::ToolTipRole
                   ? QVariant(tr("No difference: it takes two runs or more on either side, and one task"))
                   : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return figureText(metric, cell.difference->estimate.value, true);
    case IntervalRole: {
        const QString own = QString::fromStdString(compare::countText(cell));
        const QString interval = intervalText(metric, cell.difference->estimate, true);
        return own == count ? interval : interval + QStringLiteral(", ") + own;
    }
    case DifferenceRole:
        return cell.p ? tr("p %1").arg(pText(*cell.p)) : QString();
    case Qt::ToolTipRole:
        return differenceWords(metric, cell, contrastName(row, Qt::DisplayRole).toString());
    default:
        return {};
    }
}

QVariant ComparisonTableModel::heat(std::size_t column, const TableCell& cell) const
{
    const Better better = m_table.columns[column].better;
    if (better == Better::Neither) return {};
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const TableRow& row : m_table.rows)
        if (row.cells[column].value && std::isfinite(row.cells[column].value->value)) {
            low = std::min(low, row.cells[column].value->value);
            high = std::max(high, row.cells[column].value->value);
        }
    if (!(high > low) || !std::isfinite(cell.value->value)) return {};
    const double place = (cell.value->value - low) / (high - low);
    return better == Better::Higher ? place : 1 - place;
}

std::vector<std::size_t> ComparisonTableModel::ordered() const
{
    std::vector<std::size_t> order(m_table.rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (m_sortColumn < 0 || m_sortColumn >= columnCount()) return order;
    const auto value = [&](std::size_t row) -> std::optional<double> {
        if (m_sortColumn == CountColumn) return static_cast<double>(m_table.rows[row].runs);
        const auto& cell = m_table.rows[row].cells[static_cast<std::size_t>(m_sortColumn - FirstMetric)];
        return cell.value && !std::isnan(cell.value->value) ? std::optional(cell.value->value) : std::nullopt;
    };
    const bool up = m_sortOrder == Qt::AscendingOrder;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (m_sortColumn == NameColumn) {
            const int by = QString::localeAwareCompare(rowText(m_table.rows[a]), rowText(m_table.rows[b]));
            return up ? by < 0 : by > 0;
        }
        const auto x = value(a);
        const auto y = value(b);
        if (!x || !y) return x.has_value() && !y.has_value(); // what is missing stands last either way
        return up ? *x < *y : *x > *y;
    });
    return order;
}

void ComparisonTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    Q_EMIT layoutAboutToBeChanged();
    const std::vector<std::size_t> before = m_order;
    m_order = ordered();
    const QModelIndexList old = persistentIndexList();
    QModelIndexList moved;
    for (const QModelIndex& at : old) {
        if (contrastAt(at.row())) {
            moved.append(at);
            continue;
        }
        const auto place = std::find(m_order.begin(), m_order.end(), before[static_cast<std::size_t>(at.row())]);
        moved.append(index(static_cast<int>(place - m_order.begin()), at.column()));
    }
    changePersistentIndexList(old, moved);
    Q_EMIT layoutChanged();
}

} // namespace gradus::viewmodels
