// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/alert_tables.h"
#include "spec/checks.h"

#include "base/files.h"
#include "base/text.h"
#include "spec/mix_limits.h"
#include "spec/mix_notes.h"
#include "spec/word_list.h"

#include <algorithm>
#include <filesystem>

namespace gradus::spec {

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

/// Sections of the format that later versions read.
const std::vector<std::string> kLaterSections{"sandbox", "alignment", "discovery", "evaluation"};

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

Error unknownSection(const Member& member)
{
    const std::string name = visible(member.key, 60);
    if (contains(kLaterSections, member.key))
        return errorAt(member.place, member.key,
                       "[" + name + "] is not available in this version; remove the section.");
    for (const KeyInfo& key : knownKeys())
        if (key.key == member.key)
            return errorAt(member.place, member.key,
                           "\"" + name + "\" stands outside its section; put it below [" + std::string(key.section) +
                               "].");
    std::vector<std::string> known = knownSections();
    known.emplace_back("sweep");
    known.emplace_back("alert");
    const auto near = nearestWord(member.key, known);
    std::string all;
    for (const std::string& section : known)
        all += (all.empty() ? "[" : ", [") + section + "]";
    return errorAt(member.place, member.key,
                   "unknown section [" + name + "]; " +
                       (near ? "the nearest known section is [" + *near + "]." : "known sections are " + all + "."));
}

/// For people who plan the mix: it must read, and no run looks at it.
Result<void> checkBudget(const Node& value)
{
    const bool number = value.kind == NodeKind::Integer || value.kind == NodeKind::Number;
    if (number && value.number >= 0 && value.number <= kMostBudget) return {};
    return errorAt(value.begin, kBudgetKey,
                   std::string(kBudgetKey) + " = " + visible(textOf(value), 60) + "; use a number from 0 (none) to " +
                       numberText(kMostBudget) + ".");
}

Result<void> readSection(Experiment& experiment, const Member& section)
{
    if (section.value.kind != NodeKind::Table)
        return errorAt(section.place, section.key,
                       "[" + section.key + "] is a section; write it in single brackets with keys below it.");
    for (const Member& member : section.value.members) {
        const std::string dotted = section.key + "." + member.key;
        const KeyInfo* key = findKey(dotted);
        if (dotted == kBudgetKey) {
            if (auto fits = checkBudget(member.value); !fits) return fits;
            continue;
        }
        if (!key) {
            std::vector<std::string> known;
            for (const KeyInfo& row : knownKeys())
                if (row.section == section.key) known.emplace_back(row.key);
            return unknownKey(member, "[" + section.key + "]", dotted, known);
        }
        if (auto applied = applyValue(experiment, *key, member.value); !applied) return applied;
    }
    return {};
}

Result<void> readRoot(Experiment& experiment, const Node& root)
{
    for (const Member& member : root.members) {
        if (member.key == "alert") { // no part of what is run: checked here, and read by whoever watches
            if (const auto rules = alertTables(member.value); !rules) return rules.error();
            continue;
        }
        const bool sweep = member.key == "sweep";
        if (!sweep && !contains(knownSections(), member.key)) return unknownSection(member);
        auto read = sweep ? readSweep(experiment, member.value) : readSection(experiment, member);
        if (!read) return read;
    }
    return {};
}

/// Where a dotted key stands in the text: itself, in the sweep, its section, or the file's start.
Place placeOf(const Node& root, const std::string& dotted)
{
    const std::size_t dot = dotted.find('.');
    const Member* section = root.find(dotted.substr(0, dot));
    if (section && dot != std::string::npos)
        if (const Member* key = section->value.find(dotted.substr(dot + 1))) return key->value.begin;
    if (const Member* sweep = root.find("sweep")) {
        if (const Member* axis = sweep->value.find(dotted)) return axis->value.begin;
        if (!section) return sweep->value.begin;
    }
    return section ? section->value.begin : Place{};
}

Error inFile(Error error, const std::string& file)
{
    error.message = visible(file, 400) + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
                    error.message;
    return error;
}

} // namespace

Error unknownKey(const Member& member, const std::string& where, const std::string& dotted,
                 const std::vector<std::string>& known)
{
    const auto near = nearestWord(member.key, known);
    std::string all;
    for (const std::string& key : known)
        all += (all.empty() ? "" : ", ") + key;
    return errorAt(member.place, dotted,
                   "unknown key \"" + visible(member.key, 60) + "\" in " + where + "; " +
                       (near ? "the nearest known key is \"" + *near + "\"." : "known keys are " + all + "."));
}

Result<Experiment> parseExperiment(const std::string& toml, const std::string& file)
{
    auto root = parseToml(toml);
    if (!root) return inFile(root.error(), file);
    Experiment experiment;
    if (auto read = readRoot(experiment, *root); !read) return inFile(read.error(), file);
    if (auto runs = expand(experiment); !runs) {
        Error error = runs.error();
        const Place place = placeOf(*root, error.key);
        error.line = place.line;
        error.column = place.column;
        return inFile(error, file);
    }
    return experiment;
}

Result<Experiment> loadExperiment(const std::string& path)
{
    auto loaded = loadExperiment(path, {});
    if (!loaded) return loaded.error();
    return std::move(loaded->experiment);
}

Result<LoadedExperiment> loadExperiment(const std::string& path, const std::vector<std::string>& overrides)
{
    auto text = readFile(path, kLargestFile);
    if (!text) return text.error();
    for (const std::string& assignment : overrides) {
        text = withOverride(*text, assignment);
        if (!text) return text.error();
    }
    auto experiment = parseExperiment(*text, path);
    if (!experiment) return experiment.error();
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(path, ignored).parent_path();
    std::vector<std::string*> paths{&experiment->task.teacherData, &experiment->task.studentData,
                                    &experiment->task.testData, &experiment->conformity.personFile};
    for (FolderRung& rung : experiment->ladder.models)
        paths.push_back(&rung.folder);
    for (SignalSource& source : experiment->signals.sources) {
        paths.push_back(&source.file);
        paths.push_back(&source.folder);
    }
    const auto beside = [&](std::string& named) {
        if (named.empty() || std::filesystem::path(named).is_absolute()) return;
        const auto there = (folder / named).lexically_normal();
        if (std::filesystem::exists(there, ignored)) named = there.string();
    };
    for (std::string* data : paths)
        beside(*data);
    std::vector<std::string> scenarios = wordsOf(experiment->conformity.scenarios);
    for (std::string& word : scenarios)
        if (word.ends_with(".toml")) beside(word);
    experiment->conformity.scenarios = listOf(scenarios);
    return LoadedExperiment{std::move(*experiment), std::move(*text)};
}

} // namespace gradus::spec
