// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/result_table.h"

#include "evals/statistics.h"
#include "pipeline/baseline.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using events::GenerationRecord;
using nlohmann::json;

/// One generation of one condition over its seeds.
struct Row
{
    std::string condition;
    int generation = 1;
    std::string rung;
    std::int64_t parameters = 0;
    std::optional<double> gap;
    std::size_t runs = 0;
    std::optional<Estimate> utility, weak, ceiling, pgr, imitation, excess, memorisation;
};

struct Difference
{
    std::string condition, baseline;
    Estimate estimate;
    bool sameRungs = false; ///< both climbed alike in every seed: they are one experiment under two names
};

using Field = std::function<std::optional<Estimate>(const GenerationRecord&)>;

/// One seed keeps its interval over items; several give mean and t interval over seeds.
std::optional<Estimate> over(const std::vector<const GenerationRecord*>& records, const Field& field)
{
    std::vector<double> values;
    std::optional<Estimate> single;
    for (const GenerationRecord* record : records)
        if (const auto value = field(*record)) {
            values.push_back(value->value);
            single = value;
        }
    if (values.size() < 2) return single;
    return evals::meanWithInterval(values);
}

/// Conditions in the order in which they were recorded, runs of one condition together.
std::vector<std::pair<std::string, std::vector<const store::RunDetail*>>>
byCondition(const std::vector<store::RunDetail>& runs)
{
    std::vector<std::pair<std::string, std::vector<const store::RunDetail*>>> groups;
    for (const store::RunDetail& run : runs) {
        const auto found = std::find_if(groups.begin(), groups.end(),
                                        [&](const auto& group) { return group.first == run.run.condition; });
        if (found == groups.end())
            groups.push_back({run.run.condition, {&run}});
        else
            found->second.push_back(&run);
    }
    return groups;
}

std::vector<Row> rowsOf(const std::vector<store::RunDetail>& runs)
{
    std::vector<Row> rows;
    for (const auto& [condition, members] : byCondition(runs)) {
        std::map<int, std::vector<const GenerationRecord*>> generations;
        for (const store::RunDetail* run : members)
            for (const GenerationRecord& record : run->generations)
                if (record.utility && record.lastStep && !record.rolledBack)
                    generations[record.generation].push_back(&record);
        for (const auto& [number, records] : generations) {
            Row row;
            row.condition = condition;
            row.generation = number;
            row.rung = records.front()->rung;
            row.parameters = records.front()->parameters;
            row.gap = records.front()->gap;
            row.runs = records.size();
            row.utility = over(records, [](const GenerationRecord& r) { return r.utility; });
            row.weak = over(records, [](const GenerationRecord& r) { return r.weak; });
            row.ceiling = over(records, [](const GenerationRecord& r) { return r.ceiling; });
            row.pgr = over(records, [](const GenerationRecord& r) { return r.pgr; });
            row.imitation = over(records, [](const GenerationRecord& r) { return r.imitation; });
            row.excess = over(records, [](const GenerationRecord& r) { return r.excessImitation; });
            row.memorisation = over(records, [](const GenerationRecord& r) { return r.memorisation; });
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

/// The last generation that counts; nullptr while there is none.
const GenerationRecord* lastKept(const store::RunDetail& run)
{
    for (auto record = run.generations.rbegin(); record != run.generations.rend(); ++record)
        if (record->utility && record->lastStep && !record->rolledBack) return &*record;
    return nullptr;
}

std::optional<double> finalUtility(const store::RunDetail& run)
{
    const GenerationRecord* last = lastKept(run);
    return last == nullptr ? std::nullopt : std::optional<double>(last->utility->value);
}

/// What a condition ends with, over its seeds.
struct Ending
{
    std::string condition;
    std::size_t runs = 0;
    double generations = 0; ///< mean number kept
    std::optional<Estimate> utility, imitation, excess, flops;
};

/// Compute is that of the whole run: what came after the last kept generation was spent as well.
std::optional<Estimate> spent(const store::RunDetail& run)
{
    std::optional<Estimate> most;
    for (const GenerationRecord& record : run.generations)
        if (record.flops && (!most || *record.flops > most->value))
            most = Estimate{.value = *record.flops, .low = *record.flops, .high = *record.flops, .n = 1};
    return most;
}

std::vector<Ending> endingsOf(const std::vector<store::RunDetail>& runs)
{
    std::vector<Ending> endings;
    for (const auto& [condition, members] : byCondition(runs)) {
        Ending ending{.condition = condition,
                      .runs = 0,
                      .generations = 0,
                      .utility = {},
                      .imitation = {},
                      .excess = {},
                      .flops = {}};
        std::vector<const GenerationRecord*> last;
        std::vector<double> compute;
        for (const store::RunDetail* run : members) {
            const GenerationRecord* record = lastKept(*run);
            if (record == nullptr) continue;
            last.push_back(record);
            ending.generations += record->generation;
            if (const auto flops = spent(*run)) compute.push_back(flops->value);
        }
        if (last.empty()) continue;
        ending.runs = last.size();
        ending.generations /= static_cast<double>(last.size());
        ending.utility = over(last, [](const GenerationRecord& r) { return r.utility; });
        ending.imitation = over(last, [](const GenerationRecord& r) { return r.imitation; });
        ending.excess = over(last, [](const GenerationRecord& r) { return r.excessImitation; });
        if (!compute.empty()) ending.flops = evals::meanWithInterval(compute);
        endings.push_back(std::move(ending));
    }
    return endings;
}

std::vector<std::string> rungsOf(const store::RunDetail& run)
{
    std::vector<std::string> rungs;
    for (const GenerationRecord& record : run.generations)
        rungs.push_back(record.rung);
    return rungs;
}

/// Last generation's utility of each condition against the first condition, paired by seed.
std::vector<Difference> differencesOf(const std::vector<store::RunDetail>& runs)
{
    const auto groups = byCondition(runs);
    std::vector<Difference> differences;
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            std::vector<double> a;
            std::vector<double> b;
            bool same = true;
            for (const store::RunDetail* run : groups[i].second)
                for (const store::RunDetail* other : groups[j].second) {
                    const auto x = finalUtility(*run);
                    const auto y = finalUtility(*other);
                    if (run->run.seed != other->run.seed || !x || !y) continue;
                    a.push_back(*x);
                    b.push_back(*y);
                    same = same && rungsOf(*run) == rungsOf(*other);
                }
            if (a.size() >= 2)
                differences.push_back({groups[i].first, groups[j].first, evals::pairedDifference(a, b), same});
        }
    return differences;
}

/// What a model without understanding reaches, each line once; where seeds got different items, with the seeds.
std::vector<std::string> baselinesOf(const std::vector<store::RunDetail>& runs)
{
    std::map<std::string, std::set<std::int64_t>> seeds;
    for (const store::RunDetail& run : runs)
        for (const store::EventRow& event : run.events)
            if (event.kind == pipeline::kBagOfWordsEvent || event.kind == pipeline::kMajorityEvent)
                seeds[event.sentence].insert(run.run.seed);
    std::vector<std::string> lines;
    for (const auto& [sentence, of] : seeds) {
        std::string prefix;
        if (seeds.size() > 1)
            for (const std::int64_t seed : of)
                prefix += (prefix.empty() ? "seed " : ", ") + std::to_string(seed);
        lines.push_back(prefix.empty() ? sentence : prefix + ": " + sentence);
    }
    return lines;
}

std::string fixed(double value, int digits, bool sign = false)
{
    char text[40];
    std::snprintf(text, sizeof text, sign ? "%+.*f" : "%.*f", digits, value);
    return text;
}

std::string cell(const std::optional<Estimate>& estimate, bool sign = false)
{
    if (!estimate) return "–";
    const double half = (estimate->high - estimate->low) / 2;
    return fixed(estimate->value, 3, sign) + " ±" + fixed(half, 3);
}

/// Display columns, not bytes: every code point of the table is one column wide.
std::size_t columnsOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string aligned(const std::vector<std::vector<std::string>>& lines)
{
    std::vector<std::size_t> widths(lines.front().size(), 0);
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], columnsOf(line[i]));
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string padding(widths[i] - columnsOf(line[i]), ' ');
            // Words left, numbers right.
            row += (i < 2 ? line[i] + padding : padding + line[i]) + (i + 1 < line.size() ? "  " : "");
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

std::string endingTable(const std::vector<Ending>& endings)
{
    std::vector<std::vector<std::string>> lines{
        {"at the end", "seeds", "generations", "utility", "imitation", "excess", "compute (FLOP)"}};
    for (const Ending& ending : endings) {
        char flops[40] = "–";
        if (ending.flops) std::snprintf(flops, sizeof flops, "%.2e", ending.flops->value);
        lines.push_back({ending.condition, std::to_string(ending.runs), fixed(ending.generations, 1),
                         cell(ending.utility), cell(ending.imitation), cell(ending.excess, true), flops});
    }
    return aligned(lines);
}

json estimateJson(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

} // namespace

std::string resultTable(const std::vector<store::RunDetail>& runs)
{
    const std::vector<Row> rows = rowsOf(runs);
    if (rows.empty()) return "No generation has finished yet.\n";
    const bool conditions =
        std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !row.condition.empty(); });
    std::vector<std::vector<std::string>> lines{{conditions ? "condition" : "", "generation", "rung", "parameters",
                                                 "gap", "utility", "supervisor", "ceiling", "PGR", "imitation",
                                                 "excess", "memorised"}};
    for (const Row& row : rows)
        lines.push_back({row.condition, "A" + std::to_string(row.generation), row.rung, std::to_string(row.parameters),
                         row.gap ? fixed(*row.gap, 2) : "–", cell(row.utility), cell(row.weak), cell(row.ceiling),
                         cell(row.pgr), cell(row.imitation), cell(row.excess, true), cell(row.memorisation)});
    std::string text = aligned(lines);
    if (conditions) text += "\n" + endingTable(endingsOf(runs)) + "\n";
    std::set<std::string> refusals;
    for (const store::RunDetail& run : runs)
        for (const GenerationRecord& record : run.generations)
            if (!record.rolledBack && !record.pgrRefusal.empty() && record.generation > 1)
                refusals.insert("seed " + std::to_string(run.run.seed) +
                                (run.run.condition.empty() ? "" : ", " + run.run.condition) + ", A" +
                                std::to_string(record.generation) + ": " + record.pgrRefusal);
    std::size_t most = 0;
    for (const Row& row : rows)
        most = std::max(most, row.runs);
    text += most >= 2 ? "± is half a 95 % t interval over " + std::to_string(most) + " seeds"
                      : "± is half a 95 % interval over held-out items (one seed)";
    if (rows.front().utility) text += "; gap in log10 parameters.\n";
    for (const Difference& difference : differencesOf(runs))
        text += "Final utility, " + difference.condition + " minus " + difference.baseline + ": " +
                fixed(difference.estimate.value, 3, true) + " [" + fixed(difference.estimate.low, 3, true) + ", " +
                fixed(difference.estimate.high, 3, true) + "] (paired over " + std::to_string(difference.estimate.n) +
                " seeds, 95 % t interval)" + (difference.sameRungs ? "; both took the same rungs.\n" : ".\n");
    for (const std::string& line : baselinesOf(runs))
        text += line + "\n";
    for (const std::string& refusal : refusals)
        text += refusal + "\n";
    return text;
}

std::string resultJson(const std::vector<store::RunDetail>& runs)
{
    json result{{"runs", runs.size()},
                {"rows", json::array()},
                {"endings", json::array()},
                {"differences", json::array()},
                {"baselines", baselinesOf(runs)}};
    for (const Row& row : rowsOf(runs))
        result["rows"].push_back({{"condition", row.condition},
                                  {"generation", row.generation},
                                  {"rung", row.rung},
                                  {"parameters", row.parameters},
                                  {"gap", row.gap ? json(*row.gap) : json(nullptr)},
                                  {"seeds", row.runs},
                                  {"utility", estimateJson(row.utility)},
                                  {"supervisor", estimateJson(row.weak)},
                                  {"ceiling", estimateJson(row.ceiling)},
                                  {"pgr", estimateJson(row.pgr)},
                                  {"imitation", estimateJson(row.imitation)},
                                  {"excess_imitation", estimateJson(row.excess)},
                                  {"memorisation", estimateJson(row.memorisation)}});
    for (const Ending& ending : endingsOf(runs))
        result["endings"].push_back({{"condition", ending.condition},
                                     {"seeds", ending.runs},
                                     {"generations", ending.generations},
                                     {"utility", estimateJson(ending.utility)},
                                     {"imitation", estimateJson(ending.imitation)},
                                     {"excess_imitation", estimateJson(ending.excess)},
                                     {"flops", estimateJson(ending.flops)}});
    for (const Difference& difference : differencesOf(runs))
        result["differences"].push_back({{"condition", difference.condition},
                                         {"baseline", difference.baseline},
                                         {"final_utility", estimateJson(difference.estimate)},
                                         {"same_rungs", difference.sameRungs}});
    return result.dump(2) + "\n";
}

} // namespace gradus::run
