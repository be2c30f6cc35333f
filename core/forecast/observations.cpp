// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/observations.h"

#include "base/text.h"
#include "evals/statistics.h"
#include "events/baseline_event.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradus::forecast {

namespace {

constexpr double kTwoSided95 = 1.959963984540054;

using events::GenerationRecord;

/// Accuracy of the commonest class as the run recorded it; 0 where it did not.
double floorOf(const store::RunDetail& run)
{
    for (const store::EventRow& event : run.events) {
        if (event.kind != events::kMajorityEvent) continue;
        if (const auto accuracy = events::baselineAccuracy(event.detailsJson)) return std::clamp(*accuracy, 0.0, 0.95);
    }
    return 0;
}

/// A curve is over what a model holds. Adapters on one folder are ordered by what is trained of it, and would be one
/// point of it.
bool isWhole(const GenerationRecord& record)
{
    return record.capacityProxy.empty() || record.capacityProxy == "log10 parameters";
}

bool counts(const GenerationRecord& record)
{
    return isWhole(record) && record.utility && record.lastStep && !record.rolledBack && record.parameters > 0;
}

double capacityOf(const GenerationRecord& record)
{
    return std::log10(static_cast<double>(record.parameters));
}

/// Values of one figure at one rung, over seeds.
using ByRung = std::map<double, std::vector<Estimate>>;

CapacityPoint pointOf(double capacity, const std::vector<Estimate>& seeds)
{
    std::vector<double> values;
    double itemError = 0;
    for (const Estimate& seed : seeds) {
        values.push_back(seed.value);
        itemError = std::max(itemError, (seed.high - seed.low) / (2 * kTwoSided95));
    }
    const Estimate mean = evals::meanWithInterval(values);
    if (values.size() < 2) return {capacity, mean.value, itemError, 1};
    const double quantile = evals::studentQuantile(0.975, static_cast<double>(values.size()) - 1);
    return {capacity, mean.value, (mean.high - mean.low) / (2 * quantile), static_cast<int>(values.size())};
}

void addCurve(Observations& made, const std::string& name, const std::string& task, Figure figure, double floor,
              const ByRung& rungs)
{
    if (rungs.empty()) return;
    CapacityCurve curve{.name = name, .task = task, .figure = figure, .floor = floor, .points = {}};
    for (const auto& [capacity, seeds] : rungs)
        curve.points.push_back(pointOf(capacity, seeds));
    made.curves.push_back(std::move(curve));
}

bool firstIsItsOwnCeiling(const compare::ComparedRun& run)
{
    if (!run.spec) return false;
    const auto& training = run.spec->training;
    return training.teacherLabels == 0 || training.teacherLabels == training.labels;
}

/// What all generations of a run share.
struct Setting
{
    double floor = 0;
    int run = 0;
    int task = 0;
    double labels = 0; ///< log10
};

/// What supervision made of the generation, whatever alignment did to it afterwards: A^-, as noise and imitation are.
void addTaught(Observations& made, const GenerationRecord& record, const Setting& setting, double teacherCapacity)
{
    const double capacity = capacityOf(record);
    if (record.weak && record.gap) {
        TaughtGeneration taught{.capacity = capacity,
                                .gap = *record.gap,
                                .noise = 1 - record.weak->value,
                                .value = record.utility->value,
                                .floor = setting.floor,
                                .run = setting.run,
                                .task = setting.task,
                                .labels = setting.labels};
        made.utility.push_back(taught);
        if (record.imitation) {
            taught.value = record.imitation->value;
            taught.floor = 0;
            made.imitation.push_back(taught);
        }
    }
    if (record.imitation && teacherCapacity > 0)
        made.steps.push_back({.from = teacherCapacity,
                              .to = capacity,
                              .success = 1 - record.imitation->value,
                              .errors = static_cast<double>(record.imitation->n),
                              .run = setting.run});
}

/// log10 of the labels a generation; 0 (one label, a level of its own) where a file is taken whole.
double labelsOf(const compare::ComparedRun& run)
{
    return run.spec && run.spec->training.labels > 0 ? std::log10(static_cast<double>(run.spec->training.labels)) : 0;
}

std::string nameOfGroup(const std::vector<compare::ComparedRun>& runs, const compare::RunGroup& group)
{
    const store::RunRow& first = runs[group.runs.front()].detail.run;
    std::string name = group.label.empty() ? first.experimentName : group.label;
    return name.find(first.taskName) == std::string::npos ? name + " (" + first.taskName + ")" : name;
}

} // namespace

Observations observationsOf(const std::vector<compare::ComparedRun>& runs, const compare::Grouping& grouping)
{
    Observations made;
    std::vector<double> gaps;
    std::map<std::string, int> tasks;
    bool anyCeiling = false;
    std::size_t adapters = 0;
    for (const compare::RunGroup& group : grouping.groups) {
        ByRung ceiling, utility, imitation;
        double floor = 0;
        for (const std::size_t index : group.runs) {
            const compare::ComparedRun& run = runs[index];
            const double own = floorOf(run.detail);
            floor += own / static_cast<double>(group.runs.size());
            double teacher = 0;
            const Setting setting{
                .floor = own,
                .run = static_cast<int>(index),
                .task = tasks.try_emplace(run.detail.run.taskName, static_cast<int>(tasks.size())).first->second,
                .labels = labelsOf(run)};
            for (const GenerationRecord& record : run.detail.generations) {
                adapters += isWhole(record) ? 0 : 1;
                if (!counts(record)) continue;
                const double capacity = capacityOf(record);
                made.lowest = made.lowest > 0 ? std::min(made.lowest, capacity) : capacity;
                utility[capacity].push_back(*record.utility); // A^-: it stands beside its ceiling
                if (record.imitation) imitation[capacity].push_back(*record.imitation);
                if (record.ceiling)
                    ceiling[capacity].push_back(*record.ceiling);
                else if (record.generation == 1 && firstIsItsOwnCeiling(run))
                    ceiling[capacity].push_back(*record.utility);
                anyCeiling = anyCeiling || record.ceiling;
                if (record.generation > 1) addTaught(made, record, setting, teacher);
                if (record.gap) gaps.push_back(*record.gap);
                teacher = capacity;
            }
            made.runs += 1;
        }
        const std::string name = nameOfGroup(runs, group);
        const std::string& task = runs[group.runs.front()].detail.run.taskName;
        addCurve(made, name, task, Figure::Ceiling, floor, ceiling);
        addCurve(made, name, task, Figure::Utility, floor, utility);
        addCurve(made, name, task, Figure::Imitation, 0, imitation);
    }
    if (adapters > 0)
        made.notes.push_back(counted(adapters, "generation") +
                             " of rungs that are adapters are left out: their capacity counts what is trained, and "
                             "curves are over what a model holds.");
    if (!anyCeiling) {
        std::erase_if(made.curves, [](const CapacityCurve& curve) { return curve.figure == Figure::Ceiling; });
        made.notes.push_back("No generation has a ceiling, so that neither capability with truth nor the elicitation "
                             "gap can be forecast: forecast from progressive or weak-to-strong runs that finished.");
    }
    if (!gaps.empty()) {
        std::ranges::sort(gaps);
        made.typicalGap = gaps[gaps.size() / 2];
    }
    return made;
}

} // namespace gradus::forecast
