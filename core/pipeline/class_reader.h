// SPDX-License-Identifier: GPL-3.0-or-later
// A language model of any family as a reader of classes: how probable it holds the text of each.
#pragma once

#include "base/result.h"
#include "data/task.h"
#include "engine/language_model.h"
#include "text/tokenizer.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// Tokens that all texts of an item begin with, and what each goes on with.
struct ClassTexts
{
    engine::Tokens shared;
    std::vector<engine::Tokens> rests; ///< one a class, none empty; no rests: the item has too little text to be read
};

/// The texts of an item's classes as tokens of one model, at most `limit` (2 or more) each: what is too long loses the
/// beginning of what is shared, then the end of its own rest. The shared part has one token or more.
ClassTexts classTexts(const text::Tokenizer& tokenizer, const std::vector<std::string>& texts, std::size_t limit);

/// Weights as the folder stores them, never changed; text of the data set is text, and none of it opens a turn. One
/// thread at a time.
class ClassReader final
{
public:
    /// answers: what is put behind an item's one text for each class; empty where an item has one text a class. Texts
    /// have at most maxTokens tokens. Bad input: a folder that is no model of a family that we have, or that lacks its
    /// tokenizer.
    static Result<ClassReader> open(const std::filesystem::path& folder, std::vector<std::string> answers,
                                    int maxTokens);

    /// One probability a class, together 1: proportional to exp of the mean log-likelihood of the class's own tokens
    /// behind what all classes share, so that a long answer is not improbable for its length. Empty where an item has
    /// too little text to be read.
    Result<std::vector<float>> read(const data::Item& item) const;

private:
    ClassReader(text::Tokenizer tokenizer, engine::LanguageModel model, std::vector<std::string> answers,
                std::size_t limit)
        : m_tokenizer(std::move(tokenizer)), m_model(std::move(model)), m_answers(std::move(answers)), m_limit(limit)
    {
    }

    text::Tokenizer m_tokenizer;
    engine::LanguageModel m_model;
    std::vector<std::string> m_answers;
    std::size_t m_limit;
};

/// Whether the folder could be read so, by its headers alone: quick. Bad input as open().
Result<void> checkReader(const std::filesystem::path& folder);

} // namespace gradus::pipeline
