// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/joined_cells.h"

#include "sandbox/join_wire.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/preflight.h"
#include "sandbox/switchboard.h"

#include <algorithm>
#include <future>
#include <sys/socket.h>

namespace gradus::sandbox {

namespace {

constexpr std::uint64_t kLevelFourBudget = 3;

Error refusedJoin(const std::string& why)
{
    return Error{.message =
                     "No code runs: the layer \"" + std::string(keeper::layerJoins) + "\" is missing (" + why + ").",
                 .kind = ErrorKind::Refused};
}

struct Wires
{
    std::vector<Descriptor> ours;
    std::vector<Descriptor> theirs;
};

Result<Wires> makeWires(std::size_t hosts)
{
    Wires wires;
    for (std::size_t i = 0; i < hosts; ++i) {
        int pair[2] = {-1, -1};
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
            return refusedJoin("this process has no descriptor left");
        wires.ours.emplace_back(pair[0]);
        wires.theirs.emplace_back(pair[1]);
    }
    return wires;
}

/// Lines of /etc/hosts for the others of the episode.
std::string neighboursOf(const NetworkPlan& plan, std::size_t host)
{
    std::string lines;
    for (std::size_t i = 0; i < plan.hosts.size(); ++i)
        if (i != host && !plan.hosts[i].address.empty())
            lines += plan.hosts[i].address + " " + plan.hosts[i].name + "\n";
    return lines;
}

std::vector<LoopbackPort> linksOf(const NetworkPlan& plan, std::size_t host)
{
    std::vector<LoopbackPort> links;
    for (const Join& join : plan.joins)
        if (join.from == host) links.push_back({plan.hosts[join.to].address, join.port});
    return links;
}

Result<void> checkPlan(const CellOptions& options, const NetworkPlan& plan)
{
    if (plan.hosts.empty() || plan.hosts.size() > kMostHosts)
        return failed("An episode has 1 to " + std::to_string(kMostHosts) + " hosts.");
    if (plan.hosts.size() > 1 && options.level < Level::SeveralHosts)
        return Error{.message = "Several hosts need level 4 of the sandbox; no code runs.", .kind = ErrorKind::Refused};
    for (const Join& join : plan.joins)
        if (join.from >= plan.hosts.size() || join.to >= plan.hosts.size() || join.from == join.to)
            return failed("A join names a host that there is not.");
    for (std::size_t i = 0; i < plan.hosts.size(); ++i)
        if (linksOf(plan, i).size() > join::mostLinks)
            return failed("A host reaches at most " + std::to_string(join::mostLinks) + " services.");
    return {};
}

/// How much an end explains; of several the greatest is told. That one ended because another did explains nothing.
int weightOf(EndKind kind)
{
    switch (kind) {
    case EndKind::Memory:
    case EndKind::Inodes:
        return 5;
    case EndKind::Time:
    case EndKind::Silent:
    case EndKind::Protocol:
        return 4;
    case EndKind::Lost:
        return 3;
    case EndKind::Setup:
        return 2;
    case EndKind::Ran:
        return 1;
    case EndKind::Asked:
    case EndKind::Alive:
        break;
    }
    return 0;
}

} // namespace

struct JoinedCells::State
{
    NetworkPlan plan;
    std::vector<Cell> cells;
    std::unique_ptr<Switchboard> board; ///< after the cells: it is gone before they are
    CellEnd end = {};
};

JoinedCells::JoinedCells(std::unique_ptr<State> state) : m_state(std::move(state)) {}
JoinedCells::JoinedCells(JoinedCells&&) noexcept = default;
JoinedCells& JoinedCells::operator=(JoinedCells&&) noexcept = default;
JoinedCells::~JoinedCells()
{
    if (m_state) shutdown();
}

CellLimits episodeLimits(CellLimits limits, Level level)
{
    if (level != Level::SeveralHosts) return limits;
    for (std::uint64_t* total : {&limits.processes, &limits.temporaryBytes, &limits.homeBytes, &limits.totalMemory,
                                 &limits.inodes, &limits.cpuSeconds})
        *total *= kLevelFourBudget;
    limits.processors *= static_cast<double>(kLevelFourBudget);
    return limits;
}

CellLimits shareOf(CellLimits limits, std::size_t hosts)
{
    for (std::uint64_t* total : {&limits.processes, &limits.totalMemory, &limits.inodes})
        *total /= hosts;
    // File systems have whole pages, whatever a page is; a share is never rounded up.
    for (std::uint64_t* bytes : {&limits.temporaryBytes, &limits.homeBytes})
        *bytes = *bytes / hosts / mebibyte * mebibyte;
    limits.processors /= static_cast<double>(hosts);
    return limits;
}

Result<JoinedCells> JoinedCells::start(const CellOptions& options, const NetworkPlan& plan)
{
    return startWeakened(options, plan, {}, {});
}

Result<JoinedCells> JoinedCells::startWeakened(const CellOptions& options, const NetworkPlan& plan,
                                               const Weakening& weakening, const std::vector<Join>& undeclared)
{
    auto state = std::make_unique<State>();
    state->plan = plan;
    if (!weakening.has(Layer::DeclaredJoins))
        state->plan.joins.insert(state->plan.joins.end(), undeclared.begin(), undeclared.end());
    if (auto checked = checkPlan(options, state->plan); !checked) return checked.error();
    const std::size_t hosts = plan.hosts.size();
    CellOptions one = options;
    if (weakening.has(Layer::SharedBudget)) one.limits = shareOf(options.limits, hosts);
    if (hosts == 1) {
        one.hostname = plan.hosts.front().name;
        auto cell = Cell::startWeakened(one, weakening);
        if (!cell) return cell.error();
        state->cells.push_back(std::move(*cell));
        return JoinedCells(std::move(state));
    }
    auto wires = makeWires(hosts);
    if (!wires) return wires.error();
    // Side by side: a cell's start is mostly waiting for other processes.
    std::vector<std::future<Result<Cell>>> starting;
    for (std::size_t i = 0; i < hosts; ++i) {
        one.hostname = plan.hosts[i].name;
        one.neighbours = neighboursOf(plan, i);
        starting.push_back(std::async(std::launch::async, [one, weakening, &wire = wires->theirs[i]] {
            return Cell::startJoined(one, weakening, wire);
        }));
    }
    Result<void> first;
    for (std::size_t i = 0; i < hosts; ++i) {
        auto cell = starting[i].get();
        wires->theirs[i].reset(); // the cell alone holds it now: its end is seen as the wire's
        if (first && !cell) first = cell.error();
        if (first) first = cell->join(linksOf(state->plan, i));
        if (cell) state->cells.push_back(std::move(*cell));
    }
    if (!first) return first.error();
    auto board = Switchboard::start(std::move(wires->ours), state->plan.joins);
    if (!board) return board.error();
    state->board = std::move(*board);
    return JoinedCells(std::move(state));
}

std::size_t JoinedCells::size() const
{
    return m_state->cells.size();
}
const std::string& JoinedCells::name(std::size_t host) const
{
    return m_state->plan.hosts[host].name;
}
Cell& JoinedCells::host(std::size_t number)
{
    return m_state->cells[number];
}
std::vector<Connection> JoinedCells::connections() const
{
    return m_state->board ? m_state->board->connections() : std::vector<Connection>();
}

std::string JoinedCells::limitsMet() const
{
    std::string all;
    for (std::size_t i = 0; i < size(); ++i)
        if (const std::string met = m_state->cells[i].limitsMet(); !met.empty())
            all += (all.empty() ? "" : "; ") + (size() > 1 ? name(i) + ": " : "") + met;
    return all;
}

bool JoinedCells::alive() const
{
    return m_state->end.kind == EndKind::Alive && !(m_state->board && m_state->board->isOver()) &&
           std::ranges::all_of(m_state->cells, [](const Cell& cell) { return cell.end().kind == EndKind::Alive; });
}

CellEnd JoinedCells::shutdown()
{
    if (m_state->end.kind != EndKind::Alive) return m_state->end;
    const bool wasAlive = alive();
    const std::string fault = m_state->board ? m_state->board->fault() : std::string();
    CellEnd told{EndKind::Asked, "The cell was ended."};
    for (std::size_t i = 0; i < size(); ++i) {
        CellEnd end = m_state->cells[i].shutdown();
        if (weightOf(end.kind) <= weightOf(told.kind)) continue;
        told = {end.kind, size() > 1 ? "Host " + name(i) + ": " + end.sentence : end.sentence};
    }
    // The first one that is asked to end takes the others along.
    if (wasAlive && weightOf(told.kind) <= weightOf(EndKind::Ran)) told = {EndKind::Asked, "The cells were ended."};
    if (!fault.empty()) told = {EndKind::Protocol, fault};
    return m_state->end = told;
}

Result<JoinedCells> startProven(const CellOptions& options, const NetworkPlan& plan)
{
    if (const Preflight made = preflight(options); !made.held())
        return Error{.message = made.refusal, .kind = ErrorKind::Refused};
    return JoinedCells::start(options, plan);
}

} // namespace gradus::sandbox
