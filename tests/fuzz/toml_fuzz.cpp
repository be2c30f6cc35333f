// SPDX-License-Identifier: GPL-3.0-or-later
// TOML as a tree: every place lies in the text, and what a tree is written as reads back as the same tree.
#include "fuzz.h"

#include "spec/toml_tree.h"

#include <algorithm>

using namespace gradus;

namespace {

void expectPlaces(const spec::Node& node, std::string_view toml)
{
    const std::size_t begin = spec::offsetOf(toml, node.begin);
    const std::size_t end = spec::offsetOf(toml, node.end);
    fuzz::expect(begin <= toml.size() && end <= toml.size(), "a place is in the text");
    for (const spec::Node& item : node.items)
        expectPlaces(item, toml);
    for (const spec::Member& member : node.members) {
        fuzz::expect(spec::offsetOf(toml, member.place) <= toml.size(), "a key's place is in the text", member.key);
        expectPlaces(member.value, toml);
    }
}

constexpr int kDeepest = 60; ///< read back: the reader bounds the depth, and a table written as a value is one deeper

int depthOf(const spec::Node& node)
{
    int depth = 0;
    for (const spec::Node& item : node.items)
        depth = std::max(depth, depthOf(item));
    for (const spec::Member& member : node.members)
        depth = std::max(depth, depthOf(member.value));
    return depth + 1;
}

void expectReadsBack(const spec::Node& node)
{
    if (depthOf(node) > kDeepest) return;
    const std::string text = spec::textOf(node);
    fuzz::expect(text.find('\n') == std::string::npos, "a value is one line", text);
    const auto again = spec::parseTomlValue(text);
    fuzz::expect(again.ok(), "what is written can be read", text);
    fuzz::expect(spec::textOf(*again) == text, "what is written reads back", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view toml = fuzz::textOf(data, size);
    const auto root = spec::parseToml(toml);
    if (fuzz::isRead(root)) {
        expectPlaces(*root, toml);
        expectReadsBack(*root);
    }
    const auto value = spec::parseTomlValue(toml);
    if (fuzz::isRead(value)) expectReadsBack(*value);
    return 0;
}
