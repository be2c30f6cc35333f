// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder made here: a byte-level tokenizer whose merges are learnt from the very texts it will read, the chat
// template of tests/data/chat, and random weights. Small enough to be taught an episode by heart in seconds.
#pragma once

#include "agent/model_agent.h"
#include "base/files.h"
#include "models/model_shape.h"
#include "support/source_dir.h"

#include <QtGlobal>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gradus::tests {

/// GPT-2's letters for bytes: those that print stand for themselves.
inline std::vector<std::string> byteLetters()
{
    std::vector<std::string> letters(256);
    unsigned next = 256;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool prints = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
        const unsigned code = prints ? byte : next++;
        letters[byte] =
            code < 128 ? std::string(1, static_cast<char>(code))
                       : std::string{static_cast<char>(0xC0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3FU))};
    }
    return letters;
}

/// Byte-pair merges of the most frequent neighbours, ties to the smaller pair.
inline std::vector<std::pair<std::string, std::string>> learntMerges(const std::string& text, int count)
{
    const std::vector<std::string> letters = byteLetters();
    std::vector<std::string> symbols;
    for (const char c : text)
        symbols.push_back(letters[static_cast<unsigned char>(c)]);
    std::vector<std::pair<std::string, std::string>> merges;
    while (static_cast<int>(merges.size()) < count) {
        std::map<std::pair<std::string, std::string>, int> pairs;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
            ++pairs[{symbols[i], symbols[i + 1]}];
        const auto best = std::ranges::max_element(pairs, {}, [](const auto& pair) { return pair.second; });
        if (best == pairs.end() || best->second < 2) break;
        merges.push_back(best->first);
        std::vector<std::string> joined;
        for (std::size_t i = 0; i < symbols.size(); ++i)
            if (i + 1 < symbols.size() && std::pair(symbols[i], symbols[i + 1]) == best->first)
                joined.push_back(symbols[i] + symbols[i + 1]), ++i;
            else
                joined.push_back(symbols[i]);
        symbols = std::move(joined);
    }
    return merges;
}

/// tokenizer.json, tokenizer_config.json, config.json and weights; returns the folder.
inline std::filesystem::path writeToyFolder(const std::filesystem::path& folder, const std::string& text, int merges,
                                            int width, int positions, const std::string& chatTemplate)
{
    nlohmann::ordered_json vocabulary;
    int id = 0;
    for (const std::string& letter : byteLetters())
        vocabulary[letter] = id++;
    nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
    for (const auto& [left, right] : learntMerges(text, merges)) {
        if (vocabulary.contains(left + right)) continue;
        vocabulary[left + right] = id++;
        pairs.push_back({left, right});
    }
    nlohmann::ordered_json added = nlohmann::ordered_json::array();
    for (const char* token : {"<|endoftext|>", "<|im_start|>", "<|im_end|>"})
        added.push_back({{"id", id++},
                         {"content", token},
                         {"single_word", false},
                         {"lstrip", false},
                         {"rstrip", false},
                         {"normalized", false},
                         {"special", true}});
    const nlohmann::ordered_json byteLevel = {
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}};
    const nlohmann::ordered_json tokenizer = {{"version", "1.0"},
                                              {"added_tokens", added},
                                              {"normalizer", nullptr},
                                              {"pre_tokenizer", byteLevel},
                                              {"post_processor", nullptr},
                                              {"decoder", byteLevel},
                                              {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", pairs}}}};
    const nlohmann::ordered_json config = {{"eos_token", "<|im_end|>"}, {"chat_template", chatTemplate}};
    auto model = engine::LanguageModel::initialise(models::rungShape(width, 2, id, positions), 1);
    if (!model || !model->save(folder) || !writeFileAtomically(folder / "tokenizer.json", tokenizer.dump()) ||
        !writeFileAtomically(folder / "tokenizer_config.json", config.dump()))
        qFatal("The toy folder cannot be written: %s", model ? folder.c_str() : model.error().message.c_str());
    return folder;
}

inline std::string toyTemplate(const char* name = "qwen_like.jinja")
{
    return readFile(tests::sourceDir() / "tests/data/chat" / name).value();
}

inline agent::ModelAgent openedAgent(const std::filesystem::path& folder)
{
    auto agent = agent::ModelAgent::open(folder);
    if (!agent) qFatal("%s", agent.error().message.c_str());
    return std::move(*agent);
}

/// Teaches these lessons by heart.
inline void teach(agent::ModelAgent& agent, const engine::Writings& lessons, int epochs, double rate)
{
    engine::TuningOptions options;
    options.epochs = epochs;
    options.batch = static_cast<int>(lessons.prompts.size());
    options.learningRate = rate;
    options.weightDecay = 0;
    if (auto tuned = agent.model().tune(lessons, options, StopFlag(), {}); !tuned)
        qFatal("%s", tuned.error().message.c_str());
}

} // namespace gradus::tests
