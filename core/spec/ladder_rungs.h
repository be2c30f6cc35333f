// SPDX-License-Identifier: GPL-3.0-or-later
// What a ladder is made of: rungs that are built here, and parts of model folders.
#pragma once

#include <string>

namespace gradus::spec {

/// One rung of a ladder that is built here (not loaded), whatever its architecture.
struct Rung
{
    int width = 0;
    int layers = 0;
    friend bool operator==(const Rung&, const Rung&) = default;
};

/// One rung of a ladder of Hugging Face model folders: the whole model, its first layers, or the model as it is with an
/// adapter that is trained in its place. At most one of the two numbers is above 0.
struct FolderRung
{
    std::string folder;
    int layers = 0;      ///< its first so many decoder layers, below the folder's own final norm and head; 0: all
    int adapterRank = 0; ///< LoRA of that rank on its attention, and its own weights stay as they are; 0: all weights
    friend bool operator==(const FolderRung&, const FolderRung&) = default;
};
/// "small", "small, 3 layers" or "small, adapter of rank 8": the last part of the folder's path and what is used of it.
std::string nameOf(const FolderRung& rung);

} // namespace gradus::spec
