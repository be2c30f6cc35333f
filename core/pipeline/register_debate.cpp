// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/register_debate.h"

#include "pipeline/debaters.h"
#include "pipeline/writers.h"

#include <utility>

namespace gradus::pipeline {

namespace {

using data::EndQuestion;

int turnsOf(const spec::Debate& settings)
{
    return protocolOf(settings) == Protocol::Direct ? 0 : settings.turns;
}

/// Programs, and what both debaters believe of them.
class Programs final : public DebateSet
{
public:
    Programs(const StageContext& context, std::string purpose, std::vector<EndQuestion> questions,
             std::vector<Beliefs> debater, std::vector<Beliefs> opponent)
        : m_context(context), m_purpose(std::move(purpose)), m_questions(std::move(questions)),
          m_debater(std::move(debater)), m_opponent(std::move(opponent))
    {
    }

    std::size_t size() const override { return m_questions.size(); }

    Posed posed(std::size_t index, bool turned) const override
    {
        const EndQuestion question = put(index, turned);
        return {.text = data::told(question),
                .answers = {std::to_string(question.answers[0]), std::to_string(question.answers[1])},
                .truth = question.truth};
    }

    bool expertIsRight(std::size_t index) const override
    {
        const EndQuestion& question = m_questions[index];
        const auto& belief = m_debater[index].back();
        const auto of = [&](int place) {
            return belief[static_cast<std::size_t>(question.answers[static_cast<std::size_t>(place)])];
        };
        return of(question.truth) > of(1 - question.truth);
    }

    std::vector<Said> said(std::size_t index, bool firstHonest, bool turned) const override
    {
        const EndQuestion question = put(index, turned);
        std::vector<Said> all;
        for (const data::Quote& quote : quotes(index, firstHonest, turned)) {
            const bool verified = data::isVerified(question.program, quote);
            all.push_back({.speaker = quote.speaker,
                           .text = data::told(quote),
                           .verified = verified,
                           .decisive = verified && quote.step == data::registers::kOperations});
        }
        return all;
    }

    std::vector<engine::Tokens> read(std::size_t index, bool firstHonest, bool turned) const override
    {
        return {data::transcriptTokens(put(index, turned), quotes(index, firstHonest, turned), turnsOf(settings()))};
    }

private:
    const spec::Debate& settings() const { return m_context.spec.experiment.debate; }

    EndQuestion put(std::size_t index, bool turned) const
    {
        return turned ? data::swapped(m_questions[index]) : m_questions[index];
    }

    std::vector<data::Quote> quotes(std::size_t index, bool firstHonest, bool turned) const
    {
        const auto straight = argued(index, firstHonest);
        return turned ? turnedRound(straight) : straight;
    }

    std::vector<data::Quote> argued(std::size_t index, bool firstHonest) const
    {
        const Protocol protocol = protocolOf(settings());
        if (protocol == Protocol::Direct) return {};
        const EndQuestion& question = m_questions[index];
        const int firstPlace = firstHonest ? question.truth : 1 - question.truth;
        // The claims of a debater for an answer do not depend on the order in which the answers are put.
        Rng rng(m_context.seedFor("debate/claims/" + m_purpose),
                std::to_string(index) + (firstHonest ? "/first true" : "/first false"));
        std::array<Argument, 2> sides;
        Argument& first = sides[static_cast<std::size_t>(firstPlace)];
        Argument& second = sides[static_cast<std::size_t>(1 - firstPlace)];
        const auto claims = [&](int place, const Beliefs& beliefs) {
            return claimsFor(question.answers[static_cast<std::size_t>(place)], question.program, beliefs,
                             settings().temperature, rng);
        };
        first.claims = claims(firstPlace, m_debater[index]);
        if (protocol == Protocol::Consultancy) {
            // Alone, it has the other answer to speak against and nothing else.
            second.claims = first.claims;
            second.claims.back() = question.answers[static_cast<std::size_t>(1 - firstPlace)];
        } else {
            second.claims = claims(1 - firstPlace, m_opponent[index]);
            second.steps = stepsToQuote(second.claims, first.claims, m_opponent[index], settings().turns);
        }
        first.steps = stepsToQuote(first.claims, second.claims, m_debater[index], settings().turns);
        return quotesOf(sides);
    }

    /// The other answer's debater begins, and each quote is for the place that its answer now has.
    static std::vector<data::Quote> turnedRound(std::vector<data::Quote> quotes)
    {
        for (data::Quote& quote : quotes)
            quote.speaker = 1 - quote.speaker;
        for (std::size_t i = 0; i + 1 < quotes.size(); i += 2)
            if (quotes[i].speaker != quotes[i + 1].speaker) std::swap(quotes[i], quotes[i + 1]);
        return quotes;
    }

    const StageContext& m_context;
    std::string m_purpose;
    std::vector<EndQuestion> m_questions;
    std::vector<Beliefs> m_debater;
    std::vector<Beliefs> m_opponent;
};

} // namespace

Result<std::unique_ptr<DebateSet>> RegisterDebate::prepared(const data::ItemSet& set, const std::string& purpose) const
{
    const spec::Debate& settings = m_context.spec.experiment.debate;
    const std::vector<engine::Tokens> programs = promptsOf(set);
    auto first = beliefsOf(m_context, settings.debater, programs);
    if (!first) return first.error();
    std::vector<Beliefs> second = *first;
    if (settings.opponent != settings.debater) {
        auto other = beliefsOf(m_context, settings.opponent, programs);
        if (!other) return other.error();
        second = std::move(*other);
    }
    return std::unique_ptr<DebateSet>(std::make_unique<Programs>(
        m_context, purpose, data::endQuestions(programs, m_context.seedFor("debate/" + purpose)), std::move(*first),
        std::move(second)));
}

Result<engine::TunedModel> RegisterDebate::freshJudge() const
{
    const spec::Debate& settings = m_context.spec.experiment.debate;
    const auto body = m_context.ladder.body(settings.judge, m_context.stop, {});
    if (!body) return body.error();
    models::ModelShape shape = m_context.ladder.at(settings.judge).shape;
    shape.maxPositions = data::transcriptLength(turnsOf(settings));
    engine::HeadShape head = m_context.head();
    head.classes = 2;
    return engine::TunedModel::fromBody(*body, shape, head, m_context.seedFor("debate/judge"));
}

} // namespace gradus::pipeline
