// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/class_reader.h"

#include "models/model_folder.h"
#include "signals/posterior.h"
#include "text/model_tokenizer.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gradus::pipeline {

namespace {

/// Read before texts that begin differently: what tokenizers without a beginning of text have for its end.
constexpr std::int32_t kNothingBefore = 0;

} // namespace

ClassTexts classTexts(const text::Tokenizer& tokenizer, const std::vector<std::string>& texts, std::size_t limit)
{
    std::vector<engine::Tokens> all;
    std::size_t longest = 0;
    for (const std::string& text : texts) {
        all.push_back(tokenizer.encode(text, {.parseSpecialTokens = false}));
        longest = std::max(longest, all.back().size());
    }
    std::size_t shared = longest;
    for (const engine::Tokens& tokens : all) {
        if (tokens.empty()) return {};
        const auto differ = std::ranges::mismatch(tokens, all.front());
        // Where one text is the beginning of another, its own last token is its rest.
        shared = std::min({shared, tokens.size() - 1, static_cast<std::size_t>(differ.in1 - tokens.begin())});
    }
    const std::size_t dropped = longest > limit && shared > 0 ? std::min(longest - limit, shared - 1) : 0;
    ClassTexts made;
    if (shared == 0)
        made.shared = {kNothingBefore};
    else
        made.shared.assign(all.front().begin() + static_cast<std::ptrdiff_t>(dropped),
                           all.front().begin() + static_cast<std::ptrdiff_t>(shared));
    for (const engine::Tokens& tokens : all) {
        const std::size_t own = std::min(limit - made.shared.size(), tokens.size() - shared);
        const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(shared);
        made.rests.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(own));
    }
    return made;
}

Result<ClassReader> ClassReader::open(const std::filesystem::path& folder, std::vector<std::string> answers,
                                      int maxTokens)
{
    auto model = engine::LanguageModel::open(folder);
    if (!model) return model.error();
    auto tokenizer = text::modelTokenizer(folder, model->shape().vocabularySize);
    if (!tokenizer) return tokenizer.error();
    const int limit = std::max(2, std::min(maxTokens, model->shape().longestSequence()));
    return ClassReader(std::move(*tokenizer), std::move(*model), std::move(answers), static_cast<std::size_t>(limit));
}

Result<std::vector<float>> ClassReader::read(const data::Item& item) const
{
    std::vector<std::string> texts = item.texts;
    if (!m_answers.empty()) {
        texts.clear();
        for (const std::string& answer : m_answers)
            texts.push_back(item.texts.front() + answer);
    }
    const ClassTexts parts = classTexts(m_tokenizer, texts, m_limit);
    if (parts.rests.empty()) return std::vector<float>{};
    const auto scores = m_model.scoreAfter(parts.shared, parts.rests);
    if (!scores) return scores.error();
    std::vector<double> means;
    for (const engine::SequenceScore& score : *scores) {
        const auto& logs = score.logProbabilities;
        means.push_back(std::accumulate(logs.begin(), logs.end(), 0.0) / static_cast<double>(logs.size()));
    }
    signals::normaliseLogs(means);
    std::vector<float> shares;
    for (const double share : means)
        shares.push_back(static_cast<float>(share));
    return shares;
}

Result<void> checkReader(const std::filesystem::path& folder)
{
    const auto opened = models::openModelFolder(folder);
    if (!opened) return opened.error();
    const auto tokenizer = text::modelTokenizer(folder, opened->shape.vocabularySize);
    return tokenizer ? Result<void>() : tokenizer.error();
}

} // namespace gradus::pipeline
