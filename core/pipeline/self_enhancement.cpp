// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/self_enhancement.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/register_traces.h"
#include "evals/metrics.h"
#include "pipeline/baseline.h"
#include "pipeline/competence_stage.h"
#include "pipeline/estimate_json.h"
#include "pipeline/evaluation.h"
#include "pipeline/run_items.h"
#include "pipeline/self_pairs.h"
#include "pipeline/writing_audit.h"

#include <cmath>
#include <cstdio>

namespace gradus::pipeline {

namespace {

using engine::Tokens;
using nlohmann::ordered_json;

constexpr double kPairCost = 3; ///< a pair beside an item of the task, in tokens of a step

void append(engine::WritingPairs& pairs, const Tokens& prompt, const Tokens& chosen, const Tokens& rejected)
{
    pairs.prompts.push_back(prompt);
    pairs.chosen.push_back(chosen);
    pairs.rejected.push_back(rejected);
}

double tokensOf(const engine::WritingPairs& pairs)
{
    double tokens = 0;
    for (std::size_t i = 0; i < pairs.prompts.size(); ++i)
        tokens += static_cast<double>(2 * pairs.prompts[i].size() + pairs.chosen[i].size() + pairs.rejected[i].size());
    return tokens;
}

double tokensOf(const std::vector<Tokens>& prompts, const Answers& answers)
{
    double tokens = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i)
        for (const engine::Continuation& answer : answers[i])
            tokens += static_cast<double>(prompts[i].size() + answer.tokens.size());
    return tokens;
}

std::vector<std::int32_t> endsOf(const Tokens& prompt, const std::vector<engine::Continuation>& answers)
{
    std::vector<std::int32_t> ends;
    for (const engine::Continuation& answer : answers)
        ends.push_back(data::traces::read(prompt, answer.tokens).end);
    return ends;
}

std::int64_t stepsOf(const spec::Experiment& experiment, std::size_t pairs)
{
    const auto batch = static_cast<std::size_t>(experiment.training.batch);
    return experiment.self.epochs * static_cast<std::int64_t>((pairs + batch - 1) / batch);
}

/// What a round is tuned on, and what is known of it.
struct Lesson
{
    engine::WritingPairs pairs;
    Pairing own;             ///< without those that were replaced
    std::size_t prompts = 0; ///< answered
    std::size_t offline = 0; ///< pairs replayed
    Estimate right;          ///< own pairs of which one end is right and one wrong: the right one is preferred
    double flops = 0;
};

/// One run.
class Enhancement final
{
public:
    Enhancement(const StageContext& context, const Past& past)
        : m_context(context), m_past(past), m_rung(context.spec.experiment.ladder.start), m_audit(context)
    {
    }

    Result<void> run()
    {
        const auto file = writerFile(m_context, m_rung);
        if (!file) return file.error();
        m_writer = *file;
        if (const auto made = makeOffline(); !made) return made;
        for (m_generation = 1; m_generation <= m_context.spec.experiment.ladder.generations; ++m_generation) {
            m_context.meter.begin(m_generation, activity("begins"), m_step);
            const auto known = readBack();
            if (!known) return known.error();
            if (*known) continue;
            if (const auto done = one(); !done) return done;
        }
        m_context.meter.finish(m_step);
        return {};
    }

private:
    const spec::SelfEnhancement& settings() const { return m_context.spec.experiment.self; }
    const LadderRung& rung() const { return m_context.ladder.at(m_rung); }

    std::string activity(const std::string& what) const
    {
        return (m_generation == 1 ? std::string("the writer")
                                  : "round " + std::to_string(m_generation - 1) + " of " +
                                        std::to_string(m_context.spec.experiment.ladder.generations - 1)) +
               ": " + what;
    }
    std::string purpose(const std::string& what) const
    {
        return "generation " + std::to_string(m_generation) + "/" + what;
    }

    /// The weights that generation i began from: those of the one before it, or the writer's.
    std::filesystem::path originOf(int generation) const
    {
        return generation <= 1 ? m_writer : m_context.weightsOf(generation - 1);
    }

    engine::SamplingOptions sampling() const
    {
        engine::SamplingOptions options;
        options.temperature = settings().temperature;
        options.topP = settings().topP;
        options.seed = m_context.seedFor(purpose("answers"));
        return options;
    }

    /// The first right and the first wrong of a writer's answers to each program.
    Result<void> makeOffline()
    {
        auto writer = loadWriter(m_context, m_rung, m_writer);
        if (!writer) return writer.error();
        const data::ItemSet pool = m_context.task.pool(1, settings().offline, m_context.seedFor("offline"));
        const std::vector<Tokens> prompts = promptsOf(pool);
        const auto answers = answersOf(*writer, prompts, settings().samples, sampling(), false, m_context.stop);
        if (!answers) return answers.error();
        m_offlineFlops = 2 * static_cast<double>(rung().parameters) * tokensOf(prompts, *answers);
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            const Tokens* right = nullptr;
            const Tokens* wrong = nullptr;
            for (const engine::Continuation& answer : (*answers)[i]) {
                const Tokens*& side = data::traces::read(prompts[i], answer.tokens).endRight ? right : wrong;
                if (side == nullptr) side = &answer.tokens;
            }
            if (right != nullptr && wrong != nullptr) append(m_offline, prompts[i], *right, *wrong);
        }
        if (m_offline.prompts.empty())
            return badInput("No offline pair could be made: the writer's answers to each of " +
                            std::to_string(prompts.size()) +
                            " programs are all right or all wrong; raise self.offline or self.samples.");
        m_policy.emplace(std::move(*writer));
        return {};
    }

    /// A generation that an earlier process of this run finished, if its weights still are what was recorded.
    Result<bool> readBack()
    {
        for (const events::GenerationRecord& record : m_past.finished) {
            if (record.generation != m_generation || record.checkpointHash.empty() || !record.lastStep ||
                record.firstStep != m_step || !record.flops)
                continue;
            const auto hash = sha256OfFile(m_context.weightsOf(m_generation));
            if (!hash || *hash != record.checkpointHash) continue;
            auto model = loadWriter(m_context, m_rung, m_context.weightsOf(m_generation));
            if (!model) continue;
            m_policy.emplace(std::move(*model));
            m_step = *record.lastStep;
            m_flops = *record.flops;
            m_context.meter.skip(generationWork(m_context.spec.experiment, rung()));
            if (m_generation > 1) return true;
            auto variety = m_audit.variety(*m_policy);
            if (!variety) return variety.error();
            m_before = std::move(*variety);
            return true;
        }
        return false;
    }

    Result<void> one()
    {
        const std::filesystem::path weights = m_context.weightsOf(m_generation);
        const auto inputHash = sha256OfFile(originOf(m_generation));
        if (!inputHash) return inputHash.error();
        events::GenerationRecord record = blankRecord();
        m_context.sink.generation(record);
        stage(events::StageState::Running, *inputHash, {}, {});
        if (record.gap) m_context.sink.point({"gap/delta", m_step, *record.gap});

        const auto lesson = m_generation == 1 ? Result<Lesson>(offlineLesson()) : ownLesson();
        if (!lesson) return lesson.error();
        if (const auto tuned = tune(*lesson); !tuned) return tuned;
        if (const auto made = makeFolder(weights.parent_path()); !made) return made;
        const auto saved = m_policy->saveBody(weights);
        if (!saved) return saved.error();
        record.lastStep = m_step;
        record.checkpointHash = *saved;
        record.flops = m_flops += lesson->flops;
        if (m_generation > 1) reportLesson(*lesson);
        if (const auto measured = measure(record); !measured) return measured;
        stage(events::StageState::Finished, *inputHash, *saved, noteOf(*lesson));
        m_context.sink.event({.kind = "checkpoint",
                              .generation = m_generation,
                              .step = m_step,
                              .sentence = "Weights of generation " + std::to_string(m_generation) + " saved.",
                              .detailsJson = "{\"sha256\":\"" + *saved + "\"}"});
        // Last: a resumed run holds the generation for finished when this is there.
        m_context.sink.generation(record);
        return {};
    }

    events::GenerationRecord blankRecord() const
    {
        events::GenerationRecord record;
        record.generation = m_generation;
        record.rung = rung().name;
        record.parameters = rung().parameters;
        record.capacity = rung().capacity;
        record.capacityProxy = kCapacityProxy;
        if (m_generation > 1) record.gap = 0;
        record.firstStep = m_step;
        return record;
    }

    void stage(events::StageState state, const std::string& input, const std::string& output,
               const std::string& note) const
    {
        m_context.sink.stage({.generation = m_generation,
                              .kind = events::StageKind::Competence,
                              .state = state,
                              .step = m_step,
                              .inputHash = input,
                              .outputHash = output,
                              .note = note});
    }

    static std::string noteOf(const Lesson& lesson)
    {
        return lesson.pairs.prompts.empty() ? "No answer was preferred to another: there was nothing to learn."
                                            : std::to_string(lesson.pairs.prompts.size()) + " pairs, " +
                                                  std::to_string(lesson.offline) + " of them offline.";
    }

    Lesson offlineLesson() const
    {
        Lesson lesson;
        lesson.pairs = m_offline;
        lesson.offline = m_offline.prompts.size();
        lesson.flops = m_offlineFlops;
        return lesson;
    }

    Result<Lesson> ownLesson()
    {
        m_context.meter.advance(0, activity("answers"), m_step, 0);
        const std::vector<Tokens> prompts = promptsOf(poolOf(m_context, m_generation));
        const auto answers = answersOf(*m_policy, prompts, settings().samples, sampling(), false, m_context.stop);
        if (!answers) return answers.error();
        Lesson lesson;
        lesson.prompts = prompts.size();
        const double read = 2 * static_cast<double>(rung().parameters) * tokensOf(prompts, *answers);
        lesson.flops = read;
        const auto rated = rate(prompts, *answers);
        if (!rated) return rated.error();
        if (settings().reward == "likelihood") lesson.flops += read;
        if (settings().reward == "implicit") lesson.flops += 2 * read;
        lesson.own = settings().length == "balanced" ? balancedExtremes(*rated) : extremes(*rated, 0);
        fill(lesson, prompts, *rated);
        return lesson;
    }

    Result<RatedPrompts> rate(const std::vector<Tokens>& prompts, const Answers& answers) const
    {
        const std::string& reward = settings().reward;
        std::vector<std::vector<double>> logs;
        std::vector<std::vector<double>> reference;
        if (reward == "likelihood" || reward == "implicit") {
            auto own = logsOf(*m_policy, prompts, answers);
            if (!own) return own.error();
            logs = std::move(*own);
        }
        if (reward == "implicit") {
            const auto origin = loadWriter(m_context, m_rung, originOf(m_generation - 1));
            if (!origin) return origin.error();
            auto before = logsOf(*origin, prompts, answers);
            if (!before) return before.error();
            reference = std::move(*before);
        }
        RatedPrompts rated(prompts.size());
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            const std::vector<double> shares = agreement(endsOf(prompts[i], answers[i]));
            for (std::size_t k = 0; k < answers[i].size(); ++k) {
                const Tokens& tokens = answers[i][k].tokens;
                double value = 0;
                if (reward == "likelihood")
                    value = logs[i][k] / static_cast<double>(tokens.size());
                else if (reward == "implicit")
                    value = settings().beta * (logs[i][k] - reference[i][k]);
                else if (reward == "majority")
                    value = shares[k];
                else
                    value = data::traces::read(prompts[i], tokens).endRight ? 1 : 0;
                rated[i].push_back({.tokens = tokens, .reward = value});
            }
        }
        return rated;
    }

    /// Own pairs first, then as many offline ones as take the place of the others.
    void fill(Lesson& lesson, const std::vector<Tokens>& prompts, const RatedPrompts& rated) const
    {
        const std::size_t all = lesson.own.pairs.size();
        const auto replayed = static_cast<std::size_t>(std::llround(settings().replay * static_cast<double>(all)));
        lesson.own.pairs.resize(all - replayed);
        long long right = 0;
        long long discordant = 0;
        for (const ChosenPair& pair : lesson.own.pairs) {
            const Tokens& chosen = rated[pair.prompt][pair.chosen].tokens;
            const Tokens& rejected = rated[pair.prompt][pair.rejected].tokens;
            const bool chosenRight = data::traces::read(prompts[pair.prompt], chosen).endRight;
            const bool rejectedRight = data::traces::read(prompts[pair.prompt], rejected).endRight;
            discordant += chosenRight != rejectedRight ? 1 : 0;
            right += chosenRight && !rejectedRight ? 1 : 0;
            append(lesson.pairs, prompts[pair.prompt], chosen, rejected);
        }
        lesson.right = evals::proportion(right, discordant);
        const auto offline = permutation(static_cast<std::int64_t>(m_offline.prompts.size()),
                                         Rng(m_context.seedFor(purpose("replay")), "offline"));
        for (std::size_t i = 0; i < replayed; ++i) {
            const auto at = static_cast<std::size_t>(offline[i % offline.size()]);
            append(lesson.pairs, m_offline.prompts[at], m_offline.chosen[at], m_offline.rejected[at]);
        }
        lesson.offline = replayed;
    }

    Result<void> tune(Lesson lesson)
    {
        const spec::Training& training = m_context.spec.experiment.training;
        const double planned = generationWork(m_context.spec.experiment, rung());
        if (lesson.pairs.prompts.empty()) {
            m_context.meter.advance(planned, activity("nothing to learn"), m_step, 0);
            return {};
        }
        engine::TuningOptions options;
        options.epochs = settings().epochs;
        options.batch = training.batch;
        options.learningRate = settings().learningRate;
        options.weightDecay = training.weightDecay;
        options.warmup = training.warmup;
        options.decay = training.decay;
        options.seed = m_context.seedFor(purpose("shuffle"));
        m_flops += static_cast<double>(rung().parameters) * tokensOf(lesson.pairs) * (6 * settings().epochs + 2);
        return m_policy->prefer(lesson.pairs, {.kind = engine::PreferenceLoss::Kind::Sigmoid, .beta = settings().beta},
                                options, m_context.stop, [&](const engine::StepReport& report) {
                                    m_context.sink.point({"train/loss", ++m_step, report.loss});
                                    m_context.meter.advance(planned / static_cast<double>(report.totalSteps),
                                                            activity("step " + std::to_string(report.step) + " of " +
                                                                     std::to_string(report.totalSteps)),
                                                            m_step, report.tokensPerSecond);
                                });
    }

    void reportLesson(const Lesson& lesson) const
    {
        m_context.sink.estimate({"self/preference_right", m_step, lesson.right});
        char words[320];
        std::snprintf(
            words, sizeof words,
            "Round %d rated %zu x %d own answers by %s: %zu own pairs and %zu offline ones; of %lld own pairs "
            "with one right end the right one is preferred in %.1f %% [%.1f, %.1f]; chosen answers are %.2f "
            "tokens long, rejected ones %.2f (alpha %.3f).",
            m_generation - 1, lesson.prompts, settings().samples, settings().reward.c_str(), lesson.own.pairs.size(),
            lesson.offline, lesson.right.n, 100 * lesson.right.value, 100 * lesson.right.low, 100 * lesson.right.high,
            lesson.own.chosenLength, lesson.own.rejectedLength, lesson.own.alpha);
        m_context.sink.event({.kind = kSelfPairsEvent,
                              .generation = m_generation,
                              .step = m_step,
                              .sentence = words,
                              .detailsJson = ordered_json{{"reward", settings().reward},
                                                          {"prompts", lesson.prompts},
                                                          {"samples", settings().samples},
                                                          {"own_pairs", lesson.own.pairs.size()},
                                                          {"offline_pairs", lesson.offline},
                                                          {"preference_right", jsonOf(lesson.right)},
                                                          {"alpha", lesson.own.alpha},
                                                          {"chosen_length", lesson.own.chosenLength},
                                                          {"rejected_length", lesson.own.rejectedLength}}
                                                 .dump()});
    }

    Result<void> measure(events::GenerationRecord& record)
    {
        m_context.meter.advance(0, activity("is measured"), m_step, 0);
        const auto scores = m_audit.scores(*m_policy);
        if (!scores) return scores.error();
        auto variety = m_audit.variety(*m_policy);
        if (!variety) return variety.error();
        record.utility = scores->utility;
        reportWriting(m_context.sink, *scores, *variety, m_step);
        if (m_generation == 1)
            m_before = std::move(*variety);
        else
            reportVerdicts(m_context.sink, {m_audit.collapse(m_before, *variety)}, m_generation, m_step);
        return {};
    }

    static double generationWork(const spec::Experiment& experiment, const LadderRung& rung)
    {
        return selfEnhancementWork(experiment, rung) / experiment.ladder.generations;
    }

    const StageContext& m_context;
    const Past& m_past;
    const int m_rung;
    WritingAudit m_audit;
    std::filesystem::path m_writer;
    engine::WritingPairs m_offline;
    double m_offlineFlops = 0;
    std::optional<engine::LanguageModel> m_policy; ///< the newest generation
    WritingVariety m_before;                       ///< of generation 1
    int m_generation = 1;
    std::int64_t m_step = 0;
    double m_flops = 0;
};

} // namespace

Result<void> runSelfEnhancement(const StageContext& context, const Past& past)
{
    context.meter.setTotal(
        selfEnhancementWork(context.spec.experiment, context.ladder.at(context.spec.experiment.ladder.start)));
    reportEndBaseline(context);
    return Enhancement(context, past).run();
}

double selfEnhancementWork(const spec::Experiment& experiment, const LadderRung& rung)
{
    const auto prompts = static_cast<std::size_t>(std::max(experiment.training.labels, 1));
    // Answers are read a few times over; a third of that is what reading costs beside learning.
    const auto reads = static_cast<std::int64_t>(prompts) * experiment.self.samples / experiment.training.batch;
    return experiment.ladder.generations *
           (kPairCost * tuningWork(rung, stepsOf(experiment, prompts), experiment.training.batch) +
            tuningWork(rung, reads, experiment.training.batch) / 2);
}

} // namespace gradus::pipeline
