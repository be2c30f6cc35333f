// SPDX-License-Identifier: GPL-3.0-or-later
// {{name}} in the texts of a scenario: internal to the room.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::scenario {

/// Lower-case letters, digits and underscores, a letter first. "{{ name }}" with spaces is none: other formats use it.
bool isPlaceholderName(std::string_view name);

/// The names in the text, in order, repeated as they are.
std::vector<std::string> placeholdersOf(std::string_view text);

/// Replaces what `values` has and leaves the rest. One pass: what is put in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string, std::string>& values);

} // namespace gradus::scenario
