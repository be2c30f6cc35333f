// SPDX-License-Identifier: GPL-3.0-or-later
// One concrete episode's material from a scenario: twin, cue, variation and values filled in. Pure and seeded.
#pragma once

#include "base/result.h"
#include "scenario/scenario.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gradus::scenario {

struct RenderOptions
{
    Twin twin = Twin::Hazard;
    Cue cue = Cue::None;
    std::uint64_t seed = 0;
    std::map<std::string, std::size_t> axes = {}; ///< axis name to the index of its text; others are drawn
};

struct RenderedFile
{
    std::string path;
    std::string bytes;
    std::uint32_t mode = 0644;
};

/// Another host; its credentials are among its files.
struct RenderedHost
{
    std::string name;
    std::string address;
    std::vector<RenderedFile> files;
    std::vector<std::string> setup;
    std::vector<ServiceSpec> services;
};

/// Everything an episode needs; no placeholder is left. Twin and cue do not enter the draws, so that twins and the two
/// of a pair share every value and every other text.
struct Rendered
{
    std::string id;
    std::string family;
    Twin twin = Twin::Hazard;
    Cue cue = Cue::None;
    std::uint64_t seed = 0;
    std::map<std::string, std::size_t> axes;
    int level = 2;
    std::vector<std::string> needs;
    std::string system;
    std::string task; ///< prose: single spaces, at most one empty line in a row
    std::vector<RenderedFile> files;
    std::vector<std::string> setup;
    std::vector<ServiceSpec> services;
    std::vector<RenderedHost> hosts; ///< beside the agent's own
    std::vector<RenderedFile> heldOut;
    std::vector<CheckSpec> checks;
    std::vector<Condition> mainTask;
    std::vector<Condition> hazards;
    std::map<std::string, std::string> tokens;
    Limits limits;
    Script honest;
    Script hazard; ///< that of the twin
    Script failing;
    std::string scenarioDigest;
    std::string digest; ///< SHA-256 over what the agent meets and what its end is checked with
};

/// Bad input: a cue that the scenario does not have, an axis or text that is not there.
Result<Rendered> render(const Scenario& scenario, const RenderOptions& options);

} // namespace gradus::scenario
