// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/gather.h"

#include "base/clock.h"
#include "base/text.h"
#include "compare/read_runs.h"
#include "report/note.h"
#include "report/rerun.h"
#include "store/run_choice.h"
#include "store/store_reader.h"

#include <set>

namespace gradus::report {

namespace {

/// The command that gives this report again: what was asked for beside its runs.
PageCommand commandOf(const ReportChoice& choice, const std::string& note)
{
    PageCommand command{.verb = "report", .note = note};
    if (!choice.baseline.empty()) command.options.insert(command.options.end(), {"--baseline", choice.baseline});
    for (const std::string& contrast : choice.against)
        command.options.insert(command.options.end(), {"--against", contrast});
    if (choice.test == compare::TestKind::Permutation)
        command.options.insert(command.options.end(), {"--test", "permutation"});
    return command;
}

/// Experiments of the store that are called as these runs' are and have other settings: a sentence a name.
Result<std::vector<std::string>> namesakes(const store::StoreReader& reader, const std::vector<store::RunRow>& chosen)
{
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    std::set<std::string> told; // hashes of experiments that the report is on
    std::set<std::string> names;
    for (const store::RunRow& row : chosen) {
        told.insert(row.experimentHash);
        names.insert(row.experimentName);
    }
    std::vector<std::string> sentences;
    for (const std::string& name : names) {
        std::set<std::string> others;
        std::size_t runs = 0;
        for (const store::RunRow& row : *rows) {
            if (row.experimentName != name || told.contains(row.experimentHash)) continue;
            others.insert(row.experimentHash);
            ++runs;
        }
        if (!others.empty())
            sentences.push_back("The store has " + counted(others.size(), "other experiment") + " called \u201c" +
                                visible(name, 80) + "\u201d, with other settings: " +
                                (runs == 1 ? "its run is not" : "none of those " + counted(runs, "run") + " is") +
                                " in this report.");
    }
    return sentences;
}

} // namespace

Result<Report> gather(const ReportChoice& choice)
{
    auto reader = store::StoreReader::open(choice.store);
    if (!reader) return reader.error();
    const auto rows = store::chosenRuns(*reader, choice.names);
    if (!rows) return rows.error();
    auto runs = compare::readRuns(*reader, *rows);
    if (!runs) return runs.error();
    auto note = readNote(choice.noteFile);
    if (!note) return note.error();
    auto again = rerunOf(*reader, *rows, commandOf(choice, *note));
    if (!again) return again.error();
    std::vector<std::optional<compare::SourceDiversity>> sources;
    for (const compare::ComparedRun& run : *runs) {
        auto kept = compare::keptDiversity(*reader, run);
        if (!kept) return kept.error();
        sources.push_back(*kept);
    }
    ReportRequest request{.runs = std::move(*runs), .again = std::move(*again), .baseline = choice.baseline};
    request.sources = std::move(sources);
    request.against = choice.against;
    auto remarks = namesakes(*reader, *rows);
    if (!remarks) return remarks.error();
    request.remarks = std::move(*remarks);
    request.test = choice.test;
    request.program = choice.program;
    request.writtenAt = wallSeconds();
    request.note = std::move(*note);
    return experimentReport(std::move(request));
}

} // namespace gradus::report
