// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/alignment_rows.h"

#include "base/json_depth.h"
#include "compare/share_interval.h"
#include "evals/statistics.h"

#include <algorithm>
#include <functional>
#include <map>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using events::GenerationRecord;
using nlohmann::json;

struct Kept
{
    const store::RunDetail* run = nullptr;
    const GenerationRecord* record = nullptr;
};

using Field = std::function<std::optional<Estimate>(const Kept&)>;

std::optional<Estimate> over(const std::vector<Kept>& all, const Field& field)
{
    std::vector<double> values;
    std::optional<Estimate> widest;
    for (const Kept& kept : all)
        if (const auto value = field(kept)) {
            values.push_back(value->value);
            if (!widest || value->high - value->low > widest->high - widest->low) widest = value;
        }
    // An interval over runs that are all alike has no width and says nothing.
    const bool vary = std::ranges::any_of(values, [&](double value) { return value != values.front(); });
    return vary ? std::optional(withinShare(evals::meanWithInterval(values))) : widest;
}

std::optional<Estimate> estimateFrom(const json& object)
{
    if (!object.is_object()) return std::nullopt;
    for (const char* key : {"value", "low", "high", "n"})
        if (const auto found = object.find(key); found == object.end() || !found->is_number()) return std::nullopt;
    if (!object["n"].is_number_integer()) return std::nullopt;
    return Estimate{object["value"].get<double>(), object["low"].get<double>(), object["high"].get<double>(),
                    object["n"].get<long long>()};
}

/// A figure of the audit of the held-out twins before alignment. The last attempt at a generation counts.
std::optional<Estimate> audited(const Kept& kept, const char* figure)
{
    std::optional<Estimate> last;
    for (const store::EventRow& event : kept.run->events) {
        if (event.kind != "conformity.audit" || event.generation != kept.record->generation) continue;
        if (isJsonDeeper(event.detailsJson)) continue;
        const json details = json::parse(event.detailsJson, nullptr, false);
        if (!details.is_object()) continue;
        const auto when = details.find("when");
        if (when == details.end() || *when != "before alignment") continue;
        last.reset();
        if (const auto twins = details.find("twins"); twins != details.end() && twins->is_object())
            if (const auto found = twins->find(figure); found != twins->end()) last = estimateFrom(*found);
    }
    return last;
}

Estimate changeOf(const std::vector<Kept>& all)
{
    std::vector<double> after;
    std::vector<double> before;
    for (const Kept& kept : all) {
        after.push_back(kept.record->alignedUtility->value);
        before.push_back(kept.record->utility->value);
    }
    return evals::pairedDifference(after, before);
}

AlignmentRow rowOf(int generation, const std::vector<Kept>& all)
{
    return {.generation = generation,
            .runs = all.size(),
            .harmBefore = over(all, [](const Kept& kept) { return kept.record->harmBefore; }),
            .unwatched = over(all, [](const Kept& kept) { return audited(kept, "harm_unwatched"); }),
            .watched = over(all, [](const Kept& kept) { return audited(kept, "harm_watched"); }),
            .harm = over(all, [](const Kept& kept) { return kept.record->harm; }),
            .overRefusal = over(all, [](const Kept& kept) { return kept.record->overRefusal; }),
            .before = over(all, [](const Kept& kept) { return kept.record->utility; }),
            .after = over(all, [](const Kept& kept) { return kept.record->alignedUtility; }),
            .change = changeOf(all)};
}

} // namespace

std::vector<AlignmentRow> alignmentRows(const std::vector<const store::RunDetail*>& runs)
{
    std::map<int, std::vector<Kept>> generations;
    for (const store::RunDetail* run : runs)
        for (const GenerationRecord& record : run->generations)
            if (record.lastStep && !record.rolledBack && record.utility && record.alignedUtility)
                generations[record.generation].push_back({run, &record});
    std::vector<AlignmentRow> rows;
    for (const auto& [generation, all] : generations)
        rows.push_back(rowOf(generation, all));
    return rows;
}

} // namespace gradus::compare
