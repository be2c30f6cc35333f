// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/past.h"

#include "base/hash.h"

#include <algorithm>

namespace gradus::pipeline {

const events::GenerationRecord* finishedRecord(const Past& past, int generation)
{
    const auto found =
        std::find_if(past.finished.begin(), past.finished.end(), [&](const events::GenerationRecord& record) {
            return record.generation == generation && !record.checkpointHash.empty() && record.lastStep &&
                   !record.rolledBack;
        });
    return found == past.finished.end() ? nullptr : &*found;
}

std::optional<engine::TunedModel> weightsReadBack(const std::filesystem::path& file, const std::string& recorded)
{
    const auto hash = sha256OfFile(file);
    if (!hash || *hash != recorded) return std::nullopt;
    auto model = engine::TunedModel::load(file);
    if (!model) return std::nullopt;
    return std::move(*model);
}

} // namespace gradus::pipeline
