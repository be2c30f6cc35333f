// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/runs_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <QSet>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

namespace gradus::viewmodels {

namespace {

constexpr int kColours = 8;
constexpr qsizetype kTooManyPieces = 64; // beyond this a reset is cheaper than single insertions

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text));
}

QString utilityText(std::optional<double> utility)
{
    return common::numberText(utility, 3);
}

bool runOrder(const store::RunRow& a, const store::RunRow& b)
{
    return a.seed != b.seed ? a.seed < b.seed : a.id < b.id;
}

QVector<double> toVector(const std::vector<double>& values)
{
    return QVector<double>(values.begin(), values.end());
}

} // namespace

struct RunsModel::Group
{
    QString key; // experiment and condition
    std::string experiment;
    QString name;
    QString context;
    int colour = 0;
    int row = 0;                      // place among the groups
    std::int64_t experimentOrder = 0; // first run id of the experiment
    std::int64_t order = 0;           // first run id of the group
    std::vector<store::RunRow> runs;

    std::optional<double> meanUtility() const
    {
        double sum = 0;
        int n = 0;
        for (const store::RunRow& run : runs) {
            if (!run.lastUtility || !std::isfinite(*run.lastUtility)) continue;
            sum += *run.lastUtility;
            ++n;
        }
        if (n == 0) return std::nullopt;
        return sum / n;
    }

    QVector<double> meanHistory() const
    {
        QVector<double> sums;
        QVector<int> counts;
        for (const store::RunRow& run : runs) {
            const qsizetype length = static_cast<qsizetype>(run.utilityHistory.size());
            if (length > sums.size()) {
                sums.resize(length);
                counts.resize(length);
            }
            for (qsizetype i = 0; i < length; ++i) {
                const double value = run.utilityHistory[static_cast<std::size_t>(i)];
                if (!std::isfinite(value)) continue;
                sums[i] += value;
                ++counts[i];
            }
        }
        for (qsizetype i = 0; i < sums.size(); ++i)
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::nan("");
        return sums;
    }
};

RunsModel::RunsModel(QObject* parent) : QAbstractItemModel(parent) {}
RunsModel::~RunsModel() = default;

QString shortCondition(const std::string& condition)
{
    QStringList parts;
    for (const QString& assignment : shown(condition).split(QStringLiteral(", "))) {
        const QString key = assignment.section('=', 0, 0).trimmed();
        QString value = assignment.section('=', 1).trimmed();
        if (value.size() >= 2 && value.startsWith('"') && value.endsWith('"')) value = value.mid(1, value.size() - 2);
        bool isNumber = false;
        (void)value.toDouble(&isNumber);
        // A word says what it is; a number needs the key it belongs to.
        if (value.isEmpty())
            parts << assignment.trimmed();
        else
            parts << (isNumber ? key.section('.', -1) + ' ' + value : value);
    }
    return parts.join(QStringLiteral(", "));
}

QString stateText(const store::RunRow& row)
{
    switch (row.state) {
    case store::RunState::Finished:
        return {};
    case store::RunState::Running:
        if (row.generation < 1 || row.generations < 1) return RunsModel::tr("running");
        return RunsModel::tr("%1 of %2").arg(row.generation).arg(row.generations);
    default:
        return QString::fromLatin1(store::nameOf(row.state)).toLower();
    }
}

RunsModel::Groups RunsModel::grouped(const QVector<store::RunRow>& rows)
{
    struct Draft
    {
        std::unique_ptr<Group> group = std::make_unique<Group>();
        std::vector<const store::RunRow*> runs;
    };
    std::unordered_map<std::string, Draft> drafts;
    std::unordered_map<std::string, std::int64_t> firstOfExperiment;
    for (const store::RunRow& row : rows) {
        std::string key = row.experimentHash + '\n' + row.experimentName;
        const auto first = firstOfExperiment.try_emplace(key, row.id).first;
        first->second = std::min(first->second, row.id);
        Draft& draft = drafts[key + '\n' + row.condition];
        Group& group = *draft.group;
        if (group.order == 0) {
            group.order = row.id;
            group.experiment = std::move(key);
            group.key = QString::fromStdString(group.experiment + '\n' + row.condition);
            const QString name = shown(row.experimentName);
            group.name = row.condition.empty() ? name : shortCondition(row.condition);
            group.context = row.condition.empty() ? QString() : name;
        }
        group.order = std::min(group.order, row.id);
        if (m_filter.matches(row)) draft.runs.push_back(&row);
    }
    Groups groups;
    for (auto& [key, draft] : drafts) {
        std::sort(draft.runs.begin(), draft.runs.end(), [](const auto* a, const auto* b) { return runOrder(*a, *b); });
        draft.group->runs.reserve(draft.runs.size());
        for (const store::RunRow* run : draft.runs)
            draft.group->runs.push_back(*run);
        draft.group->experimentOrder = firstOfExperiment[draft.group->experiment];
        groups.push_back(std::move(draft.group));
    }
    // Colours follow the order of creation and are kept for good: what is visible never changes a colour.
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a->order < b->order; });
    for (const auto& group : groups) {
        if (!m_colours.contains(group->key)) m_colours.insert(group->key, static_cast<int>(m_colours.size()));
        group->colour = m_colours.value(group->key) % kColours;
    }
    std::erase_if(groups, [](const auto& group) { return group->runs.empty(); });
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a->experimentOrder > b->experimentOrder; });
    return groups;
}

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

void RunsModel::setRows(const QVector<store::RunRow>& rows)
{
    m_rows = rows;
    Groups fresh = grouped(rows);
    const QSet<QString> mine = keysOf(m_groups);
    const QSet<QString> theirs = keysOf(fresh);
    const QSet<QString> common = mine & theirs;
    const qsizetype pieces = mine.size() + theirs.size() - 2 * common.size();
    // Deleting an experiment's first run may move it among the others.
    if (m_groups.empty() || pieces > kTooManyPieces || inOrder(m_groups, common) != inOrder(fresh, common)) {
        beginResetModel();
        m_groups = std::move(fresh);
        renumber();
        endResetModel();
        return;
    }
    adopt(std::move(fresh));
}

void RunsModel::setFilter(const RunFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    m_groups = grouped(m_rows);
    renumber();
    endResetModel();
}

// Both lists are in the same total order, so what is common keeps its relative place: drop, then insert, then compare.
void RunsModel::adopt(Groups fresh)
{
    const QSet<QString> wanted = keysOf(fresh);
    for (std::size_t i = m_groups.size(); i-- > 0;) {
        if (wanted.contains(m_groups[i]->key)) continue;
        beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
        m_groups.erase(m_groups.begin() + static_cast<std::ptrdiff_t>(i));
        renumber();
        endRemoveRows();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (i < m_groups.size() && m_groups[i]->key == fresh[i]->key) {
            adoptChildren(*m_groups[i], *fresh[i]);
            continue;
        }
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_groups.insert(m_groups.begin() + static_cast<std::ptrdiff_t>(i), std::move(fresh[i]));
        renumber();
        endInsertRows();
    }
    renumber();
}

void RunsModel::adoptChildren(Group& group, Group& fresh)
{
    const QModelIndex parent = index(group.row, 0);
    const auto contains = [](const std::vector<store::RunRow>& runs, const store::RunRow& run) {
        const auto at = std::lower_bound(runs.begin(), runs.end(), run, runOrder);
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
    }
    group.runs = std::move(fresh.runs);
    const int rows = static_cast<int>(group.runs.size());
    Q_EMIT dataChanged(index(0, 0, parent), index(rows - 1, ColumnCount - 1, parent));
    Q_EMIT dataChanged(parent, parent.siblingAtColumn(ColumnCount - 1));
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

int RunsModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == UtilityColumn ? Qt::AlignRight | Qt::AlignVCenter
                                                 : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case RunColumn:
        return tr("Run");
    case HistoryColumn:
        return tr("Trend");
    case UtilityColumn:
        return tr("Utility");
    default:
        return {};
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == UtilityColumn ? Qt::AlignRight | Qt::AlignVCenter
                                                        : Qt::AlignLeft | Qt::AlignVCenter);
    if (const store::RunRow* run = runAt(index))
        return runData(*static_cast<const Group*>(index.internalPointer()), *run, index.column(), role);
    return groupData(*m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant RunsModel::groupData(const Group& group, int column, int role) const
{
    const int count = static_cast<int>(group.runs.size());
    switch (role) {
    case Qt::DisplayRole:
        if (column == RunColumn) return group.name;
        if (column == UtilityColumn) return utilityText(group.meanUtility());
        return {};
    case Qt::ToolTipRole: {
        const QString condition = shown(group.runs.front().condition);
        const QString experiment = group.context.isEmpty() ? group.name : group.context;
        return plainToolTip(condition.isEmpty() ? tr("%1\n%n run(s)", nullptr, count).arg(experiment)
                                                : tr("%1\n%2\n%n run(s)", nullptr, count).arg(experiment, condition));
    }
    case Qt::AccessibleTextRole:
        if (column == RunColumn) return tr("group %1, %n run(s)", nullptr, count).arg(group.name);
        if (column == UtilityColumn) return tr("mean utility %1").arg(utilityText(group.meanUtility()));
        return {};
    case IsGroupRole:
        return true;
    case RunIdRole:
        return QVariant::fromValue<qint64>(0);
    case ColourRole:
        return group.colour;
    case CountRole:
        return count;
    case ContextRole:
        return group.context;
    case HistoryRole:
        return QVariant::fromValue(group.meanHistory());
    case UtilityRole: {
        const std::optional<double> mean = group.meanUtility();
        return mean ? QVariant(*mean) : QVariant();
    }
    default:
        return {};
    }
}

QVariant RunsModel::runData(const Group& group, const store::RunRow& row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        if (column == RunColumn) return tr("seed %1").arg(row.seed);
        if (column == UtilityColumn) return utilityText(row.lastUtility);
        return {};
    case Qt::ToolTipRole:
        if (!row.failure.empty()) return plainToolTip(row.failure);
        return row.activity.empty() || row.state == store::RunState::Finished
                   ? QString::fromLatin1(store::nameOf(row.state)).toLower()
                   : plainToolTip(row.activity);
    case Qt::AccessibleTextRole:
        if (column == RunColumn)
            return tr("seed %1, %2 %3")
                .arg(row.seed)
                .arg(QString::fromLatin1(store::nameOf(row.state)).toLower(),
                     row.state == store::RunState::Running ? stateText(row) : QString())
                .trimmed();
        if (column == UtilityColumn) return tr("utility %1").arg(utilityText(row.lastUtility));
        return {};
    case IsGroupRole:
        return false;
    case RunIdRole:
        return QVariant::fromValue<qint64>(row.id);
    case UuidRole:
        return QString::fromStdString(row.uuid);
    case StateRole:
        return static_cast<int>(row.state);
    case StateTextRole:
        return stateText(row);
    case ColourRole:
        return group.colour;
    case CountRole:
        return 1;
    case HistoryRole:
        return QVariant::fromValue(toVector(row.utilityHistory));
    case UtilityRole:
        return row.lastUtility ? QVariant(*row.lastUtility) : QVariant();
    case ProgressRole:
        return row.progress;
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
