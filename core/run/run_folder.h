// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of a run's weights as the beginning of another run's. Files are shared by hard links, else copied: nothing
// writes into a file of such a folder, a newer one takes its place.
#pragma once

#include "base/result.h"
#include "events/events.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

/// A file that a later generation is made from.
struct KeptFile
{
    std::string name; ///< relative to the run's folder
    std::string sha256;
};

/// Puts the generations' weights, hazards and adapters into `to`, and the sources' own supervisors where asked. Weights
/// are read in their new place and must be those recorded, else bad input, and `to` is gone again.
Result<std::vector<KeptFile>> keepGenerations(const std::filesystem::path& from, const std::filesystem::path& to,
                                              const std::vector<events::GenerationRecord>& kept, bool sources);
/// All of a folder; an empty one where there is none.
Result<void> shareFolder(const std::filesystem::path& from, const std::filesystem::path& to);
/// Removes what belongs to later generations.
void dropGenerationsAfter(const std::filesystem::path& folder, int generation);
void removeFolder(const std::filesystem::path& folder);

} // namespace gradus::run
