// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/passage_debate.h"

#include "data/reading.h"
#include "engine/language_model.h"
#include "pipeline/prompting.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace gradus::pipeline {

namespace {

using data::ReadingQuestion;
using engine::Tokens;

/// A question with its passage's sentences.
struct Question
{
    ReadingQuestion asked;
    std::vector<std::string> sentences;
};

/// A model folder that is asked how probable answers are.
class Believer final
{
public:
    static Result<Believer> open(const StageContext& context, int rung)
    {
        const LadderRung& at = context.ladder.at(rung);
        auto prompting = Prompting::open(at.folder, context.spec.experiment.task);
        if (!prompting) return prompting.error();
        auto model = engine::LanguageModel::open(at.folder);
        if (!model) return model.error();
        const int limit = std::min(context.task.maxTokens(), at.shape.longestSequence());
        return Believer(std::move(*prompting), std::move(*model), static_cast<std::size_t>(limit));
    }

    Result<PassageBeliefs> of(const Question& question) const
    {
        std::vector<std::string> prompts;
        for (const std::string& sentence : question.sentences)
            prompts.push_back(data::askedAfter(sentence, question.asked.question));
        prompts.push_back(data::askedAfter(question.asked.passage, question.asked.question));
        const auto truth = static_cast<std::size_t>(question.asked.truth);
        PassageBeliefs beliefs;
        const auto right = meanLogs(prompts, question.asked.answers[truth], beliefs.cut);
        if (!right) return right.error();
        const auto wrong = meanLogs(prompts, question.asked.answers[1 - truth], beliefs.cut);
        if (!wrong) return wrong.error();
        for (std::size_t i = 0; i < prompts.size(); ++i)
            beliefs.sentences.push_back((*right)[i] - (*wrong)[i]);
        beliefs.passage = beliefs.sentences.back();
        beliefs.sentences.pop_back();
        return beliefs;
    }

private:
    Believer(Prompting prompting, engine::LanguageModel model, std::size_t limit)
        : m_prompting(std::move(prompting)), m_model(std::move(model)), m_limit(limit)
    {
    }

    /// Mean log-probability of the answer's tokens after each prompt. What is too long loses its beginning: cut.
    Result<std::vector<double>> meanLogs(const std::vector<std::string>& prompts, const std::string& answer,
                                         bool& cut) const
    {
        Tokens said = m_prompting.answer(" " + answer);
        if (said.empty()) return std::vector<double>(prompts.size(), 0.0);
        if (said.size() >= m_limit) said.resize(m_limit - 1);
        std::vector<Tokens> sequences;
        for (const std::string& prompt : prompts) {
            Asked asked = m_prompting.prompt(prompt, m_limit - said.size());
            cut = cut || asked.cut;
            Tokens tokens = std::move(asked.tokens);
            tokens.insert(tokens.end(), said.begin(), said.end());
            sequences.push_back(std::move(tokens));
        }
        const auto scores = m_model.score(sequences);
        if (!scores) return scores.error();
        std::vector<double> means;
        for (const engine::SequenceScore& score : *scores) {
            const auto& logs = score.logProbabilities;
            means.push_back(std::accumulate(logs.end() - static_cast<std::ptrdiff_t>(said.size()), logs.end(), 0.0) /
                            static_cast<double>(said.size()));
        }
        return means;
    }

    Prompting m_prompting;
    engine::LanguageModel m_model;
    std::size_t m_limit;
};

/// What both sides quote of one question, by place of the sentence: [first debater honest][first debater, second].
using Picks = std::array<std::array<std::vector<std::size_t>, 2>, 2>;

class Passages final : public DebateSet
{
public:
    Passages(const StageContext& context, std::vector<Question> questions, std::vector<Picks> picks,
             std::vector<bool> expert, std::string note)
        : m_context(context), m_questions(std::move(questions)), m_picks(std::move(picks)), m_expert(std::move(expert)),
          m_note(std::move(note))
    {
        int cut = 0;
        for (std::size_t i = 0; i < size(); ++i)
            cut += readItems(i, true, false).truncatedShare > 0 ? 1 : 0;
        if (cut > 0)
            m_note += "Of " + std::to_string(cut) + " of " + std::to_string(size()) +
                      " questions the judge misses the beginning: raise task.max_tokens. ";
    }

    std::string note() const override { return m_note; }

    std::size_t size() const override { return m_questions.size(); }

    Posed posed(std::size_t index, bool turned) const override
    {
        const ReadingQuestion& asked = m_questions[index].asked;
        Posed posed{.text = asked.question, .answers = asked.answers, .truth = asked.truth};
        if (turned) {
            std::swap(posed.answers[0], posed.answers[1]);
            posed.truth = 1 - posed.truth;
        }
        return posed;
    }

    bool expertIsRight(std::size_t index) const override { return m_expert[index]; }

    std::vector<Said> said(std::size_t index, bool firstHonest, bool turned) const override
    {
        const Question& question = m_questions[index];
        const int truth = turned ? 1 - question.asked.truth : question.asked.truth;
        const int firstPlace = firstHonest ? truth : 1 - truth;
        const auto& debaters = m_picks[index][firstHonest ? 1 : 0];
        std::vector<Said> all;
        for (std::size_t turn = 0; turn < std::max(debaters[0].size(), debaters[1].size()); ++turn)
            for (int place = 0; place < 2; ++place) {
                const auto& picks = debaters[place == firstPlace ? 0 : 1];
                if (turn < picks.size())
                    all.push_back({.speaker = place, .text = question.sentences[picks[turn]], .verified = true});
            }
        return all;
    }

    std::vector<Tokens> read(std::size_t index, bool firstHonest, bool turned) const override
    {
        return readItems(index, firstHonest, turned).items.front();
    }

private:
    RungItems readItems(std::size_t index, bool firstHonest, bool turned) const
    {
        const Posed put = posed(index, turned);
        std::string text =
            "Question: " + put.text + "\nFirst answer: " + put.answers[0] + "\nSecond answer: " + put.answers[1];
        for (const Said& quote : said(index, firstHonest, turned))
            text += std::string("\nFor the ") + (quote.speaker == 0 ? "first" : "second") + ": \"" + quote.text + "\"";
        text += "\nThe right answer is the";
        data::ItemSet one;
        one.items.push_back({.sequences = {}, .texts = {std::move(text)}, .truth = 0});
        return m_context.ladder.read(m_context.spec.experiment.debate.judge, one);
    }

    const StageContext& m_context;
    std::vector<Question> m_questions;
    std::vector<Picks> m_picks;
    std::vector<bool> m_expert;
    std::string m_note;
};

Result<std::vector<PassageBeliefs>> believed(const StageContext& context, int rung,
                                             const std::vector<Question>& questions)
{
    const auto believer = Believer::open(context, rung);
    if (!believer) return believer.error();
    std::vector<PassageBeliefs> all;
    for (const Question& question : questions) {
        context.safePoint();
        if (context.stop.requested()) return Error{.message = "The debate was stopped.", .kind = ErrorKind::Stopped};
        auto one = believer->of(question);
        if (!one) return one.error();
        all.push_back(std::move(*one));
        context.meter.advance(0,
                              context.ladder.at(rung).name + " reads the passages: " + std::to_string(all.size()) +
                                  " of " + std::to_string(questions.size()),
                              0, 0);
    }
    return all;
}

} // namespace

PassageReading readingOf(const spec::Experiment& experiment, const data::Task& task)
{
    constexpr int kLookedAt = 64;
    const bool quotes = protocolOf(experiment.debate) != Protocol::Direct;
    double items = 0; // bytes, here and below: tokens are as many to a byte in all of it
    double believed = 0;
    double judged = 0;
    for (const data::Item& item : task.pool(1, kLookedAt, 1).items) {
        const auto asked = data::readingQuestion(item, 1);
        if (!asked) continue;
        for (const std::string& text : item.texts)
            items += static_cast<double>(text.size());
        const auto answers = static_cast<double>(asked->answers[0].size() + asked->answers[1].size());
        const auto sentences = quotes ? data::sentencesOf(asked->passage) : std::vector<std::string>{};
        const auto bare = static_cast<double>(data::askedAfter({}, asked->question).size());
        const auto passage = static_cast<double>(asked->passage.size());
        const auto prompts = static_cast<double>(sentences.size() + 1);
        believed += 2 * (passage * (quotes ? 2 : 1) + prompts * bare) + prompts * answers;
        judged += bare + answers;
        if (quotes && !sentences.empty())
            judged += passage / static_cast<double>(sentences.size()) * experiment.debate.turns *
                      (protocolOf(experiment.debate) == Protocol::Debate ? 2 : 1);
    }
    return items > 0 ? PassageReading{believed / items, judged / items} : PassageReading{};
}

std::vector<std::size_t> sentencesToQuote(const PassageBeliefs& beliefs, bool forTruth, int turns, double temperature,
                                          Rng& rng)
{
    // Gumbel's trick: the order of values + noise is a draw without replacement with weights exp(value).
    std::vector<std::pair<double, std::size_t>> keys;
    for (std::size_t i = 0; i < beliefs.sentences.size(); ++i) {
        const double noise = -std::log(-std::log(rng.uniform() * (1 - 2e-16) + 1e-16));
        keys.emplace_back((forTruth ? 1 : -1) * beliefs.sentences[i] / temperature + noise, i);
    }
    std::ranges::stable_sort(keys, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::size_t> places;
    for (const auto& [key, place] : keys)
        if (static_cast<int>(places.size()) < turns) places.push_back(place);
    return places;
}

Result<std::unique_ptr<DebateSet>> PassageDebate::prepared(const data::ItemSet& set, const std::string& purpose) const
{
    const spec::Debate& settings = m_context.spec.experiment.debate;
    const Protocol protocol = protocolOf(settings);
    std::vector<Question> questions;
    for (const data::Item& item : set.items)
        if (auto asked = data::readingQuestion(item, m_context.seedFor("debate/" + purpose))) {
            std::vector<std::string> sentences = data::sentencesOf(asked->passage);
            if (!sentences.empty()) questions.push_back({std::move(*asked), std::move(sentences)});
        }
    if (questions.empty())
        return badInput("None of the " + std::to_string(set.items.size()) + " " + purpose +
                        " items has a passage and two different answers; give other files.");
    std::string note;
    if (questions.size() < set.items.size())
        note = std::to_string(set.items.size() - questions.size()) + " of " + std::to_string(set.items.size()) + " " +
               purpose + " items have no passage or no second answer and are left out. ";
    if (protocol == Protocol::Direct)
        for (Question& question : questions)
            question.sentences.clear(); // nothing is quoted: the whole passage is all that is asked about
    const auto first = believed(m_context, settings.debater, questions);
    if (!first) return first.error();
    auto second = protocol == Protocol::Debate && settings.opponent != settings.debater
                      ? believed(m_context, settings.opponent, questions)
                      : first;
    if (!second) return second.error();
    const auto cut = std::count_if(first->begin(), first->end(), std::mem_fn(&PassageBeliefs::cut));
    if (cut > 0)
        note += "Of " + std::to_string(cut) + " of " + std::to_string(questions.size()) + " " + purpose +
                " passages the debater misses the beginning: raise task.max_tokens. ";

    std::vector<Picks> picks(questions.size());
    std::vector<bool> expert;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        expert.push_back((*first)[i].passage > 0);
        for (const bool honest : {false, true}) {
            if (protocol == Protocol::Direct) continue;
            Rng rng(m_context.seedFor("debate/claims/" + purpose),
                    std::to_string(i) + (honest ? "/first true" : "/first false"));
            auto& sides = picks[i][honest ? 1 : 0];
            sides[0] = sentencesToQuote((*first)[i], honest, settings.turns, settings.temperature, rng);
            if (protocol == Protocol::Debate)
                sides[1] = sentencesToQuote((*second)[i], !honest, settings.turns, settings.temperature, rng);
        }
    }
    return std::unique_ptr<DebateSet>(std::make_unique<Passages>(m_context, std::move(questions), std::move(picks),
                                                                 std::move(expert), std::move(note)));
}

Result<engine::TunedModel> PassageDebate::freshJudge() const
{
    engine::HeadShape head = m_context.head();
    head.kind = engine::HeadKind::Classify;
    head.classes = 2;
    return m_context.ladder.base(m_context.spec.experiment.debate.judge, head, m_context.seedFor("debate/judge"),
                                 m_context.stop, {});
}

} // namespace gradus::pipeline
