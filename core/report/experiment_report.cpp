// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/experiment_report.h"

#include "report/alignment_tables.h"
#include "report/contrast_tables.h"
#include "report/data_used.h"
#include "report/findings.h"
#include "report/firmness.h"
#include "report/noise_figures.h"
#include "report/note.h"
#include "report/result_tables.h"
#include "report/settings.h"
#include "report/source_tables.h"
#include "report/step_matrix.h"
#include "report/words.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <set>

namespace gradus::report {

namespace {

std::string joined(const std::set<std::string>& texts, const std::string& between)
{
    std::string all;
    for (const std::string& text : texts)
        all += (all.empty() ? "" : between) + text;
    return all;
}

Result<Evidence> evidenceOf(ReportRequest& request)
{
    if (request.runs.empty()) return badInput("There is no run to report on; start one with: gradus run FILE");
    Evidence evidence;
    evidence.runs = std::move(request.runs);
    evidence.grouping = compare::grouped(evidence.runs);
    const auto baseline = compare::groupLabelled(evidence.grouping, request.baseline);
    if (!baseline) return baseline.error();
    evidence.baseline = *baseline;
    evidence.test = request.test;
    evidence.sources = std::move(request.sources);
    evidence.axis = compare::sweptAxis(evidence.runs, evidence.grouping);
    auto asked = compare::askedContrasts(request.again.files, request.against, evidence.runs, evidence.grouping);
    if (!asked) return asked.error();
    evidence.absentContrasts = std::move(asked->absent);
    compare::TableOptions options{.test = request.test, .baseline = *baseline};
    options.contrasts = std::move(asked->contrasts);
    evidence.table = compare::comparisonTable(evidence.runs, evidence.grouping, options);
    if (evidence.table.columns.empty())
        return badInput("None of these runs has finished a generation yet; a report needs one that has.");
    return evidence;
}

std::set<std::string> collect(const Evidence& evidence, std::string (*text)(const compare::ComparedRun&))
{
    std::set<std::string> texts;
    for (const compare::ComparedRun& run : evidence.runs)
        if (const std::string one = text(run); !one.empty()) texts.insert(one);
    return texts;
}

std::string seedsText(const Evidence& evidence)
{
    std::set<std::int64_t> seeds;
    for (const compare::ComparedRun& run : evidence.runs)
        seeds.insert(run.detail.run.seed);
    const auto length = static_cast<std::int64_t>(seeds.size());
    if (length > 2 && *seeds.rbegin() - *seeds.begin() == length - 1)
        return "seeds " + std::to_string(*seeds.begin()) + " to " + std::to_string(*seeds.rbegin());
    std::string text;
    for (const std::int64_t seed : seeds)
        text += (text.empty() ? "" : ", ") + std::to_string(seed);
    return (seeds.size() == 1 ? "seed " : "seeds ") + text;
}

std::vector<std::string> factsOf(const Evidence& evidence, const ReportRequest& request)
{
    std::vector<std::string> facts;
    facts.push_back(counted(evidence.runs.size(), "run") + " in " +
                    counted(evidence.grouping.groups.size(), "condition") + ", " + seedsText(evidence) + ".");
    double seconds = 0;
    double flops = 0;
    for (const compare::ComparedRun& run : evidence.runs) {
        if (run.detail.run.startedAt && run.detail.run.endedAt)
            seconds += *run.detail.run.endedAt - *run.detail.run.startedAt;
        flops += compare::flopsSpent(run.detail).value_or(0);
    }
    facts.push_back("Spent: " + durationText(seconds) + " of run time" +
                    (flops > 0 ? ", " + typeset(flops, -1) + " floating-point operations of training" : "") + ".");
    for (const compare::ComparedRun& run : evidence.runs)
        for (const store::EventRow& event : run.detail.events)
            if (event.kind == events::kBranchedEvent || event.kind == events::kSupersededEvent)
                facts.push_back("Run " + visible(run.detail.run.uuid.substr(0, 8)) + ": " +
                                visible(event.sentence, 400));
    facts.insert(facts.end(), request.remarks.begin(), request.remarks.end());
    if (request.writtenAt > 0)
        facts.push_back("Written on " + dateText(request.writtenAt) +
                        (request.program.empty() ? "" : " by " + request.program) +
                        " from the run store; every number was read from it.");
    return facts;
}

/// Fields of sources are many; the reader is told that sources differ.
std::string subjectOf(const std::string& key)
{
    return key.starts_with("signals.source[") ? "the signal sources" : key;
}

/// The author's question, or what the sweep itself asks.
std::string questionOf(const Evidence& evidence)
{
    const auto asked = collect(evidence, [](const compare::ComparedRun& run) {
        return run.spec ? run.spec->experiment.question : std::string();
    });
    if (!asked.empty()) return joined(asked, " ");
    if (evidence.grouping.groups.size() == 1) return "What does this ladder reach with these settings?";
    if (evidence.axis) return "How does the outcome depend on the " + evidence.axis->label + "?";
    std::set<std::string> keys;
    for (const compare::DifferingKey& key : evidence.grouping.differing)
        if (key.key != "experiment.name") keys.insert(subjectOf(key.key));
    return "What difference does " + joined(keys, ", ") + " make?";
}

/// How conditions are held against each other, by the seeds that they really have.
std::string pairingOf(const Evidence& evidence)
{
    std::size_t compared = 0;
    std::size_t paired = 0;
    for (const compare::TableRow& row : evidence.table.rows) {
        const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                       [](const compare::TableCell& one) { return one.difference.has_value(); });
        if (cell == row.cells.end()) continue;
        ++compared;
        paired += cell->difference->paired ? 1 : 0;
    }
    if (compared == 0) return {};
    if (paired == compared)
        return " Conditions share their seeds: equal seeds have equal items and initial weights, so that differences "
               "are paired.";
    return std::string(paired == 0 ? " Conditions do not share their seeds"
                                   : " Only " + std::to_string(paired) + " of " + counted(compared, "condition") +
                                         " share their seeds with what they are held against") +
           ": differences of runs with other seeds are those of unrelated runs, by Welch's interval.";
}

std::string designOf(const Evidence& evidence)
{
    const auto spec = [&](std::string (*text)(const spec::Experiment&)) {
        std::set<std::string> texts;
        for (const compare::ComparedRun& run : evidence.runs)
            if (run.spec) texts.insert(text(*run.spec));
        return joined(texts, " | ");
    };
    const std::string procedure = spec([](const spec::Experiment& e) { return e.experiment.procedure; });
    const std::string task = spec([](const spec::Experiment& e) { return e.task.name; });
    const std::string family = spec([](const spec::Experiment& e) {
        if (e.ladder.family != "models") return e.ladder.family;
        const bool whole = std::ranges::all_of(
            e.ladder.models, [](const spec::FolderRung& rung) { return rung.layers == 0 && rung.adapterRank == 0; });
        return std::to_string(e.ladder.models.size()) + (whole ? " model folders" : " rungs of model folders");
    });
    const std::string generations =
        spec([](const spec::Experiment& e) { return std::to_string(e.ladder.generations); });
    const std::string labels = spec([](const spec::Experiment& e) {
        return e.training.labels == 0 ? std::string("all") : std::to_string(e.training.labels);
    });
    const std::string anchors = spec([](const spec::Experiment& e) { return std::to_string(e.signals.anchors); });
    long long heldOut = 0;
    for (const compare::ComparedRun& run : evidence.runs)
        if (const auto* last = compare::lastKept(run.detail)) heldOut = std::max(heldOut, last->utility->n);
    std::string text = "Procedure " + procedure + " on the task " + task + ", ladder " + family +
                       ", generations: " + generations + ", labels a generation: " + labels + ".";
    text += " Utility is accuracy against truth on held-out items (up to " + std::to_string(heldOut) +
            " of them) that nothing is taught by.";
    if (anchors != "0") text += " Anchors with truth for measuring: " + anchors + ".";
    return text + pairingOf(evidence);
}

/// What the question asks for comes before what is told of every experiment.
std::vector<std::string> answersTo(const Evidence& evidence)
{
    std::vector<std::string> answers = contrastAnswers(evidence);
    for (std::string& answer : answersOf(evidence))
        answers.push_back(std::move(answer));
    return answers;
}

Section dataSection(const Evidence& evidence)
{
    Section section{"Data and machine", {}};
    if (auto data = dataTable(evidence)) section.blocks.emplace_back(std::move(*data));
    if (auto lines = ranWith(evidence); !lines.empty()) {
        section.blocks.emplace_back(Paragraph{"What worked on the runs:"});
        section.blocks.emplace_back(BulletList{std::move(lines)});
    }
    return section;
}

} // namespace

Result<Report> experimentReport(ReportRequest request)
{
    const auto gathered = evidenceOf(request);
    if (!gathered) return gathered.error();
    const Evidence& evidence = *gathered;
    Report report;
    report.title =
        joined(collect(evidence, [](const compare::ComparedRun& run) { return run.detail.run.experimentName; }), "; ");
    report.facts = factsOf(evidence, request);
    report.remarks = request.remarks;
    report.sections.push_back({"Question", {Paragraph{questionOf(evidence)}}});
    report.sections.push_back(answerSection(request.note, answersTo(evidence)));
    StepMatrices steps = stepMatrices(evidence);
    Section figures{"Figures", {}};
    if (steps.figure) figures.blocks.emplace_back(std::move(*steps.figure));
    for (Figure& figure : noiseFigures(evidence))
        figures.blocks.emplace_back(std::move(figure));
    for (Figure& figure : figuresOf(evidence))
        figures.blocks.emplace_back(std::move(figure));
    report.sections.push_back(std::move(figures));
    report.sections.push_back({"Design", {Paragraph{designOf(evidence)}, conditionsTable(evidence)}});
    Section results{"Results", {}};
    for (Table& table : steps.tables)
        results.blocks.emplace_back(std::move(table));
    for (Table& table : contrastTables(evidence))
        results.blocks.emplace_back(std::move(table));
    for (Table& table : resultTables(evidence))
        results.blocks.emplace_back(std::move(table));
    if (auto noise = noiseTable(evidence)) results.blocks.emplace_back(std::move(*noise));
    if (auto sources = sourceTable(evidence)) results.blocks.emplace_back(std::move(*sources));
    for (Table& table : alignmentTables(evidence))
        results.blocks.emplace_back(std::move(table));
    for (Table& table : runFigures(evidence))
        results.blocks.emplace_back(std::move(table));
    report.sections.push_back(std::move(results));
    report.sections.push_back({"What would change the conclusion", {BulletList{whatWouldChange(evidence)}}});
    report.sections.push_back({"What was left out", {BulletList{leftOut(evidence)}}});
    report.sections.push_back({"Warnings during the runs", {BulletList{warningsOf(evidence)}}});
    report.sections.push_back({"What this cannot show", {BulletList{limitsOf(evidence)}}});
    report.sections.push_back({"Settings", {changedSettings(evidence), defaultSettings(evidence)}});
    if (Section data = dataSection(evidence); !data.blocks.empty()) report.sections.push_back(std::move(data));
    report.sections.push_back(rerunSection(request.again, runsTable(evidence)));
    return report;
}

} // namespace gradus::report
