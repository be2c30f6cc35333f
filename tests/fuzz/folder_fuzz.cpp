// SPDX-License-Identifier: GPL-3.0-or-later
// A stranger's model folder: its configuration, the index of its shards, generation_config.json and
// tokenizer_config.json beside weights and a tokenizer that are sound. Input: these four, in this order.
#include "fuzz.h"

#include "base/files.h"
#include "chat/chat_template.h"
#include "models/model_folder.h"
#include "text/tokenizer.h"

using namespace gradus;

namespace {

constexpr const char* kTokenizer = R"({"version": "1.0", "added_tokens": [
    {"id": 4, "content": "<|end|>", "special": true, "normalized": false, "lstrip": false, "rstrip": false,
     "single_word": false}], "normalizer": null,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
    "post_processor": null, "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3}, "merges": [["a", "b"]]}})";

std::string shard()
{
    const float value = 1;
    return models::encodeSafetensors(
        {{"model.norm.weight", models::ElementType::F32, {1}, std::as_bytes(std::span(&value, 1))}}, {});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 4);
    static const std::filesystem::path folder = [] {
        const auto made = fuzz::scratch() / "folder";
        std::filesystem::create_directories(made);
        fuzz::expect(writeFileAtomically(made / "tokenizer.json", kTokenizer).ok(), "a sound file can be written");
        fuzz::written("folder/part-1.safetensors", shard());
        return made;
    }();
    fuzz::written("folder/config.json", parts[0]);
    fuzz::written("folder/model.safetensors.index.json", parts[1]);
    fuzz::written("folder/generation_config.json", parts[2]);
    fuzz::written("folder/tokenizer_config.json", parts[3]);
    if (const auto opened = models::openModelFolder(folder); fuzz::isRead(opened)) {
        fuzz::expect(!opened->files.empty(), "a folder that opens has weights");
        for (const models::SafetensorsFile& file : opened->files)
            fuzz::expect(file.path().parent_path() == folder, "no index leads out of its folder", file.path().string());
        for (const int id : opened->endIds)
            fuzz::expect(id >= 0, "an end is a token");
    }
    if (const auto tokenizer = text::Tokenizer::open(folder); fuzz::isRead(tokenizer)) {
        const auto ids = tokenizer->encode("abc");
        for (const auto id : ids)
            fuzz::expect(id >= 0 && id < tokenizer->vocabulary(), "ids are of the vocabulary");
    }
    fuzz::isRead(chat::ChatTemplate::open(folder, false));
    return 0;
}
