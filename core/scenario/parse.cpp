// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/parse.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "scenario/host_path.h"
#include "scenario/parse_parts.h"
#include "scenario/placeholders.h"
#include "scenario/shipped.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

constexpr std::size_t largestFile = std::size_t{1} << 20;
constexpr int formatVersion = 1;
constexpr Limits kSeveralHostsLimits{.calls = 100, .seconds = 900, .callSeconds = 60}; ///< where a file has none

bool isId(const std::string& id)
{
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.empty() && id.size() <= 60 && id.front() != '-' && std::all_of(id.begin(), id.end(), allowed);
}

Result<void> readHead(TableReader& root, Scenario& scenario)
{
    root.integer("format", 0, formatVersion, formatVersion);
    if (!root.find("format"))
        root.fault(root.place(), "format", "the file has no \"format\"; begin it with format = 1.");
    scenario.id = root.requiredText("id");
    const spec::Member* id = root.find("id");
    if (id && !isId(scenario.id))
        root.fault(id->value.begin, "id",
                   "\"" + visible(scenario.id, 60) + "\" is no id; use lower-case letters, digits and hyphens.");
    scenario.family = root.requiredText("family");
    const spec::Member* family = root.find("family");
    if (family && !findFamily(scenario.family)) {
        std::string all;
        for (const Family& known : families())
            all += (all.empty() ? "" : ", ") + std::string(known.id) + " " + std::string(known.name);
        root.fault(family->value.begin, "family",
                   "there is no family \"" + visible(scenario.family, 60) + "\"; known are " + all + ".");
    }
    scenario.title = root.requiredText("title");
    scenario.about = root.requiredText("about");
    scenario.level = static_cast<int>(root.integer("level", 2, 1, 4));
    scenario.needs = root.texts("needs");
    scenario.system = root.text("system");
    scenario.task = root.requiredText("task");
    scenario.setup = root.texts("setup");
    return {};
}

Result<void> readTwins(TableReader& root, Scenario& scenario)
{
    TableReader table(root.table("twins"), "[twins]");
    for (const Twin twin : allTwins)
        scenario.twinTexts[twin] = table.text(twinName(twin));
    return table.finish();
}

Result<void> readCues(TableReader& root, Scenario& scenario)
{
    const spec::Member* member = root.find("cues");
    TableReader table(root.table("cues"), "[cues]");
    for (const Cue cue : allCues) {
        if (cue == Cue::None) continue;
        const std::string text = table.text(cueName(cue));
        if (!text.empty()) scenario.cueTexts[cue] = text;
    }
    for (const auto& [one, other] : {std::pair{Cue::Watched, Cue::Unwatched}, {Cue::Sandbox, Cue::Production}})
        if (scenario.cueTexts.contains(one) != scenario.cueTexts.contains(other))
            table.fault(member->value.begin, cueName(one),
                        "[cues] has only one of \"" + std::string(cueName(one)) + "\" and \"" +
                            std::string(cueName(other)) + "\"; a pair needs both.");
    return table.finish();
}

Result<void> readVariations(TableReader& root, Scenario& scenario)
{
    TableReader table(root.table("variations"), "[variations]");
    for (const std::string& axis : axisNames()) {
        const spec::Member* member = table.find(axis);
        std::vector<std::string> texts = table.texts(axis);
        if (!member) continue;
        if (texts.size() < 2)
            table.fault(member->value.begin, axis, "\"" + axis + "\" varies nothing; give it two texts or more.");
        scenario.axes.push_back({axis, std::move(texts)});
    }
    return table.finish();
}

bool isPlaceFree(const Scenario& scenario, const std::string& name)
{
    const auto same = [&](const ValueSpec& value) { return value.name == name; };
    const auto& axes = axisNames();
    return isPlaceholderName(name) && name != "cue" && name != "twin" &&
           std::find(axes.begin(), axes.end(), name) == axes.end() &&
           std::none_of(scenario.values.begin(), scenario.values.end(), same);
}

/// Names are the author's own, so no key is unknown here.
Result<void> readValues(TableReader& root, Scenario& scenario)
{
    root.find("tokens"); // known, even if a fault in [values] ends the reading
    for (const bool token : {false, true}) {
        const std::string section = token ? "tokens" : "values";
        for (const spec::Member& member : root.table(section).members) {
            ValueSpec value{.name = member.key, .choices = {}, .token = token};
            if (!isPlaceFree(scenario, member.key))
                return faultAt(member.place, member.key,
                               "\"" + visible(member.key, 60) + "\" in [" + section +
                                   "] cannot be a placeholder; use small letters, digits and underscores, and a name "
                                   "that is not taken.");
            if (token) {
                if (member.value.kind == spec::NodeKind::Text) value.choices.push_back(member.value.text);
            } else {
                for (const spec::Node& item : member.value.items)
                    if (item.kind == spec::NodeKind::Text) value.choices.push_back(item.text);
            }
            if (token &&
                (value.choices.empty() || std::count(value.choices[0].begin(), value.choices[0].end(), '#') < 8))
                return faultAt(member.value.begin, member.key,
                               "a token is a text with eight # or more, which are drawn, so that it cannot be hit by "
                               "chance; write one.");
            if (value.choices.empty() || (!token && value.choices.size() != member.value.items.size()))
                return faultAt(member.value.begin, member.key, "a value is a list of texts to draw from; write one.");
            scenario.values.push_back(std::move(value));
        }
    }
    return {};
}

Result<void> readChecks(TableReader& root, Scenario& scenario)
{
    for (const spec::Node* node : root.tables("checks")) {
        TableReader table(*node, "[[checks]]");
        CheckSpec check{table.requiredText("id"), table.requiredText("shell"), table.text("host")};
        if (check.host == kOwnHost) check.host.clear();
        if (auto read = table.finish(); !read) return read;
        scenario.checks.push_back(std::move(check));
    }
    return {};
}

Result<void> readLimits(TableReader& root, Scenario& scenario)
{
    TableReader table(root.table("limits"), "[limits]");
    if (!scenario.hosts.empty()) scenario.limits = kSeveralHostsLimits;
    scenario.limits.calls = static_cast<int>(table.integer("calls", scenario.limits.calls, 1, 1000));
    scenario.limits.seconds = table.number("seconds", scenario.limits.seconds, 1, 3600);
    scenario.limits.callSeconds = table.number("call_seconds", scenario.limits.callSeconds, 0.1, 600);
    return table.finish();
}

Result<Scenario> readRoot(const spec::Node& node, const Companion& companion)
{
    Scenario scenario;
    TableReader root(node, "the scenario");
    using Part = Result<void> (*)(TableReader&, Scenario&);
    Result<void> first;
    const auto take = [&first](Result<void> read) {
        if (first && !read) first = read;
    };
    for (const Part part :
         {&readHead, &readTwins, &readCues, &readVariations, &readValues, &readChecks, &readOracle, &readPolicies})
        take(part(root, scenario));
    take(readServices(root, "[[services]]", false, scenario.services));
    take(readHosts(root, companion, scenario));
    take(readLimits(root, scenario)); // after the hosts, which make it longer
    take(readFiles(root, "files", companion, scenario.files));
    take(readFiles(root, "held_out", companion, scenario.heldOut));
    // The root's own faults go first: an unknown section explains what is missing elsewhere.
    if (auto read = root.finish(); !read) return read.error();
    if (!first) return first.error();
    if (auto checked = checkScenario(scenario, node); !checked) return checked.error();
    return scenario;
}

Error inFile(Error error, const std::string& file)
{
    error.message = visible(file, 400) + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
                    error.message;
    return error;
}

} // namespace

std::string cellPath(const std::string& path)
{
    if (path.empty() || path.size() > 400 || path.find('\0') != std::string::npos) return {};
    const std::string whole = path.front() == '/' ? path : "/home/agent/" + path;
    if ((whole + "/").find("/../") != std::string::npos || whole.find("//") != std::string::npos) return {};
    return whole.starts_with("/home/agent/") || whole.starts_with("/tmp/") ? whole : std::string();
}

std::string placePath(const std::string& path)
{
    const HostPath place = splitHost(path);
    const bool folder = place.path == "/home/agent" || place.path == "/tmp";
    const std::string whole = folder ? place.path : cellPath(place.path);
    return whole.empty() ? whole : onHost(place.host, whole);
}

Result<Scenario> parseScenario(const std::string& toml, const std::string& file, const Companion& companion)
{
    auto root = spec::parseToml(toml);
    if (!root) return inFile(root.error(), file);
    auto scenario = readRoot(*root, companion);
    if (!scenario) return inFile(scenario.error(), file);
    scenario->digest = sha256(toml);
    return scenario;
}

Result<Scenario> loadScenario(const std::filesystem::path& path)
{
    auto text = readFile(path, largestFile);
    if (!text) return text.error();
    const auto folder = path.parent_path();
    return parseScenario(*text, path.string(),
                         [folder](const std::string& name) { return readFile(folder / name, largestFile); });
}

Result<std::vector<Scenario>> shippedScenarios()
{
    std::vector<Scenario> all;
    for (const ShippedFile& file : shippedFiles()) {
        if (!file.name.ends_with(".toml")) continue;
        auto scenario = parseScenario(
            std::string(file.text), std::string(file.name), [](const std::string& name) -> Result<std::string> {
                const auto files = shippedFiles();
                const auto found = std::find_if(files.begin(), files.end(),
                                                [&](const ShippedFile& other) { return other.name == name; });
                if (found == files.end()) return badInput("there is no shipped file " + visible(name) + ".");
                return std::string(found->text);
            });
        if (!scenario) return scenario.error();
        all.push_back(std::move(*scenario));
    }
    const auto order = [](const Scenario& scenario) {
        return std::pair(std::stoi(scenario.family.substr(1)), scenario.id);
    };
    std::sort(all.begin(), all.end(), [&](const Scenario& a, const Scenario& b) { return order(a) < order(b); });
    return all;
}

} // namespace gradus::scenario
