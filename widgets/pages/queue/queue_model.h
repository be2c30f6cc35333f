// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as a tree: what runs, what waits in its order, what was stopped or failed, what is finished.
#pragma once

#include "store/device_slots.h"
#include "store/records.h"

#include <QAbstractItemModel>

#include <array>
#include <cstdint>
#include <vector>

namespace gradus::pages {

/// Two levels: a group (those that are empty are not there) and its runs in the order of the queue. While the same runs
/// stay in the same groups an update changes cells only, so that a view keeps what it shows. GUI thread only.
class QueueModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column
    {
        StateColumn,
        RunColumn,
        ProgressColumn,
        LeftColumn, ///< time to its end
        CoresColumn,
        ColumnCount,
    };
    enum Role
    {
        IsGroupRole = Qt::UserRole,
        StateRole,    ///< int of store::RunState
        ReasonRole,   ///< QString behind the name: what it does, waits for, or why it ended
        ProgressRole, ///< double 0..1
        CountRole,    ///< int: runs of a group
        IsBadRole,    ///< bool: it failed
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setQueue(const store::QueueState& queue);
    /// What runs have to themselves; until this is known they seem to share.
    void setDevices(const store::DeviceSlots& devices);
    const store::DeviceSlots& devices() const { return m_devices; }
    const store::QueueState& queue() const { return m_queue; }
    const store::QueueRow* rowAt(const QModelIndex& index) const; ///< null for groups
    const store::QueueRow* find(std::int64_t run) const;
    QModelIndex indexOf(std::int64_t run) const;
    /// Its place among those that wait; -1 when it does not wait.
    int placeOf(std::int64_t run) const;
    int waiting() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    QStringList mimeTypes() const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void moveRequested(qint64 run, int places); ///< a waiting run was dropped elsewhere

private:
    enum GroupKind
    {
        UnderWay,
        Waiting,
        Ended, ///< stopped, failed or crashed: somebody must decide
        Finished,
        GroupKinds,
    };
    struct Group
    {
        GroupKind kind = UnderWay;
        std::vector<std::size_t> rows; ///< into m_queue.rows
    };
    static GroupKind kindOf(const store::QueueRow& row);
    static std::vector<Group> grouped(const store::QueueState& queue);
    bool isSameShape(const store::QueueState& queue, const std::vector<Group>& groups) const;
    QVariant groupData(const Group& group, int column, int role) const;
    QVariant runData(const store::QueueRow& row, int column, int role) const;

    void tellChanged(); ///< every cell

    store::QueueState m_queue;
    store::DeviceSlots m_devices;
    std::vector<Group> m_groups;
};

} // namespace gradus::pages
