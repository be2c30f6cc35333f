// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/branch.h"

#include "base/ids.h"
#include "base/text.h"
#include "pipeline/attempt_journal.h"
#include "run/run_folder.h"
#include "run/workbench.h"
#include "spec/future.h"
#include "spec/stored.h"
#include "store/run_fork.h"
#include "store/store_reader.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

constexpr const char* kRolledBackEvent = "run.rolled_back"; ///< details: the generation, and the run that is kept

using nlohmann::ordered_json;

std::string shortName(const std::string& uuid)
{
    return visible(uuid.substr(0, 8));
}

/// A run as it is in the store, with what it is.
struct Parent
{
    store::RunDetail detail;
    spec::RunSpec spec;
};

Result<Parent> parentOf(const std::filesystem::path& store, const std::string& name)
{
    auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    const auto row = reader->findRun(name);
    if (!row) return row.error();
    auto detail = reader->detail(row->id);
    if (!detail) return detail.error();
    const auto experiment = spec::parseStored(detail->specToml, "the store's frozen experiment");
    if (!experiment) return experiment.error();
    const std::string& procedure = experiment->experiment.procedure;
    if (procedure == spec::kNoiseSensitivity || procedure == spec::kDebate)
        return badInput("Run " + shortName(row->uuid) + " is of procedure \"" + procedure +
                        "\", which has no generations that follow each other; begin a run of its own.");
    spec::RunSpec spec{.condition = row->condition, .seed = row->seed, .experiment = *experiment};
    return Parent{std::move(*detail), std::move(spec)};
}

const events::GenerationRecord* recordOf(const store::RunDetail& run, int generation)
{
    const auto found = std::find_if(run.generations.begin(), run.generations.end(),
                                    [&](const auto& record) { return record.generation == generation; });
    return found == run.generations.end() ? nullptr : &*found;
}

Error noGeneration(const store::RunDetail& run, int generation)
{
    return badInput("Run " + shortName(run.run.uuid) + " has no finished generation " + std::to_string(generation) +
                    "; `gradus show " + shortName(run.run.uuid) + "` says which it has.");
}

/// The generations 1 to `generation`, all of them finished and kept.
Result<std::vector<events::GenerationRecord>> keptOf(const store::RunDetail& run, int generation)
{
    const auto missing = [&](int number) {
        const events::GenerationRecord* record = recordOf(run, number);
        return record == nullptr || !record->lastStep || record->rolledBack || record->checkpointHash.empty();
    };
    std::vector<events::GenerationRecord> kept;
    // The one that was asked for first: of one that nobody asked for a person would not know what to think.
    if (missing(generation)) return noGeneration(run, generation);
    for (int number = 1; number <= generation; ++number) {
        if (missing(number)) return noGeneration(run, number);
        kept.push_back(*recordOf(run, number));
    }
    return kept;
}

std::filesystem::path checkpointsOf(const std::filesystem::path& store)
{
    return std::filesystem::absolute(store).parent_path() / "checkpoints";
}

std::string afterText(int generation)
{
    return "after generation " + std::to_string(generation);
}

bool changes(const std::vector<std::string>& changed, const std::string& key)
{
    return std::any_of(changed.begin(), changed.end(),
                       [&](const std::string& change) { return change.starts_with(key + " ="); });
}

events::RunEvent lineageOf(const Parent& parent, int generation, const std::vector<std::string>& changed,
                           const std::vector<KeptFile>& files)
{
    std::string sentence =
        "Branched from run " + shortName(parent.detail.run.uuid) + " " + afterText(generation) + ", with ";
    if (changed.empty()) sentence += "the same settings";
    for (std::size_t i = 0; i < changed.size(); ++i)
        sentence += (i == 0 ? "" : ", ") + changed[i];
    ordered_json inputs = ordered_json::array();
    for (const KeptFile& file : files)
        inputs.push_back({{"file", file.name}, {"sha256", file.sha256}});
    return {.kind = events::kBranchedEvent,
            .generation = 0,
            .step = 0,
            .sentence = sentence + ".",
            .detailsJson = ordered_json{
                {"parent", parent.detail.run.uuid},
                {"generation", generation},
                {"changed", changed},
                {"new_sources", changes(changed, "signals.source")},
                {"inputs",
                 inputs}}.dump()};
}

/// What the branch's file would be if it were begun with its settings; what it really is, a comment says.
std::string sourceOf(const Parent& parent, int generation, const spec::RunSpec& run)
{
    return "# Branched from run " + parent.detail.run.uuid + " " + afterText(generation) +
           ": generations up to that one had the parent's settings.\n" + spec::canonicalToml(run.experiment);
}

/// The next generation as an attempt that a person rejected, for the journal of the run.
Result<pipeline::JournalEntry> rejected(const Parent& parent, const std::filesystem::path& store, int generation,
                                        std::int64_t end)
{
    const events::GenerationRecord* record = recordOf(parent.detail, generation);
    if (record == nullptr)
        return badInput("Run " + shortName(parent.detail.run.uuid) + " has no generation " +
                        std::to_string(generation) + " to reject; roll back without --reject.");
    pipeline::JournalEntry entry;
    for (const store::EventRow& event : parent.detail.events)
        if (event.kind == pipeline::kAttemptEvent && event.generation == generation)
            if (auto known = pipeline::fromJournal(event.detailsJson)) entry = std::move(*known);
    if (entry.attempt.generation != generation || entry.lastStep == 0) {
        const auto bench =
            Workbench::openStored({parent.spec}, std::filesystem::absolute(store).parent_path() / "models");
        if (!bench) return bench.error();
        const auto names = bench->placeOf(parent.spec.experiment).ladder->names();
        const auto place = std::find(names.begin(), names.end(), record->rung);
        if (place == names.end())
            return badInput("The ladder has no rung \"" + visible(record->rung, 60) +
                            "\" any more; put its models back where they were.");
        entry.attempt.rung = static_cast<int>(place - names.begin());
        entry.attempt.gap = record->gap;
        entry.attempt.flops = record->flops.value_or(0);
    }
    entry.attempt.generation = generation;
    entry.attempt.accepted = false;
    entry.lastStep = end; // its own steps are those of the run that takes what is superseded
    return entry;
}

} // namespace

Result<Branched> branchRun(const BranchRequest& request)
{
    const auto parent = parentOf(request.store, request.run);
    if (!parent) return parent.error();
    const auto kept = keptOf(parent->detail, request.generation);
    if (!kept) return kept.error();
    const auto future = spec::withFuture(parent->spec, request.assignments, request.generation);
    if (!future) return future.error();
    if (const auto opens =
            Workbench::openStored({future->run}, std::filesystem::absolute(request.store).parent_path() / "models");
        !opens)
        return opens.error();
    store::Branch branch{.parent = parent->detail.run.id,
                         .generation = request.generation,
                         .uuid = newUuid(),
                         .run = future->run,
                         .sourceToml = sourceOf(*parent, request.generation, future->run),
                         .lineage = {}};
    const auto folder = checkpointsOf(request.store);
    const auto files = keepGenerations(folder / parent->detail.run.uuid, folder / branch.uuid, *kept,
                                       !changes(future->changed, "signals.source"));
    if (!files) return files.error();
    branch.lineage = lineageOf(*parent, request.generation, future->changed, *files);
    if (const auto made = store::addBranch(request.store, branch, request.queued); !made) {
        removeFolder(folder / branch.uuid);
        return made.error();
    }
    return Branched{branch.uuid, parent->detail.run.uuid, future->changed};
}

Result<std::string> rollBackRun(const RollBackRequest& request)
{
    const auto parent = parentOf(request.store, request.run);
    if (!parent) return parent.error();
    const store::RunRow& row = parent->detail.run;
    const auto kept = keptOf(parent->detail, request.generation);
    if (!kept) return kept.error();
    if (recordOf(parent->detail, request.generation + 1) == nullptr)
        return badInput("Nothing came after generation " + std::to_string(request.generation) + " of run " +
                        shortName(row.uuid) + "; there is nothing to roll back.");
    const std::int64_t end = *kept->back().lastStep;
    store::RollBack change{.run = row.id, .generation = request.generation, .uuid = newUuid(), .marks = {}, .said = {}};
    change.marks = {.kind = events::kSupersededEvent,
                    .generation = 0,
                    .step = 0,
                    .sentence = "Run " + shortName(row.uuid) + " as it was before it was rolled back to generation " +
                                std::to_string(request.generation) + " by hand.",
                    .detailsJson = ordered_json{{"parent", row.uuid}, {"generation", request.generation}}.dump()};
    change.said.push_back(
        {.kind = kRolledBackEvent,
         .generation = 0,
         .step = end,
         .sentence = "Rolled back to generation " + std::to_string(request.generation) +
                     " by hand; what came after is kept as run " + shortName(change.uuid) + ".",
         .detailsJson = ordered_json{{"generation", request.generation}, {"kept", change.uuid}}.dump()});
    if (request.reject) {
        const auto entry = rejected(*parent, request.store, request.generation + 1, end);
        if (!entry) return entry.error();
        const std::string what = "Generation " + std::to_string(request.generation + 1) + " (rung " +
                                 visible(recordOf(parent->detail, request.generation + 1)->rung, 60) +
                                 ") was rejected by hand.";
        change.said.push_back(pipeline::journalEvent(*entry, what));
        change.said.push_back({.kind = "generation.rolled_back",
                               .generation = request.generation + 1,
                               .step = end,
                               .sentence = what,
                               .detailsJson = {}});
    }
    const auto folder = checkpointsOf(request.store);
    if (const auto linked = shareFolder(folder / row.uuid, folder / change.uuid); !linked) return linked.error();
    if (const auto done = store::rollBack(request.store, change); !done) {
        removeFolder(folder / change.uuid);
        return done.error();
    }
    dropGenerationsAfter(folder / row.uuid, request.generation);
    return change.uuid;
}

void readLineage(const store::EventRow& event, pipeline::Past& past)
{
    const bool isBranch = event.kind == events::kBranchedEvent;
    if (!isBranch && event.kind != kRolledBackEvent) return;
    const ordered_json json = ordered_json::parse(event.detailsJson, nullptr, false);
    if (!json.is_object() || !json.contains("generation") || !json["generation"].is_number_integer()) return;
    const int generation = json["generation"].get<int>();
    if (!isBranch) {
        past.inherited = std::min(past.inherited, generation); // what comes after is made here, anew
        return;
    }
    past.inherited = generation;
    past.newSources = json.contains("new_sources") && json["new_sources"] == true;
}

} // namespace gradus::run
