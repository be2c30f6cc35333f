// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a draft's ladder, as the values of keys that they come to. Pure.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// The values that keys get by an edit, in an order in which the file is valid after every one of them.
using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// What the ladder is made of.
enum class LadderForm
{
    Shipped, ///< some of the built-in rungs
    Scratch, ///< shapes that are trained here
    Folders, ///< model folders, in the order in which they are listed
};
LadderForm formOf(const spec::Ladder& ladder);

/// A rung more, at its place by size. Bad input: it is there already, or the family does not ship it.
Result<KeyValues> withRung(const spec::Ladder& ladder, const spec::Rung& rung);
/// One rung or folder less; where the start lies above, it stays the same rung. Bad input: fewer than two would be
/// left.
Result<KeyValues> withoutRung(const spec::Ladder& ladder, int index);
/// Another shape in its place; the rungs are put in order again.
Result<KeyValues> withShape(const spec::Ladder& ladder, int index, const spec::Rung& rung);
/// A model folder more, at the strong end.
Result<KeyValues> withFolder(const spec::Ladder& ladder, const std::string& folder);
/// A model folder elsewhere in the list; rungs with shapes are ordered by size and are not moved.
Result<KeyValues> withFolderMoved(const spec::Ladder& ladder, int index, int to);
/// What is used of the folder at that place: its first layers, an adapter of that rank on it, or (both 0) all of it.
/// Bad input: both at once, or a part that the ladder has already.
Result<KeyValues> withFolderPart(const spec::Ladder& ladder, int index, int layers, int adapterRank);
/// The rung of the first generation.
Result<KeyValues> withStart(const spec::Ladder& ladder, int index);
/// The shipped rungs that the ladder does not have; empty for other forms.
std::vector<spec::Rung> spareRungs(const spec::Ladder& ladder);

} // namespace gradus::viewmodels
