// SPDX-License-Identifier: GPL-3.0-or-later
// The hosts of one episode: cells that reach each other's declared services and nothing else of each other.
#pragma once

#include "base/result.h"
#include "sandbox/cell.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gradus::sandbox {

inline constexpr std::size_t kMostHosts = 6;
inline constexpr std::uint64_t kMostJoinedBytes = std::uint64_t{256} << 20; ///< between all cells of an episode

/// One cell of an episode. The first one is the agent's.
struct HostPlan
{
    std::string name;
    std::string address; ///< of 127.0.0.0/8, under which the others see it on their own loopback
};

/// Host `from` may connect to the port of host `to`; not the other way round.
struct Join
{
    std::size_t from = 0;
    std::size_t to = 0;
    std::uint16_t port = 0;
    bool operator==(const Join&) const = default;
};

struct NetworkPlan
{
    std::vector<HostPlan> hosts;
    std::vector<Join> joins;
};

/// What went over a join so far. A connection counts when the supervisor made it, whether or not a service was there.
struct Connection
{
    Join join;
    std::uint64_t opened = 0;
    std::uint64_t refused = 0;  ///< too many at a time, or too many bytes in all
    std::uint64_t sent = 0;     ///< bytes from `from` to `to`
    std::uint64_t received = 0; ///< bytes back
};

/// The limits of an episode at this level: at level 4 three times what one cell has, because several share them.
CellLimits episodeLimits(CellLimits limits, Level level);
/// One host's part of them: totals are divided, bounds of one process are not.
CellLimits shareOf(CellLimits limits, std::size_t hosts);

/// Several cells, each with its whole wall, joined through socket pairs that this process made and stands between
/// (switchboard.h). They live and die together: when one ends, for whatever reason, all end; and all end with the
/// process that made them. With one host it is one cell. As a Cell, it belongs to one thread at a time.
class JoinedCells final
{
public:
    /// options.limits bound the episode: the hosts share them. Refused where a cell does not start, or several are
    /// asked for below level 4.
    static Result<JoinedCells> start(const CellOptions& options, const NetworkPlan& plan);
    /// For the battery's negative controls alone. undeclared: joins that are there only without Layer::DeclaredJoins.
    static Result<JoinedCells> startWeakened(const CellOptions& options, const NetworkPlan& plan,
                                             const Weakening& weakening, const std::vector<Join>& undeclared);

    JoinedCells(JoinedCells&&) noexcept;
    JoinedCells& operator=(JoinedCells&&) noexcept;
    ~JoinedCells();

    std::size_t size() const;
    const std::string& name(std::size_t host) const;
    Cell& host(std::size_t number); ///< 0 is the agent's

    std::vector<Connection> connections() const; ///< in the order of the plan's joins
    /// How often the kernel held one of them to a total, by host.
    std::string limitsMet() const;
    bool alive() const;
    /// Ends them all; what ended them first, with its host.
    CellEnd shutdown();

private:
    struct State;
    explicit JoinedCells(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// As startProven (preflight.h), for all cells of an episode.
Result<JoinedCells> startProven(const CellOptions& options, const NetworkPlan& plan);

} // namespace gradus::sandbox
