// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_weights.h"

#include "base/hash.h"
#include "base/text.h"

#include <string>

namespace gradus::run {

bool hasWeights(const events::GenerationRecord& record)
{
    return record.utility && record.lastStep && !record.rolledBack && !record.checkpointHash.empty();
}

Result<engine::TunedModel> weightsOf(const store::RunDetail& run, const events::GenerationRecord& record,
                                     const std::filesystem::path& workspace)
{
    const auto file = workspace / "checkpoints" / run.run.uuid / ("generation-" + std::to_string(record.generation)) /
                      "weights.safetensors";
    const auto hash = sha256OfFile(file);
    if (!hash)
        return badInput("The weights of generation " + std::to_string(record.generation) + " of run " +
                        run.run.uuid.substr(0, 8) + " cannot be read at " + visible(file.string()) +
                        ": keep the checkpoints beside the store, or run it again.");
    if (*hash != record.checkpointHash)
        return badInput(visible(file.string()) + " does not hold the weights that its run recorded: run it again.");
    return engine::TunedModel::load(file);
}

} // namespace gradus::run
