// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_folder.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "models/hf_config.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <span>

namespace gradus::models {

namespace {

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

bool isThere(const std::filesystem::path& path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// The files that the index names, each a plain name inside the folder.
Result<std::set<std::string>> shardNames(const std::filesystem::path& index)
{
    const auto text = readFile(index);
    if (!text) return text.error();
    const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
        return badInput(visible(index.string(), 400) + " has no weight_map; fetch the model again.");
    std::set<std::string> names;
    for (const auto& [tensor, name] : json["weight_map"].items()) {
        const std::string file = name.is_string() ? name.get<std::string>() : "";
        if (file.empty() || file.find('/') != std::string::npos || file.find('\0') != std::string::npos ||
            file == "." || file == "..")
            return badInput(visible(index.string(), 400) +
                            " names a file that does not lie in its folder; fetch the model again.");
        names.insert(file);
    }
    if (names.empty()) return badInput(visible(index.string(), 400) + " names no file; fetch the model again.");
    return names;
}

Result<std::vector<SafetensorsFile>> openFiles(const std::filesystem::path& folder)
{
    std::set<std::string> names{kSingle};
    if (!isThere(folder / kSingle)) {
        if (!isThere(folder / kIndex)) {
            const bool pickled =
                isThere(folder / "pytorch_model.bin") || isThere(folder / "pytorch_model.bin.index.json");
            return badInput(visible(folder.string(), 400) +
                            (pickled ? " has its weights as pickled .bin files, which can run code "
                                       "when read; convert them to safetensors."
                                     : " has no model.safetensors; choose a model's folder."));
        }
        auto sharded = shardNames(folder / kIndex);
        if (!sharded) return sharded.error();
        names = std::move(*sharded);
    }
    std::vector<SafetensorsFile> files;
    for (const std::string& name : names) {
        auto file = SafetensorsFile::open(folder / name);
        if (!file) return file.error();
        files.push_back(std::move(*file));
    }
    return files;
}

bool holds(const std::vector<SafetensorsFile>& files, const std::string& tensor)
{
    return std::ranges::any_of(files, [&](const SafetensorsFile& file) { return file.find(tensor) != nullptr; });
}

/// Nothing, or the same bytes as the other tensor's.
bool isSecondCopy(const std::vector<SafetensorsFile>& files, const std::string& tensor, const std::string& of)
{
    const auto bytesOf = [&](const std::string& name) -> std::optional<std::span<const std::byte>> {
        for (const SafetensorsFile& file : files)
            if (const TensorEntry* entry = file.find(name); entry != nullptr) return file.bytes(*entry);
        return std::nullopt;
    };
    const auto second = bytesOf(tensor);
    const auto first = bytesOf(of);
    return !second || !first || std::ranges::equal(*second, *first);
}

/// eos_token_id as one number or a list; anything else is as if it were not there.
std::vector<int> endIdsOf(const std::string& text)
{
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("eos_token_id")) return {};
    std::vector<int> ids;
    const nlohmann::json& stated = json["eos_token_id"];
    for (const nlohmann::json& id : stated.is_array() ? stated : nlohmann::json::array({stated}))
        if (id.is_number_integer() && id >= 0 && id < (1 << 24)) ids.push_back(id.get<int>());
    return ids;
}

} // namespace

Result<ModelShape> readModelShape(const std::filesystem::path& path)
{
    const std::filesystem::path config = path / "config.json";
    if (!isThere(config) && isThere(path / "adapter_config.json"))
        return badInput(visible(path.string(), 400) +
                        " holds an adapter and no config.json; give the folder of its model, and this one with "
                        "--adapter.");
    if (!isThere(config))
        return badInput(visible(path.string(), 400) +
                        " has no config.json; choose the folder of a Hugging Face model.");
    const auto text = readFile(config);
    if (!text) return text.error();
    return shapeFromConfig(*text, config.string());
}

Result<ModelFolder> openModelFolder(const std::filesystem::path& path)
{
    auto shape = readModelShape(path);
    if (!shape) return shape.error();
    auto config = readFile(path / "config.json");
    if (!config) return config.error();
    auto files = openFiles(path);
    if (!files) return files.error();
    ModelFolder folder{.path = path,
                       .shape = *shape,
                       .storedLayers = shape->layers,
                       .config = std::move(*config),
                       .endIds = {},
                       .files = std::move(*files)};
    if (isThere(path / "generation_config.json")) {
        const auto generation = readFile(path / "generation_config.json");
        if (!generation) return generation.error();
        folder.endIds = endIdsOf(*generation);
    }
    if (folder.endIds.empty()) folder.endIds = endIdsOf(folder.config);
    const bool neox = shape->family == Family::NeoX;
    const std::string head = neox ? "embed_out.weight" : "lm_head.weight";
    if (folder.shape.tiedEmbeddings) {
        // Of two copies one would be left aside in silence: that is no matter only while they are equal.
        const std::string embeddings = neox ? "gpt_neox.embed_in.weight" : "model.embed_tokens.weight";
        if (isSecondCopy(folder.files, head, embeddings)) return folder;
        return badInput(visible(path.string(), 400) + " has a " + head + " that differs from " + embeddings +
                        ", to which its config.json ties it: set tie_word_embeddings to false where the head is meant, "
                        "or take it out of the file.");
    }
    if (holds(folder.files, head)) return folder;
    // A sequence classifier has another head and needs none of the vocabulary's.
    if (!holds(folder.files, "score.weight"))
        return badInput(visible(path.string(), 400) + " has no " + head +
                        ", and its config.json does not tie it to the embeddings; fetch the model again, or set "
                        "tie_word_embeddings to true where it is tied.");
    folder.shape.tiedEmbeddings = true;
    return folder;
}

Result<std::string> contentHash(const ModelFolder& folder)
{
    std::string all = folder.config;
    for (const SafetensorsFile& file : folder.files) {
        const auto hash = sha256OfFile(file.path());
        if (!hash) return hash.error();
        all += *hash;
    }
    return sha256(all);
}

bool matricesAreNarrow(const ModelFolder& folder)
{
    return std::ranges::all_of(folder.files, [](const SafetensorsFile& file) {
        return std::ranges::all_of(file.header().tensors, [](const TensorEntry& entry) {
            return entry.shape.size() != 2 || entry.type == ElementType::BF16;
        });
    });
}

Result<ModelShape> withLayers(ModelShape shape, int layers, const std::filesystem::path& path)
{
    if (layers == 0) return shape;
    if (layers < 0 || layers >= shape.layers)
        return badInput(visible(path.string(), 400) + " has " +
                        counted(static_cast<std::size_t>(shape.layers), "layer") + ", and its first " +
                        std::to_string(layers) + " are wanted; use 1 to " + std::to_string(shape.layers - 1) +
                        ", or name the folder alone for all of it.");
    shape.layers = layers;
    if (!shape.localLayers.empty()) shape.localLayers.resize(static_cast<std::size_t>(layers));
    return shape;
}

Result<ModelFolder> withLayers(ModelFolder folder, int layers)
{
    if (layers == 0) return folder;
    auto shape = withLayers(folder.shape, layers, folder.path);
    if (!shape) return shape.error();
    folder.shape = std::move(*shape);
    // It was read when the folder was opened.
    nlohmann::ordered_json config = nlohmann::ordered_json::parse(folder.config);
    config["num_hidden_layers"] = layers;
    if (config.contains("layer_types") && config["layer_types"].is_array())
        while (config["layer_types"].size() > static_cast<std::size_t>(layers))
            config["layer_types"].erase(config["layer_types"].size() - 1);
    folder.config = config.dump(2) + "\n";
    return folder;
}

} // namespace gradus::models
