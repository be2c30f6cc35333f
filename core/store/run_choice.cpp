// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_choice.h"

#include "base/text.h"

#include <algorithm>
#include <map>
#include <set>

namespace gradus::store {

namespace {

/// Of rows, newest first, those of the newest experiment that fits (or of all that fit), oldest first.
template <typename Fits>
std::vector<RunRow> fitting(const std::vector<RunRow>& rows, Versions versions, Fits fits)
{
    std::vector<RunRow> chosen;
    const auto newest = std::find_if(rows.begin(), rows.end(), fits);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        if (fits(*row) && (versions == Versions::All || row->experimentHash == newest->experimentHash))
            chosen.push_back(*row);
    return chosen;
}

constexpr std::size_t kShortId = 8; ///< as `gradus list` writes them

void add(std::vector<RunRow>& runs, RunRow row)
{
    if (std::none_of(runs.begin(), runs.end(), [&](const RunRow& one) { return one.id == row.id; }))
        runs.push_back(std::move(row));
}

} // namespace

Result<std::vector<RunRow>> chosenRuns(const StoreReader& reader, const std::vector<std::string>& names)
{
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    if (rows->empty()) return badInput("The store has no runs yet; start one with: gradus run FILE");
    if (names.empty()) return fitting(*rows, Versions::Newest, [](const RunRow&) { return true; });
    std::vector<RunRow> runs;
    for (const std::string& name : names) {
        std::vector<RunRow> named =
            fitting(*rows, Versions::Newest, [&](const RunRow& row) { return row.experimentName == name; });
        if (named.empty()) {
            auto row = reader.findRun(name);
            if (!row) {
                Error error = row.error();
                if (error.kind == ErrorKind::BadInput) error.message += " No experiment has that name either.";
                return error;
            }
            named.push_back(std::move(*row));
        }
        for (RunRow& row : named)
            add(runs, std::move(row));
    }
    return runs;
}

Result<RunNames> namesMeaning(const StoreReader& reader, const std::vector<RunRow>& runs)
{
    RunNames meaning;
    for (const RunRow& run : runs)
        if (std::ranges::find(meaning.names, run.experimentName) == meaning.names.end())
            meaning.names.push_back(run.experimentName);
    const auto isOption = [](const std::string& name) { return name.empty() || name.front() == '-'; };
    const auto chosen = chosenRuns(reader, meaning.names);
    if (chosen && std::ranges::none_of(meaning.names, isOption) &&
        std::ranges::equal(*chosen, runs, {}, &RunRow::id, &RunRow::id))
        return meaning;
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    std::map<std::string, int> ids; // how many runs begin so
    std::set<std::string> experiments;
    for (const RunRow& row : *rows) {
        ++ids[row.uuid.substr(0, kShortId)];
        experiments.insert(row.experimentName);
    }
    meaning = {.names = {}, .areIds = true};
    for (const RunRow& run : runs) {
        const std::string brief = run.uuid.substr(0, kShortId);
        meaning.names.push_back(ids[brief] == 1 && !experiments.contains(brief) ? brief : run.uuid);
    }
    return meaning;
}

Result<std::vector<RunRow>> runsOfExperiment(const StoreReader& reader, const std::string& name, Versions versions)
{
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    std::vector<RunRow> runs = fitting(*rows, versions, [&](const RunRow& row) { return row.experimentName == name; });
    if (runs.empty())
        return badInput("The store has no run of an experiment called \"" + visible(name, 80) +
                        "\"; see their names with: gradus list");
    return runs;
}

Result<std::vector<RunDetail>> detailsOf(const StoreReader& reader, const std::vector<RunRow>& runs)
{
    std::vector<RunDetail> details;
    for (const RunRow& run : runs) {
        auto detail = reader.detail(run.id);
        if (!detail) return detail.error();
        details.push_back(std::move(*detail));
    }
    return details;
}

} // namespace gradus::store
