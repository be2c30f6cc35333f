// SPDX-License-Identifier: GPL-3.0-or-later
#include "small_store.h"

#include "base/files.h"
#include "fuzz.h"
#include "store/store_writer.h"

namespace gradus::fuzz {

namespace {

using namespace events;

void fill(EventSink& sink)
{
    for (std::int64_t step = 0; step < 40; ++step)
        sink.point({"train/loss", step, 1.0 / static_cast<double>(step + 1)});
    sink.estimate({"utility/competence", 40, {0.7, 0.6, 0.8, 200}});
    sink.stage({.step = 0, .inputHash = "a", .outputHash = {}, .note = {}});
    GenerationRecord record;
    record.rung = "32,2";
    record.lastStep = 40;
    record.utility = Estimate{0.7, 0.6, 0.8, 200};
    sink.generation(record);
    sink.event({"gap.decision", 1, 40, "The gap is 0.3.", R"({"gap": 0.3})"});
    sink.votes({2, "teacher", "model", {1, 2, 3}, {0, 1, -1}, {}});
    EpisodeRecord episode;
    episode.key = "discovery/1/1";
    episode.scenario = "check / open";
    episode.messages = {{"user", "Is the check open?", ""},
                        {"assistant", "I changed the check.", R"({"tool": "bash"})"}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.severity = 0.5;
    sink.episode(episode);
}

std::string made()
{
    const std::filesystem::path path = scratch() / "sound.db";
    {
        auto writer = store::StoreWriter::open(path);
        expect(writer.ok(), "a store can be made", writer ? "" : writer.error().message);
        spec::Experiment experiment;
        experiment.experiment.name = "small";
        const auto runs = spec::expand(experiment);
        const auto ids = (*writer)->addRuns(experiment, spec::canonicalToml(experiment), runs.value());
        expect(ids.ok(), "a run can be added");
        expect((*writer)->claim(ids->front()).ok(), "a run can be owned");
        fill((*writer)->sink(ids->front()));
        (*writer)->setState(ids->front(), store::RunState::Finished);
        expect((*writer)->flush().ok(), "a store can be written");
    }
    return readFile(path).value();
}

} // namespace

const std::string& smallStore()
{
    static const std::string bytes = made();
    return bytes;
}

} // namespace gradus::fuzz
