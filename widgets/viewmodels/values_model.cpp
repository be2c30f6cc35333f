// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/values_model.h"

#include "common/number_text.h"

#include <algorithm>

namespace gradus::viewmodels {

ValuesModel::ValuesModel(const LiveRun& run, QObject* parent) : QAbstractTableModel(parent), m_run(run) {}

void ValuesModel::refresh(double cursorStep)
{
    QVector<Row> rows;
    for (const SeriesInfo& info : seriesCatalogue()) {
        if (!m_run.has(info.name)) continue;
        rows.append({.info = &info,
                     .cursor = m_run.valueAt(info.name, cursorStep),
                     .halfWidth = m_run.halfWidthAt(info.name, cursorStep),
                     .now = m_run.newest(info.name)});
    }
    const bool sameSeries =
        rows.size() == m_rows.size() && std::equal(rows.begin(), rows.end(), m_rows.begin(),
                                                   [](const Row& a, const Row& b) { return a.info == b.info; });
    if (sameSeries) {
        m_rows = rows;
        if (!rows.isEmpty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int ValuesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ValuesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<double> ValuesModel::value(const Row& row, int column) const
{
    switch (column) {
    case CursorColumn:
        return row.cursor;
    case HalfWidthColumn:
        return row.halfWidth;
    case NowColumn:
        return row.now;
    default:
        return std::nullopt;
    }
}

QVariant ValuesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == SeriesColumn) return seriesLabel(*row.info);
        return common::numberText(value(row, index.column()), row.info->decimals);
    case Qt::TextAlignmentRole:
        return QVariant(index.column() == SeriesColumn ? Qt::AlignLeft | Qt::AlignVCenter
                                                       : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return index.column() == SeriesColumn ? QVariant(QString::fromLatin1(row.info->name)) : QVariant();
    case StyleRole:
        return row.info->style;
    case ValueRole: {
        const std::optional<double> number = value(row, index.column());
        return number ? QVariant(*number) : QVariant();
    }
    default:
        return {};
    }
}

QVariant ValuesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == SeriesColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == HalfWidthColumn) return tr("Half the width of the 95 % interval");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case SeriesColumn:
        return tr("Series");
    case CursorColumn:
        return tr("At cursor");
    case HalfWidthColumn:
        return common::leftToRight(tr("± 95 %"));
    case NowColumn:
        return tr("Now");
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
