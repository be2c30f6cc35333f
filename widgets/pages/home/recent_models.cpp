// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/recent_models.h"

#include "base/clock.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/run_look.h"

#include <algorithm>

namespace gradus::pages {

namespace {

const QVariant kRight = int(Qt::AlignRight | Qt::AlignVCenter);
const QVariant kLeft = int(Qt::AlignLeft | Qt::AlignVCenter);

bool isGoing(const store::RunRow& run)
{
    return run.state == store::RunState::Running || run.state == store::RunState::Preparing ||
           run.state == store::RunState::Stopping;
}

} // namespace

void DraftsModel::setRows(const QVector<DraftRow>& rows)
{
    if (rows == m_rows) return;
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int DraftsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int DraftsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DraftsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return section == Edited ? kRight : kLeft;
    if (role != Qt::DisplayRole) return {};
    static const char* const kTitles[] = {"Gap curve", "Draft", "Contents", "Edited"};
    return section < ColumnCount ? tr(kTitles[section]) : QVariant();
}

QVariant DraftsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const DraftRow& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name) return row.name;
        if (index.column() == Contents) return row.contents;
        if (index.column() == Edited) return common::agoText(row.editedAt, wallSeconds());
        return {};
    case Qt::ToolTipRole:
        if (index.column() == Name) return common::plainTooltip(row.path);
        if (index.column() == Contents) return common::plainTooltip(row.contents);
        return {};
    case Qt::AccessibleTextRole:
        return index.column() == Curve ? tr("gap curve of %1").arg(row.name) : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == Edited ? kRight : kLeft;
    case kCurveRole:
        return index.column() == Curve ? QVariant::fromValue(row.curve) : QVariant();
    case kUnsavedRole:
        return row.isUnsaved;
    case kBrokenRole:
        return row.isBroken;
    default:
        return {};
    }
}

void RecentRunsModel::setRows(const QVector<store::RunRow>& rows)
{
    QVector<store::RunRow> shown = rows;
    std::stable_partition(shown.begin(), shown.end(), isGoing);
    if (shown.size() > kMostRows) shown.resize(kMostRows);
    const bool same = std::equal(shown.begin(), shown.end(), m_rows.begin(), m_rows.end(),
                                 [](const store::RunRow& a, const store::RunRow& b) { return a.uuid == b.uuid; });
    if (!same) beginResetModel();
    m_rows = std::move(shown);
    if (!same)
        endResetModel();
    else if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1));
}

int RecentRunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RecentRunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RecentRunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return section == Name || section == Utility ? kLeft : kRight;
    if (role != Qt::DisplayRole) return {};
    static const char* const kTitles[] = {"Run", "Generation", "Utility", "Last", "Imitation", "Ended"};
    return section < ColumnCount ? tr(kTitles[section]) : QVariant();
}

QVariant RecentRunsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const store::RunRow& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return nameOf(row);
        case Generation:
            return row.generations > 0 ? tr("%1 of %2").arg(row.generation).arg(row.generations)
                                       : common::missingText();
        case Last:
            return common::numberText(row.lastUtility, 2);
        case Imitation:
            return common::numberText(row.lastImitation, 2);
        case Ended:
            return endOf(row, wallSeconds());
        default:
            return {};
        }
    case Qt::ToolTipRole:
        if (index.column() == Name)
            return common::plainTooltip(
                QStringLiteral("%1 · %2").arg(nameOf(row), QString::fromStdString(row.uuid).left(8)));
        if (index.column() == Ended && !row.failure.empty()) return common::plainTooltip(endOf(row, wallSeconds()));
        return {};
    case Qt::AccessibleTextRole:
        if (index.column() == Name) return QStringLiteral("%1, %2").arg(nameOf(row), wordOf(row.state));
        return {};
    case Qt::TextAlignmentRole:
        return index.column() == Name || index.column() == Utility ? kLeft : kRight;
    case kStateRole:
        return int(row.state);
    case kCurveRole:
        if (index.column() != Utility) return {};
        return QVariant::fromValue(QVector<double>(row.utilityHistory.begin(), row.utilityHistory.end()));
    default:
        return {};
    }
}

} // namespace gradus::pages
