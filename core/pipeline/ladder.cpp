// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ladder.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/rng.h"
#include "base/text.h"
#include "models/model_folder.h"
#include "pipeline/builtin_pretraining.h"
#include "pipeline/file_mutex.h"
#include "pipeline/shipped_rungs.h"
#include "text/model_tokenizer.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace gradus::pipeline {

namespace {

constexpr std::uint64_t kPretrainingSeed = 1; // one body for all seeds: seeds vary what is tuned, not the base
constexpr int kPretrainingWindow = 64;
constexpr int kPretrainingBatch = 16;

Error keyed(Error error, const char* key)
{
    if (error.key.empty()) error.key = key;
    return error;
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

/// A pretraining's steps as its progress; what: "rung 32,2".
std::function<void(const engine::StepReport&)> stepsInto(const PretrainProgress& progress, const std::string& what)
{
    return [&progress, what](const engine::StepReport& report) {
        if (progress)
            progress(static_cast<double>(report.step) / static_cast<double>(report.totalSteps),
                     "pretraining " + what + ": step " + std::to_string(report.step) + " of " +
                         std::to_string(report.totalSteps));
    };
}

} // namespace

Result<Ladder> Ladder::open(const spec::Experiment& experiment, const data::Task& task,
                            const std::filesystem::path& modelsFolder)
{
    Ladder ladder;
    ladder.m_builtin = experiment.ladder.family == "builtin:registers";
    ladder.m_world = data::findWorld(experiment.task.name);
    if (ladder.m_builtin && ladder.m_world == nullptr)
        return keyed(badInput("The built-in ladder has no bodies for the task \"" + experiment.task.name +
                              "\"; use ladder.family = \"scratch\"."),
                     "ladder.family");
    const auto family = models::familyOf(experiment.ladder.architecture);
    if (!family) return keyed(family.error(), "ladder.architecture");
    ladder.m_family = *family;
    ladder.m_pretrainSteps = experiment.ladder.pretrainSteps;
    ladder.m_adapter = {.rank = experiment.training.adapterRank, .alpha = experiment.training.adapterAlpha};
    ladder.m_folder = modelsFolder;
    ladder.m_task = &task;
    for (const spec::FolderRung& part : experiment.ladder.models)
        if (auto added = ladder.addModel(part); !added) return keyed(added.error(), "ladder.family");
    for (const spec::Rung& rung : spec::rungsOf(experiment.ladder))
        if (auto added = ladder.addBuilt(rung); !added) return keyed(added.error(), "ladder.rungs");
    const int last = static_cast<int>(ladder.m_rungs.size()) - 1;
    if (last < 0 || experiment.ladder.start > last)
        return keyed(badInput("ladder.start = " + std::to_string(experiment.ladder.start) + " but the ladder has " +
                              std::to_string(last + 1) + " rungs, counted from 0; choose a smaller start."),
                     "ladder.start");
    return ladder;
}

LadderRung Ladder::shaped(int width, int layers, models::Family family) const
{
    LadderRung rung;
    rung.name = std::to_string(width) + "," + std::to_string(layers);
    rung.shape = models::rungShape(width, layers, m_task->vocabulary(), m_task->maxTokens(), family);
    rung.parameters = rung.shape.parameters();
    rung.capacity = std::log10(static_cast<double>(rung.parameters));
    return rung;
}

Result<void> Ladder::addBuilt(const spec::Rung& rung)
{
    const auto& builtin = spec::builtinRungs();
    if (m_builtin && std::ranges::find(builtin, rung) == builtin.end())
        return badInput("The built-in ladder has no rung " + std::to_string(rung.width) + "," +
                        std::to_string(rung.layers) +
                        "; use one of 8,1 16,1 16,2 32,2 48,3 64,4, or ladder.family = \"scratch\".");
    m_rungs.push_back(shaped(rung.width, rung.layers, m_family));
    return {};
}

LadderRung Ladder::built(int index, const std::string& architecture) const
{
    const auto family = models::familyOf(architecture);
    if (architecture.empty() || !family) return at(index);
    return shaped(at(index).shape.hiddenSize, at(index).shape.layers, *family);
}

std::int64_t LadderRung::tunedParameters() const
{
    return adapter.rank > 0 ? shape.adapterParameters(adapter.rank) : parameters;
}

Result<void> Ladder::addModel(const spec::FolderRung& part)
{
    const std::filesystem::path folder = part.folder;
    const auto whole = models::readModelShape(folder);
    if (!whole) return whole.error();
    const auto shape = models::withLayers(*whole, part.layers, folder);
    if (!shape) return shape.error();
    if (part.adapterRank > shape->hiddenSize)
        return badInput("An adapter of rank " + std::to_string(part.adapterRank) + " on " + folder.string() +
                        " is wider than the model, whose width is " + std::to_string(shape->hiddenSize) +
                        "; use 1 to " + std::to_string(shape->hiddenSize) + ".");
    auto tokenizer = text::modelTokenizer(folder, shape->vocabularySize);
    if (!tokenizer) return tokenizer.error();
    LadderRung rung;
    rung.name = part.layers > 0 ? spec::nameOf({.folder = part.folder}) + ", " + std::to_string(part.layers) + " of " +
                                      std::to_string(whole->layers) + " layers"
                                : spec::nameOf(part);
    rung.shape = *shape;
    rung.parameters = shape->parameters();
    rung.folder = folder;
    rung.folderLayers = part.layers;
    rung.adapter = m_adapter;
    if (part.adapterRank > 0) {
        rung.adapter.rank = part.adapterRank;
        rung.capacityProxy = kAdapterProxy;
    }
    const std::int64_t trained = part.adapterRank > 0 ? rung.tunedParameters() : rung.parameters;
    rung.capacity = std::log10(static_cast<double>(trained));
    if (!m_rungs.empty() && rung.capacity <= m_rungs.back().capacity)
        return badInput("The ladder must go from weak to strong, but " + visible(rung.name) + " (" + folder.string() +
                        ") has no more parameters that are trained than the rung before it; reorder them.");
    for (const LadderRung& other : m_rungs)
        if (other.name == rung.name) rung.name += "+"; // two folders of one name: still told apart
    m_rungs.push_back(std::move(rung));
    m_tokenizers.push_back(std::make_shared<const text::Tokenizer>(std::move(*tokenizer)));
    return {};
}

RungItems Ladder::read(int index, const data::ItemSet& set) const
{
    RungItems made{.items = {}, .truncatedShare = set.truncatedShare};
    made.items.reserve(set.items.size());
    if (m_tokenizers.empty()) {
        for (const data::Item& item : set.items)
            made.items.push_back(item.sequences);
        return made;
    }
    const text::Tokenizer tokenizer = *m_tokenizers[static_cast<std::size_t>(index)]; // other runs have theirs
    const auto limit = static_cast<std::size_t>(std::min(m_task->maxTokens(), at(index).shape.longestSequence()));
    std::size_t cut = 0;
    std::size_t all = 0;
    for (const data::Item& item : set.items) {
        std::vector<engine::Tokens> sequences;
        for (const std::string& text : item.texts) {
            // Special tokens inside a data set's text are text: a row must not be able to end its own turn.
            engine::Tokens tokens = tokenizer.encode(text, {.parseSpecialTokens = false});
            if (tokens.empty()) tokens.push_back(0);
            ++all;
            if (tokens.size() > limit) {
                tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(limit));
                ++cut;
            }
            sequences.push_back(std::move(tokens));
        }
        made.items.push_back(std::move(sequences));
    }
    made.truncatedShare = all > 0 ? static_cast<double>(cut) / static_cast<double>(all) : 0;
    return made;
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
    return base(at(index), head, seed, stop, progress);
}

Result<engine::TunedModel> Ladder::base(const LadderRung& rung, const engine::HeadShape& head, std::uint64_t seed,
                                        const StopFlag& stop, const PretrainProgress& progress) const
{
    if (!rung.folder.empty()) {
        engine::HeadShape plain = head;
        plain.bias = false; // as the sequence classifiers that others open
        return engine::TunedModel::fromFolder(rung.folder, plain, rung.adapter, seed, rung.folderLayers);
    }
    if (!m_builtin && m_pretrainSteps == 0) return engine::TunedModel::initialise(rung.shape, head, seed);
    const auto file = bodyOf(rung, stop, progress);
    if (!file) return file.error();
    return engine::TunedModel::fromBody(*file, rung.shape, head, seed);
}

Result<std::string> Ladder::baseHash(int index, const StopFlag& stop, const PretrainProgress& progress) const
{
    if (!at(index).folder.empty()) {
        const auto folder = models::openModelFolder(at(index).folder);
        if (!folder) return folder.error();
        const auto hash = models::contentHash(*folder);
        if (!hash || at(index).folderLayers == 0) return hash;
        return sha256(*hash + "/first " + std::to_string(at(index).folderLayers));
    }
    if (!m_builtin && m_pretrainSteps == 0)
        return sha256("fresh " + at(index).name +
                      (m_family == models::Family::Llama ? "" : std::string(" ") + models::architectureOf(m_family)));
    const auto file = body(index, stop, progress);
    if (!file) return file.error();
    return sha256OfFile(*file);
}

Result<std::filesystem::path> Ladder::body(int index, const StopFlag& stop, const PretrainProgress& progress) const
{
    return bodyOf(at(index), stop, progress);
}

Result<std::filesystem::path> Ladder::bodyOf(const LadderRung& rung, const StopFlag& stop,
                                             const PretrainProgress& progress) const
{
    return m_builtin ? builtinBody(rung, stop, progress) : pretrainedBody(rung, stop, progress);
}

Result<std::filesystem::path> Ladder::builtinBody(const LadderRung& rung, const StopFlag& stop,
                                                  const PretrainProgress& progress) const
{
    const int width = rung.shape.hiddenSize;
    const int layers = rung.shape.layers;
    const std::string architecture = models::architectureOf(rung.shape.family);
    const ShippedRung* shipped = findShippedRung(m_world->domain, architecture, width, layers);
    const std::filesystem::path folder = m_folder / ("builtin-" + std::string(m_world->domain) +
                                                     (architecture == "attention" ? "" : "-" + architecture));
    const std::string size = std::to_string(width) + "x" + std::to_string(layers);
    if (const auto made = makeFolder(folder); !made) return made.error();
    if (shipped == nullptr) {
        const auto file = folder / (size + "-" + builtinBodyName(*m_world, rung.shape) + ".safetensors");
        const std::lock_guard lock(fileMutex(file));
        if (std::filesystem::exists(file)) return file;
        const auto hash = pretrainBuiltinBody(*m_world, rung.shape, file, stop,
                                              stepsInto(progress, architecture + " rung " + rung.name));
        if (!hash) return hash.error();
        return file;
    }
    const std::filesystem::path file = folder / (size + ".safetensors");
    const std::lock_guard lock(fileMutex(file));
    // An older version's rung may lie there: compare by content, not by name.
    if (const auto hash = sha256OfFile(file); hash && *hash == sha256(shipped->safetensors)) return file;
    if (const auto written = writeFileAtomically(file, shipped->safetensors); !written) return written.error();
    return file;
}

Result<std::filesystem::path> Ladder::pretrainedBody(const LadderRung& rung, const StopFlag& stop,
                                                     const PretrainProgress& progress) const
{
    std::vector<std::int32_t> stream;
    for (const auto& text : m_task->pretrainingTexts())
        stream.insert(stream.end(), text.begin(), text.end());
    if (stream.size() < 2 * kPretrainingWindow + 2)
        return badInput("The training files have only " + std::to_string(stream.size()) +
                        " tokens, too few to pretrain on; set ladder.pretrain_steps = 0 or give more rows.");
    const std::string architecture = rung.shape.attends() ? "" : models::architectureOf(rung.shape.family);
    const std::string name = sha256(rung.name + architecture + "/" + std::to_string(rung.shape.vocabularySize) + "/" +
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
    const auto hash = engine::pretrainBody(rung.shape, options, windowsOf(std::move(stream)), file, stop,
                                           stepsInto(progress, "rung " + rung.name));
    if (!hash) return hash.error();
    return file;
}

} // namespace gradus::pipeline
