// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batches.h"
#include "engine/device_impl.h"
#include "engine/numbers.h"
#include "engine/torch_errors_impl.h"
#include "engine/tuned_model_impl.h"
#include "engine/tuning_memory.h"
#include "models/adapter_targets_impl.h"
#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/softmax.h>
#include <c10/core/InferenceMode.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::engine {

namespace {

constexpr std::int64_t kPredictionTokens = 4096; ///< activations of a small model stay in the cache
constexpr const char* kShapeKey = "gradus.shape";
constexpr const char* kHeadKey = "gradus.head";

std::string headToJson(const HeadShape& head)
{
    nlohmann::json json{{"kind", head.kind == HeadKind::Classify ? "classify" : "compare"},
                        {"classes", head.classes},
                        {"readout", head.readout == Readout::LastToken ? "last" : "mean"}};
    if (!head.bias) json["bias"] = false;
    return json.dump();
}

Result<void> checkHead(const HeadShape& head)
{
    if (head.classes < 2 || head.classes > 65536) return badInput("A head needs 2 to 65,536 classes.");
    return {};
}

Result<HeadShape> headFromJson(const std::string& text)
{
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    const auto has = [&](const char* key, const char* one, const char* other) {
        return json.contains(key) && (json[key] == one || json[key] == other);
    };
    const bool usable = json.is_object() && has("kind", "classify", "compare") && has("readout", "last", "mean") &&
                        json.contains("classes") && json["classes"].is_number_integer();
    if (!usable) return badInput("The model's head is not described; it was not written by Gradus.");
    HeadShape head{.kind = json["kind"] == "classify" ? HeadKind::Classify : HeadKind::Compare,
                   .classes = json["classes"].get<int>(),
                   .readout = json["readout"] == "last" ? Readout::LastToken : Readout::Mean,
                   .bias = !(json.contains("bias") && json["bias"] == false)};
    if (auto checked = checkHead(head); !checked) return checked.error();
    return head;
}

/// Of a body that is tuned; of one that stays as it is, its weights and a pass.
TuningMemory stepMemory(const models::Decoder& body, int rank, const LabelledItems& items, const TuningOptions& options)
{
    const std::vector<std::int64_t> lengths = itemLengths(items.items);
    std::size_t sequences = 1;
    for (const auto& item : items.items)
        sequences = std::max(sequences, item.size());
    FolderTuning job;
    job.method = TuningMethod::Classify;
    job.batch = options.batch * static_cast<int>(sequences);
    job.rank = rank;
    TuningMemory need = memoryOf(job, body.shape(), lengths.empty() ? 0 : std::ranges::max(lengths));
    if (options.bodyScale <= 0 && rank == 0) need.update = 0;
    return need;
}

} // namespace

TunedModel::TunedModel(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
TunedModel::~TunedModel() = default;
TunedModel::TunedModel(TunedModel&&) noexcept = default;
TunedModel& TunedModel::operator=(TunedModel&&) noexcept = default;

Result<TunedModel> TunedModel::initialise(const models::ModelShape& shape, const HeadShape& head, std::uint64_t seed)
{
    if (auto checked = models::checkShape(shape); !checked) return checked.error();
    if (auto checked = checkHead(head); !checked) return checked.error();
    return caught("Building the model", [&]() -> Result<TunedModel> {
        auto impl = std::make_unique<Impl>(Impl{models::Decoder(shape, seed), TaskHead(head, shape.hiddenSize, seed)});
        impl->decoder.convert(deviceInUse(), at::kFloat);
        impl->head.moveTo(deviceInUse());
        return TunedModel(std::move(impl));
    });
}

Result<TunedModel> TunedModel::fromBody(const std::filesystem::path& safetensors, const models::ModelShape& shape,
                                        const HeadShape& head, std::uint64_t seed)
{
    auto model = initialise(shape, head, seed);
    if (!model) return model;
    auto file = models::SafetensorsFile::open(safetensors);
    if (!file) return file.error();
    // The number of heads cannot be seen from the tensors.
    const auto& metadata = file->header().metadata;
    if (const auto stated = metadata.find(kShapeKey); stated != metadata.end()) {
        auto itsShape = models::shapeFromJson(stated->second);
        if (!itsShape) return Error{itsShape.error()};
        itsShape->maxPositions = shape.maxPositions; // rotary positions have no weights
        if (*itsShape != shape)
            return badInput(safetensors.string() + " holds a model of another shape; check the rung's width, layers, "
                                                   "vocabulary and token limit.");
    }
    return caught("Loading " + safetensors.string(), [&]() -> Result<TunedModel> {
        if (auto loaded = models::loadWeights(*file, model->m_impl->decoder.named()); !loaded) return loaded.error();
        return std::move(model);
    });
}

Result<TunedModel> TunedModel::fromFolder(const std::filesystem::path& folder, const HeadShape& head,
                                          const AdapterShape& adapter, std::uint64_t seed, int layers)
{
    if (auto checked = checkHead(head); !checked) return checked.error();
    auto whole = models::openModelFolder(folder);
    if (!whole) return whole.error();
    auto opened = models::withLayers(std::move(*whole), layers);
    if (!opened) return opened.error();
    return caught("Loading " + folder.string(), [&]() -> Result<TunedModel> {
        const at::Device device = deviceInUse();
        auto decoder = models::loadDecoder(*opened, {}, at::TensorOptions(at::kFloat).device(device));
        if (!decoder) return decoder.error();
        const int width = opened->shape.hiddenSize;
        auto impl = std::make_unique<Impl>(Impl{std::move(*decoder), TaskHead(head, width, seed)});
        impl->folder = folder.string();
        impl->head.moveTo(device);
        if (adapter.rank > 0) {
            impl->adapter = {.rank = adapter.rank,
                             .alpha = adapter.alpha,
                             .targets = models::usualTargets(opened->shape),
                             .seed = seed};
            if (auto attached = impl->decoder.attachAdapters(impl->adapter); !attached) return attached.error();
            impl->decoder.convert(device, at::kFloat);
        }
        return TunedModel(std::move(impl));
    });
}

Result<TunedModel> TunedModel::load(const std::filesystem::path& safetensors)
{
    auto file = models::SafetensorsFile::open(safetensors);
    if (!file) return file.error();
    const auto& metadata = file->header().metadata;
    if (!metadata.contains(kShapeKey) || !metadata.contains(kHeadKey))
        return badInput(safetensors.string() + " does not say its shape and head; it is not a tuned model of Gradus.");
    const auto shape = models::shapeFromJson(metadata.at(kShapeKey));
    if (!shape) return shape.error();
    const auto head = headFromJson(metadata.at(kHeadKey));
    if (!head) return head.error();
    // Memory is taken only for what the file's size can fill: a forged shape must not allocate.
    if (shape->parameters() > static_cast<std::int64_t>(file->data().size() / 2))
        return badInput(safetensors.string() + " is too small for the shape that it states; write the model again.");
    auto model = initialise(*shape, *head, 0);
    if (!model) return model;
    return caught("Loading " + safetensors.string(), [&]() -> Result<TunedModel> {
        std::vector<models::NamedTensor> all = model->m_impl->decoder.named();
        for (const models::NamedTensor& named : model->m_impl->head.named())
            all.push_back(named);
        if (auto loaded = models::loadWeights(*file, all); !loaded) return loaded.error();
        return std::move(model);
    });
}

Result<std::string> TunedModel::save(const std::filesystem::path& safetensors) const
{
    return caught("Saving " + safetensors.string(), [&] {
        std::vector<models::NamedTensor> all = m_impl->decoder.named();
        for (const models::NamedTensor& named : m_impl->head.named())
            all.push_back(named);
        all = models::onHost(std::move(all));
        return models::writeSafetensors(safetensors, models::borrowBytes(all),
                                        {{"format", "pt"},
                                         {kShapeKey, models::shapeToJson(shape())},
                                         {kHeadKey, headToJson(m_impl->head.shape())}});
    });
}

Result<void> TunedModel::tune(const LabelledItems& items, const TuningOptions& options, const StopFlag& stop,
                              const std::function<void(const StepReport&)>& onStep)
{
    const auto work = [&]() -> Result<void> {
        if (auto done = runTuning(m_impl->decoder, m_impl->head, items, options, stop, onStep); !done) return done;
        if (!m_impl->decoder.adapted()) return {};
        if (!options.adapterFolder.empty())
            if (auto saved = models::saveAdapter(m_impl->decoder, m_impl->adapter, m_impl->folder, m_impl->head.named(),
                                                 "SEQ_CLS", options.adapterFolder);
                !saved)
                return saved.error();
        m_impl->decoder.mergeAdapters();
        return {};
    };
    const int rank = m_impl->decoder.adapted() ? m_impl->adapter.rank : 0;
    const bool isFrozen = options.bodyScale <= 0 && rank == 0;
    return caught("Tuning", work,
                  "one step was estimated at " + memoryText(stepMemory(m_impl->decoder, rank, items, options)) +
                      ": use a smaller batch, a shorter text limit" + (isFrozen ? "" : ", body_scale = 0") +
                      " or a smaller rung");
}

Result<std::vector<float>> TunedModel::predict(const std::vector<std::vector<Tokens>>& items) const
{
    if (auto checked = checkItems(items, shape(), m_impl->head.shape()); !checked) return checked.error();
    return caught("Prediction", [&]() -> Result<std::vector<float>> {
        const c10::InferenceMode inference;
        const auto classes = static_cast<std::size_t>(m_impl->head.shape().classes);
        const std::int64_t budget = m_impl->head.shape().kind == HeadKind::Compare
                                        ? kPredictionTokens / m_impl->head.shape().classes
                                        : kPredictionTokens;
        std::vector<float> probabilities(items.size() * classes);
        for (const Batch& batch : budgetBatches(itemLengths(items), budget)) {
            const at::Tensor features_BD =
                m_impl->head.features(m_impl->decoder, packSequences(items, batch, m_impl->decoder.device()));
            const at::Tensor shares_NK = at::softmax(m_impl->head.logits(features_BD), 1).to(at::kCPU).contiguous();
            const float* row = shares_NK.const_data_ptr<float>();
            for (const std::int64_t item : batch) {
                std::copy_n(row, classes, probabilities.data() + static_cast<std::size_t>(item) * classes);
                row += classes;
            }
        }
        if (auto checked = checkNumbers(probabilities); !checked) return checked.error();
        return probabilities;
    });
}

Result<FeatureRows> TunedModel::features(const std::vector<std::vector<Tokens>>& items) const
{
    if (auto checked = checkItems(items, shape(), m_impl->head.shape()); !checked) return checked.error();
    return caught("Reading features", [&]() -> Result<FeatureRows> {
        const c10::InferenceMode inference;
        FeatureRows rows{.values = {}, .width = shape().hiddenSize};
        const auto width = static_cast<std::size_t>(rows.width);
        const std::size_t each = items.empty() ? 1 : items.front().size(); // checkItems: the same for all
        rows.values.resize(items.size() * each * width);
        for (const Batch& batch :
             budgetBatches(itemLengths(items), kPredictionTokens / static_cast<std::int64_t>(each))) {
            const at::Tensor features_BD =
                m_impl->head.features(m_impl->decoder, packSequences(items, batch, m_impl->decoder.device()))
                    .to(at::kCPU)
                    .contiguous();
            const float* row = features_BD.const_data_ptr<float>();
            for (const std::int64_t item : batch) {
                std::copy_n(row, each * width, rows.values.data() + static_cast<std::size_t>(item) * each * width);
                row += each * width;
            }
        }
        if (auto checked = checkNumbers(rows.values); !checked) return checked.error();
        return rows;
    });
}

Result<std::vector<std::vector<float>>> TunedModel::frozenTrials(const std::vector<std::vector<Tokens>>& items,
                                                                 const std::vector<std::vector<float>>& targets,
                                                                 const std::vector<std::vector<Tokens>>& held,
                                                                 const TuningOptions& options,
                                                                 const StopFlag& stop) const
{
    for (const auto* all : {&items, &held})
        if (auto checked = checkItems(*all, shape(), m_impl->head.shape()); !checked) return checked.error();
    if (items.empty() || held.empty()) return badInput("A trial needs items to tune on and items to answer.");
    TuningOptions frozen = options;
    frozen.bodyScale = 0;
    frozen.checkpointEvery = 0;
    frozen.checkpointFolder.clear();
    frozen.adapterFolder.clear();
    return caught("Trying heads", [&]() -> Result<std::vector<std::vector<float>>> {
        const at::Tensor taught_NSD = frozenFeatures(m_impl->decoder, m_impl->head, items);
        LabelledItems labelled{.items = items, .targets = {}, .classes = m_impl->head.shape().classes};
        std::vector<at::Tensor> before;
        for (const at::Tensor& parameter : m_impl->head.parameters())
            before.push_back(parameter.clone());
        std::vector<std::vector<float>> answers;
        for (const std::vector<float>& target : targets) {
            labelled.targets = target;
            auto tuned = runTuning(m_impl->decoder, m_impl->head, labelled, frozen, stop, {}, taught_NSD);
            auto answer = tuned ? predict(held) : Result<std::vector<float>>(tuned.error());
            const at::NoGradGuard noGrad;
            const auto parameters = m_impl->head.parameters();
            for (std::size_t i = 0; i < parameters.size(); ++i)
                parameters[i].copy_(before[i]);
            if (!answer) return answer.error();
            answers.push_back(std::move(*answer));
        }
        return answers;
    });
}

const models::ModelShape& TunedModel::shape() const
{
    return m_impl->decoder.shape();
}

} // namespace gradus::engine
