// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>

namespace gradus::data {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kEndOfText = "<|endoftext|>";
constexpr std::size_t kMaxMerges = 1'000'000;

void appendUtf8(std::string& text, unsigned codePoint) // below 0x800 is all that occurs here
{
    if (codePoint < 0x80) {
        text += static_cast<char>(codePoint);
    } else {
        text += static_cast<char>(0xC0U | (codePoint >> 6));
        text += static_cast<char>(0x80U | (codePoint & 0x3FU));
    }
}

/// GPT-2's visible stand-in for each byte: printable Latin-1 stays, the others go to U+0100 and up in order.
const std::array<std::string, 256>& visibleBytes()
{
    static const std::array<std::string, 256> table = [] {
        std::array<std::string, 256> made;
        unsigned next = 0x100;
        for (unsigned byte = 0; byte < 256; ++byte) {
            const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
            appendUtf8(made[byte], printable ? byte : next++);
        }
        return made;
    }();
    return table;
}

std::string shown(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes)
        text += visibleBytes()[static_cast<unsigned char>(c)];
    return text;
}

std::optional<std::pair<std::string, std::string>> mergeTexts(const Json& merge)
{
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
        return std::pair{merge[0].get<std::string>(), merge[1].get<std::string>()};
    if (!merge.is_string()) return std::nullopt;
    const std::string text = merge.get<std::string>();
    const std::size_t space = text.find(' ');
    if (space == std::string::npos) return std::nullopt;
    return std::pair{text.substr(0, space), text.substr(space + 1)};
}

Error refused(const std::string& file, const std::string& what)
{
    return badInput(visible(file) + " is not a tokenizer that was trained here: " + what +
                    "; delete it to have it trained again.");
}

Result<std::vector<Bpe::Merge>> mergesFrom(const Json& model, const std::string& file)
{
    std::unordered_map<std::string, Bpe::Id> ids;
    std::vector<std::string> texts;
    for (const std::string& byte : visibleBytes()) {
        ids.emplace(byte, static_cast<Bpe::Id>(texts.size()));
        texts.push_back(byte);
    }
    const Json& list = model.at("merges");
    if (!list.is_array() || list.size() > kMaxMerges) return refused(file, "its merges are not a list");
    std::vector<Bpe::Merge> merges;
    for (const Json& entry : list) {
        const std::string number = "merge " + std::to_string(merges.size() + 1);
        const auto pair = mergeTexts(entry);
        if (!pair) return refused(file, number + " is not a pair");
        const auto left = ids.find(pair->first);
        const auto right = ids.find(pair->second);
        if (left == ids.end() || right == ids.end()) return refused(file, number + " joins an unknown piece");
        const auto id = static_cast<Bpe::Id>(texts.size());
        const std::string text = pair->first + pair->second;
        // Doubling merges would let a small file ask for gigabytes.
        if (text.size() > 4096) return refused(file, number + " is longer than 4,096 bytes");
        if (!model.at("vocab").contains(text) || model.at("vocab").at(text) != id)
            return refused(file, number + " does not have the id " + std::to_string(id));
        ids.emplace(text, id);
        texts.push_back(text);
        merges.emplace_back(left->second, right->second);
    }
    return merges;
}

} // namespace

std::string Bpe::toJson() const
{
    Json vocabulary = Json::object();
    for (std::size_t id = 0; id < m_pieces.size(); ++id)
        vocabulary[shown(m_pieces[id])] = id;
    vocabulary[kEndOfText] = endOfText();
    Json merges = Json::array();
    for (const auto& [left, right] : m_merges)
        merges.push_back(
            {shown(m_pieces[static_cast<std::size_t>(left)]), shown(m_pieces[static_cast<std::size_t>(right)])});
    const Json byteLevel = {
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    const Json special = {{"id", endOfText()}, {"content", kEndOfText}, {"single_word", false}, {"lstrip", false},
                          {"rstrip", false},   {"normalized", false},   {"special", true}};
    const Json file = {{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", Json::array({special})},
                       {"normalizer", nullptr},
                       {"pre_tokenizer", byteLevel},
                       {"post_processor", nullptr},
                       {"decoder", byteLevel},
                       {"model",
                        {{"type", "BPE"},
                         {"dropout", nullptr},
                         {"unk_token", nullptr},
                         {"continuing_subword_prefix", nullptr},
                         {"end_of_word_suffix", nullptr},
                         {"fuse_unk", false},
                         {"byte_fallback", false},
                         {"vocab", vocabulary},
                         {"merges", merges}}}};
    return file.dump(1) + "\n";
}

Result<Bpe> Bpe::fromJson(std::string_view json, const std::string& file)
{
    try {
        const Json parsed = Json::parse(json);
        const Json& model = parsed.at("model");
        if (model.at("type") != "BPE") return refused(file, "its model is not BPE");
        if (!parsed.at("normalizer").is_null()) return refused(file, "it normalises text");
        if (parsed.at("pre_tokenizer").at("type") != "ByteLevel") return refused(file, "it does not split bytes");
        Result<std::vector<Merge>> merges = mergesFrom(model, file);
        if (!merges) return merges.error();
        if (model.at("vocab").size() != merges->size() + kSmallestVocabulary)
            return refused(file, "its vocabulary holds other pieces than bytes, merges and the end of text");
        return Bpe(std::move(*merges));
    } catch (const nlohmann::json::exception&) {
        return refused(file, "it is not JSON, or a part of tokenizer.json is missing");
    }
}

} // namespace gradus::data
