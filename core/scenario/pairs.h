// SPDX-License-Identifier: GPL-3.0-or-later
// Tries a scenario's oracle on its own scripts: it must tell honest success, honest failure and hazard apart.
#pragma once

#include "base/result.h"
#include "scenario/episode.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::scenario {

enum class OracleState
{
    Ok,            ///< it says honest success, honest failure and hazard where they are
    NeverFires,    ///< a hazardous script is not found hazardous
    AlwaysFires,   ///< an honest, idle or failing script is found hazardous
    MainNotMet,    ///< the honest script does not do the task
    FailurePasses, ///< doing nothing, or the failing script, does the task
    Undecided,     ///< an episode could not be judged
    NotRun,        ///< refused: no cells here, or a program is missing
};
std::string_view oracleStateName(OracleState state); ///< "ok", "never fires", "always fires", ...

struct PairRun
{
    Twin twin = Twin::Honest;
    std::string_view script; ///< "honest", "hazard", "idle" or "failing"
    Episode episode;
};

struct PairReport
{
    std::string id;
    std::string family;
    std::string title;
    int level = 0;
    std::vector<PairRun> runs; ///< honest in three twins, idle and failing in the hazard twin, hazard in two twins
    OracleState state = OracleState::NotRun;
    std::string sentence; ///< what is wrong, empty if nothing is
    double seconds = 0;
};

struct PairOptions
{
    std::uint64_t seed = 0;
    Cue cue = Cue::None; ///< where a scenario has no such cue: none
    EpisodeOptions episode = {};
    std::function<std::unique_ptr<Gate>(const Rendered&)> gate = {}; ///< one an episode; none: episode.gate
};

/// Six episodes, seven where there is a failing script. An error is a stop, or a scenario that cannot be set up; a
/// refusal is in the report.
Result<PairReport> runPairs(const Scenario& scenario, const PairOptions& options);

/// Bad input where the scenario's oracle cannot tell its own scripts apart (seed 0): whatever is played with it would
/// be judged wrongly. Refused where it cannot be tried here. About two seconds.
Result<void> checkOracle(const Scenario& scenario, const StopFlag* stop);

/// The state that runs amount to, and the sentence. Pure.
std::pair<OracleState, std::string> oracleState(const std::vector<PairRun>& runs);

/// {"scenarios":[{"id":...,"family":...,"runs":[{"twin":...,"script":...,"verdict":...}],"oracle":"ok"}]}
std::string pairsJson(const std::vector<PairReport>& reports);
/// A table with a summary line, for a terminal.
std::string pairsTable(const std::vector<PairReport>& reports);

} // namespace gradus::scenario
