// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/page_ground.h"

#include "base/text.h"
#include "events/run_origin.h"

#include <algorithm>
#include <map>
#include <set>

namespace gradus::app {

namespace {

constexpr std::size_t kFewConditions = 12; ///< that a sentence can name
constexpr std::size_t kHashDigits = 12;

/// As a POSIX shell takes it.
std::string shellWord(const std::string& word)
{
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string("-_.,:/=+").find(c) != std::string::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, plain)) return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

struct Origin
{
    std::size_t runs = 0;
    std::vector<std::string> conditions; ///< in the order of the runs
    std::set<std::int64_t> seeds;
};

std::string sentenceOf(const std::string& experiment, const std::string& task, const Origin& origin)
{
    std::string seeds;
    for (const std::int64_t seed : origin.seeds)
        seeds += (seeds.empty() ? "" : ", ") + std::to_string(seed);
    std::string names;
    if (origin.conditions.size() > 1 && origin.conditions.size() <= kFewConditions)
        for (const std::string& condition : origin.conditions)
            names += (names.empty() ? " (" : "; ") + visible(condition, 80);
    return visible(experiment, 80) + " on " + visible(task, 80) + ": " + counted(origin.runs, "run") + " in " +
           counted(origin.conditions.size(), "condition") + (names.empty() ? "" : names + ")") +
           (origin.seeds.size() == 1 ? ", seed " : ", seeds ") + seeds +
           (origin.conditions.size() > 1
                ? ". Conditions share these seeds, their items and often their first generation."
                : ".");
}

std::vector<std::string> originSentences(const std::vector<store::RunDetail>& runs)
{
    std::map<std::pair<std::string, std::string>, Origin> all;
    for (const store::RunDetail& run : runs) {
        Origin& origin = all[{run.run.experimentName, run.run.taskName}];
        ++origin.runs;
        if (std::ranges::find(origin.conditions, run.run.condition) == origin.conditions.end())
            origin.conditions.push_back(run.run.condition);
        origin.seeds.insert(run.run.seed);
    }
    std::vector<std::string> sentences;
    for (const auto& [name, origin] : all)
        sentences.push_back(sentenceOf(name.first, name.second, origin));
    return sentences;
}

/// "Gradus 0.1.0, 1a2b3c4d5e6f, cpu" of who took the run last; what was not recorded is left out.
std::string makerOf(const store::RunDetail& run)
{
    std::string maker;
    for (const store::EventRow& event : run.events) {
        if (event.kind != events::kOriginEvent) continue;
        const auto origin = events::originOf(event.detailsJson);
        if (!origin) continue;
        maker = "Gradus " + visible(origin->version, 40);
        for (const std::string& part : {origin->program.substr(0, kHashDigits), origin->library, origin->device})
            if (!part.empty()) maker += ", " + visible(part, 80);
    }
    return maker.empty() ? "–" : maker;
}

report::Table runsTable(const std::vector<store::RunDetail>& runs)
{
    report::Table table{"Runs",
                        {{"run", false, true},
                         {"experiment"},
                         {"condition"},
                         {"seed", true},
                         {"state"},
                         {"settings", false, true},
                         {"last weights", false, true},
                         {"made by"}},
                        {},
                        "Settings and weights by the first characters of their SHA-256, as the program that made them.",
                        true};
    for (const store::RunDetail& run : runs) {
        std::string weights = "–";
        for (const events::GenerationRecord& record : run.generations)
            if (!record.checkpointHash.empty()) weights = record.checkpointHash.substr(0, kHashDigits);
        table.rows.push_back({run.run.uuid.substr(0, 8), visible(run.run.experimentName, 80),
                              run.run.condition.empty() ? "–" : visible(run.run.condition, 80),
                              std::to_string(run.run.seed), store::nameOf(run.run.state),
                              run.run.experimentHash.substr(0, kHashDigits), weights, makerOf(run)});
    }
    return table;
}

/// Names of the experiments, where each name means just one of them; else a place for the runs' ids.
std::string subjectOf(const std::vector<store::RunDetail>& runs)
{
    std::map<std::string, std::set<std::string>> versions;
    for (const store::RunDetail& run : runs)
        versions[run.run.experimentName].insert(run.run.experimentHash);
    std::string names;
    for (const auto& [name, hashes] : versions) {
        if (hashes.size() > 1) return " ID...";
        names += " " + shellWord(name);
    }
    return names;
}

} // namespace

PageGround groundOf(const std::vector<store::RunDetail>& runs, std::vector<std::pair<std::string, std::string>> files,
                    const PageCommand& command)
{
    PageGround ground{
        .origins = originSentences(runs), .files = std::move(files), .runs = runsTable(runs), .command = {}};
    const auto add = [&ground](const std::vector<std::string>& words) {
        for (const std::string& word : words)
            ground.command += " " + shellWord(word);
    };
    ground.command = "gradus " + command.verb + (command.choice.empty() ? subjectOf(runs) : "");
    add(command.choice);
    add(command.options);
    ground.command += " -o " + command.verb + ".html\n";
    return ground;
}

report::Section rerunSection(const PageGround& ground)
{
    report::Section again{"To run it again", {}};
    if (!ground.files.empty()) {
        std::string commands;
        for (const auto& [name, text] : ground.files)
            commands += "gradus run " + name + "\n";
        again.blocks.emplace_back(report::Paragraph{"Save the files below under their names, then:"});
        again.blocks.emplace_back(report::Listing{"", commands + ground.command});
    }
    for (const auto& [name, text] : ground.files)
        again.blocks.emplace_back(report::Listing{name, text});
    again.blocks.emplace_back(ground.runs);
    return again;
}

} // namespace gradus::app
