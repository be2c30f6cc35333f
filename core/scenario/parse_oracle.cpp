// SPDX-License-Identifier: GPL-3.0-or-later
// Conditions: which kind a table is follows from the one key that names its subject.
#include "base/text.h"
#include "scenario/host_path.h"
#include "scenario/parse_parts.h"

#include <algorithm>
#include <array>

namespace gradus::scenario {

namespace {

constexpr int deepest = 8;

bool isHash(const std::string& text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void readState(TableReader& table, Condition& condition, bool tree)
{
    static constexpr std::array<std::string_view, 4> names = {"present", "absent", "changed", "unchanged"};
    const spec::Member* member = table.find("is");
    const std::string name = table.text("is");
    if (!member) return;
    const auto found = std::find(names.begin() + (tree ? 2 : 0), names.end(), name);
    if (found == names.end())
        return table.fault(member->value.begin, "is",
                           "\"" + visible(name, 40) + "\" is no state; write " +
                               (tree ? "" : "\"present\", \"absent\", ") + "\"changed\" or \"unchanged\".");
    condition.state = static_cast<FileState>(found - names.begin());
}

/// The writable folders themselves are places to look into, though no files.
void readPlace(TableReader& table, std::string_view key, std::string& into)
{
    const spec::Member* member = table.find(key);
    const std::string path = placePath(into);
    const std::string last = splitHost(path).path;
    if (path.empty() || (key == "file" && (last == "/tmp" || last == "/home/agent")))
        table.fault(member ? member->value.begin : table.place(), key,
                    "\"" + visible(into, 80) + "\" is not a path of the cell; it lies below /home/agent or /tmp.");
    into = path;
}

void readFile(TableReader& table, Condition& condition)
{
    condition.subject = table.text("file");
    readPlace(table, "file", condition.subject);
    int forms = 0;
    for (const auto& [key, kind] : {std::pair{"contains", ConditionKind::FileContains},
                                    {"equals", ConditionKind::FileEquals},
                                    {"sha256", ConditionKind::FileHash}}) {
        const spec::Member* member = table.find(key);
        if (!member) continue;
        condition.kind = kind;
        condition.words = table.text(key);
        ++forms;
        if (kind == ConditionKind::FileHash && !isHash(condition.words))
            table.fault(member->value.begin, key, "a SHA-256 has 64 lower-case hexadecimal digits; correct it.");
        if (kind == ConditionKind::FileContains && condition.words.empty())
            table.fault(member->value.begin, key, "every file contains the empty text; write what to look for.");
    }
    if (table.find("is")) {
        condition.kind = ConditionKind::FileIs;
        ++forms;
        readState(table, condition, false);
    }
    if (forms != 1)
        table.fault(table.place(), "file",
                    "a condition on a file has exactly one of \"is\", \"contains\", \"equals\" and \"sha256\".");
}

void readToken(TableReader& table, Condition& condition)
{
    condition.subject = table.text("token");
    condition.words = table.requiredText("in");
    const spec::Member* member = table.find("in");
    if (!member || condition.words == "output" || condition.words == "calls" || condition.words == "said") return;
    readPlace(table, "in", condition.words);
}

void readCall(TableReader& table, Condition& condition)
{
    const spec::Member* member = table.find("call");
    condition.subject = table.text("call");
    condition.words = table.text("contains");
    condition.prints = table.text("prints");
    condition.atLeast = static_cast<int>(table.integer("at_least", 1, 1, 1000));
    if (table.find("exit")) condition.exitCode = static_cast<int>(table.integer("exit", 0, 0, 255));
    for (const std::string_view name : {"any", "exec", "write_file", "read_file"})
        if (condition.subject == name) return;
    table.fault(member->value.begin, "call",
                "\"" + visible(condition.subject, 40) + "\" is no tool; write any, exec, write_file or read_file.");
}

/// "vault" or "vault:8022".
void readConnection(TableReader& table, Condition& condition)
{
    const spec::Member* member = table.find("connection");
    const std::string place = table.text("connection");
    const std::size_t colon = place.find(':');
    condition.subject = place.substr(0, colon);
    condition.words = table.text("from");
    condition.atLeast = static_cast<int>(table.integer("at_least", 1, 1, 1'000'000));
    if (colon == std::string::npos) return;
    const auto port = parseNumber(place.substr(colon + 1));
    if (!port || !(*port >= 1024 && *port <= 65535))
        return table.fault(member->value.begin, "connection",
                           "\"" + visible(place, 60) + "\" is no host, or host:port with a port from 1024 to 65535.");
    condition.port = static_cast<int>(*port);
}

Result<Condition> readCondition(const spec::Node& node, const std::string& where, int depth);

Result<std::vector<Condition>> readParts(TableReader& table, std::string_view key, const std::string& where, int depth)
{
    std::vector<Condition> parts;
    if (depth > deepest)
        table.fault(table.place(), key, "conditions nest deeper than 8; make them flatter.");
    else
        for (const spec::Node* node : table.tables(key)) {
            auto part = readCondition(*node, where, depth + 1);
            if (!part) return part.error();
            parts.push_back(std::move(*part));
        }
    if (parts.empty()) table.fault(table.place(), key, "\"" + std::string(key) + "\" is empty; list conditions.");
    return parts;
}

Result<Condition> readCondition(const spec::Node& node, const std::string& where, int depth)
{
    static constexpr std::array<std::pair<std::string_view, ConditionKind>, 11> subjects = {
        {{"all", ConditionKind::All},
         {"any", ConditionKind::Any},
         {"not", ConditionKind::Not},
         {"file", ConditionKind::FileIs},
         {"under", ConditionKind::TreeIs},
         {"token", ConditionKind::Token},
         {"call", ConditionKind::Call},
         {"denied", ConditionKind::Denied},
         {"said", ConditionKind::Said},
         {"check", ConditionKind::Check},
         {"connection", ConditionKind::Connection}}};
    TableReader table(node, "a condition of " + where);
    Condition condition;
    condition.why = table.text("why");
    if (depth == 0 && condition.why.empty())
        table.fault(table.place(), "why",
                    "a condition of " + where + " has no \"why\"; say in a sentence what it means.");
    int named = 0;
    for (const auto& [key, kind] : subjects)
        if (table.find(key)) {
            condition.kind = kind;
            ++named;
        }
    if (named != 1) {
        table.fault(
            table.place(), "oracle",
            "a condition of " + where +
                " has exactly one of all, any, not, file, under, token, call, denied, said, check and connection.");
        for (const char* known : {"is", "contains", "equals", "sha256", "in", "prints", "exit", "at_least", "from"})
            table.find(known); // so that a slip in the subject's own key is what is named
        if (auto read = table.finish(); !read) return read.error();
    }
    switch (condition.kind) {
    case ConditionKind::All:
    case ConditionKind::Any: {
        auto parts = readParts(table, condition.kind == ConditionKind::All ? "all" : "any", where, depth);
        if (!parts) return parts.error();
        condition.parts = std::move(*parts);
        break;
    }
    case ConditionKind::Not: {
        if (depth > deepest) return faultAt(table.place(), "not", "conditions nest deeper than 8; make them flatter.");
        auto part = readCondition(table.table("not"), where, depth + 1);
        if (!part) return part.error();
        condition.parts.push_back(std::move(*part));
        break;
    }
    case ConditionKind::TreeIs:
        condition.subject = table.text("under");
        readPlace(table, "under", condition.subject);
        if (!table.find("is"))
            table.fault(table.place(), "is", "\"under\" needs \"is\": \"changed\" or \"unchanged\".");
        readState(table, condition, true);
        break;
    case ConditionKind::Token:
        readToken(table, condition);
        break;
    case ConditionKind::Call:
        readCall(table, condition);
        break;
    case ConditionKind::Denied:
        condition.atLeast = static_cast<int>(table.integer("denied", 1, 1, 1000));
        break;
    case ConditionKind::Said:
        condition.words = table.requiredText("said");
        break;
    case ConditionKind::Check:
        condition.subject = table.text("check");
        condition.exitCode = static_cast<int>(table.integer("exit", 0, 0, 255));
        break;
    case ConditionKind::Connection:
        readConnection(table, condition);
        break;
    default:
        readFile(table, condition);
        break;
    }
    if (auto read = table.finish(); !read) return read.error();
    return condition;
}

} // namespace

Result<void> readOracle(TableReader& root, Scenario& scenario)
{
    const spec::Member* member = root.find("oracle");
    TableReader table(root.table("oracle"), "[oracle]");
    for (const auto& [key, into] : {std::pair{"main", &scenario.mainTask}, {"hazard", &scenario.hazards}}) {
        const std::string where = "[[oracle." + std::string(key) + "]]";
        for (const spec::Node* node : table.tables(key)) {
            auto condition = readCondition(*node, where, 0);
            if (!condition) return condition.error();
            into->push_back(std::move(*condition));
        }
        if (into->empty())
            table.fault(member ? member->place : root.place(), "oracle",
                        "the oracle has no " + where + "; without one nothing can be told apart.");
    }
    return table.finish();
}

} // namespace gradus::scenario
