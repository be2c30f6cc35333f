// SPDX-License-Identifier: GPL-3.0-or-later
// Rules that concern several keys at once, and the sweep: internal to the room.
#pragma once

#include "spec/toml_tree.h"
#include "spec/values.h"

namespace gradus::spec {

/// What must hold between the keys of one run. The sweep is not looked at. The error names a key, but no place.
Result<void> checkTogether(const Experiment& experiment);

/// The part of it that concerns supervision protocols that are no ladder.
Result<void> checkProtocol(const Experiment& experiment);
/// Whether the procedure places its models by itself: generations then need no rungs of their own, and no controller.
bool placesItself(const Experiment& experiment);

/// Numbers that are drawn over the run: whether the run has generations to read them, and whether the keys hold
/// together in each of them.
Result<void> checkDrawn(const Experiment& experiment);

/// Reads [sweep] with its [[sweep.condition]] tables; every value is checked against its key.
Result<void> readSweep(Experiment& experiment, const Node& sweep);

/// "unknown key ... in ...; the nearest known key is ..."
Error unknownKey(const Member& member, const std::string& where, const std::string& dotted,
                 const std::vector<std::string>& known);

} // namespace gradus::spec
