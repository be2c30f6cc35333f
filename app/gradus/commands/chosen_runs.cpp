// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/chosen_runs.h"

#include "base/text.h"
#include "commands/commands.h"
#include "filter/run_filter.h"
#include "store/run_choice.h"

namespace gradus::app {

Result<std::vector<store::RunDetail>> chosenDetails(const std::string& store, const std::vector<std::string>& names)
{
    const auto reader = store::StoreReader::open(storePath(store));
    if (!reader) return reader.error();
    const auto rows = store::chosenRuns(*reader, names);
    if (!rows) return rows.error();
    return store::detailsOf(*reader, *rows);
}

Result<OpenedRun> openedRun(const std::string& store, const std::string& name)
{
    auto reader = store::StoreReader::open(storePath(store));
    if (!reader) return reader.error();
    const auto row = reader->findRun(name);
    if (!row) return row.error();
    auto detail = reader->detail(row->id);
    if (!detail) return detail.error();
    return OpenedRun{std::move(*reader), std::move(*detail)};
}

Result<std::vector<store::RunDetail>> detailsOfAll(const std::string& store, const std::string& experiment)
{
    const auto reader = store::StoreReader::open(storePath(store));
    if (!reader) return reader.error();
    const auto rows = store::runsOfExperiment(*reader, experiment, store::Versions::All);
    if (!rows) return rows.error();
    return store::detailsOf(*reader, *rows);
}

Result<std::vector<store::RunRow>> filteredRuns(const store::StoreReader& reader, const std::string& line)
{
    const auto filter = filter::RunFilter::parse(line);
    if (!filter) return filter.error();
    if (filter->isEmpty())
        return badInput("The filter has no term, so that it would take every run; write one, like seed = 2.");
    auto rows = reader.runs();
    if (!rows) return rows;
    store::SettingsCache cache;
    if (const auto known = reader.addSettings(*rows, cache, rows->size()); !known) return known.error();
    std::erase_if(*rows, [&](const store::RunRow& row) { return !filter->matches(row); });
    if (rows->empty()) return badInput("No run of this store is one of: " + visible(line) + ".");
    return rows;
}

} // namespace gradus::app
