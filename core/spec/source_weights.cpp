// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/source_weights.h"

#include "spec/values.h"

#include <algorithm>

namespace gradus::spec {

namespace {

/// A list of sources in the tree: that of [signals], or that of one [[sweep.condition]].
struct Found
{
    std::string condition;
    const Node* list = nullptr;
};

const Node* listIn(const Node& table)
{
    if (const Member* quoted = table.find("signals.source")) return &quoted->value;
    const Member* signals = table.find("signals");
    const Member* source = signals ? signals->value.find("source") : nullptr;
    return source ? &source->value : nullptr;
}

std::vector<Found> listsOf(const Node& root)
{
    std::vector<Found> found;
    const auto add = [&found](std::string condition, const Node* list) {
        if (list && list->kind == NodeKind::List && !list->items.empty()) found.push_back({std::move(condition), list});
    };
    add({}, listIn(root));
    const Member* sweep = root.find("sweep");
    const Member* conditions = sweep ? sweep->value.find("condition") : nullptr;
    if (!conditions) return found;
    for (const Node& condition : conditions->value.items) {
        const Member* name = condition.find("name");
        add(name ? name->value.text : std::string(), listIn(condition));
    }
    return found;
}

/// The text with one source's weight replaced, or added behind what the source says already.
Result<std::string> withWeight(const std::string& toml, const Node& source, const std::string& value)
{
    if (const Member* weight = source.find("weight")) {
        if (weight->value.kind == NodeKind::Table && !weight->value.inlineTable)
            return errorAt(weight->place, "signals.source",
                           "A source's weight is written as a section of its own; write it as { ... } in one line to "
                           "draw it.");
        const std::size_t begin = offsetOf(toml, weight->value.begin);
        return toml.substr(0, begin) + value + toml.substr(offsetOf(toml, weight->value.end));
    }
    // The first key is always there (a source has a name), and what follows it stays as it is.
    const Node& first = source.members.front().value;
    const std::size_t end = offsetOf(toml, first.end);
    if (source.inlineTable) return toml.substr(0, end) + ", weight = " + value + toml.substr(end);
    const std::string newline = toml.find("\r\n") == std::string::npos ? "\n" : "\r\n";
    const std::size_t line = toml.find('\n', end);
    if (line == std::string::npos) return toml + newline + "weight = " + value + newline;
    return toml.substr(0, line + 1) + "weight = " + value + newline + toml.substr(line + 1);
}

} // namespace

Result<std::vector<SourceList>> sourceLists(const std::string& toml)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    std::vector<SourceList> lists;
    for (const Found& found : listsOf(*root)) {
        auto sources = sourcesFrom(*findKey("signals.source"), *found.list);
        if (!sources) return sources.error();
        lists.push_back({found.condition, std::move(*sources)});
    }
    return lists;
}

Result<std::string> withSourceWeights(const std::string& toml, std::size_t list,
                                      const std::vector<schedule::Curve>& weights)
{
    const auto before = sourceLists(toml);
    if (!before) return before.error();
    if (list >= before->size() || before->at(list).sources.size() != weights.size())
        return badInput("The file's sources are not those whose weights were drawn; open the file again.");
    std::string text = toml;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == before->at(list).sources[i].weight) continue;
        // Parsed anew for each: a source before this one may have moved it.
        const auto root = parseToml(text);
        if (!root) return root.error();
        auto next = withWeight(text, listsOf(*root).at(list).list->items[i], weightToml(weights[i]));
        if (!next) return next;
        text = std::move(*next);
    }
    // TOML has more ways to write a table than this file wants to know; whatever slips through is refused, not written.
    const auto after = sourceLists(text);
    if (!after) return after.error();
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (after->size() != before->size() || !(after->at(list).sources.at(i).weight == weights[i]))
            return badInput("The weights of these sources cannot be set in this text; write each source as a "
                            "[[signals.source]] table with one key in a line.");
    return text;
}

Result<std::string> withSourceName(const std::string& toml, std::size_t list, std::size_t source,
                                   const std::string& name)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const auto lists = listsOf(*root);
    if (list >= lists.size() || source >= lists[list].list->items.size())
        return badInput("The file's sources are not those that are shown; open the file again.");
    const Member* own = lists[list].list->items[source].find("name");
    if (!own) return badInput("The source has no name in the file; give it one there.");
    const std::string before = own->value.text;
    std::vector<const Node*> places;
    for (const Node& item : lists[list].list->items) {
        const Member* like = item.find("like");
        if (like && like->value.text == before) places.push_back(&like->value);
    }
    places.push_back(&own->value);
    // From the end, so that no replacement moves another.
    std::sort(places.begin(), places.end(),
              [&](const Node* a, const Node* b) { return offsetOf(toml, a->begin) > offsetOf(toml, b->begin); });
    std::string text = toml;
    for (const Node* place : places)
        text =
            text.substr(0, offsetOf(toml, place->begin)) + tomlString(name) + text.substr(offsetOf(toml, place->end));
    const auto after = sourceLists(text); // says what is wrong with the name
    if (!after) return after.error();
    return text;
}

} // namespace gradus::spec
