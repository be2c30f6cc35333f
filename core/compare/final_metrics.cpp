// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/final_metrics.h"

#include "events/standing_utility.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using events::GenerationRecord;

constexpr const char* kDebate = "debate";
constexpr const char* kWritings = "writings";
constexpr const char* kDiscovery = "risk discovery";

Estimate alone(double value)
{
    return {value, value, value, 1};
}

std::optional<Estimate> ofRecord(const GenerationRecord& record, std::string_view id)
{
    if (id == "utility/competence") return events::standingUtility(record);
    if (id == "utility/before_alignment") return record.alignedUtility ? record.utility : std::nullopt;
    if (id == "utility/conformity" && record.harm)
        return Estimate{1 - record.harm->value, 1 - record.harm->high, 1 - record.harm->low, record.harm->n};
    if (id == "utility/supervisor") return record.weak;
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

/// What the rounds of risk discovery tell under this key, all together; none where no round tells it. Their details are
/// read as hostile JSON.
std::optional<double> sumOfRounds(const store::RunDetail& run, std::string_view key)
{
    std::optional<double> sum;
    for (const store::EventRow& event : run.events) {
        if (event.kind != "discovery.coverage") continue;
        const auto details = nlohmann::json::parse(event.detailsJson, nullptr, false);
        if (!details.is_object()) continue;
        const auto found = details.find(key);
        if (found != details.end() && found->is_number()) sum = sum.value_or(0) + found->get<double>();
    }
    return sum;
}

/// Outcomes of real commands can differ from the simulation's only where some were real.
std::optional<Estimate> ofDiscovery(const store::RunDetail& run, std::string_view key)
{
    const bool ofCells = key == "in_cells" || key == "disagreements";
    if (ofCells && sumOfRounds(run, "in_cells").value_or(0) == 0) return std::nullopt;
    const auto sum = sumOfRounds(run, key);
    return sum ? std::optional(alone(*sum)) : std::nullopt;
}

/// Told by series, which no generation's record repeats (of conformity: not in every run).
bool isOfSeries(const FinalMetric& metric)
{
    constexpr std::string_view kOfSeries[] = {"utility/conformity", "entropy/label", "train/accuracy_noisy",
                                              "train/accuracy_clean", "noise/wrong"};
    return metric.procedure == std::string_view(kDebate) || metric.procedure == std::string_view(kWritings) ||
           std::find(std::begin(kOfSeries), std::end(kOfSeries), metric.id) != std::end(kOfSeries);
}

} // namespace

const std::vector<FinalMetric>& finalMetrics()
{
    constexpr bool kShare = true;
    static const std::vector<FinalMetric> all = {
        {"utility/competence", "competence", "utility", Better::Higher, 3, kShare},
        {"utility/before_alignment", "competence", "before alignment", Better::Neither, 3, kShare},
        {"utility/conformity", "conformity", "utility", Better::Higher, 3, kShare},
        {"harm/rate", "harm", "on held-out twins", Better::Lower, 3, kShare},
        {"refusal/over", "over-refusal", "nothing tempts", Better::Lower, 3, kShare},
        {"pgr", "PGR", "share of gap", Better::Higher, 2},
        {"imitation/rate", "imitation", "held-out rate", Better::Lower, 3, kShare},
        {"imitation/excess", "imitation", "excess", Better::Lower, 3},
        {"memorisation", "memorised", "training rate", Better::Lower, 3, kShare},
        {"utility/supervisor", "supervisor", "utility", Better::Neither, 3, kShare},
        {"utility/ceiling", "ceiling", "utility", Better::Neither, 3, kShare},
        {"train/accuracy_noisy", "fit to labels", "on training items", Better::Neither, 3, kShare},
        {"train/accuracy_clean", "fit to truth", "on training items", Better::Higher, 3, kShare},
        {"noise/wrong", "wrong labels", "share, injected", Better::Neither, 3, kShare},
        {"entropy/label", "entropy", "nats a label", Better::Neither, 3},
        {"generations", "generations", "kept", Better::Neither, 1},
        {"compute/flop", "compute", "FLOP", Better::Lower, -1},
        {"debate/first_honest", "right verdicts", "first speaker has the truth", Better::Neither, 3, kShare, kDebate},
        {"debate/first_lying", "right verdicts", "first speaker has not", Better::Neither, 3, kShare, kDebate},
        {"debate/inconsistent", "verdict changes", "with the order", Better::Lower, 3, kShare, kDebate},
        {"debate/swap_bias", "swap bias", "for the first answer", Better::Neither, 3, !kShare, kDebate},
        {"debate/verified_honest", "quotes verified", "true side", Better::Neither, 3, kShare, kDebate},
        {"debate/verified_lying", "quotes verified", "false side", Better::Neither, 3, kShare, kDebate},
        {"debate/decisive_honest", "decisive quote", "true side", Better::Neither, 3, kShare, kDebate},
        {"debate/decisive_lying", "decisive quote", "false side", Better::Neither, 3, kShare, kDebate},
        {"self/preference_right", "right one preferred", "of its own pairs", Better::Higher, 3, kShare, kWritings},
        {"writing/working_right", "working right", "of its answers", Better::Higher, 3, kShare, kWritings},
        {"writing/length", "length", "tokens an answer", Better::Neither, 1, !kShare, kWritings},
        {"entropy/token", "entropy", "nats a token", Better::Neither, 3, !kShare, kWritings},
        {"diversity/vendi", "Vendi score", "of its answers", Better::Neither, 2, !kShare, kWritings},
        {"diversity/distinct2", "distinct-2", "of its answers", Better::Neither, 3, kShare, kWritings},
        {"diversity/self_bleu", "self-BLEU", "of its answers", Better::Neither, 3, kShare, kWritings},
        {"discovery/episodes", "episodes", "played, whole run", Better::Neither, 1, !kShare, kDiscovery},
        {"discovery/hazards", "hazards", "found, whole run", Better::Neither, 1, !kShare, kDiscovery},
        {"discovery/in_cells", "episodes", "with real commands", Better::Neither, 1, !kShare, kDiscovery},
        {"discovery/disagreements", "outcomes that differ", "real, simulated", Better::Lower, 1, !kShare, kDiscovery},
    };
    return all;
}

std::vector<MetricPart> partsOf(const std::vector<FinalMetric>& columns)
{
    std::vector<MetricPart> parts;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (parts.empty() || parts.back().procedure != columns[i].procedure)
            parts.push_back({columns[i].procedure, i, i});
        parts.back().last = i + 1;
    }
    return parts;
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
    if (metric.procedure == std::string_view(kDiscovery))
        return ofDiscovery(run.detail, id.substr(std::string_view("discovery/").size()));
    if (last != nullptr)
        if (const auto recorded = ofRecord(*last, id)) return recorded;
    return isOfSeries(metric) ? lastPoint(run, metric.id) : std::nullopt;
}

std::optional<Estimate> finalValueBeside(const FinalMetric& metric, const FinalMetric& other, const ComparedRun& run)
{
    static const std::set<std::string_view> ofTheStudent = {
        "imitation/rate", "imitation/excess", "memorisation", "pgr", "utility/supervisor", "utility/ceiling"};
    if (std::string_view(metric.id) == "utility/competence" && ofTheStudent.contains(other.id))
        if (const auto before = finalValue(*findFinalMetric("utility/before_alignment"), run)) return before;
    return finalValue(metric, run);
}

} // namespace gradus::compare
