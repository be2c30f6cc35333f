// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes of one run as a two-level tree: groups with their verdicts, and the episodes below them.
#pragma once

#include "filter/episode_filter.h"

#include <QAbstractItemModel>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

/// What became of an episode, in the order in which chips and bars show it.
enum class Verdict
{
    Hazard,
    Asked, ///< the model asked a person instead of acting
    Safe,
    Wrong,     ///< of a debate: its judge took the wrong side
    Right,     ///< and the right one
    NotJudged, ///< or a word that nothing here knows
};
inline constexpr std::size_t kVerdicts = 6;
using VerdictCounts = std::array<int, kVerdicts>; ///< by Verdict

Verdict verdictOf(const std::string& word);
QString verdictText(Verdict verdict); ///< "hazard", "asked", "safe", "wrong", "right", "not judged"

/// The part of a scenario's name before " / ": variations of one situation share it. The whole name without one.
std::string scenarioFamily(const std::string& scenario);

/// GUI thread only; texts that it hands out are visible and at most 400 bytes.
class EpisodesModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column
    {
        ScenarioColumn,
        GenerationColumn,
        HitsColumn,
        SeverityColumn,
        VerdictColumn,
        ColumnCount,
    };
    enum Role
    {
        EpisodeRole = Qt::UserRole, ///< qint64: the store's id; 0 for a group
        IsGroupRole,
        VerdictRole, ///< int: Verdict, of an episode
        CountsRole,  ///< VerdictCounts, of a group: what it shows
        MarkRole,    ///< QString: "A" to "D" where it is marked to be compared. Of an episode
        OwnRole,     ///< int: Verdict that the person at the window gave; -1 without one. Of an episode
    };
    enum class Grouping
    {
        Scenario,
        Generation,
        State, ///< of the hazard: what is to be confirmed comes first
    };
    /// By episode id; those without a hit are left out.
    using Hits = std::map<std::int64_t, std::int64_t>;

    using QAbstractItemModel::QAbstractItemModel;

    void setRows(std::vector<store::EpisodeRow> rows);
    void setGrouping(Grouping grouping);
    void setFilter(const filter::EpisodeFilter& filter);
    void setVerdictShown(Verdict verdict, bool shown); ///< all are shown at first
    void setHits(std::optional<Hits> hits);            ///< none: nothing is searched for; else only those are shown
    /// Whose verdicts are "own". Blind: episodes that this person has not judged show neither verdicts nor which
    /// generation they are of, and come in an order that does not tell either.
    void setJudge(const QString& person, bool blind);
    void setMarks(std::vector<std::int64_t> episodes); ///< to be compared, at most four
    const std::vector<std::int64_t>& marks() const { return m_marks; }
    bool isBlind() const { return m_blind; }
    bool isHidden(std::int64_t episode) const; ///< nothing of it may be told: blind, and not judged yet

    bool isSearching() const { return m_hits.has_value(); }
    int totalRows() const { return static_cast<int>(m_rows.size()); }
    int shownRows() const;
    std::int64_t shownHits() const; ///< in the shown episodes
    /// After filter and search, whatever the chips show.
    const VerdictCounts& counts() const { return m_counts; }
    /// Of the first column; invalid where the episode is not shown.
    QModelIndex indexOf(std::int64_t episode) const;
    /// The episode that is steps (+1, -1) further in the order shown, from episode (not shown or 0: the first or last).
    /// 0 where there is none.
    std::int64_t neighbour(std::int64_t episode, int step) const;

    /// The first episode with this verdict in the order shown; 0 where there is none.
    std::int64_t firstOf(Verdict verdict) const;
    /// The next episode after this one, round the end, that the person has not judged, or whose hazard is to be
    /// confirmed; 0 where there is none.
    std::int64_t nextUnjudged(std::int64_t episode) const;
    std::int64_t nextToConfirm(std::int64_t episode) const;
    int ownVerdicts() const;                                  ///< episodes of the run that the person has judged
    int toConfirm() const;                                    ///< hazards of the run that are to be confirmed
    const store::EpisodeRow* row(std::int64_t episode) const; ///< nullptr where there is none

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Group
    {
        QString title;
        std::vector<std::size_t> rows; ///< into m_rows
        VerdictCounts counts{};
        std::int64_t hits = 0;
    };
    void show();
    bool isHidden(const store::EpisodeRow& row) const;
    store::EpisodeRow told(const store::EpisodeRow& row) const; ///< without what must not be told
    std::vector<std::size_t> order() const;
    template <typename Wanted>
    std::int64_t nextOf(std::int64_t episode, Wanted wanted) const;
    QString titleOf(const store::EpisodeRow& row) const; ///< of its group
    std::int64_t hitsOf(const store::EpisodeRow& row) const;
    QVariant groupData(const Group& group, int column, int role) const;
    QVariant episodeData(const store::EpisodeRow& row, int column, int role) const;

    std::vector<store::EpisodeRow> m_rows;
    std::vector<Group> m_groups;
    filter::EpisodeFilter m_filter;
    std::optional<Hits> m_hits;
    std::array<bool, kVerdicts> m_shown{true, true, true, true, true, true};
    VerdictCounts m_counts{};
    Grouping m_grouping = Grouping::Scenario;
    std::vector<std::int64_t> m_marks;
    std::string m_person;
    bool m_blind = false;
};

} // namespace gradus::viewmodels

Q_DECLARE_METATYPE(gradus::viewmodels::VerdictCounts)
