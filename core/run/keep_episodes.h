// SPDX-License-Identifier: GPL-3.0-or-later
// Episodes that no experiment made (a study of monitors, an imported log) as one finished run of a store.
#pragma once

#include "base/result.h"
#include "events/events.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

struct KeptRun
{
    std::string uuid;
};

/// What lists show beside the name.
struct KeptAs
{
    std::string procedure = "episodes";
    std::string task = {}; ///< untrusted; empty: what the episodes' scenarios say, see taskOf
};

/// name: what the run is called; untrusted. The run counts as finished once all of them are durable. Events are
/// written before the episodes.
Result<KeptRun> keepEpisodes(const std::filesystem::path& store, const std::string& name,
                             const std::vector<events::EpisodeRecord>& episodes,
                             const std::vector<events::RunEvent>& happened = {}, const KeptAs& as = {});

} // namespace gradus::run
