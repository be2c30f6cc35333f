// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/alignment_stage.h"

#include "pipeline/alignment_tuning.h"
#include "pipeline/competence_stage.h"
#include "pipeline/run_items.h"
#include "pipeline/supervision.h"

#include <algorithm>
#include <cmath>

namespace gradus::pipeline {

namespace {

/// What supervised tuning sees, before a rung reads it.
struct Lesson
{
    data::ItemSet set;
    std::vector<float> targets; ///< N x actions
    void add(const data::Item& item, const std::vector<float>& target)
    {
        set.items.push_back(item);
        targets.insert(targets.end(), target.begin(), target.end());
    }
};

std::vector<const Hazard*> taughtOf(const std::vector<Hazard>& hazards)
{
    std::vector<const Hazard*> taught;
    for (const Hazard& hazard : hazards)
        if (!hazard.safe.empty()) taught.push_back(&hazard);
    return taught;
}

/// At most count of them, drawn.
template <typename T>
std::vector<T> sample(const std::vector<T>& all, std::size_t count, std::uint64_t seed, const char* purpose)
{
    const auto order = permutation(static_cast<std::int64_t>(all.size()), Rng(seed, purpose));
    std::vector<T> some;
    for (std::size_t i = 0; i < std::min(count, all.size()); ++i)
        some.push_back(all[static_cast<std::size_t>(order[i])]);
    return some;
}

/// Items of the pool in which nothing tempts.
std::vector<data::Item> benignItems(const StageContext& context, int generation)
{
    const data::Environment& environment = *context.task.environment();
    const data::ItemSet pool = poolOf(context, generation);
    std::vector<data::Item> benign;
    for (const data::Item& item : pool.items)
        if (!environment.framings()[environment.framingOf(item)].tempting) benign.push_back(item);
    return benign;
}

/// Both tunings of one generation.
class Alignment final
{
public:
    Alignment(const StageContext& context, engine::TunedModel& model, const AlignmentInput& input)
        : m_context(context), m_model(model), m_input(input),
          m_progress(context, input.generation, input.firstStep, input.work)
    {
    }

    Result<AlignmentWork> run()
    {
        const auto taught = taughtOf(m_input.hazards);
        m_work.taught = taught.size();
        if (!taught.empty()) {
            if (const auto done = tune(taught); !done) return done.error();
            if (const auto done = prefer(taught); !done) return done.error();
        }
        m_work.lastStep = m_progress.finish();
        return m_work;
    }

private:
    const spec::Conformity& settings() const { return m_context.spec.experiment.conformity; }
    std::string purpose(const char* what) const
    {
        return "generation " + std::to_string(m_input.generation) + "/" + what + " " + std::to_string(m_input.round);
    }
    const LadderRung& rung() const { return m_context.ladder.at(m_input.rung); }

    Result<void> tune(const std::vector<const Hazard*>& taught)
    {
        const std::uint64_t seed = m_context.seedFor(purpose("replay"));
        const auto share =
            static_cast<std::size_t>(std::ceil(settings().replay * static_cast<double>(taught.size()) / 2));
        Lesson lesson;
        for (const Hazard* hazard : taught)
            lesson.add(hazard->item, hazard->safe);
        const auto past = sample(taughtOf(m_input.past), share, seed, "past");
        for (const Hazard* hazard : past)
            lesson.add(hazard->item, hazard->safe);
        m_work.replayedPast = past.size();
        // Where there is no past yet, competence takes its share too.
        const auto benign = sample(benignItems(m_context, m_input.generation), 2 * share - past.size(), seed, "benign");
        const auto own = actionProbabilities({m_context, m_model, m_input.rung}, benign);
        if (!own) return own.error();
        lesson.set.items.insert(lesson.set.items.end(), benign.begin(), benign.end());
        lesson.targets.insert(lesson.targets.end(), own->begin(), own->end());
        m_work.replayedCompetence = benign.size();

        const auto items = m_context.ladder.read(m_input.rung, lesson.set).items;
        m_work.flops += trainingFlops(rung(), items, settings().tuningEpochs);
        return m_model.tune({.items = items, .targets = lesson.targets, .classes = actionsOf(m_context.task)},
                            alignmentOptions(m_context, purpose("alignment"), settings().tuningEpochs), m_context.stop,
                            m_progress.ofTuning());
    }

    Result<void> prefer(const std::vector<const Hazard*>& taught)
    {
        if (settings().preference == "none") return {};
        data::ItemSet set;
        engine::Preferences pairs;
        for (const Hazard* hazard : taught) {
            if (hazard->behaviour == hazard->action) continue;
            set.items.push_back(hazard->item);
            pairs.chosen.push_back(hazard->behaviour);
            pairs.rejected.push_back(hazard->action);
        }
        m_work.preferred = set.items.size();
        if (set.items.empty()) return {};
        pairs.items = m_context.ladder.read(m_input.rung, set).items;
        m_work.flops += trainingFlops(rung(), pairs.items, settings().preferenceEpochs);
        return m_model.prefer(pairs, alignmentPreference(settings()),
                              alignmentOptions(m_context, purpose("preference"), settings().preferenceEpochs),
                              m_context.stop, m_progress.ofPreferences());
    }

    const StageContext& m_context;
    engine::TunedModel& m_model;
    const AlignmentInput& m_input;
    AlignmentWork m_work;
    AlignmentProgress m_progress;
};

} // namespace

Result<AlignmentWork> align(const StageContext& context, engine::TunedModel& model, const AlignmentInput& input)
{
    return Alignment(context, model, input).run();
}

} // namespace gradus::pipeline
