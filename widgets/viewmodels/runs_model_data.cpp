// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of the Runs tree say.
#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"
#include "viewmodels/runs_model_group.h"

namespace gradus::viewmodels {

namespace {

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text));
}

QString utilityText(std::optional<double> utility)
{
    return common::numberText(utility, 3);
}

QVector<double> toVector(const std::vector<double>& values)
{
    return QVector<double>(values.begin(), values.end());
}

QStringList tagsOf(const store::RunRow& row)
{
    QStringList tags;
    for (const std::string& tag : row.tags)
        tags << shown(tag);
    return tags;
}

/// What it is doing or why it failed, its tags and its note.
std::string runTip(const store::RunRow& row)
{
    std::string tip = !row.failure.empty()                                             ? row.failure
                      : row.activity.empty() || row.state == store::RunState::Finished ? store::nameOf(row.state)
                                                                                       : row.activity;
    std::string tags;
    for (const std::string& tag : row.tags)
        tags += (tags.empty() ? "" : ", ") + tag;
    for (const std::string& more : {tags, row.note})
        if (!more.empty()) tip += "\n" + more;
    return tip;
}

} // namespace

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
    if (group.runs.empty()) return {}; // its only run has gone, and the next one is not there yet
    const int count = static_cast<int>(group.runs.size());
    const int measured = group.measured();
    switch (role) {
    case Qt::DisplayRole:
        if (column == RunColumn) return groupTitleOf(group.newest(), m_grouping).name;
        if (column == UtilityColumn) return utilityText(group.meanUtility());
        return {};
    case Qt::ToolTipRole: {
        // Groups by keys hold runs of any condition.
        const bool isCondition = m_grouping.by != RunGrouping::By::Keys;
        const QString condition = isCondition ? shown(group.runs.front().condition) : QString();
        const GroupTitle title = groupTitleOf(group.newest(), m_grouping);
        const QString experiment = title.context.isEmpty() ? title.name : title.context;
        const QString few =
            measured == count || measured == 0 ? QString() : tr("\nutility: mean of %n run(s)", nullptr, measured);
        return plainToolTip((condition.isEmpty() ? tr("%1\n%n run(s)", nullptr, count).arg(experiment)
                                                 : tr("%1\n%2\n%n run(s)", nullptr, count).arg(experiment, condition)) +
                            few);
    }
    case Qt::AccessibleTextRole:
        if (column == RunColumn)
            return tr("group %1, %n run(s)", nullptr, count).arg(groupTitleOf(group.newest(), m_grouping).name);
        if (column == UtilityColumn)
            return measured == count || measured == 0 ? tr("mean utility %1").arg(utilityText(group.meanUtility()))
                                                      : tr("mean utility %1 of %2 of %3 runs")
                                                            .arg(utilityText(group.meanUtility()))
                                                            .arg(measured)
                                                            .arg(count);
        return {};
    case IsGroupRole:
        return true;
    case RunIdRole:
        return QVariant::fromValue<qint64>(0);
    case ColourRole:
        return group.colour;
    case CountRole:
        return count;
    case MeasuredRole:
        return measured;
    case ContextRole:
        return groupTitleOf(group.newest(), m_grouping).context;
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
        if (column == RunColumn) return runTitleOf(row, m_grouping);
        if (column == UtilityColumn) return utilityText(row.lastUtility);
        return {};
    case Qt::ToolTipRole:
        return plainToolTip(QString::fromStdString(visibleLines(runTip(row))));
    case Qt::AccessibleTextRole:
        if (column == RunColumn)
            return tr("%1, %2 %3 %4")
                .arg(runTitleOf(row, m_grouping), QString::fromLatin1(store::nameOf(row.state)).toLower(),
                     row.state == store::RunState::Running ? stateText(row) : QString(),
                     tagsOf(row).join(QStringLiteral(", ")))
                .simplified();
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
    case TagsRole:
        return tagsOf(row);
    case NoteRole:
        return QString::fromStdString(row.note);
    case UtilityRole:
        return row.lastUtility ? QVariant(*row.lastUtility) : QVariant();
    case ProgressRole:
        return row.progress;
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
