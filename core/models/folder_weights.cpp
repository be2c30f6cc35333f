// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/folder_weights_impl.h"

#include "base/files.h"
#include "models/hf_config.h"
#include "models/weights_impl.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

namespace gradus::models {

namespace {

/// Tensors that old exporters wrote and that follow from the shape.
bool isDerived(std::string_view name)
{
    for (const char* end : {".rotary_emb.inv_freq", ".attention.bias", ".attention.masked_bias"})
        if (name.ends_with(end)) return true;
    return name == "lm_head.weight" || name == "embed_out.weight"; // a second copy of tied embeddings
}

/// "model.layers.20.mlp.up_proj.weight" where only the first 20 layers are wanted.
bool isOfDroppedLayer(std::string_view name, const ModelFolder& folder)
{
    constexpr std::string_view kLayers = "layers.";
    const std::size_t at = name.find(kLayers);
    if (at == std::string_view::npos) return false;
    const std::string_view number = name.substr(at + kLayers.size());
    int layer = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), layer);
    return read.ec == std::errc{} && read.ptr != number.data() + number.size() && *read.ptr == '.' &&
           layer >= folder.shape.layers && layer < folder.storedLayers;
}

/// A tensor without a place would be left out in silence, and the model would say other things than its author's.
Result<void> checkNothingIsLeftOver(const ModelFolder& folder, const std::vector<NamedTensor>& named,
                                    const std::vector<std::string>& extra)
{
    std::set<std::string_view> expected(extra.begin(), extra.end());
    for (const NamedTensor& tensor : named)
        expected.insert(tensor.name);
    for (const SafetensorsFile& file : folder.files)
        for (const TensorEntry& entry : file.header().tensors)
            if (!expected.contains(entry.name) && !isDerived(entry.name) && !isOfDroppedLayer(entry.name, folder))
                return badInput(file.path().string() + " has a tensor " + entry.name.substr(0, 120) + " that a " +
                                folder.shape.modelType +
                                " model has no place for; check that config.json belongs to this model.");
    return {};
}

/// place gives a decoder whose numbers are undefined its place.
Result<Decoder> load(const ModelFolder& folder, const std::vector<std::string>& extra,
                     const std::function<void(Decoder&)>& place)
{
    std::size_t bytes = 0;
    for (const SafetensorsFile& file : folder.files)
        bytes += file.data().size();
    if (folder.shape.parameters() > static_cast<std::int64_t>(bytes / 2))
        return badInput(folder.path.string() + " holds " + std::to_string(bytes) +
                        " bytes of weights, too few for the " + std::to_string(folder.shape.parameters()) +
                        " parameters that its config.json states; fetch the model again.");
    Decoder decoder = Decoder::uninitialised(folder.shape);
    place(decoder);
    const std::vector<NamedTensor> named = decoder.named();
    if (auto checked = checkNothingIsLeftOver(folder, named, extra); !checked) return checked.error();
    if (auto loaded = loadWeights(folder.files, named); !loaded) return loaded.error();
    return decoder;
}

} // namespace

Result<Decoder> loadDecoder(const ModelFolder& folder, const std::vector<std::string>& extra,
                            const at::TensorOptions& options)
{
    return load(folder, extra, [&](Decoder& decoder) {
        const auto type = c10::typeMetaToScalarType(options.dtype());
        if (!options.device().is_cpu() || type != at::kFloat) decoder.place(options.device(), type);
    });
}

Result<Decoder> loadReader(const ModelFolder& folder, at::Device device)
{
    return load(folder, {}, [&](Decoder& decoder) {
        if (!device.is_cpu())
            decoder.place(device, at::kFloat);
        else
            decoder.placeToRead(matricesAreNarrow(folder) ? at::kBFloat16 : at::kFloat);
    });
}

Result<std::string> saveModelFolder(const Decoder& decoder, const std::string& config,
                                    const std::filesystem::path& folder)
{
    if (auto made = makeFolder(folder); !made) return made.error();
    const std::vector<NamedTensor> all = onHost(decoder.named());
    auto hash = writeSafetensors(folder / "model.safetensors", borrowBytes(all), {{"format", "pt"}});
    if (!hash) return hash;
    const std::string text = config.empty() ? configOf(decoder.shape()) + "\n" : config;
    if (auto written = writeFileAtomically(folder / "config.json", text); !written) return written.error();
    return hash;
}

Result<std::string> saveAdapter(const Decoder& decoder, const AdapterOptions& options, const std::string& baseModel,
                                const std::vector<NamedTensor>& extra, const std::string& taskType,
                                const std::filesystem::path& folder)
{
    if (auto made = makeFolder(folder); !made) return made.error();
    std::vector<NamedTensor> all = decoder.adapters();
    for (const NamedTensor& tensor : extra)
        all.push_back({"base_model.model." + tensor.name, tensor.tensor});
    all = onHost(std::move(all));
    auto hash = writeSafetensors(folder / "adapter_model.safetensors", borrowBytes(all), {{"format", "pt"}});
    if (!hash) return hash;
    const std::string text = adapterConfigOf(options, baseModel, taskType, !extra.empty());
    if (auto written = writeFileAtomically(folder / "adapter_config.json", text); !written) return written.error();
    return hash;
}

} // namespace gradus::models
