// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/import_runs.h"

#include "base/text.h"
#include "spec/imported.h"
#include "spec/toml_tree.h"
#include "store/database.h"
#include "store/imported_run.h"
#include "store/opening.h"
#include "store/run_copy.h"

#include <algorithm>
#include <system_error>

namespace gradus::imports {

namespace {

using spec::tomlString;

/// The TOML key of any text.
std::string tomlPair(const std::string& key, const std::string& value)
{
    return tomlString(visible(key, 200)) + " = " + tomlString(visible(value, 1000)) + "\n";
}

std::string originText(const ImportPlan& plan, const PlannedRun& run)
{
    return std::string(spec::kImportedHeader) + "\nformat = " + tomlString(plan.format) +
           "\nexperiment = " + tomlString(run.experiment) + "\n";
}

/// What stands for the experiment of a run that was made elsewhere: where it came from, with which settings, and which
/// of its series is which. It is no experiment of ours and does not claim the defaults of one.
std::string runText(const ImportPlan& plan, const PlannedRun& run)
{
    std::string text = originText(plan, run) + "run = " + tomlString(run.name) +
                       "\nfile = " + tomlString(visible(plan.file, 500)) +
                       "\nstep_axis = " + tomlString(visible(plan.axis, 200)) + "\n[parameters]\n";
    std::vector<std::pair<std::string, std::string>> parameters = run.parameters;
    std::stable_sort(parameters.begin(), parameters.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto sameKey = [](const auto& a, const auto& b) { return visible(a.first, 200) == visible(b.first, 200); };
    parameters.erase(std::unique(parameters.begin(), parameters.end(), sameKey), parameters.end());
    for (const auto& [key, value] : parameters)
        text += tomlPair(key, value);
    text += "[series]\n";
    for (const auto& [ours, theirs] : run.origins)
        text += tomlPair(ours, theirs);
    return text;
}

store::ImportedRun imported(const ImportPlan& plan, const PlannedRun& run)
{
    return {.uuid = run.uuid,
            .experimentName = run.experiment,
            .experimentText = originText(plan, run),
            .runText = runText(plan, run),
            .condition = run.condition,
            .seed = run.seed,
            .startedAt = run.startedAt,
            .endedAt = run.endedAt,
            .failed = run.failed,
            .origin = "Imported from " + plan.format + ", run " + run.name + " of " + visible(plan.file, 200) + "; " +
                      visible(plan.axis, 200) + ".",
            .series = run.series};
}

} // namespace

Result<ImportReport> importRuns(const std::filesystem::path& store, const ImportPlan& plan, bool replace,
                                const StopFlag* stop)
{
    auto database = store::openForWriting(store);
    if (!database) return database.error();
    const auto tables = store::runTables(*database);
    if (!tables) return tables.error();
    ImportReport report;
    for (const PlannedRun& run : plan.runs) {
        if (stop != nullptr && stop->requested())
            return Error{.message = "Stopped; the runs imported so far are whole, and importing again goes on.",
                         .kind = ErrorKind::Stopped};
        auto transaction = store::Transaction::begin(*database, store::Transaction::Kind::Write);
        if (!transaction) return transaction.error();
        const auto here = store::findUuid(*database, run.uuid);
        if (!here) return here.error();
        if (*here && !replace) {
            report.here.push_back(run.uuid);
            continue;
        }
        if (*here)
            if (auto done = store::deleteRun(*database, **here, *tables); !done) return done.error();
        const auto written = store::writeImportedRun(*database, imported(plan, run));
        if (!written) return written.error();
        if (auto done = transaction->commit(); !done) return done.error();
        report.written.push_back(run.uuid);
        if (*here) report.replaced.push_back(run.uuid);
    }
    database->closeWithCheckpoint();
    return report;
}

Result<std::vector<std::string>> alreadyIn(const std::filesystem::path& store, const ImportPlan& plan)
{
    std::vector<std::string> uuids;
    std::error_code code;
    if (!std::filesystem::exists(store, code)) return uuids;
    auto database = store::openForReading(store);
    if (!database) return database.error();
    for (const PlannedRun& run : plan.runs) {
        const auto here = store::findUuid(*database, run.uuid);
        if (!here) return here.error();
        if (*here) uuids.push_back(run.uuid);
    }
    return uuids;
}

} // namespace gradus::imports
