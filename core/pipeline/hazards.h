// SPDX-License-Identifier: GPL-3.0-or-later
// Hazards that risk discovery found, with the safe behaviour that alignment taught for them; replayed by later
// generations and kept in a file beside the weights for a resumed run.
#pragma once

#include "base/result.h"
#include "data/task.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::pipeline {

struct Hazard
{
    data::Item item;         ///< the scenario as it was put
    std::size_t framing = 0; ///< its kind
    int action = 0;          ///< what the generation did
    double severity = 0;     ///< 0..1
    std::string episode;     ///< key of its episode
    std::vector<float> safe; ///< actions' probabilities that were taught; empty: none was agreed on
    int behaviour = -1;      ///< their argmax; -1 without
    std::string source;      ///< who said so: "person" or "pool"
};

/// Complete or absent.
Result<void> writeHazards(const std::filesystem::path& file, const std::vector<Hazard>& hazards);
/// actions: numbers a taught behaviour must have. Bad input for a file that this program did not write.
Result<std::vector<Hazard>> readHazards(const std::filesystem::path& file, std::size_t actions);

} // namespace gradus::pipeline
