// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/generated_eval.h"

#include "chat/prompt.h"
#include "engine/language_model.h"
#include "evals/metrics.h"
#include "run/code_check.h"
#include "sandbox/preflight.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <optional>

namespace gradus::run {

namespace {

/// A model that continues prompts, greedily, until its own end, a stop text or the limit.
class Writer final
{
public:
    static Result<Writer> open(const std::filesystem::path& folder, const GeneratedOptions& options)
    {
        auto tokenizer = text::Tokenizer::open(folder);
        if (!tokenizer) return tokenizer.error();
        auto model = engine::LanguageModel::open(folder, options.adapter);
        if (!model) return model.error();
        Writer made{std::move(*tokenizer), std::move(*model), options};
        if (options.asChat) {
            auto opened = chat::ChatTemplate::open(folder, false);
            if (!opened) return opened.error();
            made.m_template.emplace(std::move(*opened));
        }
        return made;
    }

    Result<engine::Tokens> promptIds(const std::string& prompt) const
    {
        if (!m_template) return m_tokenizer.encode(prompt, {.parseSpecialTokens = false});
        chat::ChatRequest request;
        request.messages.push_back({.role = "user", .content = prompt});
        auto ids = chat::promptIds(*m_template, m_tokenizer, std::move(request));
        if (!ids) return ids.error();
        return engine::Tokens(ids->begin(), ids->end());
    }

    bool fits(const engine::Tokens& prompt) const
    {
        return !prompt.empty() && prompt.size() + static_cast<std::size_t>(m_options.maxNewTokens) <=
                                      static_cast<std::size_t>(m_model.shape().longestSequence());
    }

    /// What follows each prompt, with whether it reached the limit.
    Result<std::vector<std::pair<std::string, bool>>> write(const std::vector<engine::Tokens>& prompts,
                                                            const std::function<bool(const std::string&)>& ended,
                                                            const StopFlag& stop) const
    {
        engine::GenerationOptions generation;
        generation.sampling.greedy = true;
        generation.maxNewTokens = m_options.maxNewTokens;
        generation.batch = m_options.batch;
        generation.stopIds = m_model.endIds();
        if (const auto end = m_tokenizer.idOf(m_tokenizer.specials().eos)) generation.stopIds.push_back(*end);
        generation.ended = [&](std::size_t prompt, const engine::Tokens& tokens) {
            return ended(after(prompts[prompt], tokens));
        };
        const auto made = m_model.generate(prompts, generation, stop);
        if (!made) return made.error();
        std::vector<std::pair<std::string, bool>> all;
        for (std::size_t i = 0; i < prompts.size(); ++i)
            all.emplace_back(after(prompts[i], (*made)[i].tokens), !(*made)[i].stopped);
        return all;
    }

private:
    Writer(text::Tokenizer tokenizer, engine::LanguageModel model, const GeneratedOptions& options)
        : m_tokenizer(std::move(tokenizer)), m_model(std::move(model)), m_options(options)
    {
    }

    /// Decoded behind the prompt's last tokens: a SentencePiece space belongs to the token after it.
    std::string after(const engine::Tokens& prompt, const engine::Tokens& tokens) const
    {
        constexpr std::size_t kTail = 8;
        engine::Tokens whole(prompt.end() - static_cast<std::ptrdiff_t>(std::min(kTail, prompt.size())), prompt.end());
        const std::string before = m_tokenizer.decode(whole);
        whole.insert(whole.end(), tokens.begin(), tokens.end());
        std::string text = m_tokenizer.decode(whole);
        return text.starts_with(before) ? text.substr(before.size()) : m_tokenizer.decode(tokens);
    }

    text::Tokenizer m_tokenizer;
    engine::LanguageModel m_model;
    const GeneratedOptions& m_options;
    std::optional<chat::ChatTemplate> m_template;
};

/// Answers all prompts, a batch at a time; judge says what an answer's text is worth.
Result<GeneratedResult> answered(const Writer& writer, const std::vector<std::string>& prompts,
                                 const GeneratedOptions& options, const std::function<bool(const std::string&)>& ended,
                                 const std::function<Result<GeneratedAnswer>(std::size_t, std::string)>& judge,
                                 const StopFlag& stop, const std::function<void(std::size_t)>& onProgress)
{
    GeneratedResult result;
    long long right = 0;
    result.answers.resize(prompts.size());
    for (std::size_t begin = 0; begin < prompts.size(); begin += static_cast<std::size_t>(options.batch)) {
        if (stop.requested())
            return Error{.message = "The evaluation was stopped after " + std::to_string(begin) + " problems.",
                         .kind = ErrorKind::Stopped};
        std::vector<engine::Tokens> asked;
        std::vector<std::size_t> numbers;
        const std::size_t end = std::min(begin + static_cast<std::size_t>(options.batch), prompts.size());
        for (std::size_t i = begin; i < end; ++i) {
            auto ids = writer.promptIds(prompts[i]);
            if (!ids) return ids.error();
            if (!writer.fits(*ids)) {
                ++result.tooLong;
                continue;
            }
            asked.push_back(std::move(*ids));
            numbers.push_back(i);
        }
        if (!asked.empty()) {
            const auto written = writer.write(asked, ended, stop);
            if (!written) return written.error();
            for (std::size_t k = 0; k < numbers.size(); ++k) {
                auto judged = judge(numbers[k], (*written)[k].first);
                if (!judged) return judged.error();
                right += judged->right ? 1 : 0;
                result.cut += (*written)[k].second ? 1 : 0;
                result.unanswered +=
                    judged->text.find_first_not_of(" \n\t") == std::string::npos || judged->said.empty();
                result.answers[numbers[k]] = std::move(*judged);
            }
        }
        if (onProgress) onProgress(end);
    }
    result.accuracy = evals::proportion(right, static_cast<long long>(prompts.size()));
    return result;
}

} // namespace

Result<GeneratedResult> evaluateNumbers(const std::filesystem::path& folder,
                                        const std::vector<data::NumberProblem>& problems,
                                        const GeneratedOptions& options, const StopFlag& stop,
                                        const std::function<void(std::size_t)>& onProgress)
{
    const auto writer = Writer::open(folder, options);
    if (!writer) return writer.error();
    std::string shots;
    for (const data::NumberProblem& shot : options.shots)
        shots += data::numberPrompt(shot.question) + " " + shot.solution + "\n\n";
    std::vector<std::string> prompts;
    for (const data::NumberProblem& problem : problems)
        prompts.push_back(options.asChat ? shots + problem.question + "\nEnd with #### and the number."
                                         : shots + data::numberPrompt(problem.question));
    const std::string next = "\nQuestion:";
    const auto ended = [&](const std::string& text) { return text.find(next) != std::string::npos; };
    const auto judge = [&](std::size_t number, std::string text) -> Result<GeneratedAnswer> {
        GeneratedAnswer made{.text = text.substr(0, text.find(next))};
        made.said = data::finalNumber(made.text);
        made.right = made.said == problems[number].number;
        return made;
    };
    return answered(*writer, prompts, options, ended, judge, stop, onProgress);
}

Result<GeneratedResult> evaluatePrograms(const std::filesystem::path& folder,
                                         const std::vector<data::CodeProblem>& problems,
                                         const GeneratedOptions& options, const StopFlag& stop,
                                         const std::function<void(std::size_t)>& onProgress)
{
    if (const auto possible = sandbox::startProven(options.cell); !possible) return possible.error();
    const auto writer = Writer::open(folder, options);
    if (!writer) return writer.error();
    std::vector<std::string> prompts;
    for (const data::CodeProblem& problem : problems)
        prompts.push_back(problem.prompt);
    const auto ended = [&](const std::string& text) {
        return data::programPart(problems.front(), text).size() < text.size();
    };
    const auto judge = [&](std::size_t number, std::string text) -> Result<GeneratedAnswer> {
        GeneratedAnswer made{.text = data::programPart(problems[number], text)};
        const auto verdict = checkCode(problems[number], made.text, options.testSeconds, options.cell);
        if (!verdict) return verdict.error();
        made.right = verdict->passed;
        made.said = verdict->passed ? "passed" : verdict->why;
        return made;
    };
    return answered(*writer, prompts, options, ended, judge, stop, onProgress);
}

} // namespace gradus::run
