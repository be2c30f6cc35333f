// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/findings.h"

#include "report/data_used.h"
#include "report/reference_lines.h"
#include "report/result_tables.h"
#include "report/words.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

namespace gradus::report {

namespace {

using compare::FinalMetric;
using compare::TableCell;
using compare::TableRow;

constexpr double kLevel = 0.05;
constexpr std::int64_t kSmallModel = 3'000'000'000; ///< parameters; where "small" ends is ours
constexpr std::size_t kMostNamed = 6;               ///< conditions told one by one; the table has all

std::string quoted(const std::string& name)
{
    return "\u201c" + visible(name, 80) + "\u201d";
}

bool isToldOf(const std::string& metric)
{
    static const std::set<std::string> told = {"utility/competence", "utility/conformity", "harm/rate",
                                               "imitation/excess", "memorisation"};
    return told.contains(metric);
}

/// Rows with a difference to this baseline in this column, the smallest p first, those without a p last.
std::vector<const TableRow*> comparedRows(const Evidence& evidence, const TableRow& base, std::size_t column)
{
    std::vector<const TableRow*> rows;
    for (const TableRow& row : evidence.table.rows)
        if (row.against == base.group && row.cells[column].difference) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [&](const TableRow* a, const TableRow* b) {
        return a->cells[column].p.value_or(2) < b->cells[column].p.value_or(2);
    });
    return rows;
}

std::string differenceWords(const Evidence& evidence, const TableRow& row, std::size_t column)
{
    const TableCell& cell = row.cells[column];
    std::string aside = cell.p ? pText(*cell.p) : "";
    if (const std::string fewer = fewerRuns(evidence, row, cell); !fewer.empty())
        aside += (aside.empty() ? "" : ", ") + fewer;
    return quoted(row.label) + " " +
           estimateText(cell.difference->estimate, evidence.table.columns[column].decimals, true) +
           (aside.empty() ? "" : " (" + aside + ")");
}

std::string baselineWords(const Evidence& evidence, const TableRow& base, std::size_t column)
{
    const FinalMetric& metric = evidence.table.columns[column];
    std::string text = titleOf(metric) + ": ";
    const TableCell& cell = base.cells[column];
    if (!cell.value) return text;
    const std::string count = compare::countNote(base, cell);
    return text + (evidence.table.rows.size() == 1 ? "the runs end with " : quoted(base.label) + " ends with ") +
           estimateText(*cell.value, metric.decimals) + (count.empty() ? "" : " (" + count + ")") + ".";
}

/// Why rows with differences have no p.
std::string whyNoTest(const std::vector<const TableRow*>& rows, std::size_t column)
{
    std::set<std::string> reasons;
    for (const TableRow* row : rows)
        if (!row->cells[column].noP.empty()) reasons.insert(row->cells[column].noP);
    std::string text;
    for (const std::string& reason : reasons)
        text += (text.empty() ? "" : "; ") + reason;
    return text.empty() ? "it needs two runs or more on either side" : text;
}

std::string againstBaseline(const Evidence& evidence, const TableRow& base, std::size_t column)
{
    std::string text = baselineWords(evidence, base, column);
    const auto rows = comparedRows(evidence, base, column);
    if (rows.empty()) return text;
    std::size_t significant = 0;
    std::size_t tested = 0;
    for (const TableRow* row : rows) {
        tested += row->cells[column].p ? 1 : 0;
        significant += row->cells[column].p.value_or(1) < kLevel ? 1 : 0;
    }
    const std::size_t named = rows.size() <= kMostNamed ? rows.size() : std::min(significant, kMostNamed);
    if (named > 0) text += " Against it";
    for (std::size_t i = 0; i < named; ++i)
        text += (i == 0 ? ": " : "; ") + differenceWords(evidence, *rows[i], column);
    if (named > 0) text += ".";
    if (tested == 0) return text + " No test: " + whyNoTest(rows, column) + ".";
    if (tested < rows.size())
        text += " No test of " + std::to_string(rows.size() - tested) + " of " + counted(rows.size(), "difference") +
                ": " + whyNoTest(rows, column) + ".";
    if (significant == 0)
        return text + (tested == 1
                           ? tested < rows.size() ? " The one tested is not significant at 5 %."
                                                  : " The difference is not significant at 5 %."
                           : " None of " + counted(tested, tested < rows.size() ? "tested difference" : "difference") +
                                 " is significant at 5 %.");
    if (significant > named)
        text += " " + std::to_string(significant - named) + " more differ significantly; the table has them.";
    // All that are held against some baseline in this column are one family, of which these are a part.
    const std::size_t family = compare::testsIn(evidence.table, column);
    return text + " Significant at 5 % after Holm's correction" +
           (family > tested ? " over " + counted(family, "comparison") + " of this figure" : "") + ": " +
           std::to_string(significant) + " of " + (family > tested ? "these " : "") + std::to_string(tested) + ".";
}

/// Where a line over the swept number begins, ends and is best.
std::string alongAxis(const Evidence& evidence, std::size_t column, std::size_t line)
{
    const compare::SweptAxis& axis = *evidence.axis;
    const FinalMetric& metric = evidence.table.columns[column];
    std::vector<const TableRow*> rows;
    for (const TableRow& row : evidence.table.rows)
        if (axis.line[row.group] == line && row.cells[column].value) rows.push_back(&row);
    if (rows.size() < 2) return {};
    std::sort(rows.begin(), rows.end(),
              [&](const TableRow* a, const TableRow* b) { return axis.places[a->group] < axis.places[b->group]; });
    const auto value = [&](const TableRow* row) { return row->cells[column].value->value; };
    const auto at = [&](const TableRow* row) {
        return estimateText(*row->cells[column].value, metric.decimals) + " at " + numberText(axis.places[row->group]);
    };
    std::string text = axis.lines[line].empty() ? titleOf(metric) : titleOf(metric) + ", " + axis.lines[line];
    text += ": from " + at(rows.front()) + " to " + at(rows.back());
    const bool higher = metric.better == compare::Better::Higher;
    const auto best = std::max_element(rows.begin(), rows.end(), [&](const TableRow* a, const TableRow* b) {
        return higher ? value(a) < value(b) : value(a) > value(b);
    });
    if (*best != rows.front() && *best != rows.back()) text += ", best with " + at(*best);
    return text + " (" + axis.label + ").";
}

} // namespace

std::vector<std::string> answersOf(const Evidence& evidence)
{
    std::vector<std::string> answers;
    for (std::size_t column = 0; column < evidence.table.columns.size(); ++column) {
        if (!isToldOf(evidence.table.columns[column].id)) continue;
        if (evidence.axis) {
            for (std::size_t line = 0; line < evidence.axis->lines.size(); ++line)
                if (std::string text = alongAxis(evidence, column, line); !text.empty())
                    answers.push_back(std::move(text));
        } else {
            for (const TableRow& row : evidence.table.rows)
                if (row.baseline && row.cells[column].value) answers.push_back(againstBaseline(evidence, row, column));
        }
    }
    for (std::string& sentence : referenceSentences(evidence))
        answers.push_back(std::move(sentence));
    if (std::string cut = cutShortSentence(evidence); !cut.empty()) answers.push_back(std::move(cut));
    for (std::string& answer : answers)
        answer[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(answer[0])));
    return answers;
}

std::vector<std::string> leftOut(const Evidence& evidence)
{
    std::vector<std::string> lines;
    std::size_t rolledBack = 0;
    std::map<std::string, std::size_t> refusals;
    std::size_t students = 0;
    for (const compare::RunGroup& group : evidence.grouping.groups) {
        const compare::CountedRuns counts = compare::countedRuns(group, evidence.runs);
        if (counts.unfinished > 0) {
            std::string seeds;
            for (const std::size_t run : group.runs)
                if (std::find(counts.counted.begin(), counts.counted.end(), run) == counts.counted.end())
                    seeds += (seeds.empty() ? "" : ", ") + std::to_string(evidence.runs[run].detail.run.seed) + " (" +
                             store::nameOf(evidence.runs[run].detail.run.state) + ")";
            lines.push_back(quoted(group.label) + ": seeds " + seeds +
                            " have not come to an end and are in no figure.");
        }
        for (const std::size_t run : counts.counted) {
            const store::RunRow& row = evidence.runs[run].detail.run;
            if (row.state != store::RunState::Finished)
                lines.push_back(quoted(group.label) + ", seed " + std::to_string(row.seed) +
                                " counts as far as it came: " + store::nameOf(row.state) +
                                (row.failure.empty() ? "." : ": " + visible(row.failure, 300)));
            for (const events::GenerationRecord& record : evidence.runs[run].detail.generations) {
                rolledBack += record.rolledBack ? 1 : 0;
                students += record.generation > 1 && record.utility ? 1 : 0;
                if (!record.pgrRefusal.empty()) ++refusals[record.pgrRefusal];
            }
        }
        if (!group.repeats.empty())
            lines.push_back(quoted(group.label) + ": " + counted(group.repeats.size(), "older run") +
                            " of the same configuration and seed; equal seeds give equal bits, so they are no second "
                            "observation.");
    }
    if (rolledBack > 0)
        lines.push_back(counted(rolledBack, "generation") +
                        " failed the gate and was rolled back; what was spent on it is counted as compute.");
    for (const auto& [reason, number] : refusals)
        lines.push_back("PGR is not given for " + std::to_string(number) + " of " + counted(students, "student") +
                        ": " + visible(reason, 300));
    for (const compare::ComparedRun& run : evidence.runs)
        if (!run.spec)
            lines.push_back("The settings of run " + run.detail.run.uuid.substr(0, 8) +
                            " cannot be read: " + visible(run.specError, 300));
    for (std::string& line : dataLeftOut(evidence))
        lines.push_back(std::move(line));
    if (lines.empty()) lines.emplace_back("Nothing: every run came to its end, and every run is in the figures.");
    return lines;
}

namespace {

/// Kinds of the detectors' events, without "signature."; what each watched is the series "signature/" and the kind.
const std::map<std::string, std::string>& detectorNames()
{
    static const std::map<std::string, std::string> names = {
        {"imitation_cascade", "imitation cascade"}, {"mode_collapse", "mode collapse"},
        {"non_saliency", "non-saliency"},           {"deceptive_alignment", "deceptive alignment"},
        {"memorisation", "memorisation"},
    };
    return names;
}

bool hasWatched(const std::string& kind, const compare::ComparedRun& run)
{
    return run.find("signature/" + kind) != nullptr ||
           std::ranges::any_of(run.detail.events,
                               [&](const store::EventRow& event) { return event.kind == "signature." + kind; });
}

/// Procedures do not ask every detector, and one that was not asked has not been silent.
std::string watchedBy(const Evidence& evidence)
{
    std::string names;
    for (const auto& [kind, name] : detectorNames())
        if (std::ranges::any_of(evidence.runs, [&](const compare::ComparedRun& run) { return hasWatched(kind, run); }))
            names += (names.empty() ? "" : ", ") + name;
    return names;
}

} // namespace

std::vector<std::string> warningsOf(const Evidence& evidence)
{
    std::map<std::string, std::string> names = {
        {"sandbox.degraded", "sandbox at a lower level than asked"},
        {"signals.degraded", "pooled with less than it should have"},
        {"salience.degraded", "no probe of what can be read off a rung"},
        {"generation.rolled_back", "generation rolled back"},
        {"alert", "alert"},
    };
    for (const auto& [kind, name] : detectorNames())
        names["signature." + kind] = name;
    std::vector<std::string> lines;
    for (const compare::RunGroup& group : evidence.grouping.groups) {
        std::map<std::string, std::size_t> seen;
        std::size_t generations = 0;
        for (const std::size_t run : compare::countedRuns(group, evidence.runs).counted) {
            for (const events::GenerationRecord& record : evidence.runs[run].detail.generations)
                generations += record.utility ? 1 : 0;
            for (const store::EventRow& event : evidence.runs[run].detail.events)
                if (names.contains(event.kind)) ++seen[event.kind];
        }
        if (seen.empty()) continue;
        std::string text = quoted(group.label) + ", " + counted(generations, "generation") + ": ";
        bool first = true;
        for (const auto& [kind, number] : seen) {
            text += (first ? "" : ", ") + names.at(kind) + " " + std::to_string(number);
            first = false;
        }
        lines.push_back(text + ".");
    }
    const std::string watched = watchedBy(evidence);
    if (!lines.empty())
        lines.push_back(watched.empty() ? "No detector of failed supervision applies to these runs."
                                        : "Detectors that watched these runs: " + watched + ".");
    else
        lines.push_back(watched.empty()
                            ? "No detector of failed supervision applies to these runs; nothing ran degraded."
                            : "None of the detectors that watched these runs (" + watched +
                                  ") spoke, and nothing ran degraded.");
    return lines;
}

std::vector<std::string> limitsOf(const Evidence& evidence)
{
    std::set<std::string> families;
    std::size_t fewest = SIZE_MAX;
    std::int64_t smallest = INT64_MAX; // parameters of the models that were trained
    std::int64_t largest = 0;
    for (const compare::ComparedRun& run : evidence.runs) {
        if (run.spec) families.insert(run.spec->ladder.family);
        for (const events::GenerationRecord& record : run.detail.generations) {
            if (record.parameters > 0) smallest = std::min(smallest, record.parameters);
            largest = std::max(largest, record.parameters);
        }
    }
    for (const TableRow& row : evidence.table.rows)
        fewest = std::min(fewest, row.runs);
    const std::string sizes = largest == 0 ? "few parameters"
                                           : (smallest < largest ? std::to_string(smallest) + " to " : "") +
                                                 std::to_string(largest) + " parameters";
    std::vector<std::string> lines;
    if (families.contains("builtin:registers"))
        lines.emplace_back(
            "The built-in world is a register machine read by small networks, here of " + sizes +
            ". It has truth beyond every supervisor, which is why it is used; that an effect appears here "
            "says nothing of its size in language models.");
    if (families.contains("scratch"))
        lines.emplace_back(
            "These models, of " + sizes +
            ", were trained from nothing on the task's own texts. What needs knowledge of the "
            "world or of language is out of their reach, and a result near chance is a result about them, "
            "not about the method.");
    if (families.contains("models"))
        lines.emplace_back("Pretrained folders may have seen the task's items before; nothing here tests for that.");
    if (families.contains("models") && largest > 0 && largest < kSmallModel)
        lines.emplace_back(
            "The folders hold small models, of " + sizes +
            ": what takes reasoning or knowledge is mostly out of their "
            "reach. A result near chance is a result about them, not about the method, and an effect between them need "
            "not appear, or not with its sign, between models of the sizes that supervision is hard for.");
    lines.emplace_back(
        "The paper that this design follows gives no algorithm for the capability gap and not all of its "
        "settings. Where the table of settings says \u201cours\u201d, the value is a choice of this "
        "program; nothing here claims to reproduce a published table.");
    if (fewest < 5)
        lines.emplace_back(
            "With fewer than five seeds an interval over seeds is itself badly known; read it as a first look.");
    return lines;
}

} // namespace gradus::report
