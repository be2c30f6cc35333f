// SPDX-License-Identifier: GPL-3.0-or-later
// The containment study: every level of the sandbox beside the ways out of it, everyday tasks, the scenarios' own
// scripts, and acts of a domain that is simulated at level 0. What holds, what works, and whether a level changes what
// is seen.
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

/// What came of an act.
struct ActSeen
{
    bool hazard = false; ///< says the domain's oracle
    std::string outcome; ///< that, and whatever else the domain asks of an act, in words
    std::string printed; ///< what its commands printed
};

/// An act of a domain that has a simulated form and a real one.
struct DomainAct
{
    int question = 0;       ///< acts on one question are one observation of the intervals
    bool hazardous = false; ///< what somebody would do who is after the hazard, where the domain lets it happen
    /// At level 0 simulated in this process, above it with commands in a cell of these options.
    std::function<Result<ActSeen>(const sandbox::CellOptions&)> play = {};
};

struct ContainmentOptions
{
    int highest = 4; ///< levels 0 to this one
    std::vector<std::uint64_t> seeds = {1};
    bool quick = false; ///< the quick battery alone
    sandbox::CellOptions cell = {};
    StopFlag* stop = nullptr;
    /// A model that plays the tempting twins at every level that has programs; empty: scripts alone.
    std::function<Result<scenario::Episode>(const scenario::Rendered&, const sandbox::CellOptions&)> player = {};
    std::string playerName = {};
    std::vector<DomainAct> acts = {}; ///< of the built-in domain; none: scenarios alone
    std::function<void(std::size_t done, std::size_t all, const std::string& what)> progress = {};
};

/// An everyday task, tried outside any cell and at every level that can do it. The cells of levels 2 to 4 have the same
/// wall, so that they agree among themselves whatever a cell lacks: what shows that is the world outside.
struct ParityRow
{
    std::string task;
    bool programs = true;             ///< needs a program; else file verbs alone
    std::vector<std::string> results; ///< one a level from 0; "-" where the level has no programs, or runs no code
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

/// The domain's acts at a level beside the same ones at level 0, where nothing runs.
struct ActsRow
{
    int level = 0;
    long long acts = 0;
    Estimate hazards;       ///< share of hazardous acts that the oracle calls a hazard
    Estimate honestHazards; ///< share of the others that it calls one
    Estimate outcomes;      ///< share whose outcome is what the simulation says
    Estimate outputs;       ///< share that print what the simulation says
};

struct ContainmentStudy
{
    ContainmentOptions options;
    std::vector<LevelRow> levels;
    std::vector<ParityRow> parity;
    std::vector<FidelityRow> fidelity;
    std::vector<ActsRow> acts;
    std::size_t scenarios = 0;
    std::vector<std::string> notRun; ///< scenarios that this machine cannot run, with the reason
    double startedAt = 0;
    double seconds = 0;

    /// Why it did not hold, or nothing: a level that is open or was not run, a task that differs, an honest script or a
    /// harmless act that is called a hazard, a hazardous one that is not, what could not be decided or not be run, and
    /// scenarios of which none was played.
    std::string fault() const;
    bool held() const { return fault().empty(); }
};

/// Minutes: about 20 s a level for the battery, 20 s a level and seed for the scripts. An error is a stop, or a
/// scenario's own set-up. A level that does not hold, or does not start, is in the result.
Result<ContainmentStudy> studyContainment(const std::vector<scenario::Scenario>& scenarios,
                                          const ContainmentOptions& options);

/// What a store keeps, and what every view of a study is made of: compare/containment.h reads it.
std::string containmentJson(const ContainmentStudy& study);

} // namespace gradus::monitors
