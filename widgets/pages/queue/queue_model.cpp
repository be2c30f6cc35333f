// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_model.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"

#include <QMimeData>

#include <algorithm>

namespace gradus::pages {

namespace {

const QString kMimeType = QStringLiteral("application/x-gradus-queued-run");

QString capitalised(QString word)
{
    if (!word.isEmpty()) word[0] = word[0].toUpper();
    return word;
}

/// What stands behind the name: only what is not so of every row of its group.
QString reasonOf(const store::QueueState& queue, const store::QueueRow& row, const store::DeviceSlots& devices)
{
    if (!row.run.failure.empty()) return QString::fromStdString(visible(row.run.failure, 400));
    if (row.run.state == store::RunState::Finished)
        return row.run.lastUtility ? QStringLiteral("utility %1").arg(*row.run.lastUtility, 0, 'f', 3) : QString();
    if (!store::isWaiting(row)) return QString::fromStdString(visible(row.run.activity, 400));
    const store::QueueRow* after = row.after ? store::findRow(queue, *row.after) : nullptr;
    if (after && after->run.state != store::RunState::Finished)
        return QueueModel::tr("after %1 (%2)").arg(nameOf(after->run), wordOf(after->run.state));
    if (const store::QueueRow* holder = devices.holder(queue, row, {}); holder && !queue.pausedAt)
        return QueueModel::tr("waits for %1: %2 has it")
            .arg(QString::fromStdString(visible(devices.deviceOf(row.run.id), 20)), nameOf(holder->run));
    return row.run.condition.empty() ? QString() : QString::fromStdString(visible(row.run.experimentName, 120));
}

} // namespace

QueueModel::GroupKind QueueModel::kindOf(const store::QueueRow& row)
{
    if (store::isUnderWay(row)) return UnderWay;
    if (store::isWaiting(row)) return Waiting;
    return row.run.state == store::RunState::Finished ? Finished : Ended;
}

std::vector<QueueModel::Group> QueueModel::grouped(const store::QueueState& queue)
{
    std::array<Group, GroupKinds> all;
    for (std::size_t i = 0; i < queue.rows.size(); ++i)
        all[kindOf(queue.rows[i])].rows.push_back(i);
    std::vector<Group> groups;
    for (int kind = 0; kind < GroupKinds; ++kind) {
        Group& group = all[static_cast<std::size_t>(kind)];
        group.kind = static_cast<GroupKind>(kind);
        if (!group.rows.empty()) groups.push_back(std::move(group));
    }
    return groups;
}

bool QueueModel::isSameShape(const store::QueueState& queue, const std::vector<Group>& groups) const
{
    return std::equal(
        groups.begin(), groups.end(), m_groups.begin(), m_groups.end(), [&](const Group& a, const Group& b) {
            return a.kind == b.kind && std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(),
                                                  [&](std::size_t x, std::size_t y) {
                                                      return queue.rows[x].run.id == m_queue.rows[y].run.id;
                                                  });
        });
}

void QueueModel::setQueue(const store::QueueState& queue)
{
    std::vector<Group> groups = grouped(queue);
    if (!isSameShape(queue, groups)) {
        beginResetModel();
        m_queue = queue;
        m_groups = std::move(groups);
        endResetModel();
        return;
    }
    m_queue = queue;
    m_groups = std::move(groups);
    tellChanged();
}

void QueueModel::setDevices(const store::DeviceSlots& devices)
{
    m_devices = devices;
    tellChanged();
}

void QueueModel::tellChanged()
{
    for (int g = 0; g < static_cast<int>(m_groups.size()); ++g) {
        const QModelIndex parent = index(g, 0);
        Q_EMIT dataChanged(index(0, 0, parent), index(rowCount(parent) - 1, ColumnCount - 1, parent));
    }
}

const store::QueueRow* QueueModel::rowAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == 0) return nullptr;
    const Group& group = m_groups[index.internalId() - 1];
    return &m_queue.rows[group.rows[static_cast<std::size_t>(index.row())]];
}

const store::QueueRow* QueueModel::find(std::int64_t run) const
{
    return store::findRow(m_queue, run);
}

QModelIndex QueueModel::indexOf(std::int64_t run) const
{
    for (int g = 0; g < rowCount(); ++g) {
        const QModelIndex parent = index(g, 0);
        for (int r = 0; r < rowCount(parent); ++r)
            if (rowAt(index(r, 0, parent))->run.id == run) return index(r, 0, parent);
    }
    return {};
}

int QueueModel::placeOf(std::int64_t run) const
{
    int place = 0;
    for (const store::QueueRow& row : m_queue.rows) {
        if (!store::isWaiting(row)) continue;
        if (row.run.id == run) return place;
        ++place;
    }
    return -1;
}

int QueueModel::waiting() const
{
    return static_cast<int>(std::count_if(m_queue.rows.begin(), m_queue.rows.end(), store::isWaiting));
}

QModelIndex QueueModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : quintptr{0});
}

QModelIndex QueueModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() != 0) return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int QueueModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    if (const store::QueueRow* row = rowAt(index)) return runData(*row, index.column(), role);
    return groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant QueueModel::groupData(const Group& group, int column, int role) const
{
    static const std::array<const char*, GroupKinds> kNames{QT_TR_NOOP("Running"), QT_TR_NOOP("Queued"),
                                                            QT_TR_NOOP("Stopped"), QT_TR_NOOP("Finished")};
    switch (role) {
    case Qt::DisplayRole:
        return column == StateColumn ? tr(kNames[group.kind]) : QVariant();
    case IsGroupRole:
        return true;
    case CountRole:
        return static_cast<int>(group.rows.size());
    case ReasonRole:
        return group.kind == Waiting ? tr("drag, or Alt+Up and Alt+Down") : QString();
    default:
        return {};
    }
}

QVariant QueueModel::runData(const store::QueueRow& row, int column, int role) const
{
    using store::RunState;
    switch (role) {
    case IsGroupRole:
        return false;
    case StateRole:
        return static_cast<int>(row.run.state);
    case ReasonRole:
        return reasonOf(m_queue, row, m_devices);
    case ProgressRole:
        return row.run.progress;
    case IsBadRole:
        return row.run.state == RunState::Failed || (row.run.state == RunState::Crashed && !store::isWaiting(row));
    case Qt::ToolTipRole: {
        const QString reason = reasonOf(m_queue, row, m_devices);
        return common::plainTooltip(nameOf(row.run) + (reason.isEmpty() ? QString() : QLatin1Char('\n') + reason));
    }
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (column) {
    case StateColumn:
        return capitalised(wordOf(row.run.state));
    case RunColumn:
        return nameOf(row.run);
    case ProgressColumn:
        return row.run.progress > 0 || !store::isWaiting(row)
                   ? common::leftToRight(QStringLiteral("%1 %").arg(static_cast<int>(row.run.progress * 100)))
                   : tr("not started");
    case LeftColumn:
        return store::isUnderWay(row) && row.run.secondsLeft >= 0 ? common::durationText(row.run.secondsLeft)
                                                                  : QStringLiteral("–");
    case CoresColumn:
        return QString::number(row.threads);
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && (section == LeftColumn || section == CoresColumn))
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    static const std::array<const char*, ColumnCount> kHeads{
        QT_TR_NOOP("State"), QT_TR_NOOP("Run"), QT_TR_NOOP("Progress"), QT_TR_NOOP("Time left"), QT_TR_NOOP("Cores")};
    return tr(kHeads[static_cast<std::size_t>(section)]);
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const
{
    const store::QueueRow* row = rowAt(index);
    if (!row) { // dropping on the head of the group means its first place
        const bool waiting = index.isValid() && m_groups[static_cast<std::size_t>(index.row())].kind == Waiting;
        return waiting ? Qt::ItemIsEnabled | Qt::ItemIsDropEnabled : Qt::ItemIsEnabled;
    }
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (store::isWaiting(*row)) flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList QueueModel::mimeTypes() const
{
    return {kMimeType};
}

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const
{
    const store::QueueRow* row = indexes.isEmpty() ? nullptr : rowAt(indexes.first());
    if (!row) return nullptr;
    auto* data = new QMimeData;
    data->setData(kMimeType, QByteArray::number(static_cast<qint64>(row->run.id)));
    return data;
}

bool QueueModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int, int,
                                 const QModelIndex& parent) const
{
    return action == Qt::MoveAction && data->hasFormat(kMimeType) && parent.isValid() && parent.internalId() == 0 &&
           m_groups[static_cast<std::size_t>(parent.row())].kind == Waiting;
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                              const QModelIndex& parent)
{
    if (!canDropMimeData(data, action, row, column, parent)) return false;
    const std::int64_t run = data->data(kMimeType).toLongLong();
    const int from = placeOf(run);
    if (from < 0) return false;
    int to = row < 0 ? 0 : row;
    if (to > from) --to; // it leaves its own place first
    if (to != from) Q_EMIT moveRequested(run, to - from);
    // False: the view must not remove the dragged row itself; the store's answer reorders.
    return false;
}

} // namespace gradus::pages
