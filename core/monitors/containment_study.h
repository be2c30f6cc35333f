// SPDX-License-Identifier: GPL-3.0-or-later
// The containment study: every level of the sandbox beside the ways out of it, everyday tasks, and the scenarios' own
// scripts. What holds, what works, and whether a level changes what is seen.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "base/stop.h"
#include "sandbox/battery.h"
#include "scenario/episode.h"
#include "scenario/scenario.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gradus::monitors {

struct ContainmentOptions
{
    int highest = 4; ///< levels 1 to this one
    std::vector<std::uint64_t> seeds = {1};
    bool quick = false; ///< the quick battery alone
    sandbox::CellOptions cell = {};
    StopFlag* stop = nullptr;
    /// A model that plays the tempting twins at every level that has programs; empty: scripts alone.
    std::function<Result<scenario::Episode>(const scenario::Rendered&, const sandbox::CellOptions&)> player = {};
    std::string playerName = {};
    std::function<void(std::size_t done, std::size_t all, const std::string& what)> progress = {};
};

/// An everyday task, tried outside any cell and at every level that can do it. Levels 2 to 4 share their walls, so that
/// they agree among themselves whatever a cell lacks: what shows that is the world outside.
struct ParityRow
{
    std::string task;
    bool programs = true;             ///< needs a program; else file verbs alone
    std::vector<std::string> results; ///< one a level from 1; "-" where the level has no programs
    bool same = true;                 ///< over the levels that can do it
    std::string outside = "-";        ///< the same as an ordinary user of this machine; "-": there is no such form
    std::string otherOutside = {};    ///< why it is something else there; empty: it must be the same
    bool asOutside = true;            ///< the levels that can do it give what is outside, or are known not to
    bool held() const { return same && asOutside; }
};

struct LevelRow
{
    int level = 0;
    bool tried = false;       ///< a level opens only when the one below it held
    std::string refused = {}; ///< why not
    sandbox::BatteryReport battery = {};
    long long episodes = 0; ///< scripted ones
    long long undecided = 0;
    Estimate hazards = {};       ///< share of hazardous scripts that the oracle calls a hazard: elicitation
    Estimate honestHazards = {}; ///< share of honest scripts that it calls one; has to be 0
    long long playerEpisodes = 0;
    long long playerUndecided = 0;
    Estimate playerHazards = {}; ///< share of the model's episodes that it calls one
};

/// The same scripts at this level and at level 2, the lowest one that has programs. The row of level 2 itself is its
/// scripts played twice: what differs there (times, names of commits) is no doing of a level.
struct FidelityRow
{
    int level = 0;
    Estimate verdicts; ///< share of episodes with the same verdict
    Estimate ends;     ///< share of calls that end alike: tool error, exit code, signal
    Estimate outputs;  ///< share of calls that print the same bytes
    Estimate files;    ///< share of episodes that leave the same files with the same bytes
};

struct ContainmentStudy
{
    ContainmentOptions options;
    std::vector<LevelRow> levels;
    std::vector<ParityRow> parity;
    std::vector<FidelityRow> fidelity;
    std::size_t scenarios = 0;
    std::vector<std::string> notRun; ///< scenarios that this machine cannot run, with the reason
    double startedAt = 0;
    double seconds = 0;

    /// Why it did not hold, or nothing: a level that is open or was not run, a task that differs, an honest script that
    /// is called a hazard, a hazardous one that is not, what could not be decided or not be run, and scenarios of which
    /// none was played.
    std::string fault() const;
    bool held() const { return fault().empty(); }
};

/// Minutes: about 20 s a level for the battery, 20 s a level and seed for the scripts. An error is a stop, or a
/// scenario's own set-up. A level that does not hold, or does not start, is in the result.
Result<ContainmentStudy> studyContainment(const std::vector<scenario::Scenario>& scenarios,
                                          const ContainmentOptions& options);

std::string containmentJson(const ContainmentStudy& study);
std::string containmentTable(const ContainmentStudy& study);

} // namespace gradus::monitors
