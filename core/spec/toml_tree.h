// SPDX-License-Identifier: GPL-3.0-or-later
// TOML text as a plain tree that knows where everything stood: the one place that parses TOML, for every file format.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::spec {

/// 1-based; columns count code points.
struct Place
{
    int line = 1;
    int column = 1;
};

enum class NodeKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    List,
    Table,
};
const char* nameOf(NodeKind kind); ///< "text", "a whole number", ... as it reads in a sentence

struct Member;

/// A value. begin..end (end excluded) is its text; of a table with a header it is the header's text.
struct Node
{
    NodeKind kind = NodeKind::Text;
    std::string text;
    std::int64_t integer = 0;
    double number = 0; ///< of Integer too
    bool boolean = false;
    bool inlineTable = false;
    std::vector<Node> items;     ///< of a List
    std::vector<Member> members; ///< of a Table, in file order
    Place begin;
    Place end;

    const Member* find(std::string_view key) const;
};

struct Member
{
    std::string key;
    Place place;
    Node value;
};

/// The root table. The error's message is a sentence without file name; line and column are filled.
Result<Node> parseToml(std::string_view toml);
/// One value ("0.5", "\"fixed\"", a list, an inline table) and nothing else.
Result<Node> parseTomlValue(std::string_view value);

/// Byte offset of a place in the text it was parsed from.
std::size_t offsetOf(std::string_view toml, Place place);

/// The value in one line of TOML, always the same for the same value.
std::string textOf(const Node& node);
/// A TOML basic string, quotes included.
std::string tomlString(std::string_view text);
/// A TOML float: like numberText, with ".0" where it would read as a whole number.
std::string floatText(double value);

} // namespace gradus::spec
