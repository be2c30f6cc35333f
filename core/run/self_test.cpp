// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/self_test.h"

#include "base/ids.h"
#include "base/rng.h"
#include "base/text.h"
#include "data/parquet_table.h"
#include "engine/device.h"
#include "engine/tuning.h"
#include "run/session.h"
#include "schedule/curve.h"
#include "store/store_check.h"
#include "store/store_path.h"
#include "store/store_reader.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

namespace gradus::run {

namespace {

/// A folder that is gone when the test is.
class Scratch final
{
public:
    Scratch() : m_path(std::filesystem::temp_directory_path() / ("gradus-self-test-" + newUuid()))
    {
        std::filesystem::create_directories(m_path);
    }
    ~Scratch()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::filesystem::path store(const std::string& name) const { return m_path / name / "gradus.db"; }

private:
    std::filesystem::path m_path;
};

spec::Experiment tinyExperiment()
{
    spec::Experiment experiment;
    experiment.experiment.name = "self-test";
    experiment.experiment.seeds = {7};
    experiment.ladder.generations = 2;
    experiment.ladder.start = 0;
    experiment.gap.controller = "fixed";
    experiment.training.labels = 128;
    experiment.training.epochs = 3;
    experiment.training.checkpointEvery = 2;
    experiment.task.testItems = 200;
    return experiment;
}

/// Hash of the last generation's weights.
Result<std::string> lastWeights(const std::filesystem::path& store)
{
    const auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    const auto rows = reader->runs();
    if (!rows) return rows.error();
    const auto detail = reader->detail(rows->front().id);
    if (!detail) return detail.error();
    if (detail->generations.empty() || detail->generations.back().checkpointHash.empty())
        return failed("The run left no weights.");
    return detail->generations.back().checkpointHash;
}

Result<std::string> runOnce(const std::filesystem::path& store, bool interrupt)
{
    Console quiet(ConsoleMode::Quiet, stdout);
    StopFlag stop;
    const SessionOptions options{.store = store, .jobs = 1};
    std::thread interrupter;
    if (interrupt)
        interrupter = std::thread([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(150));
            stop.request();
        });
    const auto outcome = runExperiment(tinyExperiment(), {}, options, stop, quiet);
    if (interrupter.joinable()) interrupter.join();
    if (!outcome) return outcome.error();
    if (outcome->failed > 0) return failed(outcome->firstFailure);
    if (outcome->stopped > 0) {
        const StopFlag never;
        const auto resumed = resumeRuns({std::to_string(outcome->runs.front())}, options, never, quiet);
        if (!resumed) return resumed.error();
        if (resumed->finished != 1) return failed("The stopped run did not finish after it was resumed.");
    }
    return lastWeights(store);
}

Finding curveFinding()
{
    const schedule::Curve curve{.keys = {{.x = 0, .y = 0.3}, {.x = 1, .y = 0.9}}};
    const schedule::Evaluator evaluator(curve);
    const bool good = evaluator(0) == 0.3 && evaluator(1) == 0.9 && evaluator(0.5) > 0.3 && evaluator(0.5) < 0.9;
    return {good, "schedule", good ? "the evaluator meets its keys" : "the evaluator misses its keys"};
}

Finding randomFinding()
{
    const bool good = philox(0, 0, 0).word[0] == 0x6627e8d5U;
    return {good, "random",
            good ? "Philox gives its published numbers" : "Philox gives wrong numbers on this processor"};
}

std::string workspaceText()
{
    const auto workspace = store::defaultWorkspace();
    return workspace ? workspace->folder.string() : workspace.error().message;
}

} // namespace

std::vector<Finding> examineMachine()
{
    std::vector<Finding> findings;
    findings.push_back({true, "libtorch", engine::describeLibrary()});
    findings.push_back({true, "processor", std::to_string(std::thread::hardware_concurrency()) + " threads"});
    const engine::GpuRow gpus = engine::examineGpus();
    findings.push_back({gpus.good, "gpu", gpus.sentence});
    const char* policy = std::getenv("OMP_WAIT_POLICY");
    const bool passive = policy != nullptr && (policy[0] == 'p' || policy[0] == 'P');
    findings.push_back(
        {passive, "openmp",
         passive ? "threads wait passively" : "threads spin while waiting, which is slow on a busy machine"});
    const std::string absence = data::parquetAbsence();
    findings.push_back({absence.empty(), "parquet", absence.empty() ? "files of that kind can be read" : absence});
    findings.push_back({true, "workspace", workspaceText()});
    return findings;
}

std::vector<Finding> selfTest()
{
    std::vector<Finding> findings{curveFinding(), randomFinding()};
    const Scratch scratch;
    const auto whole = runOnce(scratch.store("whole"), false);
    findings.push_back({whole.ok(), "run", whole.ok() ? "a tiny run trained and was stored" : whole.error().message});
    if (!whole) return findings;
    const auto interrupted = runOnce(scratch.store("interrupted"), true);
    if (!interrupted)
        findings.push_back({false, "resume", interrupted.error().message});
    else
        findings.push_back({*interrupted == *whole, "resume",
                            *interrupted == *whole
                                ? "a stopped and resumed run has bit-equal weights"
                                : "a stopped and resumed run has other weights than an undisturbed one"});
    const auto store = store::checkStore(scratch.store("whole"));
    const bool sound = store.ok() && store->sound();
    findings.push_back({sound, "store", sound ? "the store passes its integrity check" : "the store is damaged"});
    return findings;
}

} // namespace gradus::run
