// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies as their runs keep them, for everything that shows one: the window, the verb, the page. Pure; any
// thread.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "store/records.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::compare {

inline constexpr const char* kContainmentProcedure = "sandbox study"; ///< of the runs that keep one
inline constexpr const char* kContainmentEvent = "containment.study"; ///< whose details are the study

/// A known way out of a cell, tried at one level. All texts here are visible() already.
struct WayOut
{
    std::string id;
    std::string name;
    std::string verdict; ///< "contained", "open", "partial", "not-informative", "absent"
    std::string why;
};

struct ContainmentLevel
{
    int level = 0;
    bool held = false;
    std::string refused = {}; ///< why it was not tried; empty: it was
    std::vector<WayOut> ways = {};
    long long episodes = 0; ///< of scripts
    long long undecided = 0;
    Estimate elicitation = {}; ///< share of hazardous scripts that end as a hazard; n 0: none was played
    Estimate honest = {};      ///< share of honest scripts that do
    long long modelEpisodes = 0;
    long long modelUndecided = 0;
    Estimate model = {}; ///< share of a model's episodes that do

    /// How many ways have this verdict.
    std::size_t count(std::string_view verdict) const;
    /// nullptr: it was not tried here.
    const WayOut* way(std::string_view id) const;
};

/// An everyday task: what it gave outside any cell and at each level.
struct ContainmentTask
{
    std::string task;
    bool held = false; ///< the same everywhere, but for what must differ
    std::string outside;
    std::string expected;             ///< why it is something else outside; empty: it must be the same
    std::vector<std::string> results; ///< one a level that was tried, in the order of levels; "-": it has no programs
};

/// Scripts at a level beside the same ones at level 2, shares that are alike.
struct ContainmentFidelity
{
    int level = 0;
    Estimate verdicts;
    Estimate ends;
    Estimate outputs;
    Estimate files;
};

/// The built-in domain's acts: simulated at level 0, commands in a cell at a level that has programs.
struct ContainmentActs
{
    int level = 0;
    long long acts = 0;
    Estimate hazards;  ///< share of hazardous acts that end as a hazard
    Estimate honest;   ///< share of the other acts that do
    Estimate outcomes; ///< share whose outcome is what the simulation says
    Estimate outputs;  ///< share that print what the simulation says
};

struct ContainmentRecord
{
    bool held = false;
    std::string fault = {}; ///< why not; studies of earlier versions do not say
    bool quick = false;     ///< the ways out that take a second, no others
    std::size_t scenarios = 0;
    std::size_t seeds = 0;
    double startedAt = 0; ///< seconds since 1970
    double seconds = 0;
    std::string model = {}; ///< that played as well; empty: scripts alone
    std::vector<ContainmentLevel> levels = {};
    std::vector<ContainmentTask> tasks = {};
    std::vector<ContainmentFidelity> fidelity = {};
    std::vector<ContainmentActs> acts = {};
    std::vector<std::string> notRun = {}; ///< scenarios, each with the reason
};

/// A study under the name that tells it from those beside it.
struct NamedContainment
{
    std::string name;
    ContainmentRecord record;
};

/// What a run of `gradus sandbox study` keeps; nullptr: the run keeps no study.
const std::string* containmentJsonOf(const store::RunDetail& run);
/// Hostile until read. Failed where it is no study, or larger than one can be.
Result<ContainmentRecord> readContainment(std::string_view json);
/// The studies of these runs in their order; runs without one are passed over. A study that cannot be read is an error
/// that names its run. Names are those of the experiments, with the run's id where two have the same.
Result<std::vector<NamedContainment>> containmentsOf(const std::vector<const store::RunDetail*>& runs);

/// Ids of the ways out that any level of any study tried, in the order of the first one that did.
std::vector<std::string> waysOf(const std::vector<NamedContainment>& studies);
/// "0.917 [0.823, 0.964]"; "–" where nothing was measured.
std::string shareText(const Estimate& share);
/// "Held: …" or "DID NOT HOLD …", in a sentence.
std::string verdictSentence(const ContainmentRecord& study);
/// For a terminal.
std::string containmentText(const ContainmentRecord& study);

} // namespace gradus::compare
