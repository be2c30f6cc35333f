// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/self_lesson.h"

#include "base/rng.h"
#include "evals/metrics.h"
#include "pipeline/estimate_json.h"
#include "pipeline/run_items.h"

#include <cmath>
#include <cstdio>

namespace gradus::pipeline {

namespace {

using engine::Tokens;
using nlohmann::ordered_json;

void append(engine::WritingPairs& pairs, const Tokens& prompt, const Tokens& chosen, const Tokens& rejected)
{
    pairs.prompts.push_back(prompt);
    pairs.chosen.push_back(chosen);
    pairs.rejected.push_back(rejected);
}

double tokensOf(const std::vector<Tokens>& prompts, const Answers& answers)
{
    double tokens = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i)
        for (const engine::Continuation& answer : answers[i])
            tokens += static_cast<double>(prompts[i].size() + answer.tokens.size());
    return tokens;
}

std::vector<std::int32_t> endsOf(const AnswerForm& form, const Tokens& prompt,
                                 const std::vector<engine::Continuation>& answers)
{
    std::vector<std::int32_t> ends;
    for (const engine::Continuation& answer : answers)
        ends.push_back(form.read(prompt, answer.tokens).end);
    return ends;
}

engine::SamplingOptions sampling(const Round& round)
{
    engine::SamplingOptions options;
    options.temperature = round.settings().temperature;
    options.topP = round.settings().topP;
    options.seed = round.seedFor("answers");
    return options;
}

Result<RatedPrompts> rated(const Round& round, const engine::LanguageModel& before, const std::filesystem::path& origin,
                           const std::vector<Tokens>& prompts, const Answers& answers)
{
    const std::string& reward = round.settings().reward;
    std::vector<std::vector<double>> logs;
    std::vector<std::vector<double>> reference;
    if (reward == "likelihood" || reward == "implicit") {
        auto own = logsOf(before, prompts, answers);
        if (!own) return own.error();
        logs = std::move(*own);
    }
    if (reward == "implicit") {
        const auto earlier = loadWriter(round.context, round.rung, origin);
        if (!earlier) return earlier.error();
        auto its = logsOf(*earlier, prompts, answers);
        if (!its) return its.error();
        reference = std::move(*its);
    }
    RatedPrompts all(prompts.size());
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const std::vector<double> shares = agreement(endsOf(round.form, prompts[i], answers[i]));
        for (std::size_t k = 0; k < answers[i].size(); ++k) {
            const Tokens& tokens = answers[i][k].tokens;
            double value = 0;
            if (reward == "likelihood")
                value = logs[i][k] / static_cast<double>(tokens.size());
            else if (reward == "implicit")
                value = round.settings().beta * (logs[i][k] - reference[i][k]);
            else if (reward == "majority")
                value = shares[k];
            else
                value = round.form.read(prompts[i], tokens).endRight ? 1 : 0;
            all[i].push_back({.tokens = tokens, .reward = value});
        }
    }
    return all;
}

/// Own pairs first, then as many offline ones as take the place of the others.
void fill(const Round& round, Lesson& lesson, const std::vector<Tokens>& prompts, const RatedPrompts& rated,
          const engine::WritingPairs& offline)
{
    const std::size_t all = lesson.own.pairs.size();
    const auto replayed = static_cast<std::size_t>(std::llround(round.settings().replay * static_cast<double>(all)));
    lesson.own.pairs.resize(all - replayed);
    long long right = 0;
    long long discordant = 0;
    for (const ChosenPair& pair : lesson.own.pairs) {
        const Tokens& chosen = rated[pair.prompt][pair.chosen].tokens;
        const Tokens& rejected = rated[pair.prompt][pair.rejected].tokens;
        const bool chosenRight = round.form.read(prompts[pair.prompt], chosen).endRight;
        const bool rejectedRight = round.form.read(prompts[pair.prompt], rejected).endRight;
        discordant += chosenRight != rejectedRight ? 1 : 0;
        right += chosenRight && !rejectedRight ? 1 : 0;
        append(lesson.pairs, prompts[pair.prompt], chosen, rejected);
    }
    lesson.right = evals::proportion(right, discordant);
    const auto order =
        permutation(static_cast<std::int64_t>(offline.prompts.size()), Rng(round.seedFor("replay"), "offline"));
    for (std::size_t i = 0; i < replayed; ++i) {
        const auto at = static_cast<std::size_t>(order[i % order.size()]);
        append(lesson.pairs, offline.prompts[at], offline.chosen[at], offline.rejected[at]);
    }
    lesson.offline = replayed;
}

/// What preference data holds is offline pairs already.
Result<Lesson> givenPairs(const Round& round, const data::ItemSet& pool)
{
    Lesson lesson;
    lesson.pairs = round.form.pairs(pool);
    lesson.offline = lesson.pairs.prompts.size();
    if (lesson.offline == 0)
        return badInput(
            "None of " + std::to_string(pool.items.size()) +
            " pairs has a prompt that both answers follow and answers that differ within self.answer_tokens; "
            "give the prompt in a column of its own, or raise self.answer_tokens.");
    return lesson;
}

/// What is said of right ends, where a checker knows them.
std::string rightText(const Lesson& lesson)
{
    char words[160] = "";
    if (lesson.right.n > 0)
        std::snprintf(words, sizeof words,
                      " of %lld own pairs with one right end the right one is preferred in %.1f %% [%.1f, %.1f];",
                      lesson.right.n, 100 * lesson.right.value, 100 * lesson.right.low, 100 * lesson.right.high);
    return words;
}

} // namespace

std::uint64_t Round::seedFor(const std::string& purpose) const
{
    return context.seedFor("generation " + std::to_string(generation) + "/" + purpose);
}

double tokensOf(const engine::WritingPairs& pairs)
{
    double tokens = 0;
    for (std::size_t i = 0; i < pairs.prompts.size(); ++i)
        tokens += static_cast<double>(2 * pairs.prompts[i].size() + pairs.chosen[i].size() + pairs.rejected[i].size());
    return tokens;
}

Result<Lesson> offlineLesson(const Round& round, const engine::LanguageModel& writer)
{
    const StageContext& context = round.context;
    const data::ItemSet pool = context.task.pool(1, round.settings().offline, context.seedFor("offline"));
    if (!round.form.checks()) return givenPairs(round, pool);
    const std::vector<Tokens> prompts = round.form.prompts(pool);
    const auto answers =
        answersOf(writer, round.form, prompts, round.settings().samples, sampling(round), false, context.stop);
    if (!answers) return answers.error();
    Lesson lesson;
    lesson.flops = 2 * round.parameters() * tokensOf(prompts, *answers);
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const Tokens* right = nullptr;
        const Tokens* wrong = nullptr;
        for (const engine::Continuation& answer : (*answers)[i]) {
            const Tokens*& side = round.form.read(prompts[i], answer.tokens).endRight ? right : wrong;
            if (side == nullptr) side = &answer.tokens;
        }
        if (right != nullptr && wrong != nullptr) append(lesson.pairs, prompts[i], *right, *wrong);
    }
    lesson.offline = lesson.pairs.prompts.size();
    if (lesson.offline == 0)
        return badInput("No offline pair could be made: the writer's answers to each of " +
                        std::to_string(prompts.size()) +
                        " programs are all right or all wrong; raise self.offline or self.samples.");
    return lesson;
}

Result<Lesson> ownLesson(const Round& round, const engine::LanguageModel& before, const std::filesystem::path& origin,
                         const engine::WritingPairs& offline)
{
    const spec::SelfEnhancement& settings = round.settings();
    const std::vector<Tokens> prompts = round.form.prompts(poolOf(round.context, round.generation));
    const auto answers =
        answersOf(before, round.form, prompts, settings.samples, sampling(round), false, round.context.stop);
    if (!answers) return answers.error();
    Lesson lesson;
    lesson.prompts = prompts.size();
    const double read = 2 * round.parameters() * tokensOf(prompts, *answers);
    lesson.flops = read;
    const auto ratings = rated(round, before, origin, prompts, *answers);
    if (!ratings) return ratings.error();
    if (settings.reward == "likelihood") lesson.flops += read;
    if (settings.reward == "implicit") lesson.flops += 2 * read;
    lesson.own = settings.length == "balanced" ? balancedExtremes(*ratings) : extremes(*ratings, 0);
    fill(round, lesson, prompts, *ratings, offline);
    return lesson;
}

std::string noteOf(const Lesson& lesson)
{
    return lesson.pairs.prompts.empty() ? "No answer was preferred to another: there was nothing to learn."
                                        : std::to_string(lesson.pairs.prompts.size()) + " pairs, " +
                                              std::to_string(lesson.offline) + " of them offline.";
}

void reportLesson(const Round& round, const Lesson& lesson, std::int64_t step)
{
    if (round.form.checks()) round.context.sink.estimate({"self/preference_right", step, lesson.right});
    char words[480];
    std::snprintf(
        words, sizeof words,
        "Round %d rated %zu x %d own answers by %s: %zu own pairs and %zu offline ones;%s chosen answers are %.2f "
        "tokens long, rejected ones %.2f (alpha %.3f).",
        round.generation - 1, lesson.prompts, round.settings().samples, round.settings().reward.c_str(),
        lesson.own.pairs.size(), lesson.offline, rightText(lesson).c_str(), lesson.own.chosenLength,
        lesson.own.rejectedLength, lesson.own.alpha);
    round.context.sink.event({.kind = kSelfPairsEvent,
                              .generation = round.generation,
                              .step = step,
                              .sentence = words,
                              .detailsJson = ordered_json{{"reward", round.settings().reward},
                                                          {"prompts", lesson.prompts},
                                                          {"samples", round.settings().samples},
                                                          {"own_pairs", lesson.own.pairs.size()},
                                                          {"offline_pairs", lesson.offline},
                                                          {"preference_right", jsonOf(lesson.right)},
                                                          {"alpha", lesson.own.alpha},
                                                          {"chosen_length", lesson.own.chosenLength},
                                                          {"rejected_length", lesson.own.rejectedLength}}
                                                 .dump()});
}

} // namespace gradus::pipeline
