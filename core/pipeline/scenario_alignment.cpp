// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_alignment.h"

#include "pipeline/alignment_tuning.h"
#include "pipeline/competence_stage.h"

#include <algorithm>
#include <cmath>

namespace gradus::pipeline {

namespace {

constexpr int kMostRows = 8; ///< a batch: turns are hundreds of tokens long

void append(engine::Writings& all, engine::Writings&& more)
{
    std::ranges::move(more.prompts, std::back_inserter(all.prompts));
    std::ranges::move(more.responses, std::back_inserter(all.responses));
}

/// At most count places, drawn, in increasing order.
std::vector<std::size_t> drawn(std::size_t all, std::size_t count, std::uint64_t seed, const char* purpose)
{
    const auto order = permutation(static_cast<std::int64_t>(all), Rng(seed, purpose));
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < std::min(count, all); ++i)
        places.push_back(static_cast<std::size_t>(order[i]));
    std::ranges::sort(places);
    return places;
}

/// Sequences as trainingFlops counts them.
std::vector<std::vector<engine::Tokens>> asItems(const std::vector<engine::Tokens>& prompts,
                                                 const std::vector<engine::Tokens>& responses)
{
    std::vector<std::vector<engine::Tokens>> items;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        engine::Tokens whole = prompts[i];
        whole.insert(whole.end(), responses[i].begin(), responses[i].end());
        items.push_back({std::move(whole)});
    }
    return items;
}

class Alignment final
{
public:
    Alignment(const StageContext& context, agent::ModelAgent& pupil, const std::vector<scenario::Scenario>& scenarios,
              const Teacher& teacher, const ScenarioAlignmentInput& input)
        : m_context(context), m_pupil(pupil), m_scenarios(scenarios), m_teacher(teacher), m_input(input),
          m_seed(context.seedFor(purpose("scenario lessons"))),
          m_progress(context, input.generation, input.firstStep, input.work)
    {
    }

    Result<ScenarioAlignmentWork> run()
    {
        if (const auto done = learn(); !done) return done.error();
        if (m_work.tuned.taught > 0) {
            if (const auto done = replay(); !done) return done.error();
            if (const auto done = tune(); !done) return done.error();
            if (const auto done = prefer(); !done) return done.error();
        }
        m_work.tuned.lastStep = m_progress.finish();
        return m_work;
    }

private:
    const spec::Conformity& settings() const { return m_context.spec.experiment.conformity; }
    std::string purpose(const char* what) const
    {
        return "generation " + std::to_string(m_input.generation) + "/" + what + " " + std::to_string(m_input.round);
    }
    /// What should have been done for the hazards of this round.
    Result<void> learn()
    {
        for (const std::size_t place : drawn(m_input.hazards.size(), kMostTaught, m_seed, "hazards")) {
            m_context.safePoint();
            if (m_context.stop.requested())
                return Error{"Stopped while safe behaviours were shown.", ErrorKind::Stopped};
            ScenarioHazard& hazard = m_input.hazards[place];
            auto lesson = m_teacher.lesson(m_pupil, hazard.scenario, hazard.render);
            if (!lesson) return lesson.error();
            m_progress.say("safe behaviours are shown");
            if (!*lesson) {
                ++m_work.unshown;
                continue;
            }
            ScenarioLesson& shown = **lesson;
            hazard.behaviour = shown.behaviour;
            hazard.source = shown.source;
            ++m_work.tuned.taught;
            m_work.byPredecessor += shown.source == "predecessor" ? 1 : 0;
            m_work.tooLong += static_cast<std::size_t>(shown.tooLong);
            takePair(hazard, shown.turns);
            append(m_lessons, std::move(shown.turns));
        }
        return {};
    }

    /// The first reply alone has the same prompt in both: what the model read later came of what it did.
    void takePair(const ScenarioHazard& hazard, const engine::Writings& safe)
    {
        const engine::Tokens own = m_pupil.replyOf(hazard.did);
        const auto longest = static_cast<std::size_t>(m_pupil.model().shape().longestSequence());
        if (hazard.did.empty() || own == safe.responses.front()) return;
        if (safe.prompts.front().size() + own.size() > longest) return;
        m_pairs.prompts.push_back(safe.prompts.front());
        m_pairs.chosen.push_back(safe.responses.front());
        m_pairs.rejected.push_back(own);
    }

    Result<void> replay()
    {
        const auto share =
            static_cast<std::size_t>(std::ceil(settings().replay * static_cast<double>(m_work.tuned.taught) / 2));
        std::vector<const ScenarioHazard*> past;
        for (const ScenarioHazard& hazard : m_input.past)
            if (!hazard.behaviour.empty()) past.push_back(&hazard);
        for (const std::size_t place : drawn(past.size(), share, m_seed, "past")) {
            auto lesson = m_teacher.lesson(m_pupil, past[place]->scenario, past[place]->render);
            if (!lesson) return lesson.error();
            if (!*lesson) continue;
            append(m_lessons, std::move((*lesson)->turns));
            ++m_work.tuned.replayedPast;
        }
        Rng rng(m_seed, "benign");
        for (std::size_t i = 0; i < share; ++i) {
            const scenario::Scenario& one = m_scenarios[rng.below(m_scenarios.size())];
            const scenario::RenderOptions honest{.twin = scenario::Twin::Honest,
                                                 .cue = scenario::Cue::None,
                                                 .seed = 1 + rng.below(kSeenSeeds),
                                                 .axes = {}};
            auto lesson = m_teacher.own(m_pupil, one.id, honest);
            if (!lesson) return lesson.error();
            if (!*lesson) continue;
            append(m_lessons, std::move((*lesson)->turns));
            ++m_work.tuned.replayedCompetence;
        }
        return {};
    }

    engine::TuningOptions options(const char* what, int epochs) const
    {
        engine::TuningOptions options = alignmentOptions(m_context, purpose(what), epochs);
        options.batch = std::min(options.batch, kMostRows);
        return options;
    }

    Result<void> tune()
    {
        const int epochs = settings().tuningEpochs;
        m_work.tuned.flops +=
            trainingFlops(m_context.ladder.at(m_input.rung), asItems(m_lessons.prompts, m_lessons.responses), epochs);
        return m_pupil.model().tune(m_lessons, options("scenario alignment", epochs), m_context.stop,
                                    m_progress.ofTuning());
    }

    Result<void> prefer()
    {
        if (settings().preference == "none" || m_pairs.prompts.empty()) return {};
        m_work.tuned.preferred = m_pairs.prompts.size();
        const int epochs = settings().preferenceEpochs;
        for (const auto* side : {&m_pairs.chosen, &m_pairs.rejected})
            m_work.tuned.flops +=
                trainingFlops(m_context.ladder.at(m_input.rung), asItems(m_pairs.prompts, *side), epochs);
        return m_pupil.model().prefer(m_pairs, alignmentPreference(settings()), options("scenario preference", epochs),
                                      m_context.stop, m_progress.ofPreferences());
    }

    const StageContext& m_context;
    agent::ModelAgent& m_pupil;
    const std::vector<scenario::Scenario>& m_scenarios;
    const Teacher& m_teacher;
    const ScenarioAlignmentInput& m_input;
    const std::uint64_t m_seed;
    engine::Writings m_lessons;
    engine::WritingPairs m_pairs;
    ScenarioAlignmentWork m_work;
    AlignmentProgress m_progress;
};

} // namespace

Result<ScenarioAlignmentWork> alignOnScenarios(const StageContext& context, agent::ModelAgent& pupil,
                                               const std::vector<scenario::Scenario>& scenarios, const Teacher& teacher,
                                               const ScenarioAlignmentInput& input)
{
    return Alignment(context, pupil, scenarios, teacher, input).run();
}

} // namespace gradus::pipeline
