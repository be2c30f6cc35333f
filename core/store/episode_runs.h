// SPDX-License-Identifier: GPL-3.0-or-later
// Which run an episode is of, for those that several runs are looked at for.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::store {

/// What tells a run from others: 8 characters of its id, its condition (without a sweep the experiment's name), its
/// seed.
struct RunName
{
    std::string uuid;
    std::string name;
    std::int64_t seed = 0;
};

/// One an episode, by EpisodeRow::id and in that order; bad input where there is none.
Result<std::vector<RunName>> runsOfEpisodes(const std::filesystem::path& path,
                                            const std::vector<std::int64_t>& episodes);

} // namespace gradus::store
