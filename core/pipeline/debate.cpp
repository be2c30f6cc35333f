// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/debate.h"

#include "base/files.h"
#include "base/hash.h"
#include "evals/statistics.h"
#include "pipeline/competence_stage.h"
#include "pipeline/debate_report.h"
#include "pipeline/debaters.h"
#include "pipeline/run_items.h"
#include "pipeline/supervision.h"
#include "pipeline/writers.h"

namespace gradus::pipeline {

namespace {

using data::EndQuestion;

enum class Protocol
{
    Direct,
    Consultancy,
    Debate,
};

Protocol protocolOf(const std::string& name)
{
    return name == "direct" ? Protocol::Direct : name == "consultancy" ? Protocol::Consultancy : Protocol::Debate;
}

/// Questions and what both debaters believe of their programs.
struct Prepared
{
    std::vector<EndQuestion> questions;
    std::vector<Beliefs> debater;
    std::vector<Beliefs> opponent;
};

/// In ProgressMeter's units: the judge's tuning; all else is short beside it.
double debateWork(const spec::Experiment& experiment, const LadderRung& rung)
{
    const auto items = static_cast<std::size_t>(experiment.training.labels);
    return tuningWork(rung, tuningSteps(experiment.training, items), experiment.training.batch);
}

/// One run.
class DebateRun final
{
public:
    explicit DebateRun(const StageContext& context)
        : m_context(context), m_protocol(protocolOf(settings().protocol)), m_judge(settings().judge)
    {
    }

    Result<void> run()
    {
        events::GenerationRecord record = blankRecord();
        m_context.sink.generation(record);
        const auto body = m_context.ladder.baseHash(m_judge, m_context.stop, {});
        if (!body) return body.error();
        stage(events::StageState::Running, *body, {});
        m_context.meter.setTotal(debateWork(m_context.spec.experiment, rung()));
        m_context.meter.begin(1, "the debaters read the programs", 0);
        auto taught = prepared(poolOf(m_context, 1), "taught");
        if (!taught) return taught.error();
        auto held = prepared(m_context.task.test(), "held-out");
        if (!held) return held.error();
        m_taught = std::move(*taught);
        m_held = std::move(*held);

        const auto judge = tunedJudge();
        if (!judge) return judge.error();
        auto verdicts = verdictsOf(*judge);
        if (!verdicts) return verdicts.error();
        verdicts->expert = expert();
        const auto weights = m_context.weightsOf(1);
        if (const auto made = makeFolder(weights.parent_path()); !made) return made;
        const auto saved = judge->save(weights);
        if (!saved) return saved.error();
        reportDebate(m_context, *verdicts, m_step);
        reportTranscripts(*verdicts);

        record.lastStep = m_step;
        record.checkpointHash = *saved;
        record.utility = figuresOf(verdicts->asked).accuracy;
        record.ceiling = verdicts->expert;
        record.flops = m_flops;
        stage(events::StageState::Finished, *body, *saved);
        m_context.sink.generation(record);
        m_context.meter.finish(m_step);
        return {};
    }

private:
    const spec::Debate& settings() const { return m_context.spec.experiment.debate; }
    const LadderRung& rung() const { return m_context.ladder.at(m_judge); }

    events::GenerationRecord blankRecord() const
    {
        events::GenerationRecord record;
        record.rung = rung().name;
        record.parameters = rung().parameters;
        record.capacity = rung().capacity;
        record.capacityProxy = kCapacityProxy;
        return record;
    }

    void stage(events::StageState state, const std::string& input, const std::string& output) const
    {
        m_context.sink.stage({.generation = 1,
                              .kind = events::StageKind::Competence,
                              .state = state,
                              .step = m_step,
                              .inputHash = input,
                              .outputHash = output,
                              .note = {}});
    }

    Result<Prepared> prepared(const data::ItemSet& set, const std::string& purpose)
    {
        const std::vector<engine::Tokens> programs = promptsOf(set);
        Prepared bench;
        bench.questions = data::endQuestions(programs, m_context.seedFor("debate/" + purpose));
        auto first = beliefsOf(m_context, settings().debater, programs);
        if (!first) return first.error();
        bench.debater = std::move(*first);
        if (settings().opponent == settings().debater) {
            bench.opponent = bench.debater;
            return bench;
        }
        auto second = beliefsOf(m_context, settings().opponent, programs);
        if (!second) return second.error();
        bench.opponent = std::move(*second);
        return bench;
    }

    /// What is said of a question whose true answer the first debater argues for, or not.
    std::vector<data::Quote> argued(const Prepared& bench, std::size_t index, bool honest,
                                    const std::string& purpose) const
    {
        if (m_protocol == Protocol::Direct) return {};
        const EndQuestion& question = bench.questions[index];
        const int firstPlace = honest ? question.truth : 1 - question.truth;
        // The claims of a debater for an answer do not depend on the order in which the answers are put.
        Rng rng(m_context.seedFor("debate/claims/" + purpose),
                std::to_string(index) + (honest ? "/first true" : "/first false"));
        std::array<Argument, 2> sides;
        Argument& first = sides[static_cast<std::size_t>(firstPlace)];
        Argument& second = sides[static_cast<std::size_t>(1 - firstPlace)];
        const auto answer = [&](int place) { return question.answers[static_cast<std::size_t>(place)]; };
        first.claims =
            claimsFor(answer(firstPlace), question.program, bench.debater[index], settings().temperature, rng);
        if (m_protocol == Protocol::Consultancy) {
            // Alone, it has the other answer to speak against and nothing else.
            second.claims = first.claims;
            second.claims.back() = answer(1 - firstPlace);
        } else {
            second.claims =
                claimsFor(answer(1 - firstPlace), question.program, bench.opponent[index], settings().temperature, rng);
            second.steps = stepsToQuote(second.claims, first.claims, bench.opponent[index], settings().turns);
        }
        first.steps = stepsToQuote(first.claims, second.claims, bench.debater[index], settings().turns);
        return quotesOf(sides);
    }

    int turns() const { return m_protocol == Protocol::Direct ? 0 : settings().turns; }

    /// Tuned on the taught programs, each debated once: which debater has the truth is drawn.
    Result<engine::TunedModel> tunedJudge()
    {
        const auto body = m_context.ladder.body(m_judge, m_context.stop, {});
        if (!body) return body.error();
        models::ModelShape shape = rung().shape;
        shape.maxPositions = data::transcriptLength(turns());
        engine::HeadShape head = m_context.head();
        head.classes = 2;
        auto model = engine::TunedModel::fromBody(*body, shape, head, m_context.seedFor("debate/judge"));
        if (!model) return model;
        Rng sides(m_context.seedFor("debate/sides"), "taught");
        engine::LabelledItems items;
        std::vector<int> truth;
        for (std::size_t i = 0; i < m_taught.questions.size(); ++i) {
            const auto quotes = argued(m_taught, i, sides.below(2) == 0, "taught");
            items.items.push_back({data::transcriptTokens(m_taught.questions[i], quotes, turns())});
            truth.push_back(m_taught.questions[i].truth);
        }
        items.targets = oneHot(truth, 2);
        const spec::Training& training = m_context.spec.experiment.training;
        m_flops = trainingFlops(rung(), items.items, training.epochs);
        const double work = debateWork(m_context.spec.experiment, rung());
        const auto onStep = [&](const engine::StepReport& report) {
            m_context.sink.point({"train/loss", ++m_step, report.loss});
            m_context.meter.advance(work / static_cast<double>(report.totalSteps),
                                    "the judge learns: step " + std::to_string(report.step) + " of " +
                                        std::to_string(report.totalSteps),
                                    m_step, report.tokensPerSecond);
        };
        const auto tuned = model->tune(items, tuningOptions(m_context, 1, false), m_context.stop, onStep);
        if (!tuned) return tuned.error();
        return model;
    }

    /// Every held-out question under both assignments, in both orders.
    Result<Verdicts> verdictsOf(const engine::TunedModel& judge) const
    {
        Verdicts verdicts;
        std::vector<std::vector<engine::Tokens>> transcripts;
        for (std::size_t i = 0; i < m_held.questions.size(); ++i)
            for (const bool honest : {true, false}) {
                const auto quotes = argued(m_held, i, honest, "held-out");
                for (const bool turned : {false, true}) {
                    const EndQuestion& question = m_held.questions[i];
                    Asked asked{.question = turned ? data::swapped(question) : question,
                                .quotes = turned ? turnedRound(quotes) : quotes,
                                .item = i,
                                .firstHonest = honest,
                                .turned = turned};
                    transcripts.push_back({data::transcriptTokens(asked.question, asked.quotes, turns())});
                    verdicts.asked.push_back(std::move(asked));
                }
            }
        const auto opinions = opinionsOf(judge, transcripts, 2);
        if (!opinions) return opinions.error();
        for (std::size_t i = 0; i < verdicts.asked.size(); ++i) {
            verdicts.asked[i].verdict = opinions->labels[i];
            verdicts.asked[i].confidence =
                static_cast<double>(opinions->probabilities[2 * i + static_cast<std::size_t>(opinions->labels[i])]);
        }
        return verdicts;
    }

    /// The other answer's debater begins, and each quote is for the place that its answer now has.
    static std::vector<data::Quote> turnedRound(const std::vector<data::Quote>& quotes)
    {
        std::vector<data::Quote> turned = quotes;
        for (data::Quote& quote : turned)
            quote.speaker = 1 - quote.speaker;
        for (std::size_t i = 0; i + 1 < turned.size(); i += 2)
            if (turned[i].speaker != turned[i + 1].speaker) std::swap(turned[i], turned[i + 1]);
        return turned;
    }

    /// What the first debater would answer itself.
    Estimate expert() const
    {
        std::vector<double> right;
        for (std::size_t i = 0; i < m_held.questions.size(); ++i) {
            const EndQuestion& question = m_held.questions[i];
            const auto& belief = m_held.debater[i].back();
            const auto of = [&](int place) {
                return belief[static_cast<std::size_t>(question.answers[static_cast<std::size_t>(place)])];
            };
            right.push_back(of(question.truth) > of(1 - question.truth) ? 1 : 0);
        }
        return evals::meanWithInterval(right);
    }

    void reportTranscripts(const Verdicts& verdicts) const
    {
        if (m_protocol == Protocol::Direct) return;
        for (const Asked& asked : verdicts.asked)
            if (asked.item < static_cast<std::size_t>(settings().transcripts) && !asked.turned)
                m_context.sink.episode(episodeOf(asked, rung().name));
    }

    const StageContext& m_context;
    const Protocol m_protocol;
    const int m_judge;
    Prepared m_taught;
    Prepared m_held;
    std::int64_t m_step = 0;
    double m_flops = 0;
};

} // namespace

Result<void> runDebate(const StageContext& context)
{
    return DebateRun(context).run();
}

} // namespace gradus::pipeline
