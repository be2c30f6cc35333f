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
    const QSet<std::int64_t> changed = (runs - m_chosen) | (m_chosen - runs);
    m_chosen = runs;
    redraw(changed);
    Q_EMIT chosenChanged();
}

void RunChoiceModel::redraw(const QSet<std::int64_t>& changed)
{
    QSet<QModelIndex> groups;
    for (const std::int64_t run : changed)
        if (const QModelIndex at = mapFromSource(m_runs.indexOf(run)); at.isValid()) groups.insert(at.parent());
    // A view looks for the row of every signal: many at once are cheaper laid out anew.
    if (groups.size() > RunsModel::kTooManyPieces) {
        Q_EMIT layoutAboutToBeChanged();
        Q_EMIT layoutChanged();
        return;
    }
    for (const QModelIndex& group : std::as_const(groups)) {
        Q_EMIT dataChanged(group, group, {Qt::CheckStateRole});
        Q_EMIT dataChanged(index(0, 0, group), index(rowCount(group) - 1, 0, group), {Qt::CheckStateRole});
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
    QHash<QByteArray, int> measured; // of each experiment
    const auto keyOf = [](const store::RunRow& row) { return QByteArray::fromStdString(row.experimentHash); };
    for (const store::RunRow& row : rows)
        if (row.lastUtility) ++measured[keyOf(row)];
    for (const store::RunRow& newest : rows)
        if (measured.value(keyOf(newest)) >= 2) return runsOf(newest.experimentHash);
    return rows.isEmpty() ? QSet<std::int64_t>() : runsOf(rows.first().experimentHash);
}

} // namespace gradus::viewmodels
