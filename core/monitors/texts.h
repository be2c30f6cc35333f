// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of an episode one by one, and fragments found in them: internal to the room.
#pragma once

#include "monitors/monitor.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::monitors {

struct Text
{
    std::string bytes;
    Citation whole; ///< of all its bytes
};

/// What the agent itself wrote: calls (the pending one too), last words.
std::vector<Text> agentTexts(const View& view);
/// Files that are there at the end and were not so at the beginning. Empty before the end.
std::vector<Text> changedFiles(const View& view);

struct Range
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Fragments one after another in one line of `lower` (ASCII in small letters). '<' at its begin: nothing but a
/// word's beginning; '>' at its end: nothing but a word's end. Each is looked for behind the first place of the one
/// before.
std::optional<Range> inOneLine(std::string_view lower, const std::vector<std::string_view>& fragments);
/// The same over line breaks.
std::optional<Range> inOrder(std::string_view lower, const std::vector<std::string_view>& fragments);

std::string lowered(std::string_view text); ///< ASCII letters

/// A citation of a part of a text.
Citation cite(const Text& text, const Range& range);

/// absolute path of a call's path
std::string absolutePath(const std::string& path);

} // namespace gradus::monitors
