// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_choice_model.h"

#include <algorithm>

namespace gradus::viewmodels {

RunChoiceModel::RunChoiceModel(RunsModel& runs, QObject* parent) : QIdentityProxyModel(parent), m_runs(runs)
{
    setSourceModel(&runs);
}

void RunChoiceModel::setChosen(const QSet<std::int64_t>& runs)
{
    if (runs == m_chosen) return;
    m_chosen = runs;
    redraw();
    Q_EMIT chosenChanged();
}

void RunChoiceModel::redraw()
{
    const int groups = rowCount();
    if (groups == 0) return;
    Q_EMIT dataChanged(index(0, 0), index(groups - 1, 0), {Qt::CheckStateRole});
    for (int group = 0; group < groups; ++group) {
        const QModelIndex parent = index(group, 0);
        if (const int rows = rowCount(parent); rows > 0)
            Q_EMIT dataChanged(index(0, 0, parent), index(rows - 1, 0, parent), {Qt::CheckStateRole});
    }
}

QVariant RunChoiceModel::data(const QModelIndex& index, int role) const
{
    if (role != Qt::CheckStateRole || index.column() != RunsModel::RunColumn)
        return QIdentityProxyModel::data(index, role);
    const std::vector<std::int64_t> under = m_runs.runsUnder(mapToSource(index));
    const auto count =
        std::count_if(under.begin(), under.end(), [this](std::int64_t run) { return m_chosen.contains(run); });
    if (count == 0) return Qt::Unchecked;
    return static_cast<std::size_t>(count) == under.size() ? Qt::Checked : Qt::PartiallyChecked;
}

bool RunChoiceModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole) return QIdentityProxyModel::setData(index, value, role);
    QSet<std::int64_t> chosen = m_chosen;
    const bool wanted = value.toInt() == Qt::Checked;
    for (const std::int64_t run : m_runs.runsUnder(mapToSource(index)))
        if (wanted)
            chosen.insert(run);
        else
            chosen.remove(run);
    setChosen(chosen);
    return true;
}

Qt::ItemFlags RunChoiceModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QIdentityProxyModel::flags(index);
    return index.column() == RunsModel::RunColumn ? flags | Qt::ItemIsUserCheckable : flags;
}

QSet<std::int64_t> usualChoice(const QVector<store::RunRow>& rows)
{
    const auto runsOf = [&](const std::string& experiment) {
        QSet<std::int64_t> runs;
        for (const store::RunRow& row : rows)
            if (row.experimentHash == experiment) runs.insert(row.id);
        return runs;
    };
    for (const store::RunRow& newest : rows) {
        const auto measured = std::count_if(rows.begin(), rows.end(), [&](const store::RunRow& row) {
            return row.experimentHash == newest.experimentHash && row.lastUtility;
        });
        if (measured >= 2) return runsOf(newest.experimentHash);
    }
    return rows.isEmpty() ? QSet<std::int64_t>() : runsOf(rows.first().experimentHash);
}

} // namespace gradus::viewmodels
