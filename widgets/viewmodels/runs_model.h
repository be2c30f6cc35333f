// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs tree: runs grouped by experiment and condition, with what a group has in common.
#pragma once

#include "filter/run_filter.h"
#include "store/records.h"
#include "viewmodels/run_grouping.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>
#include <QVector>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// Two levels: a group is one condition of one experiment (the whole experiment when it has no sweep) unless
/// setGrouping says otherwise, its children are runs by seed. Newest experiment first; conditions in their order in the
/// experiment. Rows keep their place, so an update inserts, removes and changes only what differs and a view keeps its
/// selection. GUI thread only.
class RunsModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column
    {
        RunColumn,     ///< name; state in a word when it is not finished
        HistoryColumn, ///< sparkline of utility per generation
        UtilityColumn, ///< last utility; a group's mean
        ColumnCount,
    };
    enum Role
    {
        IsGroupRole = Qt::UserRole, ///< bool
        RunIdRole,                  ///< qint64, 0 for a group
        UuidRole,                   ///< QString
        StateRole,                  ///< int of store::RunState (runs)
        StateTextRole,              ///< short: "", "2 of 4", "queued", "failed"
        ColourRole,                 ///< int 0..7: the group's place in the store, fixed for its life
        CountRole,                  ///< int: runs shown in the group
        MeasuredRole,               ///< int: those of them that the group's mean utility rests on
        ContextRole,                ///< QString: the experiment behind a condition's name
        HistoryRole,                ///< QVector<double>
        UtilityRole,                ///< double or invalid
        ProgressRole,               ///< double 0..1
        TagsRole,                   ///< QStringList (runs)
        NoteRole,                   ///< QString, untrusted (runs)
    };

    /// So many groups that differ are told as one new layout: a view looks for the row of every single signal.
    static constexpr qsizetype kTooManyPieces = 64;

    explicit RunsModel(QObject* parent = nullptr);
    ~RunsModel() override;

    /// All runs of the store, newest first, as StoreWatcher sends them. Tells of what differs alone.
    void setRows(const QVector<store::RunRow>& rows);
    /// Shows only what matches. Resets the model: a view restores its selection with indexOf.
    void setFilter(const filter::RunFilter& filter);

    /// Resets the model, too.
    void setGrouping(const RunGrouping& grouping);
    const RunGrouping& grouping() const { return m_grouping; }
    QStringList knownTags() const;         ///< of all runs, sorted
    QStringList differingSettings() const; ///< keys whose values are not the same in all runs, sorted

    QModelIndex indexOf(std::int64_t runId) const;              ///< column 0; invalid when it is not shown
    const store::RunRow* runAt(const QModelIndex& index) const; ///< null for groups; valid until the next setRows
    const store::RunRow* findRun(std::int64_t runId) const;     ///< also when it is filtered out
    std::vector<std::int64_t> runsUnder(const QModelIndex& index) const; ///< the run itself, or a group's runs

    int shownRuns() const { return m_shown; }
    int totalRuns() const { return static_cast<int>(m_rows.size()); }
    int countIn(store::RunState state) const; ///< of all runs

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Group;
    struct Placing;
    using Groups = std::vector<std::unique_ptr<Group>>;
    using Changes = std::vector<std::pair<Group*, std::pair<int, int>>>; ///< of each group the first and last such run

    static QSet<QString> keysOf(const Groups& groups);
    static QStringList inOrder(const Groups& groups, const QSet<QString>& keys);
    void place();            ///< all runs; after m_rows or m_grouping changed
    Groups filtered() const; ///< what of them is shown
    std::optional<std::vector<qsizetype>> changedInPlace(const QVector<store::RunRow>& before) const;
    void replace(const std::vector<qsizetype>& changed);
    static qsizetype piecesBetween(const Groups& mine, const Groups& fresh);
    void adopt(Groups fresh);
    std::optional<std::pair<int, int>> adoptChildren(Group& group, Group& fresh);
    void announce(const Changes& changes);
    void renumber();
    QVariant groupData(const Group& group, int column, int role) const;
    QVariant runData(const Group& group, const store::RunRow& row, int column, int role) const;

    QVector<store::RunRow> m_rows;
    filter::RunFilter m_filter;
    RunGrouping m_grouping;
    std::unique_ptr<Placing> m_placing;
    Groups m_groups;
    QHash<QString, int> m_colours; // group key -> place in the store
    QHash<std::int64_t, std::pair<Group*, int>> m_places;
    int m_shown = 0;
};

/// What is written after a run's name: empty when finished, "2 of 4" while running, else the state's word.
QString stateText(const store::RunRow& row);

} // namespace gradus::viewmodels
