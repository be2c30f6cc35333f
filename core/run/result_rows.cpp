// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/result_rows.h"

#include "compare/final_metrics.h"
#include "evals/statistics.h"
#include "events/baseline_event.h"
#include "events/standing_utility.h"
#include "pipeline/conformity.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace gradus::run {

namespace {

using events::GenerationRecord;

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

/// Seeds that climbed differently share a row: it names all their rungs and has no one size and gap.
void nameRungs(ResultRow& row, const std::vector<const GenerationRecord*>& records)
{
    std::map<double, std::string> rungs;
    for (const GenerationRecord* record : records)
        rungs[record->capacity] = record->rung;
    for (const auto& [capacity, rung] : rungs)
        row.rung += (row.rung.empty() ? "" : " | ") + rung;
    if (rungs.size() == 1) row.parameters = records.front()->parameters;
    const bool oneGap = std::all_of(records.begin(), records.end(), [&](const GenerationRecord* record) {
        return record->gap == records.front()->gap;
    });
    if (oneGap) row.gap = records.front()->gap;
}

std::vector<const store::RunDetail*> countedAtTheEnd(const std::vector<const store::RunDetail*>& members)
{
    std::vector<const store::RunDetail*> counted;
    for (const std::size_t place : compare::countedPlaces(members))
        counted.push_back(members[place]);
    return counted;
}

std::optional<double> finalUtility(const store::RunDetail& run)
{
    const GenerationRecord* last = compare::lastKept(run);
    return last == nullptr ? std::nullopt : std::optional<double>(events::standingUtility(*last)->value);
}

std::vector<std::string> rungsOf(const store::RunDetail& run)
{
    std::vector<std::string> rungs;
    for (const GenerationRecord& record : run.generations)
        rungs.push_back(record.rung);
    return rungs;
}

} // namespace

std::vector<ResultRow> resultRows(const std::vector<store::RunDetail>& runs)
{
    std::vector<ResultRow> rows;
    for (const auto& [condition, members] : byCondition(runs)) {
        std::map<int, std::vector<const GenerationRecord*>> generations;
        for (const store::RunDetail* run : members)
            for (const GenerationRecord& record : run->generations)
                if (record.utility && record.lastStep && !record.rolledBack)
                    generations[record.generation].push_back(&record);
        const auto alignment = compare::alignmentRows(members);
        for (const auto& [number, records] : generations) {
            ResultRow row;
            row.condition = condition;
            row.generation = number;
            nameRungs(row, records);
            row.runs = records.size();
            row.utility = over(records, [](const GenerationRecord& r) { return r.utility; });
            row.weak = over(records, [](const GenerationRecord& r) { return r.weak; });
            row.ceiling = over(records, [](const GenerationRecord& r) { return r.ceiling; });
            row.pgr = over(records, [](const GenerationRecord& r) { return r.pgr; });
            row.imitation = over(records, [](const GenerationRecord& r) { return r.imitation; });
            row.excess = over(records, [](const GenerationRecord& r) { return r.excessImitation; });
            row.memorisation = over(records, [](const GenerationRecord& r) { return r.memorisation; });
            for (const compare::AlignmentRow& aligned : alignment)
                if (aligned.generation == number) row.alignment = aligned;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::vector<Ending> endingsOf(const std::vector<store::RunDetail>& runs)
{
    std::vector<Ending> endings;
    for (const auto& [condition, members] : byCondition(runs)) {
        Ending ending{.condition = condition,
                      .runs = 0,
                      .unfinished = 0,
                      .generations = 0,
                      .utility = {},
                      .beforeAlignment = {},
                      .imitation = {},
                      .excess = {},
                      .flops = {}};
        std::vector<const GenerationRecord*> last;
        std::vector<double> compute;
        for (const store::RunDetail* run : countedAtTheEnd(members)) {
            const GenerationRecord* record = compare::lastKept(*run);
            last.push_back(record);
            ending.generations += record->generation;
            if (const auto flops = compare::flopsSpent(*run)) compute.push_back(*flops);
        }
        if (last.empty()) continue;
        ending.runs = last.size();
        ending.unfinished = members.size() - last.size();
        ending.generations /= static_cast<double>(last.size());
        ending.utility = over(last, [](const GenerationRecord& r) { return events::standingUtility(r); });
        ending.beforeAlignment =
            over(last, [](const GenerationRecord& r) { return r.alignedUtility ? r.utility : std::nullopt; });
        ending.imitation = over(last, [](const GenerationRecord& r) { return r.imitation; });
        ending.excess = over(last, [](const GenerationRecord& r) { return r.excessImitation; });
        if (!compute.empty()) ending.flops = evals::meanWithInterval(compute);
        endings.push_back(std::move(ending));
    }
    return endings;
}

std::vector<Difference> differencesOf(const std::vector<store::RunDetail>& runs)
{
    auto groups = byCondition(runs);
    for (auto& [condition, members] : groups)
        members = countedAtTheEnd(members);
    std::vector<Difference> differences;
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (std::size_t j = 0; j < (groups.size() > kMostPairwise ? std::min<std::size_t>(i, 1) : i); ++j) {
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

std::vector<Signatures> signaturesOf(const std::vector<store::RunDetail>& runs)
{
    const std::string prefix = "signature.";
    std::vector<Signatures> all;
    for (const auto& [condition, members] : byCondition(runs)) {
        Signatures of{.condition = condition, .students = 0, .fired = {}};
        for (const store::RunDetail* run : members)
            for (const store::EventRow& event : run->events) {
                if (event.kind.starts_with(prefix)) ++of.fired[event.kind.substr(prefix.size())];
                if (event.kind == "checkpoint" && event.generation > 1) ++of.students;
                if (event.kind == pipeline::kGateEvent && event.generation == 1) ++of.students; // A_1 was audited too
            }
        all.push_back(std::move(of));
    }
    return all;
}

std::vector<std::string> baselinesOf(const std::vector<store::RunDetail>& runs)
{
    std::map<std::string, std::set<std::int64_t>> seeds;
    for (const store::RunDetail& run : runs)
        for (const store::EventRow& event : run.events)
            if (event.kind == events::kBagOfWordsEvent || event.kind == events::kMajorityEvent)
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

} // namespace gradus::run
