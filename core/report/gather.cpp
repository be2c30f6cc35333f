// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/gather.h"

#include "base/clock.h"
#include "base/text.h"
#include "compare/read_runs.h"
#include "report/note.h"
#include "store/run_choice.h"

#include <cctype>
#include <map>
#include <set>

namespace gradus::report {

namespace {

/// "gap annealing: drawn" -> "gap-annealing-drawn.toml": a name that every shell and file system takes.
std::string fileName(const std::string& experiment)
{
    std::string name;
    for (const char c : experiment) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() == 60) break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return (name.empty() ? "experiment" : name) + ".toml";
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

Result<std::vector<std::pair<std::string, std::string>>> filesOf(const store::StoreReader& reader,
                                                                 const std::vector<store::RunRow>& runs)
{
    std::vector<std::pair<std::string, std::string>> files;
    std::set<std::string> texts;
    std::map<std::string, int> names;
    for (const store::RunRow& row : runs) {
        const auto source = reader.sourceToml(row.id);
        if (!source) return source.error();
        if (source->empty() || !texts.insert(*source).second) continue;
        std::string name = fileName(row.experimentName);
        if (const int twin = names[name]++; twin > 0) name.insert(name.size() - 5, "-" + std::to_string(twin + 1));
        files.emplace_back(std::move(name), *source);
    }
    return files;
}

Result<Report> gather(const ReportChoice& choice)
{
    auto reader = store::StoreReader::open(choice.store);
    if (!reader) return reader.error();
    const auto rows = store::chosenRuns(*reader, choice.names);
    if (!rows) return rows.error();
    auto runs = compare::readRuns(*reader, *rows);
    if (!runs) return runs.error();
    auto files = filesOf(*reader, *rows);
    if (!files) return files.error();
    ReportRequest request{.runs = std::move(*runs), .files = std::move(*files), .baseline = choice.baseline};
    request.against = choice.against;
    auto remarks = namesakes(*reader, *rows);
    if (!remarks) return remarks.error();
    request.remarks = std::move(*remarks);
    request.test = choice.test;
    request.program = choice.program;
    request.writtenAt = wallSeconds();
    auto note = readNote(choice.noteFile);
    if (!note) return note.error();
    request.note = std::move(*note);
    return experimentReport(std::move(request));
}

} // namespace gradus::report
