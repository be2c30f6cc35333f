// SPDX-License-Identifier: GPL-3.0-or-later
// The ladder of bases, weak to strong: each rung's shape, capacity and where its pretrained body comes from.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "data/task.h"
#include "data/worlds.h"
#include "engine/tuning.h"
#include "models/model_shape.h"
#include "spec/experiment.h"
#include "text/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

inline constexpr const char* kCapacityProxy = "log10 parameters";
/// Of a rung that is an adapter on a folder: the labels of a generation can move it by these alone, so that a higher
/// rank is a step up, and all weights of the same folder are a larger one.
inline constexpr const char* kAdapterProxy = "log10 adapter parameters";

/// One rung: a base that generations are tuned from.
struct LadderRung
{
    std::string name; ///< "32,2": width and layers; "small", "small, 3 of 5 layers", "small, adapter of rank 8"
    models::ModelShape shape;
    std::int64_t parameters = 0; ///< that it answers with
    double capacity = 0;         ///< log10 of what the proxy counts: the proxy for C(A), always shown as such
    const char* capacityProxy = kCapacityProxy;
    std::filesystem::path folder; ///< of a Hugging Face model; empty for rungs of ours
    int folderLayers = 0;         ///< the folder's first ones alone; 0: all
    engine::AdapterShape adapter; ///< what is tuned of a folder; rank 0: all weights

    /// Parameters that a tuning changes, the head aside.
    std::int64_t tunedParameters() const;
};

/// A set of items as one rung reads them.
struct RungItems
{
    std::vector<std::vector<engine::Tokens>> items;
    double truncatedShare = 0; ///< share of sequences that were longer than the limit and were cut at the left
};

/// Called while a body is pretrained: fraction done and what is being done.
using PretrainProgress = std::function<void(double fraction, const std::string& activity)>;

/// Thread-safe: several runs share one ladder. Bodies lie as safetensors in the models folder; "builtin:registers" ones
/// are the shipped ones, those of architectures and domains that nothing is shipped of and "scratch" ones are
/// pretrained (on the world's running states, on the task's own texts) at first use and kept by the hash of all they
/// depend on.
class Ladder final
{
public:
    /// Bad input when the experiment's rungs do not fit the task. Writes nothing.
    static Result<Ladder> open(const spec::Experiment& experiment, const data::Task& task,
                               const std::filesystem::path& modelsFolder);

    const std::vector<LadderRung>& rungs() const { return m_rungs; }
    const LadderRung& at(int index) const { return m_rungs[static_cast<std::size_t>(index)]; }
    /// The rung with another architecture's body of the same width and layers ("attention", "recurrent",
    /// "convolutional"; empty: the ladder's own). Only where rungs are built here.
    LadderRung built(int index, const std::string& architecture) const;
    /// With the rung's own tokenizer where it has one; else the task's sequences.
    RungItems read(int index, const data::ItemSet& set) const;
    std::vector<double> capacities() const;
    std::vector<std::string> names() const;

    /// A fresh base of that rung with a fresh head. seed draws the head (and the body, where nothing is pretrained).
    Result<engine::TunedModel> base(int index, const engine::HeadShape& head, std::uint64_t seed, const StopFlag& stop,
                                    const PretrainProgress& progress) const;
    Result<engine::TunedModel> base(const LadderRung& rung, const engine::HeadShape& head, std::uint64_t seed,
                                    const StopFlag& stop, const PretrainProgress& progress) const;
    /// The file of the rung's body, shipped or made now; only where rungs are built here and pretrained.
    Result<std::filesystem::path> body(int index, const StopFlag& stop, const PretrainProgress& progress) const;
    const std::filesystem::path& modelsFolder() const { return m_folder; }
    /// Names the body: SHA-256 of its file, or of shape and "fresh" where it is drawn from the run's seed.
    Result<std::string> baseHash(int index, const StopFlag& stop, const PretrainProgress& progress) const;

private:
    Result<std::filesystem::path> bodyOf(const LadderRung& rung, const StopFlag& stop,
                                         const PretrainProgress& progress) const;
    Result<std::filesystem::path> builtinBody(const LadderRung& rung, const StopFlag& stop,
                                              const PretrainProgress& progress) const;
    Result<std::filesystem::path> pretrainedBody(const LadderRung& rung, const StopFlag& stop,
                                                 const PretrainProgress& progress) const;

    Result<void> addModel(const spec::FolderRung& part);
    Result<void> addBuilt(const spec::Rung& rung);
    LadderRung shaped(int width, int layers, models::Family family) const;

    bool m_builtin = false;
    const data::World* m_world = nullptr; ///< where rungs are those of a built-in world
    models::Family m_family = models::Family::Llama;
    engine::AdapterShape m_adapter;
    std::vector<std::shared_ptr<const text::Tokenizer>> m_tokenizers; ///< one a rung where rungs are folders, else none
    int m_pretrainSteps = 0;
    std::filesystem::path m_folder;
    const data::Task* m_task = nullptr; ///< must outlive the ladder
    std::vector<LadderRung> m_rungs;
};

} // namespace gradus::pipeline
