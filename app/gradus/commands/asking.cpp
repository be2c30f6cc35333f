// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/asking.h"

#include "events/run_commands.h"
#include "run/episode_run.h"
#include "store/command_log.h"
#include "store/store_writer.h"

#include <cstdio>

namespace gradus::app {

std::string shortId(const store::RunRow& run)
{
    return run.uuid.substr(0, 8);
}

bool isLiving(const store::RunRow& run)
{
    return run.state == store::RunState::Running || run.state == store::RunState::Preparing;
}

Result<store::RunRow> livingRun(const store::StoreReader& reader, const std::string& name, const std::string& act)
{
    auto row = reader.findRun(name);
    if (!row) return row;
    if (!isLiving(*row))
        return badInput("Run " + shortId(*row) + " is " + store::nameOf(row->state) + ", not running; nothing to " +
                        act + ".");
    if (row->procedure == run::kPlayProcedure)
        return badInput("Run " + shortId(*row) +
                        " plays scenarios and takes no commands; end its process with Ctrl+C instead.");
    return row;
}

Result<std::vector<std::string>> letGoOn(const std::vector<std::string>& names, const std::filesystem::path& store)
{
    const auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    std::vector<std::string> others;
    std::vector<store::RunRow> held;
    for (const std::string& name : names) {
        const auto row = reader->findRun(name);
        if (!row) return row.error();
        const auto detail = reader->detail(row->id);
        if (!detail) return detail.error();
        if (isLiving(*row) && store::isHeld(detail->events))
            held.push_back(*row);
        else
            others.push_back(name);
    }
    if (held.empty()) return others;
    const auto writer = store::StoreWriter::open(store);
    if (!writer) return writer.error();
    for (const store::RunRow& run : held) {
        const auto posted = (*writer)->postCommand(run.id, std::string(events::kContinueVerb));
        if (!posted) return posted.error();
        std::printf("Run %s will go on.\n", shortId(run).c_str());
    }
    return others;
}

} // namespace gradus::app
