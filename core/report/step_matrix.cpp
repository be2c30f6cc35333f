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

/// What the runs of one step have of a figure.
struct Cell
{
    std::optional<Estimate> mean; ///< none where no run has it
    std::size_t with = 0;         ///< runs that have it
    std::size_t runs = 0;
};

Cell cellOf(const compare::FinalMetric& metric, const Evidence& evidence, std::size_t group)
{
    const compare::RunGroup& of = evidence.grouping.groups[group];
    std::vector<double> values;
    for (const compare::SeedValue& value : compare::countedValues(metric, of, evidence.runs))
        values.push_back(value.value);
    Cell cell{{}, values.size(), compare::countedRuns(of, evidence.runs).counted.size()};
    if (!values.empty()) cell.mean = evals::meanWithInterval(values);
    return cell;
}

std::string cellText(const Cell& cell)
{
    if (!cell.mean) return "–";
    std::string text = typeset(cell.mean->value, 3);
    if (cell.with > 1) text += " ±" + typeset((cell.mean->high - cell.mean->low) / 2, 3);
    if (cell.with < cell.runs) text += " (" + std::to_string(cell.with) + " of " + std::to_string(cell.runs) + " runs)";
    return text;
}

} // namespace

StepMatrices stepMatrices(const Evidence& evidence)
{
    const auto steps = stepsOf(evidence);
    if (steps.size() < kFewestSteps) return {};
    std::set<Edge> teachers;
    std::set<Edge> students;
    for (const auto& [step, group] : steps) {
        teachers.insert(step.first);
        students.insert(step.second);
    }
    StepMatrices made;
    Figure figure{
        "From which teacher to which student",
        "Means over seeds of one step from a teacher's rung to a student's; the stronger the colour, the greater "
        "the value. Cells with their intervals are in the tables.",
        {}};
    for (const char* id : {"pgr", "utility/competence", "imitation/rate"}) {
        const compare::FinalMetric* metric = compare::findFinalMetric(id);
        Table table{"By teacher (rows) and student (columns): " + std::string(metric->label), {{"teacher"}}, {}};
        ChartGrid grid{"teacher", "student", {}, {}, {}};
        for (const Edge& student : students) {
            table.columns.push_back({student.name, true});
            grid.columns.push_back(student.name);
        }
        bool any = false;
        for (const Edge& teacher : teachers) {
            std::vector<std::string> texts{teacher.name};
            std::vector<std::optional<GridCell>> cells;
            for (const Edge& student : students) {
                const auto found = steps.find({teacher, student});
                const Cell cell = found == steps.end() ? Cell{} : cellOf(*metric, evidence, found->second);
                texts.push_back(found == steps.end() ? "" : cellText(cell));
                cells.push_back(std::nullopt);
                if (!cell.mean) continue;
                any = true;
                cells.back() = GridCell{cell.mean->value, typeset(cell.mean->value, 3),
                                        teacher.name + " to " + student.name + ": " + texts.back()};
            }
            table.rows.push_back(std::move(texts));
            grid.rows.push_back(teacher.name);
            grid.cells.push_back(std::move(cells));
        }
        if (!any) continue;
        made.tables.push_back(std::move(table));
        ChartPanel panel{titleOf(*metric), {}, {}};
        panel.grid = std::move(grid);
        figure.panels.push_back(std::move(panel));
    }
    if (made.tables.empty()) return {};
    made.tables.back().note =
        "Means over seeds, ± half a 95 % t interval. PGR is not stated for runs whose ceiling and "
        "teacher are too near each other; then the cell says how many runs are in it.";
    made.figure = std::move(figure);
    return made;
}

} // namespace gradus::report
