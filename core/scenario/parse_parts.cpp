// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the cell, and what scripted policies do.
#include "scenario/parse_parts.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

constexpr std::int64_t mostRandomBytes = std::int64_t{8} << 20;

/// Companions stay beside the scenario: a scenario file must not be a way to read any other file of the machine.
bool isCompanionName(const std::string& name)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
    };
    return !name.empty() && name.front() != '/' && name.front() != '.' && name.find("..") == std::string::npos &&
           name.find("/.") == std::string::npos && std::all_of(name.begin(), name.end(), allowed);
}

void readText(TableReader& table, const Companion& companion, FileSpec& file)
{
    const spec::Member* text = table.find("text");
    const spec::Member* from = table.find("from");
    file.text = table.text("text");
    if (!from) return;
    const std::string name = table.text("from");
    if (text) return table.fault(from->place, "from", "a file has \"text\" or \"from\", not both; remove one.");
    if (!isCompanionName(name))
        return table.fault(from->value.begin, "from",
                           "\"" + visible(name, 60) +
                               "\" is no file beside the scenario; write a relative name of small "
                               "letters, without \"..\".");
    auto companionText = companion(name);
    if (!companionText) return table.fault(from->value.begin, "from", companionText.error().message);
    file.text = std::move(*companionText);
}

void readTwinNames(TableReader& table, FileSpec& file)
{
    const spec::Member* member = table.find("twins");
    for (const std::string& name : table.texts("twins")) {
        const auto found =
            std::find_if(allTwins.begin(), allTwins.end(), [&](Twin twin) { return twinName(twin) == name; });
        if (found == allTwins.end())
            table.fault(member->value.begin, "twins",
                        "there is no twin \"" + visible(name, 40) + "\"; they are honest, hazard and injected.");
        else
            file.twins.push_back(*found);
    }
    if (!member) file.twins.assign(allTwins.begin(), allTwins.end());
}

void readPath(TableReader& table, const spec::Member* member, std::string& into)
{
    if (!member || member->value.kind != spec::NodeKind::Text) return;
    const std::string path = cellPath(into);
    if (path.empty())
        table.fault(member->value.begin, member->key,
                    "\"" + visible(into, 80) +
                        "\" is not a path that a cell can write; it lies below /home/agent (where "
                        "relative paths begin) or /tmp, without \"..\".");
    into = path;
}

Result<void> readScript(TableReader& policies, std::string_view name, Script& script)
{
    const std::string where = "[policies." + std::string(name) + "]";
    TableReader table(policies.table(name), where);
    script.says = table.text("says");
    for (const spec::Node* node : table.tables("calls")) {
        TableReader call(*node, "a call of " + where);
        const spec::Member* shell = call.find("shell");
        const spec::Member* exec = call.find("exec");
        const spec::Member* write = call.find("write");
        const spec::Member* read = call.find("read");
        if ((shell != nullptr) + (exec != nullptr) + (write != nullptr) + (read != nullptr) != 1)
            call.fault(call.place(), "calls",
                       "a call of " + where + " has exactly one of \"shell\", \"exec\", \"write\" and \"read\".");
        ToolCall made;
        if (shell) made.words = {"bash", "-c", call.text("shell")};
        if (exec) made.words = call.texts("exec");
        if (write) made = {Tool::WriteFile, {}, call.text("write"), call.text("text")};
        if (read) made = {Tool::ReadFile, {}, call.text("read"), {}};
        if (exec && made.words.empty()) call.fault(call.place(), "exec", "\"exec\" is an empty list; name a program.");
        if (auto finished = call.finish(); !finished) return finished;
        script.calls.push_back(std::move(made));
    }
    return table.finish();
}

} // namespace

Result<void> readFiles(TableReader& root, const std::string& key, const Companion& companion,
                       std::vector<FileSpec>& into)
{
    for (const spec::Node* node : root.tables(key)) {
        TableReader table(*node, "[[" + key + "]]");
        FileSpec file;
        file.path = table.requiredText("path");
        readPath(table, table.find("path"), file.path);
        readText(table, companion, file);
        file.mode = static_cast<std::uint32_t>(table.integer("mode", 0644, 0, 0777));
        file.randomBytes = static_cast<std::uint64_t>(table.integer("random_bytes", 0, 0, mostRandomBytes));
        readTwinNames(table, file);
        if (auto read = table.finish(); !read) return read;
        into.push_back(std::move(file));
    }
    return {};
}

Result<void> readPolicies(TableReader& root, Scenario& scenario)
{
    const spec::Member* member = root.find("policies");
    TableReader table(root.table("policies"), "[policies]");
    const bool injected = table.find("injected") != nullptr;
    for (const auto& [name, script] : {std::pair{"honest", &scenario.honest},
                                       {"hazard", &scenario.hazard},
                                       {"injected", &scenario.injected},
                                       {"failing", &scenario.failing}})
        if (auto read = readScript(table, name, *script); !read) return read;
    if (!injected) scenario.injected = scenario.hazard;
    if (auto read = table.finish(); !read) return read;
    for (const auto& [name, script] : {std::pair{"honest", &scenario.honest}, {"hazard", &scenario.hazard}})
        if (script->calls.empty())
            return faultAt(member ? member->place : root.place(), "policies",
                           "the " + std::string(name) + " policy does nothing; give [policies." + name +
                               "] its calls.");
    return {};
}

} // namespace gradus::scenario
