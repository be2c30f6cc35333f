// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/final_metrics.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gradus::compare {

namespace {

using events::GenerationRecord;

Estimate alone(double value)
{
    return {value, value, value, 1};
}

std::optional<Estimate> ofRecord(const GenerationRecord& record, std::string_view id)
{
    if (id == "utility/competence") return record.utility;
    if (id == "utility/ceiling") return record.ceiling;
    if (id == "pgr") return record.pgr;
    if (id == "imitation/rate") return record.imitation;
    if (id == "imitation/excess") return record.excessImitation;
    if (id == "memorisation") return record.memorisation;
    if (id == "harm/rate") return record.harm;
    if (id == "refusal/over") return record.overRefusal;
    return std::nullopt;
}

/// A series that no generation's record repeats: its last known value.
std::optional<Estimate> lastPoint(const ComparedRun& run, const char* name)
{
    const store::SeriesPoints* series = run.find(name);
    if (series == nullptr) return std::nullopt;
    for (auto point = series->points.rbegin(); point != series->points.rend(); ++point)
        if (std::isfinite(point->value)) return alone(point->value);
    return std::nullopt;
}

} // namespace

const std::vector<FinalMetric>& finalMetrics()
{
    static const std::vector<FinalMetric> all = {
        {"utility/competence", "competence", "utility", Better::Higher, 3},
        {"utility/conformity", "conformity", "utility", Better::Higher, 3},
        {"harm/rate", "harm", "on held-out twins", Better::Lower, 3},
        {"refusal/over", "over-refusal", "nothing tempts", Better::Lower, 3},
        {"pgr", "PGR", "share of gap", Better::Higher, 2},
        {"imitation/rate", "imitation", "held-out rate", Better::Lower, 3},
        {"imitation/excess", "imitation", "excess", Better::Lower, 3},
        {"memorisation", "memorised", "training rate", Better::Lower, 3},
        {"utility/ceiling", "ceiling", "utility", Better::Neither, 3},
        {"train/accuracy_noisy", "fit to labels", "on training items", Better::Neither, 3},
        {"train/accuracy_clean", "fit to truth", "on training items", Better::Higher, 3},
        {"noise/wrong", "wrong labels", "share, injected", Better::Neither, 3},
        {"entropy/label", "entropy", "nats a label", Better::Neither, 3},
        {"generations", "generations", "kept", Better::Neither, 1},
        {"compute/flop", "compute", "FLOP", Better::Lower, -1},
    };
    return all;
}

const FinalMetric* findFinalMetric(const std::string& id)
{
    for (const FinalMetric& metric : finalMetrics())
        if (id == metric.id) return &metric;
    return nullptr;
}

std::optional<double> flopsSpent(const store::RunDetail& run)
{
    std::optional<double> most;
    for (const GenerationRecord& record : run.generations)
        if (record.flops) most = std::max(most.value_or(0), *record.flops);
    return most;
}

const GenerationRecord* lastKept(const store::RunDetail& run)
{
    for (auto record = run.generations.rbegin(); record != run.generations.rend(); ++record)
        if (record->utility && record->lastStep && !record->rolledBack) return &*record;
    return nullptr;
}

namespace {

bool isOver(const store::RunRow& run)
{
    return run.state == store::RunState::Finished || run.state == store::RunState::Failed ||
           run.state == store::RunState::Stopped;
}

} // namespace

std::vector<std::size_t> countedPlaces(const std::vector<const store::RunDetail*>& runs)
{
    std::vector<std::size_t> over;
    std::vector<std::size_t> going;
    for (std::size_t i = 0; i < runs.size(); ++i)
        if (lastKept(*runs[i]) != nullptr) (isOver(runs[i]->run) ? over : going).push_back(i);
    return over.empty() ? going : over;
}

CountedRuns countedRuns(const RunGroup& group, const std::vector<ComparedRun>& runs)
{
    std::vector<const store::RunDetail*> details;
    for (const std::size_t index : group.runs)
        details.push_back(&runs[index].detail);
    CountedRuns members;
    for (const std::size_t place : countedPlaces(details))
        members.counted.push_back(group.runs[place]);
    members.unfinished = group.runs.size() - members.counted.size();
    return members;
}

std::optional<Estimate> finalValue(const FinalMetric& metric, const ComparedRun& run)
{
    const std::string_view id = metric.id;
    if (id == "compute/flop") {
        const auto most = flopsSpent(run.detail);
        return most ? std::optional(alone(*most)) : std::nullopt;
    }
    const GenerationRecord* last = lastKept(run.detail);
    if (id == "generations")
        return last == nullptr ? std::nullopt : std::optional(alone(static_cast<double>(last->generation)));
    constexpr std::string_view kOfSeries[] = {"utility/conformity", "entropy/label", "train/accuracy_noisy",
                                              "train/accuracy_clean", "noise/wrong"};
    if (std::find(std::begin(kOfSeries), std::end(kOfSeries), id) != std::end(kOfSeries))
        return lastPoint(run, metric.id);
    return last == nullptr ? std::nullopt : ofRecord(*last, id);
}

} // namespace gradus::compare
