// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "store/merge.h"
#include "store/restore.h"
#include "store/store_check.h"
#include "store/store_facts.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct StoreArguments
{
    std::string store;
    std::string other; ///< backup: the file to write; merge: the store to read
    bool repair = false;
    bool replace = false;
    bool json = false;
};

int check(const StoreArguments& arguments)
{
    const auto findings = store::checkStore(storePath(arguments.store));
    if (!findings) return report(findings.error());
    for (const std::string& sentence : findings->damage)
        std::printf("%s\n", sentence.c_str());
    if (!findings->pyramidIsRight && arguments.repair) {
        if (const auto repaired = store::repairPyramid(storePath(arguments.store)); !repaired)
            return report(repaired.error());
        std::printf("The derived pyramid was wrong and has been rebuilt.\n");
    } else if (!findings->pyramidIsRight) {
        std::printf("The derived pyramid is wrong; gradus store check --repair rebuilds it.\n");
    }
    const bool sound = findings->damage.empty() && (findings->pyramidIsRight || arguments.repair);
    std::printf("%s: format %lld, %lld runs, %lld points, %lld bytes.\n",
                sound ? "The store is sound" : "The store is damaged; restore a backup",
                static_cast<long long>(findings->formatVersion), static_cast<long long>(findings->runs),
                static_cast<long long>(findings->points), static_cast<long long>(findings->bytes));
    return sound ? 0 : 1;
}

int backup(const StoreArguments& arguments)
{
    if (const auto done = store::backupStore(storePath(arguments.store), arguments.other); !done)
        return report(done.error());
    std::printf("Wrote %s.\n", arguments.other.c_str());
    return 0;
}

int restore(const StoreArguments& arguments)
{
    const auto aside = store::restoreStore(storePath(arguments.store), arguments.other);
    if (!aside) return report(aside.error());
    if (aside->empty())
        std::printf("Restored.\n");
    else
        std::printf("Restored; the store as it was is now %s.\n", aside->c_str());
    return 0;
}

int merge(const StoreArguments& arguments, const StopFlag& stop)
{
    const auto merged =
        store::mergeStore(storePath(arguments.store), arguments.other, {.replace = arguments.replace, .stop = &stop});
    if (!merged) return report(merged.error());
    for (const std::string& name : merged->merged)
        std::printf("Merged %s\n", name.c_str());
    for (const store::SkippedRun& run : merged->skipped)
        std::printf("Left out %s: %s.\n", run.name.c_str(), run.why.c_str());
    std::printf("%s merged (%zu in place of an earlier state), %lld here already, %zu left out.\n",
                counted(merged->merged.size(), "run").c_str(), merged->replaced.size(),
                static_cast<long long>(merged->alreadyHere), merged->skipped.size());
    if (merged->marked > 0)
        std::printf("%s here already got tags or a note.\n",
                    counted(static_cast<std::size_t>(merged->marked), "run").c_str());
    return 0;
}

int upgrade(const StoreArguments& arguments)
{
    const auto upgraded = store::upgradeStore(storePath(arguments.store));
    if (!upgraded) return report(upgraded.error());
    std::printf("%s\n",
                *upgraded ? "Brought forward; the store as it was lies beside it." : "It is of this format already.");
    return 0;
}

int recover(const StoreArguments& arguments)
{
    const auto taken = store::recoverStore(storePath(arguments.store));
    if (!taken) return report(taken.error());
    std::printf("%s\n", *taken > 0 ? (counted(static_cast<std::size_t>(*taken), "point") + " taken up.").c_str()
                                   : "No killed process left anything.");
    return 0;
}

int vacuum(const StoreArguments& arguments)
{
    const auto freed = store::vacuumStore(storePath(arguments.store));
    if (!freed) return report(freed.error());
    std::printf("%lld bytes given back.\n", static_cast<long long>(*freed));
    return 0;
}

json infoJson(const store::StoreFacts& facts)
{
    json tables = json::array();
    for (const store::TableFacts& table : facts.tables)
        tables.push_back({{"name", table.name},
                          {"rows", table.rows},
                          {"bytes", table.bytes < 0 ? json(nullptr) : json(table.bytes)}});
    json states = json::object();
    for (const auto& [state, count] : facts.runsByState)
        states[state] = count;
    json runs = json::array();
    for (const store::RunSize& run : facts.runs)
        runs.push_back({{"uuid", run.uuid},
                        {"name", run.name},
                        {"points", run.points},
                        {"labels", run.labels},
                        {"transcripts", run.transcripts}});
    return {{"format", facts.format},      {"sqlite", facts.sqlite},      {"journal", facts.journal},
            {"bytes", facts.bytes},        {"wal_bytes", facts.walBytes}, {"free_bytes", facts.freeBytes},
            {"tables", std::move(tables)}, {"runs_by_state", states},     {"run_bytes", std::move(runs)}};
}

int info(const StoreArguments& arguments, const StopFlag& stop)
{
    const auto facts = store::storeFacts(storePath(arguments.store), &stop);
    if (!facts) return report(facts.error());
    if (arguments.json) {
        printJson(infoJson(*facts));
        return 0;
    }
    std::printf("Format %lld, SQLite %s, journal %s, %lld bytes (%lld in the log, %lld unused).\n",
                static_cast<long long>(facts->format), facts->sqlite.c_str(), facts->journal.c_str(),
                static_cast<long long>(facts->bytes), static_cast<long long>(facts->walBytes),
                static_cast<long long>(facts->freeBytes));
    for (const auto& [state, count] : facts->runsByState)
        std::printf("%8lld runs %s\n", static_cast<long long>(count), visible(state).c_str());
    std::printf("%-16s %12s %14s\n", "table", "rows", "bytes");
    for (const store::TableFacts& table : facts->tables)
        std::printf("%-16s %12lld %14s\n", visible(table.name).c_str(), static_cast<long long>(table.rows),
                    table.bytes < 0 ? "–" : std::to_string(table.bytes).c_str());
    return 0;
}

} // namespace

void addStore(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<StoreArguments>();
    CLI::App* verb = app.add_subcommand("store", "Look after a run store.");
    verb->require_subcommand(1);
    CLI::App* checked = verb->add_subcommand("check", "Check the store's integrity.");
    checked->add_flag("--repair", arguments->repair, "Rebuild the derived min/max/last pyramid if it is wrong");
    CLI::App* copied = verb->add_subcommand("backup", "Write a consistent copy, also while runs write.");
    copied->add_option("target", arguments->other, "File to write")->required();
    CLI::App* restored =
        verb->add_subcommand("restore", "Put a backup in the store's place; the store as it was is kept beside it.");
    restored->add_option("backup", arguments->other, "File to restore")->required();
    CLI::App* merged = verb->add_subcommand("merge", "Bring in the runs of another store; twice changes nothing.");
    merged->add_option("other", arguments->other, "Store to read")->required();
    merged->add_flag("--replace", arguments->replace, "Take the other store's state of a run that went further there");
    CLI::App* vacuumed = verb->add_subcommand("vacuum", "Give unused pages back to the file system.");
    CLI::App* told = verb->add_subcommand("info", "Sizes by table, runs by state, versions.");
    told->add_flag("--json", arguments->json, "JSON instead of text");
    CLI::App* upgraded =
        verb->add_subcommand("upgrade", "Bring a store of an older format forward, after a copy beside it.");
    CLI::App* recovered = verb->add_subcommand(
        "recover", "Take up the points that a killed process had said and not committed, as the next run does anyway.");
    for (CLI::App* action : {checked, copied, restored, merged, upgraded, recovered, vacuumed, told})
        action->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    addSql(*verb, invocation);
    checked->callback([arguments, &invocation] { invocation.exitCode = check(*arguments); });
    copied->callback([arguments, &invocation] { invocation.exitCode = backup(*arguments); });
    restored->callback([arguments, &invocation] { invocation.exitCode = restore(*arguments); });
    merged->callback([arguments, &invocation] { invocation.exitCode = merge(*arguments, invocation.stop); });
    upgraded->callback([arguments, &invocation] { invocation.exitCode = upgrade(*arguments); });
    recovered->callback([arguments, &invocation] { invocation.exitCode = recover(*arguments); });
    vacuumed->callback([arguments, &invocation] { invocation.exitCode = vacuum(*arguments); });
    told->callback([arguments, &invocation] { invocation.exitCode = info(*arguments, invocation.stop); });
}

} // namespace gradus::app
