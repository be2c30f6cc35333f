// SPDX-License-Identifier: GPL-3.0-or-later
// The outline of a transcript as a tree: its verdict, what monitors cite, what was denied, and its turns.
#pragma once

#include "store/episode_outline.h"
#include "store/records.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <memory>
#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// Whether a message begins a turn: words or a call after something else, or somebody else's words.
bool startsTurn(store::MessageSort sort, store::MessageSort before);

/// Rows know only the numbers of their messages, and turns stand in parts of kPart where there are many: a tree over a
/// million messages is made in milliseconds and laid out part by part. GUI thread only; texts are visible.
class OutlineModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    static constexpr int kPart = 500;       ///< turns of one part
    static constexpr int kMostFound = 2000; ///< denials or citations that are listed
    enum Role
    {
        MessageRole = Qt::UserRole, ///< int: the message to go to; -1: nowhere (a heading)
        SortRole,                   ///< int of store::MessageSort of a call, output or denial; else -1
    };
    explicit OutlineModel(QObject* parent = nullptr);
    ~OutlineModel() override;

    struct Content
    {
        std::shared_ptr<const store::EpisodeOutline> outline = {}; ///< null: nothing
        QString verdict = {};                                      ///< "hazard"; empty: it is not told
        std::vector<std::pair<QString, int>> cited = {};           ///< "M3: shell call", and the message

        friend bool operator==(const Content&, const Content&) = default;
    };
    void setContent(Content content);
    const Content& content() const { return m_content; }
    int turns() const { return static_cast<int>(m_turns.size()); }
    int denials() const { return static_cast<int>(m_denied.size()); }
    /// The row of a message's turn (or of the message itself where it has one), to be shown as the place of reading.
    QModelIndex indexOf(int message) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    enum class Level
    {
        Root,
        Found, ///< a denial or citation, below its heading
        Part,
        Turn,
        Step, ///< a call, output or denial within a turn
    };
    struct Place
    {
        Level level = Level::Root;
        int parent = 0; ///< root row; of a turn its part; of a step its turn
    };
    /// What an index carries: level and parent in one number.
    static quintptr idOf(Place place) { return (quintptr(place.parent) << 3) | quintptr(place.level); }
    static Place placeOf(const QModelIndex& index)
    {
        return {static_cast<Level>(index.internalId() & 7), static_cast<int>(index.internalId() >> 3)};
    }
    enum class RootKind
    {
        Verdict,
        Cited,
        Denied,
        Part, ///< of turns
        Turn, ///< where all turns stand at the top
    };
    RootKind rootKind(int row) const;
    int firstTurnRow() const { return static_cast<int>(m_heads.size()); }
    bool hasParts() const { return m_turns.size() > kPart; }
    int turnEnd(int turn) const; ///< the message after its last one
    int messageOf(const QModelIndex& index) const;
    int turnOf(const QModelIndex& index) const; ///< of a turn's row; -1
    QString textOf(const QModelIndex& index) const;
    QString startOf(int message) const; ///< how it begins, or what it is

    Content m_content;
    std::vector<RootKind> m_heads; ///< rows above the turns
    std::vector<int> m_turns;      ///< first message of each
    std::vector<int> m_denied;     ///< messages
};                                 // namespace gradus::viewmodels

} // namespace gradus::viewmodels
