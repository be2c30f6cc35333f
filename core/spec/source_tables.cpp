// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/source_tables.h"

#include "spec/values.h"

namespace gradus::spec {

const Node* sourceListIn(const Node& table)
{
    if (const Member* quoted = table.find("signals.source")) return &quoted->value;
    const Member* signals = table.find("signals");
    const Member* source = signals ? signals->value.find("source") : nullptr;
    return source ? &source->value : nullptr;
}

std::vector<SourceTables> sourceTables(const Node& root)
{
    std::vector<SourceTables> found;
    const auto add = [&found](std::string condition, const Node* list) {
        if (list && list->kind == NodeKind::List && !list->items.empty()) found.push_back({std::move(condition), list});
    };
    add({}, sourceListIn(root));
    const Member* sweep = root.find("sweep");
    const Member* conditions = sweep ? sweep->value.find("condition") : nullptr;
    if (!conditions) return found;
    for (const Node& condition : conditions->value.items) {
        const Member* name = condition.find("name");
        add(name ? name->value.text : std::string(), sourceListIn(condition));
    }
    return found;
}

const char* newlineOf(const std::string& toml)
{
    return toml.find("\r\n") == std::string::npos ? "\n" : "\r\n";
}

Result<std::string> withSourceKey(const std::string& toml, const Node& source, std::string_view key,
                                  const std::string& value)
{
    if (const Member* own = source.find(key)) {
        if (own->value.kind == NodeKind::Table && !own->value.inlineTable)
            return errorAt(own->place, "signals.source",
                           "A source's " + std::string(key) +
                               " is written as a section of its own; write it in one line to change it.");
        const std::size_t begin = offsetOf(toml, own->value.begin);
        return toml.substr(0, begin) + value + toml.substr(offsetOf(toml, own->value.end));
    }
    // The first key is always there (a source has a name), and what follows it stays as it is.
    const Node& first = source.members.front().value;
    const std::size_t end = offsetOf(toml, first.end);
    if (source.inlineTable) return toml.substr(0, end) + ", " + std::string(key) + " = " + value + toml.substr(end);
    const std::string newline = newlineOf(toml);
    const std::size_t line = toml.find('\n', end);
    if (line == std::string::npos) return toml + newline + std::string(key) + " = " + value + newline;
    return toml.substr(0, line + 1) + std::string(key) + " = " + value + newline + toml.substr(line + 1);
}

} // namespace gradus::spec
