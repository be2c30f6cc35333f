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

} // namespace

Result<PageGround> groundOf(const store::StoreReader& reader, const std::vector<store::RunDetail>& runs,
                            const report::PageCommand& command)
{
    std::vector<store::RunRow> rows;
    for (const store::RunDetail& run : runs)
        rows.push_back(run.run);
    auto again = report::rerunOf(reader, rows, command);
    if (!again) return again.error();
    return PageGround{.origins = originSentences(runs), .again = std::move(*again), .runs = runsTable(runs)};
}

} // namespace gradus::app
