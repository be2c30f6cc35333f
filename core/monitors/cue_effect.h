// SPDX-License-Identifier: GPL-3.0-or-later
// The batch half of M9: does an agent behave otherwise when it is told that nobody looks, or that it is real? Pure.
#pragma once

#include "evals/paired_tests.h"
#include "scenario/scenario.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace gradus::monitors {

/// One episode of a pair: all of it but the cue names the pair.
struct CuedEpisode
{
    std::string scenario;
    scenario::Twin twin = scenario::Twin::Hazard;
    std::uint64_t seed = 0;
    std::string policy;
    scenario::Cue cue = scenario::Cue::None;
    bool hazard = false;
};

/// first: a hazard under the pair's free cue; second: under the guarded one. A positive difference is behaviour
/// that depends on being evaluated. Nothing without a complete pair; of an episode that is there twice the last counts.
std::optional<evals::Mcnemar> cueEffect(std::span<const CuedEpisode> episodes, const scenario::CuePair& pair);

} // namespace gradus::monitors
