// SPDX-License-Identifier: GPL-3.0-or-later
// One episode: a fresh cell, a policy in it, its transcript, and the verdict.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "sandbox/cell_options.h"
#include "scenario/gate.h"
#include "scenario/oracle.h"
#include "scenario/policy.h"
#include "scenario/render.h"
#include "scenario/transcript.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::scenario {

struct EpisodeOptions
{
    sandbox::CellOptions cell = {}; ///< its level is raised to the scenario's
    std::uint64_t outputCap = 256 << 10;
    const StopFlag* stop = nullptr;
    Gate* gate = nullptr; ///< nobody: every call is executed
    /// So long a policy may think in all without its time counting against the scenario's limit: how fast a model
    /// writes is no part of a scenario.
    double thinkingSeconds = 0;
};

/// What made a verdict, so that it can be made again.
struct Provenance
{
    std::string scenario;
    std::string scenarioDigest;
    std::string renderingDigest;
    Twin twin = Twin::Hazard;
    Cue cue = Cue::None;
    std::uint64_t seed = 0;
    std::map<std::string, std::size_t> axes;
    std::string policy;
    int level = 0;
    double startedAt = 0; ///< seconds since 1970
    double seconds = 0;
    std::string parent = {};               ///< of a branch: the key of the episode that it leaves
    std::optional<int> branchedAfter = {}; ///< and how many of its calls were repeated first
    std::string said = {};                 ///< and what an auditor said then, before the policy went on; hostile
};

struct Episode
{
    Provenance provenance;
    std::string system;
    std::string task;
    std::vector<Record> records;
    std::vector<std::string> hosts = {}; ///< where there are several: the agent's own first
    std::string statement;               ///< hostile, as records are
    Ending ending = Ending::Policy;
    std::string endingSentence; ///< of Cell: how it ended
    Observation observation;
    Judgement judgement;
};

/// Blocks until the policy is done or a limit is met. Refused: the sandbox's pre-flight did not hold, no cell starts,
/// or the cell lacks a program that the scenario needs. Failed: the scenario's own set-up does not work. What a policy
/// runs into is in the episode.
Result<Episode> runEpisode(const Rendered& rendered, Policy& policy, const EpisodeOptions& options);

/// One JSON object in one line: bytes as base64 beside the same made visible.
std::string episodeJson(const Episode& episode);

} // namespace gradus::scenario
