// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/debate_standing.h"

#include "spec/experiment.h"
#include "spec/stored.h"

namespace gradus::run {

std::optional<Estimate> judgeOfDebates(const store::StoreReader& reader, const std::string& task)
{
    const auto rows = reader.runs(); // newest first
    if (!rows) return std::nullopt;
    for (const store::RunRow& row : *rows) {
        if (row.procedure != "debate" || row.state != store::RunState::Finished) continue;
        const auto detail = reader.detail(row.id);
        if (!detail || detail->run.taskName != task || detail->generations.empty()) continue;
        const auto experiment = spec::parseStored(detail->specToml, "the store's frozen experiment");
        if (experiment && experiment->debate.protocol == "debate") return detail->generations.back().utility;
    }
    return std::nullopt;
}

} // namespace gradus::run
