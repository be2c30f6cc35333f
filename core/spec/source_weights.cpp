// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/source_weights.h"

#include "spec/source_tables.h"
#include "spec/values.h"

#include <algorithm>

namespace gradus::spec {

namespace {

/// The kind, else the kind with the first number that is free.
std::string freeName(const Node* list, const std::string& kind)
{
    const auto isTaken = [list](const std::string& name) {
        return list && std::any_of(list->items.begin(), list->items.end(), [&name](const Node& item) {
                   const Member* own = item.find("name");
                   return own && own->value.text == name;
               });
    };
    std::string name = kind;
    for (int number = 2; isTaken(name); ++number)
        name = kind + " " + std::to_string(number);
    return name;
}

/// "key = value" pairs of a new source; what a kind cannot do without has a value that says something.
Result<std::vector<std::string>> settingsOf(const std::string& kind, const std::string& name, const std::string& file)
{
    static const std::string kinds[] = {"model", "ensemble", "persona", "human", "truth", "synthetic"};
    if (std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds))
        return badInput("\"" + kind +
                        "\" is no kind of source; use model, ensemble, persona, human, truth or synthetic.");
    std::vector<std::string> settings{"name = " + tomlString(name), "kind = " + tomlString(kind)};
    if (kind == "ensemble") settings.emplace_back("back = 2");
    if (kind == "persona") settings.emplace_back("unsure_below = 0.6");
    if (kind == "human") settings.push_back("file = " + tomlString(file));
    if (kind == "synthetic") settings.emplace_back("rate = 0.2");
    return settings;
}

std::string joined(const std::vector<std::string>& parts, const std::string& with)
{
    std::string all;
    for (const std::string& part : parts)
        all += (all.empty() ? "" : with) + part;
    return all;
}

/// Where the last value of a table written below a header ends, those of its own sections included.
std::size_t lastByteOf(const std::string& toml, const Node& table)
{
    std::size_t last = offsetOf(toml, table.end);
    for (const Member& member : table.members)
        last = std::max(last, lastByteOf(toml, member.value));
    return last;
}

std::size_t nextLine(const std::string& toml, std::size_t offset)
{
    const std::size_t end = toml.find('\n', offset);
    return end == std::string::npos ? toml.size() : end + 1;
}

/// TOML has more ways to write a list than this file wants to know; whatever slips through is refused, not written.
/// before: lists of sources until now; one that lost its last source is no list any more.
Result<std::string> withCount(std::string text, std::size_t list, std::size_t count, std::size_t before)
{
    const auto root = parseToml(text);
    if (!root) return root.error();
    const auto lists = sourceTables(*root);
    const std::size_t found = list < lists.size() ? lists[list].list->items.size() : 0;
    if (count == 0 ? lists.size() + 1 == before : found == count) return text;
    return badInput("The sources cannot be changed in this text; write each source as a [[signals.source]] table with "
                    "one key in a line.");
}

} // namespace

Result<std::vector<SourceList>> sourceLists(const std::string& toml)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    std::vector<SourceList> lists;
    for (const SourceTables& found : sourceTables(*root)) {
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
        auto next = withSourceKey(text, sourceTables(*root).at(list).list->items[i], "weight", weightToml(weights[i]));
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
    const auto lists = sourceTables(*root);
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

Result<std::string> withSource(const std::string& toml, std::size_t list, const std::string& kind,
                               const std::string& file)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const auto lists = sourceTables(*root);
    if (list >= std::max<std::size_t>(lists.size(), 1))
        return badInput("The file's sources are not those that are shown; open the file again.");
    const Node* present = lists.empty() ? nullptr : lists[list].list;
    const auto settings = settingsOf(kind, freeName(present, kind), file);
    if (!settings) return settings.error();
    const std::string newline = newlineOf(toml);
    if (present && present->items.back().inlineTable) {
        const std::size_t end = offsetOf(toml, present->items.back().end);
        return withCount(toml.substr(0, end) + ", { " + joined(*settings, ", ") + " }" + toml.substr(end), list,
                         present->items.size() + 1, lists.size());
    }
    if (const Node* none = sourceListIn(*root);
        !present && none && none->kind == NodeKind::List && none->items.empty()) {
        const std::size_t inside = offsetOf(toml, none->begin) + 1;
        return withCount(toml.substr(0, inside) + "{ " + joined(*settings, ", ") + " }" + toml.substr(inside), list, 1,
                         lists.size());
    }
    const std::string header =
        !present || lists[list].condition.empty() ? "[[signals.source]]" : "[[sweep.condition.signals.source]]";
    const std::string table = header + newline + joined(*settings, newline) + newline;
    if (!present) {
        const bool ends = toml.empty() || toml.back() == '\n';
        return withCount(toml + (ends ? "" : newline) + (toml.empty() ? "" : newline) + table, list, 1, lists.size());
    }
    const std::size_t at = nextLine(toml, lastByteOf(toml, present->items.back()));
    const bool ends = at > 0 && toml[at - 1] == '\n';
    return withCount(toml.substr(0, at) + (ends ? "" : newline) + newline + table + toml.substr(at), list,
                     present->items.size() + 1, lists.size());
}

Result<std::string> withoutSource(const std::string& toml, std::size_t list, std::size_t source)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const auto lists = sourceTables(*root);
    if (list >= lists.size() || source >= lists[list].list->items.size())
        return badInput("The file's sources are not those that are shown; open the file again.");
    const std::vector<Node>& items = lists[list].list->items;
    const Node& gone = items[source];
    if (gone.inlineTable) {
        // With the comma that parts it from a neighbour.
        const bool last = source + 1 == items.size();
        const std::size_t begin =
            last && source > 0 ? offsetOf(toml, items[source - 1].end) : offsetOf(toml, gone.begin);
        const std::size_t end = last ? offsetOf(toml, gone.end) : offsetOf(toml, items[source + 1].begin);
        return withCount(toml.substr(0, begin) + toml.substr(end), list, items.size() - 1, lists.size());
    }
    for (const Member& member : gone.members)
        if (member.value.kind == NodeKind::Table && !member.value.inlineTable)
            return errorAt(member.place, "signals.source",
                           "The source's " + member.key +
                               " is written as a section of its own; write it as { ... } in one line to remove the "
                               "source here.");
    const std::size_t header = offsetOf(toml, gone.begin);
    const std::size_t line = header == 0 ? std::string::npos : toml.rfind('\n', header - 1);
    std::size_t begin = line == std::string::npos ? 0 : line + 1;
    const std::size_t end = nextLine(toml, lastByteOf(toml, gone));
    // One empty line before it goes along, where another stays behind it or the text ends.
    const std::string newline = newlineOf(toml);
    const bool opens = end >= toml.size() || toml.compare(end, newline.size(), newline) == 0;
    if (opens && begin >= 2 * newline.size() &&
        toml.compare(begin - 2 * newline.size(), 2 * newline.size(), newline + newline) == 0)
        begin -= newline.size();
    return withCount(toml.substr(0, begin) + toml.substr(end), list, items.size() - 1, lists.size());
}

} // namespace gradus::spec
