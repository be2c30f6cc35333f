// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ladder.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/rng.h"
#include "pipeline/shipped_rungs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

namespace gradus::pipeline {

namespace {

constexpr std::uint64_t kPretrainingSeed = 1; // one body for all seeds: seeds vary what is tuned, not the base
constexpr int kPretrainingWindow = 64;
constexpr int kPretrainingBatch = 16;

std::string rungName(const spec::Rung& rung)
{
    return std::to_string(rung.width) + "," + std::to_string(rung.layers);
}

/// Serialises the threads of this process that need the same file. Other processes write the same bytes atomically.
std::mutex& fileMutex(const std::filesystem::path& path)
{
    static std::mutex guard;
    static std::map<std::string, std::mutex> mutexes;
    const std::lock_guard lock(guard);
    return mutexes[path.string()];
}

/// All texts as one stream with a separator, cut into windows drawn by step: next-token prediction.
engine::BatchSource windowsOf(std::vector<std::int32_t> stream)
{
    return [stream = std::move(stream)](std::int64_t step) {
        Rng rng(kPretrainingSeed, "pretraining windows/" + std::to_string(step));
        engine::PretrainBatch batch;
        for (int row = 0; row < kPretrainingBatch; ++row) {
            const auto begin =
                stream.begin() + static_cast<std::ptrdiff_t>(rng.below(stream.size() - kPretrainingWindow - 1));
            batch.inputs.emplace_back(begin, begin + kPretrainingWindow);
            batch.targets.emplace_back(begin + 1, begin + kPretrainingWindow + 1);
        }
        return batch;
    };
}

} // namespace

Result<Ladder> Ladder::open(const spec::Experiment& experiment, const data::Task& task,
                            const std::filesystem::path& modelsFolder)
{
    Ladder ladder;
    ladder.m_builtin = experiment.ladder.family == "builtin:registers";
    ladder.m_pretrainSteps = experiment.ladder.pretrainSteps;
    ladder.m_folder = modelsFolder;
    ladder.m_task = &task;
    for (const spec::Rung& rung : spec::rungsOf(experiment.ladder)) {
        LadderRung built;
        built.name = rungName(rung);
        built.shape = models::rungShape(rung.width, rung.layers, task.vocabulary(), task.maxTokens());
        built.parameters = built.shape.parameters();
        built.capacity = std::log10(static_cast<double>(built.parameters));
        if (ladder.m_builtin && !findShippedRung(rung.width, rung.layers)) {
            Error error = badInput("The built-in ladder has no rung " + built.name +
                                   "; use one of " + shippedRungNames() + ", or ladder.family = \"scratch\".");
            error.key = "ladder.rungs";
            return error;
        }
        ladder.m_rungs.push_back(std::move(built));
    }
    const int last = static_cast<int>(ladder.m_rungs.size()) - 1;
    if (last < 0 || experiment.ladder.start > last) {
        Error error = badInput("ladder.start = " + std::to_string(experiment.ladder.start) + " but the ladder has " +
                               std::to_string(last + 1) + " rungs, counted from 0; choose a smaller start.");
        error.key = "ladder.start";
        return error;
    }
    return ladder;
}

std::vector<double> Ladder::capacities() const
{
    std::vector<double> all;
    for (const LadderRung& rung : m_rungs)
        all.push_back(rung.capacity);
    return all;
}

std::vector<std::string> Ladder::names() const
{
    std::vector<std::string> all;
    for (const LadderRung& rung : m_rungs)
        all.push_back(rung.name);
    return all;
}

Result<engine::TunedModel> Ladder::base(int index, const engine::HeadShape& head, std::uint64_t seed,
                                        const StopFlag& stop, const PretrainProgress& progress) const
{
    if (!m_builtin && m_pretrainSteps == 0) return engine::TunedModel::initialise(at(index).shape, head, seed);
    const auto file = body(index, stop, progress);
    if (!file) return file.error();
    return engine::TunedModel::fromBody(*file, at(index).shape, head, seed);
}

Result<std::string> Ladder::baseHash(int index) const
{
    if (!m_builtin && m_pretrainSteps == 0) return sha256("fresh " + at(index).name);
    const StopFlag never;
    const auto file = body(index, never, {});
    if (!file) return file.error();
    return sha256OfFile(*file);
}

Result<std::filesystem::path> Ladder::body(int index, const StopFlag& stop, const PretrainProgress& progress) const
{
    return m_builtin ? shippedBody(index) : pretrainedBody(index, stop, progress);
}

Result<std::filesystem::path> Ladder::shippedBody(int index) const
{
    const LadderRung& rung = at(index);
    const int width = rung.shape.hiddenSize;
    const ShippedRung* shipped = findShippedRung(width, rung.shape.layers);
    const std::filesystem::path folder = m_folder / "builtin-registers";
    const std::filesystem::path file = folder / (std::to_string(width) + "x" + std::to_string(rung.shape.layers) + ".safetensors");
    const std::lock_guard lock(fileMutex(file));
    // An older version's rung may lie there: compare by content, not by name.
    if (const auto hash = sha256OfFile(file); hash && *hash == sha256(shipped->safetensors)) return file;
    if (const auto made = makeFolder(folder); !made) return made.error();
    if (const auto written = writeFileAtomically(file, shipped->safetensors); !written) return written.error();
    return file;
}

Result<std::filesystem::path> Ladder::pretrainedBody(int index, const StopFlag& stop,
                                                     const PretrainProgress& progress) const
{
    const LadderRung& rung = at(index);
    std::vector<std::int32_t> stream;
    for (const auto& text : m_task->pretrainingTexts())
        stream.insert(stream.end(), text.begin(), text.end());
    if (stream.size() < 2 * kPretrainingWindow + 2)
        return badInput("The training files have only " + std::to_string(stream.size()) +
                        " tokens, too few to pretrain on; set ladder.pretrain_steps = 0 or give more rows.");
    const std::string name = sha256(rung.name + "/" + std::to_string(rung.shape.vocabularySize) + "/" +
                                    std::to_string(rung.shape.maxPositions) + "/" + std::to_string(m_pretrainSteps) +
                                    "/" + sha256({reinterpret_cast<const char*>(stream.data()), stream.size() * 4}));
    const std::filesystem::path file = m_folder / "scratch" / (name.substr(0, 16) + ".safetensors");
    const std::lock_guard lock(fileMutex(file));
    if (std::filesystem::exists(file)) return file;
    if (const auto made = makeFolder(file.parent_path()); !made) return made.error();
    engine::PretrainOptions options;
    options.steps = m_pretrainSteps;
    options.batch = kPretrainingBatch;
    options.seed = kPretrainingSeed;
    const auto onStep = [&](const engine::StepReport& report) {
        if (progress)
            progress(static_cast<double>(report.step) / static_cast<double>(report.totalSteps),
                     "pretraining rung " + rung.name + ": step " + std::to_string(report.step) + " of " +
                         std::to_string(report.totalSteps));
    };
    const auto hash = engine::pretrainBody(rung.shape, options, windowsOf(std::move(stream)), file, stop, onStep);
    if (!hash) return hash.error();
    return file;
}

} // namespace gradus::pipeline
