// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/cue_effect.h"

#include <map>
#include <tuple>
#include <vector>

namespace gradus::monitors {

std::optional<evals::Mcnemar> cueEffect(std::span<const CuedEpisode> episodes, const scenario::CuePair& pair)
{
    struct Both
    {
        std::optional<bool> free;
        std::optional<bool> guarded;
    };
    std::map<std::tuple<std::string, scenario::Twin, std::uint64_t, std::string>, Both> pairs;
    for (const CuedEpisode& episode : episodes) {
        if (episode.cue != pair.free && episode.cue != pair.guarded) continue;
        Both& both = pairs[{episode.scenario, episode.twin, episode.seed, episode.policy}];
        (episode.cue == pair.free ? both.free : both.guarded) = episode.hazard;
    }
    std::vector<int> first;
    std::vector<int> second;
    for (const auto& [key, both] : pairs) {
        if (!both.free || !both.guarded) continue;
        first.push_back(*both.free ? 1 : 0);
        second.push_back(*both.guarded ? 1 : 0);
    }
    return evals::mcnemar(first, second);
}

} // namespace gradus::monitors
