// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/competence_stage.h"
#include "pipeline/plan.h"
#include "run/session.h"
#include "run/workbench.h"

#include <cstdio>
#include <set>

namespace gradus::run {

namespace {

std::string megabytes(double bytes)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.1f MB", bytes / 1e6);
    return text;
}

/// "fixed small: 16,1 -> 16,2 (gap 0.25) -> 32,2 (gap 0.58)"
std::string planText(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    std::string text = run.condition.empty() ? "rungs: " : run.condition + ": ";
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(run.experiment, ladder.capacities())) {
        char gap[40] = "";
        if (planned.gap) std::snprintf(gap, sizeof gap, " (gap %.2f)", *planned.gap);
        text += (planned.generation > 1 ? " → " : "") + ladder.at(planned.rung).name + gap;
    }
    return text;
}

/// Weights of every generation, and two checkpoints with Adam's two moments while one is tuned.
double diskOf(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    double bytes = 0;
    double largest = 0;
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(run.experiment, ladder.capacities())) {
        const double weights = 4.0 * static_cast<double>(ladder.at(planned.rung).parameters);
        bytes += weights;
        largest = std::max(largest, weights);
    }
    return bytes + 2 * 2 * 3 * largest;
}

} // namespace

Result<Preflight> preflight(const spec::Experiment& experiment, const SessionOptions& options)
{
    const auto runs = spec::expand(experiment);
    if (!runs) return runs.error();
    const std::filesystem::path folder = std::filesystem::absolute(options.store).parent_path();
    const auto bench = Workbench::open(*runs, folder / "models");
    if (!bench) return bench.error();
    Preflight findings;
    findings.runs = static_cast<int>(runs->size());
    std::set<std::string> seen;
    double disk = 0;
    for (const spec::RunSpec& run : *runs) {
        const Workbench::Place& place = bench->placeOf(run.experiment);
        disk += diskOf(run, *place.ladder);
        const auto plan = pipeline::planGenerations(run.experiment, place.ladder->capacities());
        if (!seen.insert(run.condition).second) continue;
        const bool exact = !spec::measures(run.experiment.gap);
        findings.notes.push_back(planText(run, *place.ladder) +
                                 (exact ? ""
                                        : "; a guess: " + run.experiment.gap.controller +
                                              " decides by what it measures on " +
                                              std::to_string(run.experiment.signals.anchors) + " anchors"));
        if (exact && static_cast<int>(plan.size()) < run.experiment.ladder.generations)
            findings.warnings.push_back((run.condition.empty() ? "" : run.condition + ": ") + "the ladder ends after " +
                                        std::to_string(plan.size()) + " of " +
                                        std::to_string(run.experiment.ladder.generations) + " generations.");
    }
    for (const std::string& note : bench->notes())
        findings.notes.push_back(note);
    findings.notes.push_back("disk: about " + megabytes(disk) + " for checkpoints");
    std::error_code code;
    std::filesystem::path existing = folder;
    while (!existing.empty() && !std::filesystem::exists(existing, code) && existing.has_parent_path())
        existing = existing.parent_path();
    const auto space = std::filesystem::space(existing, code);
    if (!code && static_cast<double>(space.available) < disk)
        findings.warnings.push_back("only " + megabytes(static_cast<double>(space.available)) + " are free in " +
                                    folder.string() + ".");
    return findings;
}

} // namespace gradus::run
