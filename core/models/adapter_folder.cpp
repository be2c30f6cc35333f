// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_folder_impl.h"

#include "base/files.h"
#include "base/text.h"
#include "models/adapter_targets_impl.h"
#include "models/weights_impl.h"

#include <set>
#include <string_view>

namespace gradus::models {

Result<AdapterFolder> openAdapterFolder(const std::filesystem::path& path)
{
    const auto text = readFile(path / "adapter_config.json", std::size_t{1} << 20);
    if (!text) return text.error();
    auto options = adapterFromConfig(*text, (path / "adapter_config.json").string());
    if (!options) return options.error();
    auto file = SafetensorsFile::open(path / "adapter_model.safetensors");
    if (!file) return file.error();
    return AdapterFolder{.options = std::move(*options), .file = std::move(*file)};
}

namespace {

constexpr std::string_view kBefore = "base_model.model.";
constexpr std::string_view kBehind = ".lora_A.weight";

/// Names of the modules that have matrices in the file.
std::vector<std::string> modulesIn(const SafetensorsFile& file)
{
    std::vector<std::string> all;
    for (const TensorEntry& entry : file.header().tensors) {
        const std::string_view name = entry.name;
        if (name.starts_with(kBefore) && name.ends_with(kBehind) && name.size() > kBefore.size() + kBehind.size())
            all.emplace_back(name.substr(kBefore.size(), name.size() - kBefore.size() - kBehind.size()));
    }
    return all;
}

Error withoutPlace(const SafetensorsFile& file, const std::string& tensor, const Decoder& decoder)
{
    return badInput(visible(file.path().string(), 400) + " has a tensor " + visible(tensor, 160) + ", for which a " +
                    decoder.shape().modelType +
                    " model has no place (an adapter stands on the layers' own projections, and of saved modules a "
                    "classifier's score is read): use the model that it was made for, or make it without that.");
}

std::set<std::string> together(const std::vector<std::string>& names)
{
    return {names.begin(), names.end()};
}

} // namespace

Result<AdapterOptions> attachAdapter(Decoder& decoder, const AdapterFolder& folder,
                                     const std::vector<NamedTensor>& extra)
{
    const std::vector<std::string> modules = modulesIn(folder.file);
    if (modules.empty())
        return badInput(visible(folder.file.path().string(), 400) +
                        " holds no matrices of a LoRA adapter; save the adapter again.");
    const std::set<std::string> places = together(modulesAt(decoder, modules));
    for (const std::string& module : modules)
        if (!places.contains(module))
            return withoutPlace(folder.file, std::string(kBefore) + module + std::string(kBehind), decoder);
    AdapterOptions options = folder.options;
    options.targets = modules;
    if (auto attached = decoder.attachAdapters(options); !attached) return attached.error();
    std::vector<NamedTensor> named = decoder.adapters();
    named.insert(named.end(), extra.begin(), extra.end());
    std::set<std::string_view> known;
    for (const NamedTensor& tensor : named)
        known.insert(tensor.name);
    for (const TensorEntry& entry : folder.file.header().tensors)
        if (!known.contains(entry.name)) return withoutPlace(folder.file, entry.name, decoder);
    if (auto loaded = loadWeights(folder.file, named); !loaded) return loaded.error();
    if (together(modulesAt(decoder, folder.options.targets)) == places) return folder.options;
    return options;
}

} // namespace gradus::models
