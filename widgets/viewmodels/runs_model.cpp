// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/runs_model.h"

#include "store/run_settings.h"
#include "viewmodels/runs_model_group.h"

#include <QSet>
#include <QStringList>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr int kColours = 8;

} // namespace

/// Where every run belongs, whatever the filter shows: what a filter need not ask again.
struct RunsModel::Placing
{
    struct Members
    {
        Group group;                // without its runs
        std::vector<qsizetype> all; // in their order; places in m_rows
    };
    std::vector<Members> groups; // in their order
};

RunsModel::RunsModel(QObject* parent) : QAbstractItemModel(parent), m_placing(std::make_unique<Placing>()) {}
RunsModel::~RunsModel() = default;

void RunsModel::place()
{
    std::unordered_map<std::string, Placing::Members> drafts;
    std::unordered_map<std::string, std::int64_t> firstOfFamily;
    for (qsizetype at = 0; at < m_rows.size(); ++at) {
        const store::RunRow& row = std::as_const(m_rows)[at];
        GroupPlace place = groupPlaceOf(row, m_grouping);
        const auto first = firstOfFamily.try_emplace(place.family, row.id).first;
        first->second = std::min(first->second, row.id);
        Placing::Members& draft = drafts[place.family + '\n' + place.key];
        Group& group = draft.group;
        if (group.order == 0) {
            group.order = row.id;
            group.key = QString::fromStdString(place.family + '\n' + place.key);
            group.family = std::move(place.family);
        }
        group.order = std::min(group.order, row.id);
        draft.all.push_back(at);
    }
    std::vector<Placing::Members>& groups = m_placing->groups;
    groups.clear();
    groups.reserve(drafts.size());
    for (auto& [key, draft] : drafts) {
        std::sort(draft.all.begin(), draft.all.end(),
                  [&](qsizetype a, qsizetype b) { return Group::inOrder(m_rows.at(a), m_rows.at(b)); });
        draft.group.familyOrder = firstOfFamily[draft.group.family];
        groups.push_back(std::move(draft));
    }
    // Colours follow the order of creation and are kept for good: what is visible never changes a colour.
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.group.order < b.group.order; });
    for (auto& [group, all] : groups) {
        if (!m_colours.contains(group.key)) m_colours.insert(group.key, static_cast<int>(m_colours.size()));
        group.colour = m_colours.value(group.key) % kColours;
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.group.familyOrder > b.group.familyOrder; });
}

RunsModel::Groups RunsModel::filtered() const
{
    Groups groups;
    std::vector<qsizetype> shown;
    for (const auto& [head, all] : m_placing->groups) {
        shown.clear();
        std::copy_if(all.begin(), all.end(), std::back_inserter(shown),
                     [this](qsizetype run) { return m_filter.matches(m_rows.at(run)); });
        if (shown.empty()) continue;
        groups.push_back(std::make_unique<Group>(head));
        std::vector<store::RunRow>& runs = groups.back()->runs;
        runs.reserve(shown.size());
        for (const qsizetype run : shown)
            runs.push_back(m_rows.at(run));
    }
    return groups;
}

void RunsModel::setFilter(const filter::RunFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    m_groups = filtered();
    renumber();
    endResetModel();
}

void RunsModel::setGrouping(const RunGrouping& grouping)
{
    if (grouping == m_grouping) return;
    beginResetModel();
    m_grouping = grouping;
    place();
    m_groups = filtered();
    renumber();
    endResetModel();
}

QStringList RunsModel::knownTags() const
{
    QSet<QString> tags;
    for (const store::RunRow& row : m_rows)
        for (const std::string& tag : row.tags)
            tags.insert(QString::fromStdString(tag));
    QStringList sorted(tags.begin(), tags.end());
    sorted.sort(Qt::CaseInsensitive);
    return sorted;
}

QStringList RunsModel::differingSettings() const
{
    std::set<const store::RunSettings*> distinct;
    for (const store::RunRow& row : m_rows)
        if (row.settings) distinct.insert(row.settings.get());
    std::map<std::string, std::set<std::string>> values;
    for (const store::RunSettings* settings : distinct)
        for (const store::Setting& setting : settings->changed())
            values[setting.key].insert(setting.value);
    QStringList keys;
    for (const auto& [key, found] : values) {
        const auto isElsewhere = [&](const store::RunSettings* settings) {
            const store::Setting* setting = settings->find(key);
            return setting == nullptr || setting->value != *found.begin();
        };
        if (found.size() > 1 || std::any_of(distinct.begin(), distinct.end(), isElsewhere))
            keys << QString::fromStdString(key);
    }
    return keys;
}

void RunsModel::renumber()
{
    m_places.clear();
    m_shown = 0;
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        Group& group = *m_groups[i];
        group.row = static_cast<int>(i);
        for (std::size_t j = 0; j < group.runs.size(); ++j)
            m_places.insert(group.runs[j].id, {&group, static_cast<int>(j)});
        m_shown += static_cast<int>(group.runs.size());
    }
}

QModelIndex RunsModel::indexOf(std::int64_t runId) const
{
    const auto place = m_places.constFind(runId);
    if (place == m_places.constEnd()) return {};
    return createIndex(place->second, 0, place->first);
}

const store::RunRow* RunsModel::runAt(const QModelIndex& index) const
{
    const auto* group = static_cast<const Group*>(index.internalPointer());
    if (!index.isValid() || group == nullptr) return nullptr;
    return &group->runs[static_cast<std::size_t>(index.row())];
}

const store::RunRow* RunsModel::findRun(std::int64_t runId) const
{
    const auto place = m_places.constFind(runId);
    if (place != m_places.constEnd()) return &place->first->runs[static_cast<std::size_t>(place->second)];
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& r) { return r.id == runId; });
    return row == m_rows.end() ? nullptr : &*row;
}

std::vector<std::int64_t> RunsModel::runsUnder(const QModelIndex& index) const
{
    if (const store::RunRow* run = runAt(index)) return {run->id};
    std::vector<std::int64_t> ids;
    if (index.isValid())
        for (const store::RunRow& run : m_groups[static_cast<std::size_t>(index.row())]->runs)
            ids.push_back(run.id);
    return ids;
}

int RunsModel::countIn(store::RunState state) const
{
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [&](const store::RunRow& row) { return row.state == state; }));
}

QModelIndex RunsModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    if (!parent.isValid()) return createIndex(row, column, nullptr);
    return createIndex(row, column, m_groups[static_cast<std::size_t>(parent.row())].get());
}

QModelIndex RunsModel::parent(const QModelIndex& child) const
{
    const auto* group = static_cast<const Group*>(child.internalPointer());
    if (!child.isValid() || group == nullptr) return {};
    return createIndex(group->row, 0, nullptr);
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.column() > 0 || parent.internalPointer() != nullptr) return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())]->runs.size());
}

} // namespace gradus::viewmodels
