// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/battery_joined.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/text.h"
#include "sandbox/joined_cells.h"
#include "sandbox/process_tree.h"

#include <algorithm>
#include <csignal>
#include <thread>

namespace gradus::sandbox {

namespace {

using Outcome = ProbeAnswer::Outcome;

// Ports of services that the battery starts in its own cells.
constexpr std::uint16_t declared = 27101;   ///< of the second cell, for the first one
constexpr std::uint16_t further = 27102;    ///< of the third one, for the second one
constexpr std::uint16_t undeclared = 27103; ///< of the second one, for nobody
constexpr std::uint16_t behind = 27104;     ///< of the first one, for nobody
constexpr const char* canary = "/tmp/gradus-joined-canary";

NetworkPlan planOf()
{
    return {.hosts = {{"first", "127.0.1.1"}, {"second", "127.0.1.2"}, {"third", "127.0.1.3"}},
            .joins = {{0, 1, declared}, {1, 2, further}}};
}

/// What is there too without the layer: exactly what the vectors try.
const std::vector<Join> weakJoins = {{0, 1, undeclared}, {0, 2, further}, {1, 0, behind}};

class Trial
{
public:
    explicit Trial(JoinedCells& cells) : m_cells(cells), m_word("joined-" + newUuid()) {}

    Result<void> prepare()
    {
        for (std::size_t i = 0; i < m_cells.size(); ++i)
            if (auto brought = bringProbe(m_cells.host(i)); !brought) return brought;
        for (const auto& [host, port] :
             {std::pair{0, behind}, std::pair{1, declared}, std::pair{1, undeclared}, std::pair{2, further}}) {
            const auto served =
                m_cells.host(host).exec({.argv = {probePath, "serve", "127.0.0.1", std::to_string(port), m_word}});
            if (!served) return served.error();
            if (!served->success()) return failed("The battery's service does not start: " + visible(served->output));
        }
        const auto written = m_cells.host(1).writeFile(canary, m_word);
        if (!written) return written.error();
        return {};
    }

    Result<std::map<std::string, BothSides>> run()
    {
        std::map<std::string, BothSides> all;
        struct Way
        {
            const char* id;
            std::size_t controlFrom;
            const char* controlTo;
            std::uint16_t controlPort;
            std::size_t from;
            const char* to;
            std::uint16_t port;
        };
        const Way ways[] = {{"joined-port", 0, "127.0.1.2", declared, 0, "127.0.1.2", undeclared},
                            {"joined-host", 1, "127.0.1.3", further, 0, "127.0.1.3", further},
                            {"joined-back", 0, "127.0.1.2", declared, 1, "127.0.1.1", behind},
                            {"joined-loopback", 1, "127.0.0.1", undeclared, 0, "127.0.0.1", undeclared}};
        for (const Way& way : ways) {
            auto control = reach(way.controlFrom, way.controlTo, way.controlPort);
            if (!control) return control.error();
            auto tried = reach(way.from, way.to, way.port);
            if (!tried) return tried.error();
            all[way.id] = {std::move(*control), std::move(*tried)};
        }
        auto control = read(1);
        if (!control) return control.error();
        auto tried = read(0);
        if (!tried) return tried.error();
        all["joined-files"] = {std::move(*control), std::move(*tried)};
        all["joined-end"] = outlive();
        return all;
    }

private:
    /// From a command of a cell to an address on its loopback; the word is what only the battery's service says.
    Result<ProbeAnswer> reach(std::size_t from, const char* address, std::uint16_t port)
    {
        const auto result =
            m_cells.host(from).exec({.argv = {probePath, "reach", address, std::to_string(port)}, .timeoutSeconds = 5});
        if (!result) return result.error();
        if (result->output == m_word) return ProbeAnswer{Outcome::Open, "the service answered"};
        if (!result->success() && result->output.empty()) return ProbeAnswer{};
        return ProbeAnswer{Outcome::Closed, visible(result->output, 160)};
    }

    Result<ProbeAnswer> read(std::size_t from)
    {
        const auto result = m_cells.host(from).exec({.argv = {"cat", canary}});
        if (!result) return result.error();
        if (result->output == m_word) return ProbeAnswer{Outcome::Open, "it was read"};
        return ProbeAnswer{Outcome::Closed, visible(result->errors, 160)};
    }

    /// Whether anything of the episode lives on when one of its supervisors is killed.
    BothSides outlive()
    {
        std::vector<int> firsts;
        for (std::size_t i = 0; i < m_cells.size(); ++i)
            firsts.push_back(m_cells.host(i).firstPid());
        const auto living = [&] { return std::ranges::count_if(firsts, isRunning); };
        BothSides both;
        if (living() == std::ssize(firsts)) both.outside = {Outcome::Open, "all cells ran while it did"};
        kill(m_cells.host(m_cells.size() - 1).keeperPid(), SIGKILL);
        for (const double deadline = monotonicSeconds() + 5; living() > 0 && monotonicSeconds() < deadline;)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        const auto left = living();
        both.inside = left == 0 ? ProbeAnswer{Outcome::Closed, "every cell of the episode ended with it"}
                                : ProbeAnswer{Outcome::Open, std::to_string(left) + " cells live on"};
        return both;
    }

    JoinedCells& m_cells;
    std::string m_word;
};

} // namespace

Result<std::map<std::string, BothSides>> tryJoined(const CellOptions& options, const Weakening& weakening)
{
    CellOptions whole = options;
    whole.limits = episodeLimits(options.limits, options.level);
    auto cells = JoinedCells::startWeakened(whole, planOf(), weakening, weakJoins);
    if (!cells) return cells.error();
    Trial trial(*cells);
    if (auto ready = trial.prepare(); !ready) return ready.error();
    return trial.run();
}

Result<BothSides> tryJoinedLoad(std::string_view id, const CellOptions& options, const Weakening& weakening,
                                const HostStage& stage)
{
    const bool processes = id == "joined-processes";
    const char* probe = processes ? "fork-bomb" : "total-memory";
    CellOptions small = options;
    // What one cell takes is less than the episode's and more than its share; all of them together are beyond it.
    small.limits.processes = 90;
    small.limits.totalMemory = 288 * mebibyte;
    const std::vector<std::string> facts = {"processes=45", "memory=" + std::to_string(160 * mebibyte), "hold=1500"};
    BothSides both;
    both.outside = answerOf(stage.controls({probe}, facts), probe);
    auto cells = JoinedCells::startWeakened(small, planOf(), weakening, weakJoins);
    if (!cells) return cells.error();
    int open = 0;
    for (std::size_t i = 0; i < cells->size(); ++i) {
        const auto inside = probeInside(cells->host(i), stage, {probe}, facts, 20);
        if (!inside) break; // the cell was ended, and with it the others
        const auto answer = inside->find(probe);
        if (answer == inside->end()) return both;
        open += answer->second.outcome == Outcome::Open ? 1 : 0;
        both.inside = answer->second;
    }
    if (!cells->alive()) {
        const CellEnd end = cells->shutdown();
        if (end.kind != EndKind::Memory) return failed("The cells of an episode were lost: " + end.sentence);
        both.inside = {Outcome::Closed, end.sentence};
    } else if (open == static_cast<int>(cells->size())) {
        both.inside = {Outcome::Open, "each of " + std::to_string(open) + " cells took more than its share"};
    } else if (open > 0) {
        both.inside = {Outcome::Open, "one cell took more than its share"};
    }
    return both;
}

} // namespace gradus::sandbox
