// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/answer_form.h"

#include "models/model_folder.h"
#include "pipeline/prompting.h"
#include "pipeline/writers.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gradus::pipeline {

namespace {

using engine::Tokens;

/// Programs of the built-in world.
class ProgramForm final : public AnswerForm
{
public:
    std::vector<Tokens> prompts(const data::ItemSet& set) const override { return promptsOf(set); }
    engine::GenerationOptions ends() const override
    {
        engine::GenerationOptions options;
        options.maxNewTokens = data::traces::kMostTokens;
        options.ended = [](std::size_t, const Tokens& written) { return data::traces::isEnded(written); };
        return options;
    }
    bool checks() const override { return true; }
    data::traces::Reading read(const Tokens& prompt, const Tokens& answer) const override
    {
        return data::traces::read(prompt, answer);
    }
    engine::WritingPairs pairs(const data::ItemSet&) const override { return {}; }
};

/// How much of two texts is their prompt: up to the last turn of the assistant's, or what they have in common up to the
/// end of a word.
std::size_t promptLength(std::string_view a, std::string_view b)
{
    constexpr std::string_view kTurn = "\n\nAssistant:";
    const auto shorter = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
    const auto common =
        static_cast<std::size_t>(std::mismatch(a.begin(), a.begin() + shorter, b.begin()).first - a.begin());
    const std::size_t turn = a.substr(0, common).rfind(kTurn);
    if (turn != std::string_view::npos) return turn + kTurn.size();
    const std::size_t space = a.substr(0, common).find_last_of(" \n\t");
    return space == std::string_view::npos ? 0 : space;
}

/// Two answers to one prompt, of which one is preferred.
class TextForm final : public AnswerForm
{
public:
    TextForm(Prompting prompting, std::vector<std::int32_t> endIds, std::size_t promptLimit, std::size_t answerLimit)
        : m_prompting(std::move(prompting)), m_endIds(std::move(endIds)), m_promptLimit(promptLimit),
          m_answerLimit(answerLimit)
    {
    }

    std::vector<Tokens> prompts(const data::ItemSet& set) const override
    {
        std::vector<Tokens> prompts;
        for (const data::Item& item : set.items)
            if (const std::size_t length = promptLength(item.texts[0], item.texts[1]); length > 0)
                prompts.push_back(prompt(item.texts[0].substr(0, length)));
        return prompts;
    }
    engine::GenerationOptions ends() const override
    {
        engine::GenerationOptions options;
        options.maxNewTokens = static_cast<int>(m_answerLimit);
        options.stopIds = m_endIds;
        return options;
    }
    bool checks() const override { return false; }
    data::traces::Reading read(const Tokens&, const Tokens&) const override { return {}; }
    engine::WritingPairs pairs(const data::ItemSet& set) const override
    {
        engine::WritingPairs pairs;
        for (const data::Item& item : set.items) {
            const std::size_t length = promptLength(item.texts[0], item.texts[1]);
            if (length == 0) continue;
            Tokens better = answer(item.texts[static_cast<std::size_t>(item.truth)].substr(length));
            Tokens worse = answer(item.texts[static_cast<std::size_t>(1 - item.truth)].substr(length));
            if (better.empty() || worse.empty() || better == worse) continue; // told apart beyond the limit
            pairs.prompts.push_back(prompt(item.texts[0].substr(0, length)));
            pairs.chosen.push_back(std::move(better));
            pairs.rejected.push_back(std::move(worse));
        }
        return pairs;
    }

private:
    Tokens prompt(const std::string& text) const { return m_prompting.prompt(text, m_promptLimit).tokens; }
    /// What is too long loses its end.
    Tokens answer(const std::string& text) const
    {
        Tokens tokens = m_prompting.answer(text);
        if (!m_endIds.empty() && tokens.size() < m_answerLimit) tokens.push_back(m_endIds.front());
        if (tokens.size() > m_answerLimit) tokens.resize(m_answerLimit);
        return tokens;
    }

    Prompting m_prompting;
    std::vector<std::int32_t> m_endIds;
    std::size_t m_promptLimit;
    std::size_t m_answerLimit;
};

} // namespace

Result<std::unique_ptr<AnswerForm>> answerForm(const StageContext& context, int rung)
{
    const LadderRung& at = context.ladder.at(rung);
    if (at.folder.empty()) return std::unique_ptr<AnswerForm>(std::make_unique<ProgramForm>());
    const int limit = std::min(context.spec.experiment.task.maxTokens, at.shape.longestSequence());
    const int answer = context.spec.experiment.self.answerTokens;
    constexpr int kShortestPrompt = 4;
    if (limit - answer < kShortestPrompt) {
        Error error = badInput("self.answer_tokens = " + std::to_string(answer) + " leaves no room for a prompt in " +
                               std::to_string(limit) + " tokens (the smaller of task.max_tokens and what " +
                               at.folder.string() + " can hold); lower it.");
        error.key = "self.answer_tokens";
        return error;
    }
    auto prompting = Prompting::open(at.folder, context.spec.experiment.task);
    if (!prompting) return prompting.error();
    const auto model = models::openModelFolder(at.folder);
    if (!model) return model.error();
    return std::unique_ptr<AnswerForm>(std::make_unique<TextForm>(std::move(*prompting), model->endIds,
                                                                  static_cast<std::size_t>(limit - answer),
                                                                  static_cast<std::size_t>(answer)));
}

} // namespace gradus::pipeline
