// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_folder_impl.h"

#include "base/files.h"
#include "models/weights_impl.h"

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

Result<void> attachAdapter(Decoder& decoder, const AdapterFolder& folder, const std::vector<NamedTensor>& extra)
{
    if (auto attached = decoder.attachAdapters(folder.options); !attached) return attached;
    std::vector<NamedTensor> named = decoder.adapters();
    named.insert(named.end(), extra.begin(), extra.end());
    if (folder.file.header().tensors.size() != named.size())
        return badInput(folder.file.path().string() + " holds " + std::to_string(folder.file.header().tensors.size()) +
                        " tensors where this model has places for " + std::to_string(named.size()) +
                        "; use the model that the adapter was made for.");
    return loadWeights(folder.file, named);
}

} // namespace gradus::models
