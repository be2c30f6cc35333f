// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/baselines.h"

#include "compare/noise_report.h"
#include "compare/swept_axis.h"
#include "spec/keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace gradus::compare {

namespace {

std::string taskOf(const RunGroup& group, const std::vector<ComparedRun>& runs)
{
    const ComparedRun& run = runs[group.runs.front()];
    if (!run.spec) return run.detail.run.taskName;
    std::string text;
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (key.section == "task" && key.key != "max_tokens" && key.key != "test_items")
            text += spec::valueText(key, *run.spec) + "\n";
    return text;
}

/// Groups of one family are held against one of them: the one with the least rank.
struct Families
{
    Baselines::Each each = Baselines::Each::Task;
    std::vector<std::string> family;         ///< one a group
    std::vector<std::array<double, 2>> rank; ///< one a group, compared in order; then the group's own place
};

/// None where a group is no student of a noise sweep, or one of them has nobody without noise to be held against.
std::optional<Families> studentsOf(const std::vector<ComparedRun>& runs, const Grouping& grouping, std::size_t baseline)
{
    Families students{.each = Baselines::Each::Student, .family = {}, .rank = {}};
    std::vector<const spec::SignalSource*> sources;
    std::set<std::string> all;
    std::set<std::string> withClean;
    for (const RunGroup& group : grouping.groups) {
        const auto& spec = runs[group.runs.front()].spec;
        const bool fits = spec && spec->experiment.procedure == spec::kNoiseSensitivity;
        sources.push_back(fits ? spec::soleSource(spec->signals) : nullptr);
        if (sources.back() == nullptr) return std::nullopt;
        students.family.push_back(withoutNoise(*spec));
        all.insert(students.family.back());
        if (sources.back()->rate <= 0) withClean.insert(students.family.back());
    }
    if (withClean.size() != all.size()) return std::nullopt;
    const spec::SignalSource& asked = *sources[baseline];
    for (const spec::SignalSource* source : sources) {
        const bool same = source->rate == asked.rate && (asked.rate <= 0 || source->noise == asked.noise);
        students.rank.push_back({same ? 0.0 : 1.0, source->rate});
    }
    return students;
}

Families linesOf(const SweptAxis& axis, const std::vector<std::string>& tasks, std::size_t baseline)
{
    Families lines{.each = Baselines::Each::Line, .family = {}, .rank = {}};
    for (std::size_t group = 0; group < tasks.size(); ++group) {
        lines.family.push_back(std::to_string(axis.line[group]) + "\n" + tasks[group]);
        lines.rank.push_back({axis.places[group] == axis.places[baseline] ? 0.0 : 1.0, axis.places[group]});
    }
    return lines;
}

Families familiesOf(const std::vector<ComparedRun>& runs, const Grouping& grouping, std::size_t baseline)
{
    if (auto students = studentsOf(runs, grouping, baseline)) return std::move(*students);
    std::vector<std::string> tasks = tasksOf(grouping, runs);
    if (const auto axis = sweptAxis(runs, grouping)) return linesOf(*axis, tasks, baseline);
    const std::size_t groups = tasks.size();
    return {
        .each = Baselines::Each::Task, .family = std::move(tasks), .rank = std::vector(groups, std::array{0.0, 0.0})};
}

} // namespace

std::vector<std::string> tasksOf(const Grouping& grouping, const std::vector<ComparedRun>& runs)
{
    std::vector<std::string> tasks;
    for (const RunGroup& group : grouping.groups)
        tasks.push_back(taskOf(group, runs));
    return tasks;
}

Baselines baselinesOf(const std::vector<ComparedRun>& runs, const Grouping& grouping, std::size_t baseline)
{
    const Families families = familiesOf(runs, grouping, baseline);
    Baselines baselines{.each = families.each, .against = {}};
    for (std::size_t group = 0; group < grouping.groups.size(); ++group) {
        std::size_t best = group;
        for (std::size_t other = 0; other < grouping.groups.size(); ++other)
            if (families.family[other] == families.family[group] &&
                std::pair(families.rank[other], other) < std::pair(families.rank[best], best))
                best = other;
        baselines.against.push_back(families.family[group] == families.family[baseline] ? baseline : best);
    }
    return baselines;
}

} // namespace gradus::compare
