// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/outline_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

using store::MessageSort;

bool isSaid(MessageSort sort)
{
    return sort == MessageSort::Assistant || sort == MessageSort::Call;
}

QString numbered(int number)
{
    return common::groupedText(number);
}

} // namespace

bool startsTurn(MessageSort sort, MessageSort before)
{
    if (isSaid(sort)) return !isSaid(before);
    return sort == MessageSort::User || sort == MessageSort::System;
}

OutlineModel::OutlineModel(QObject* parent) : QAbstractItemModel(parent) {}
OutlineModel::~OutlineModel() = default;

void OutlineModel::setContent(Content content)
{
    beginResetModel();
    m_content = std::move(content);
    m_heads.clear();
    m_turns.clear();
    m_denied.clear();
    if (m_content.outline) {
        const std::vector<MessageSort>& sorts = m_content.outline->sorts;
        for (std::size_t i = 0; i < sorts.size(); ++i) {
            if (i == 0 || startsTurn(sorts[i], sorts[i - 1])) m_turns.push_back(static_cast<int>(i));
            if (sorts[i] == MessageSort::Denied) m_denied.push_back(static_cast<int>(i));
        }
        if (!m_content.verdict.isEmpty()) m_heads.push_back(RootKind::Verdict);
        if (!m_content.cited.empty()) m_heads.push_back(RootKind::Cited);
        if (!m_denied.empty()) m_heads.push_back(RootKind::Denied);
    }
    endResetModel();
}

OutlineModel::RootKind OutlineModel::rootKind(int row) const
{
    if (row < firstTurnRow()) return m_heads[static_cast<std::size_t>(row)];
    return hasParts() ? RootKind::Part : RootKind::Turn;
}

int OutlineModel::turnEnd(int turn) const
{
    const auto next = static_cast<std::size_t>(turn) + 1;
    return next < m_turns.size() ? m_turns[next] : static_cast<int>(m_content.outline->sorts.size());
}

QModelIndex OutlineModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    if (!parent.isValid()) return createIndex(row, column, idOf({Level::Root, 0}));
    if (const int turn = turnOf(parent); turn >= 0) return createIndex(row, column, idOf({Level::Step, turn}));
    const bool isPart = rootKind(parent.row()) == RootKind::Part;
    return createIndex(row, column, idOf({isPart ? Level::Turn : Level::Found, parent.row()}));
}

QModelIndex OutlineModel::parent(const QModelIndex& child) const
{
    if (!child.isValid()) return {};
    const Place place = placeOf(child);
    if (place.level == Level::Found || place.level == Level::Turn)
        return createIndex(place.parent, 0, idOf({Level::Root, 0}));
    if (place.level != Level::Step) return {};
    if (!hasParts()) return createIndex(firstTurnRow() + place.parent, 0, idOf({Level::Root, 0}));
    return createIndex(place.parent % kPart, 0, idOf({Level::Turn, firstTurnRow() + place.parent / kPart}));
}

int OutlineModel::turnOf(const QModelIndex& index) const
{
    const Place place = placeOf(index);
    if (place.level == Level::Turn) return (place.parent - firstTurnRow()) * kPart + index.row();
    if (place.level == Level::Root && rootKind(index.row()) == RootKind::Turn) return index.row() - firstTurnRow();
    return -1;
}

int OutlineModel::rowCount(const QModelIndex& parent) const
{
    const int all = turns();
    if (!parent.isValid()) return firstTurnRow() + (hasParts() ? (all + kPart - 1) / kPart : all);
    if (parent.column() > 0) return 0;
    if (const int turn = turnOf(parent); turn >= 0)
        // Its first message is the turn itself.
        return std::min(turnEnd(turn) - m_turns[static_cast<std::size_t>(turn)] - 1, kMostFound);
    if (placeOf(parent).level != Level::Root) return 0;
    switch (rootKind(parent.row())) {
    case RootKind::Cited:
        return std::min(static_cast<int>(m_content.cited.size()), kMostFound);
    case RootKind::Denied:
        return std::min(denials(), kMostFound);
    case RootKind::Part:
        return std::min(kPart, all - (parent.row() - firstTurnRow()) * kPart);
    case RootKind::Verdict:
    case RootKind::Turn:
        break;
    }
    return 0;
}

int OutlineModel::columnCount(const QModelIndex&) const
{
    return 1;
}

QModelIndex OutlineModel::indexOf(int message) const
{
    if (m_turns.empty() || message < 0) return {};
    const auto next = std::upper_bound(m_turns.begin(), m_turns.end(), message);
    const auto turn = static_cast<int>(next - m_turns.begin()) - 1;
    if (!hasParts()) return index(firstTurnRow() + turn, 0);
    return index(turn % kPart, 0, index(firstTurnRow() + turn / kPart, 0));
}

int OutlineModel::messageOf(const QModelIndex& index) const
{
    if (const int turn = turnOf(index); turn >= 0) return m_turns[static_cast<std::size_t>(turn)];
    const Place place = placeOf(index);
    if (place.level == Level::Step) return m_turns[static_cast<std::size_t>(place.parent)] + 1 + index.row();
    const auto row = static_cast<std::size_t>(index.row());
    if (place.level == Level::Found)
        return rootKind(place.parent) == RootKind::Cited ? m_content.cited[row].second : m_denied[row];
    if (rootKind(index.row()) == RootKind::Verdict) return static_cast<int>(m_content.outline->sorts.size());
    return -1;
}

QString OutlineModel::startOf(int message) const
{
    const store::EpisodeOutline& outline = *m_content.outline;
    const auto place = static_cast<std::size_t>(message);
    if (place < outline.starts.size() && !outline.starts[place].empty())
        return QString::fromStdString(visible(outline.starts[place], store::EpisodeOutline::kStartBytes));
    switch (outline.sorts[place]) {
    case MessageSort::System:
        return tr("system");
    case MessageSort::User:
        return tr("user");
    case MessageSort::Assistant:
        return tr("assistant");
    case MessageSort::Call:
        return tr("tool call");
    case MessageSort::Output:
        return tr("tool output");
    case MessageSort::Denied:
        return tr("denied");
    case MessageSort::Other:
        break;
    }
    return tr("message");
}

QString OutlineModel::textOf(const QModelIndex& index) const
{
    const int message = messageOf(index);
    if (const int turn = turnOf(index); turn >= 0) return numbered(turn + 1) + QStringLiteral("  ") + startOf(message);
    const Place place = placeOf(index);
    if (place.level == Level::Step) return startOf(message);
    if (place.level == Level::Found) {
        if (rootKind(place.parent) == RootKind::Cited)
            return m_content.cited[static_cast<std::size_t>(index.row())].first;
        // The call that was denied says more than the kernel's words.
        const bool hasCall =
            message > 0 && m_content.outline->sorts[static_cast<std::size_t>(message) - 1] == MessageSort::Call;
        return numbered(message + 1) + QStringLiteral("  ") + startOf(hasCall ? message - 1 : message);
    }
    switch (rootKind(index.row())) {
    case RootKind::Verdict:
        return tr("Verdict: %1").arg(m_content.verdict);
    case RootKind::Cited:
        return tr("Cited by monitors (%1)").arg(numbered(static_cast<int>(m_content.cited.size())));
    case RootKind::Denied:
        return denials() > kMostFound ? tr("Denied (the first %1 of %2)").arg(numbered(kMostFound), numbered(denials()))
                                      : tr("Denied (%1)").arg(numbered(denials()));
    case RootKind::Part: {
        const int first = (index.row() - firstTurnRow()) * kPart;
        return tr("Turns %1 to %2").arg(numbered(first + 1), numbered(std::min(first + kPart, turns())));
    }
    case RootKind::Turn:
        break;
    }
    return {};
}

QVariant OutlineModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    switch (role) {
    case Qt::DisplayRole:
        return textOf(index);
    case Qt::ToolTipRole:
        return plainToolTip(textOf(index));
    case MessageRole:
        return messageOf(index);
    case SortRole: {
        const int message = messageOf(index);
        const bool isMessage = message >= 0 && message < static_cast<int>(m_content.outline->sorts.size());
        return isMessage ? static_cast<int>(m_content.outline->sorts[static_cast<std::size_t>(message)]) : -1;
    }
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
