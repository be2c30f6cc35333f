// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/reference_lines.h"

#include "base/text.h"
#include "events/baseline_event.h"
#include "report/words.h"

#include <algorithm>
#include <map>
#include <utility>

namespace gradus::report {

namespace {

std::vector<std::size_t> countedOf(const Evidence& evidence, std::size_t group)
{
    return compare::countedRuns(evidence.grouping.groups[group], evidence.runs).counted;
}

std::optional<double> meanOf(const Evidence& evidence, std::size_t group, const char* kind)
{
    double sum = 0;
    double of = 0;
    for (const std::size_t run : countedOf(evidence, group))
        for (const store::EventRow& event : evidence.runs[run].detail.events)
            if (event.kind == kind)
                if (const auto accuracy = events::baselineAccuracy(event.detailsJson)) {
                    sum += *accuracy;
                    of += 1;
                }
    return of > 0 ? std::optional(sum / of) : std::nullopt;
}

std::string taskOf(const Evidence& evidence, std::size_t group)
{
    if (evidence.grouping.groups[group].runs.empty()) return {};
    return evidence.runs[evidence.grouping.groups[group].runs.front()].detail.run.taskName;
}

bool isCutShort(const store::RunRow& run)
{
    return run.state != store::RunState::Finished;
}

} // namespace

std::vector<ReferenceLine> referenceLines(const Evidence& evidence, std::size_t group)
{
    if (const auto commonest = meanOf(evidence, group, events::kMajorityEvent))
        return {{"commonest class", *commonest}};
    if (const auto bag = meanOf(evidence, group, events::kBagOfWordsEvent))
        return {{"chance", 0.5}, {"bag of words", *bag}};
    return {};
}

std::vector<ReferenceLine> sharedReferenceLines(const Evidence& evidence)
{
    std::map<std::string, std::pair<double, double>> sums;
    std::vector<std::string> names;
    for (std::size_t group = 0; group < evidence.grouping.groups.size(); ++group) {
        if (taskOf(evidence, group) != taskOf(evidence, 0)) return {};
        for (const ReferenceLine& line : referenceLines(evidence, group)) {
            if (!sums.contains(line.name)) names.push_back(line.name);
            sums[line.name].first += line.accuracy;
            sums[line.name].second += 1;
        }
    }
    std::vector<ReferenceLine> lines;
    for (const std::string& name : names)
        lines.push_back({name, sums[name].first / sums[name].second});
    return lines;
}

std::vector<std::string> referenceSentences(const Evidence& evidence)
{
    const auto& columns = evidence.table.columns;
    const auto found = std::find_if(columns.begin(), columns.end(), [](const compare::FinalMetric& metric) {
        return metric.id == std::string_view("utility/competence");
    });
    if (found == columns.end()) return {};
    const auto column = static_cast<std::size_t>(found - columns.begin());
    struct Told
    {
        std::vector<ReferenceLine> lines; ///< of the task's first condition
        std::string below;                ///< conditions that are not above them
        std::size_t conditions = 0;
        std::size_t notAbove = 0;
    };
    std::map<std::string, Told> tasks;
    for (const compare::TableRow& row : evidence.table.rows) {
        const auto lines = referenceLines(evidence, row.group);
        const auto& value = row.cells[column].value;
        if (lines.empty() || !value) continue;
        Told& told = tasks[taskOf(evidence, row.group)];
        if (told.lines.empty()) told.lines = lines;
        ++told.conditions;
        const auto highest = std::max_element(lines.begin(), lines.end(),
                                              [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
        if (value->low > highest->accuracy) continue;
        ++told.notAbove;
        told.below += (told.below.empty() ? "\u201c" : ", \u201c") + visible(row.label, 80) + "\u201d";
    }
    std::vector<std::string> sentences;
    for (const auto& [task, told] : tasks) {
        std::string text = tasks.size() > 1 ? "For scale, on " + visible(task, 80) + ": " : "For scale: ";
        for (const ReferenceLine& line : told.lines)
            text += (&line == told.lines.data() ? "" : ", ") + line.name + " " + typeset(line.accuracy, 3);
        text += ", without any learning from a supervisor.";
        if (told.notAbove == told.conditions)
            text += told.conditions == 1 ? " These runs are not above that by their interval."
                                         : " No condition is above that by its interval.";
        else if (told.notAbove > 0)
            text += " Not above that by their intervals: " + told.below + ".";
        sentences.push_back(std::move(text));
    }
    return sentences;
}

std::size_t cutShort(const Evidence& evidence, std::size_t group)
{
    const auto counted = countedOf(evidence, group);
    return static_cast<std::size_t>(std::count_if(
        counted.begin(), counted.end(), [&](std::size_t run) { return isCutShort(evidence.runs[run].detail.run); }));
}

std::string countOf(const Evidence& evidence, std::size_t group, std::size_t runs)
{
    const std::size_t cut = cutShort(evidence, group);
    return std::to_string(runs) + (cut > 0 ? ", of which " + std::to_string(cut) + " did not finish" : "");
}

std::string cutShortSentence(const Evidence& evidence)
{
    std::size_t all = 0;
    std::size_t cut = 0;
    std::string who;
    for (std::size_t group = 0; group < evidence.grouping.groups.size(); ++group)
        for (const std::size_t index : countedOf(evidence, group)) {
            const store::RunRow& run = evidence.runs[index].detail.run;
            ++all;
            if (!isCutShort(run)) continue;
            ++cut;
            who += (who.empty() ? "\u201c" : "; \u201c") + visible(evidence.grouping.groups[group].label, 80) +
                   "\u201d, seed " + std::to_string(run.seed) + " (" + store::nameOf(run.state) + ")";
        }
    if (cut == 0) return {};
    return "Of the " + counted(all, "run") + " in these figures " + std::to_string(cut) +
           " did not finish, and the last generation that was kept stands for the end: " + who + ".";
}

} // namespace gradus::report
