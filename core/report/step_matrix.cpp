// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/step_matrix.h"

#include "evals/statistics.h"
#include "report/words.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace gradus::report {

namespace {

constexpr std::size_t kFewestSteps = 3;

/// A rung of the matrix's edge, ordered by size.
struct Edge
{
    std::int64_t parameters = 0;
    std::string name;
    friend auto operator<=>(const Edge&, const Edge&) = default;
};
using Step = std::pair<Edge, Edge>; ///< teacher, student

Edge edgeOf(const events::GenerationRecord& generation)
{
    return {generation.parameters, generation.rung};
}

/// The step that a run took; none where it is no single step.
std::optional<Step> stepOf(const compare::ComparedRun& run)
{
    const auto& generations = run.detail.generations;
    if (generations.size() != 2 || !generations[0].utility || !generations[1].utility) return std::nullopt;
    if (generations[0].rung.empty() || generations[1].rung.empty()) return std::nullopt;
    return Step{edgeOf(generations[0]), edgeOf(generations[1])};
}

/// The groups by their step; empty where they are no such steps.
std::map<Step, std::size_t> stepsOf(const Evidence& evidence)
{
    std::map<Step, std::size_t> steps;
    for (std::size_t group = 0; group < evidence.grouping.groups.size(); ++group) {
        std::set<Step> taken;
        for (const std::size_t run : compare::countedRuns(evidence.grouping.groups[group], evidence.runs).counted) {
            const auto step = stepOf(evidence.runs[run]);
            if (!step) return {};
            taken.insert(*step);
        }
        if (taken.size() != 1 || !steps.emplace(*taken.begin(), group).second) return {};
    }
    return steps;
}

std::string cellText(const compare::FinalMetric& metric, const Evidence& evidence, std::size_t group)
{
    const compare::RunGroup& of = evidence.grouping.groups[group];
    std::vector<double> values;
    for (const compare::SeedValue& value : compare::countedValues(metric, of, evidence.runs))
        values.push_back(value.value);
    if (values.empty()) return "–";
    const Estimate mean = evals::meanWithInterval(values);
    std::string text = typeset(mean.value, 3);
    if (values.size() > 1) text += " ±" + typeset((mean.high - mean.low) / 2, 3);
    const std::size_t runs = compare::countedRuns(of, evidence.runs).counted.size();
    if (values.size() < runs) text += " (" + std::to_string(values.size()) + " of " + std::to_string(runs) + " runs)";
    return text;
}

} // namespace

std::vector<Table> stepMatrices(const Evidence& evidence)
{
    const auto steps = stepsOf(evidence);
    if (steps.size() < kFewestSteps) return {};
    std::set<Edge> teachers;
    std::set<Edge> students;
    for (const auto& [step, group] : steps) {
        teachers.insert(step.first);
        students.insert(step.second);
    }
    std::vector<Table> tables;
    for (const char* id : {"pgr", "utility/competence", "imitation/rate"}) {
        const compare::FinalMetric* metric = compare::findFinalMetric(id);
        Table table{"By teacher (rows) and student (columns): " + std::string(metric->label), {{"teacher"}}, {}};
        for (const Edge& student : students)
            table.columns.push_back({student.name, true});
        bool any = false;
        for (const Edge& teacher : teachers) {
            std::vector<std::string> cells{teacher.name};
            for (const Edge& student : students) {
                const auto found = steps.find({teacher, student});
                cells.push_back(found == steps.end() ? "" : cellText(*metric, evidence, found->second));
                any = any || (found != steps.end() && cells.back() != "–");
            }
            table.rows.push_back(std::move(cells));
        }
        if (any) tables.push_back(std::move(table));
    }
    if (!tables.empty())
        tables.back().note = "Means over seeds, ± half a 95 % t interval. PGR is not stated for runs whose ceiling and "
                             "teacher are too near each other; then the cell says how many runs are in it.";
    return tables;
}

} // namespace gradus::report
