// SPDX-License-Identifier: GPL-3.0-or-later
// How the Runs tree follows a new list: what differs is inserted, removed and told of, everything else stays.
#include "viewmodels/row_change.h"
#include "viewmodels/runs_model.h"
#include "viewmodels/runs_model_group.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <map>
#include <utility>

namespace gradus::viewmodels {

QSet<QString> RunsModel::keysOf(const Groups& groups)
{
    QSet<QString> keys;
    keys.reserve(static_cast<qsizetype>(groups.size()));
    for (const auto& group : groups)
        keys.insert(group->key);
    return keys;
}

QStringList RunsModel::inOrder(const Groups& groups, const QSet<QString>& keys)
{
    QStringList order;
    for (const auto& group : groups)
        if (keys.contains(group->key)) order << group->key;
    return order;
}

// Nearly every list differs from the one before in a few numbers of a few runs: that must not cost what a new list
// does.
std::optional<std::vector<qsizetype>> RunsModel::changedInPlace(const QVector<store::RunRow>& before) const
{
    if (before.size() != m_rows.size()) return std::nullopt;
    std::vector<qsizetype> changed;
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const store::RunRow& was = before[i];
        const store::RunRow& is = m_rows[i];
        if (was.id != is.id || was.seed != is.seed) return std::nullopt;
        if (isSameRow(was, is)) continue;
        const GroupPlace from = groupPlaceOf(was, m_grouping);
        const GroupPlace to = groupPlaceOf(is, m_grouping);
        if (from.family != to.family || from.key != to.key || m_filter.matches(was) != m_filter.matches(is))
            return std::nullopt;
        changed.push_back(i);
    }
    return changed;
}

/// The runs at these places of m_rows, where they stand.
void RunsModel::replace(const std::vector<qsizetype>& changed)
{
    std::map<Group*, std::pair<int, int>> rows;
    for (const qsizetype at : changed) {
        const store::RunRow& run = std::as_const(m_rows)[at];
        const auto place = m_places.constFind(run.id);
        if (place == m_places.constEnd()) continue; // filtered out
        const auto [group, row] = *place;
        group->runs[static_cast<std::size_t>(row)] = run;
        const auto range = rows.try_emplace(group, row, row).first;
        range->second = {std::min(range->second.first, row), std::max(range->second.second, row)};
    }
    announce(Changes(rows.begin(), rows.end()));
}

/// Insertions and removals that lead from one to the other.
qsizetype RunsModel::piecesBetween(const Groups& mine, const Groups& fresh)
{
    QHash<QString, const Group*> old;
    for (const auto& group : mine)
        old.insert(group->key, group.get());
    qsizetype pieces = 0;
    for (const auto& group : fresh) {
        const Group* before = old.take(group->key);
        if (before == nullptr ||
            !std::equal(before->runs.begin(), before->runs.end(), group->runs.begin(), group->runs.end(),
                        [](const auto& a, const auto& b) { return a.id == b.id; }))
            ++pieces;
    }
    return pieces + old.size();
}

void RunsModel::setRows(const QVector<store::RunRow>& rows)
{
    const QVector<store::RunRow> before = std::exchange(m_rows, rows);
    if (const auto changed = changedInPlace(before)) {
        replace(*changed);
        return;
    }
    place();
    Groups fresh = filtered();
    const QSet<QString> common = keysOf(m_groups) & keysOf(fresh);
    // Deleting an experiment's first run may move it among the others.
    if (m_groups.empty() || piecesBetween(m_groups, fresh) > kTooManyPieces ||
        inOrder(m_groups, common) != inOrder(fresh, common)) {
        beginResetModel();
        m_groups = std::move(fresh);
        renumber();
        endResetModel();
        return;
    }
    adopt(std::move(fresh));
}

// Both lists are in the same total order, so what is common keeps its relative place: drop, then insert, then compare.
void RunsModel::adopt(Groups fresh)
{
    const QSet<QString> wanted = keysOf(fresh);
    Changes changes;
    for (std::size_t i = m_groups.size(); i-- > 0;) {
        if (wanted.contains(m_groups[i]->key)) continue;
        beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
        m_groups.erase(m_groups.begin() + static_cast<std::ptrdiff_t>(i));
        renumber();
        endRemoveRows();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (i < m_groups.size() && m_groups[i]->key == fresh[i]->key) {
            if (const auto changed = adoptChildren(*m_groups[i], *fresh[i]))
                changes.emplace_back(m_groups[i].get(), *changed);
            continue;
        }
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_groups.insert(m_groups.begin() + static_cast<std::ptrdiff_t>(i), std::move(fresh[i]));
        renumber();
        endInsertRows();
    }
    renumber();
    announce(changes);
}

/// The first and last run that is not what it was; none where the group is.
std::optional<std::pair<int, int>> RunsModel::adoptChildren(Group& group, Group& fresh)
{
    std::optional<std::pair<int, int>> changed;
    const auto note = [&](std::size_t first, std::size_t last) {
        changed = {changed ? changed->first : static_cast<int>(first), static_cast<int>(last)};
    };
    const QModelIndex parent = index(group.row, 0);
    const auto contains = [](const std::vector<store::RunRow>& runs, const store::RunRow& run) {
        const auto at = std::lower_bound(runs.begin(), runs.end(), run, Group::inOrder);
        return at != runs.end() && at->id == run.id;
    };
    for (std::size_t last = group.runs.size(); last-- > 0;) {
        if (contains(fresh.runs, group.runs[last])) continue;
        std::size_t first = last;
        while (first > 0 && !contains(fresh.runs, group.runs[first - 1]))
            --first;
        beginRemoveRows(parent, static_cast<int>(first), static_cast<int>(last));
        group.runs.erase(group.runs.begin() + static_cast<std::ptrdiff_t>(first),
                         group.runs.begin() + static_cast<std::ptrdiff_t>(last) + 1);
        endRemoveRows();
        last = first;
        note(0, 0); // the group's figures rest on other runs
    }
    for (std::size_t i = 0; i < fresh.runs.size(); ++i) {
        if (i < group.runs.size() && group.runs[i].id == fresh.runs[i].id) continue;
        std::size_t end = i + 1;
        while (end < fresh.runs.size() && (i >= group.runs.size() || fresh.runs[end].id != group.runs[i].id))
            ++end;
        beginInsertRows(parent, static_cast<int>(i), static_cast<int>(end) - 1);
        group.runs.insert(group.runs.begin() + static_cast<std::ptrdiff_t>(i),
                          fresh.runs.begin() + static_cast<std::ptrdiff_t>(i),
                          fresh.runs.begin() + static_cast<std::ptrdiff_t>(end));
        endInsertRows();
        i = end - 1;
        note(0, 0);
    }
    for (std::size_t i = 0; i < fresh.runs.size(); ++i)
        if (!isSameRow(group.runs[i], fresh.runs[i])) note(i, i);
    group.runs = std::move(fresh.runs);
    return changed;
}

void RunsModel::announce(const Changes& changes)
{
    if (static_cast<qsizetype>(changes.size()) > kTooManyPieces) {
        Q_EMIT layoutAboutToBeChanged();
        Q_EMIT layoutChanged();
        return;
    }
    for (const auto& [group, rows] : changes) {
        const QModelIndex parent = index(group->row, 0);
        Q_EMIT dataChanged(index(rows.first, 0, parent), index(rows.second, ColumnCount - 1, parent));
        Q_EMIT dataChanged(parent, parent.siblingAtColumn(ColumnCount - 1));
    }
}

} // namespace gradus::viewmodels
