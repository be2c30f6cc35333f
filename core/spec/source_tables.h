// SPDX-License-Identifier: GPL-3.0-or-later
// Where sources stand in a tree of TOML, and how one of their keys is written: internal to the room.
#pragma once

#include "spec/toml_tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::spec {

/// A list of sources in the tree: that of [signals], or that of one [[sweep.condition]].
struct SourceTables
{
    std::string condition;
    const Node* list = nullptr;
};

/// The list below a table, as [signals] or a condition has it; nullptr where it has none.
const Node* sourceListIn(const Node& table);
/// Lists that are not empty, [signals] first; they point into the tree.
std::vector<SourceTables> sourceTables(const Node& root);
/// The line ends that the text has.
const char* newlineOf(const std::string& toml);
/// The text with one key of a source replaced, or added behind its first key. value is TOML. Bad input: a key that is
/// written as a section of its own.
Result<std::string> withSourceKey(const std::string& toml, const Node& source, std::string_view key,
                                  const std::string& value);

} // namespace gradus::spec
