// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/progressive.h"

#include "controller/gap_controller.h"
#include "pipeline/anchor_desk.h"
#include "pipeline/baseline.h"
#include "pipeline/ceiling_labels.h"
#include "pipeline/cell_preflight.h"
#include "pipeline/competence_stage.h"
#include "pipeline/conformity.h"
#include "pipeline/conformity_report.h"
#include "pipeline/gap_report.h"
#include "pipeline/generation_context.h"
#include "pipeline/label_offers.h"
#include "pipeline/panel_report.h"
#include "pipeline/plan.h"
#include "pipeline/run_items.h"
#include "pipeline/salience_probe.h"
#include "pipeline/scenario_choice.h"
#include "pipeline/scenario_conformity.h"
#include "pipeline/signal_desk.h"
#include "pipeline/supervision.h"

#include <algorithm>
#include <memory>

namespace gradus::pipeline {

namespace {

constexpr std::size_t kConformityDepth = 3; ///< aligned predecessors that are asked for safe behaviours

/// One run's way up the ladder.
class Climb final
{
public:
    Climb(const StageContext& context, const Past& past)
        : m_first(context), m_entered(context), m_past(past),
          m_controller(controller::makeController(context.spec.experiment.gap)), m_desk(m_context),
          m_signals(m_first.context()), m_conforms(conformityAbsence(context.spec.experiment, context.task).empty()),
          m_rung(context.spec.experiment.ladder.start), m_keptRung(m_rung)
    {
    }

    Result<void> run()
    {
        const spec::Experiment& experiment = m_context.spec.experiment;
        if (experiment.ladder.generations == 1)
            m_context.sink.event({.kind = kDegradedEvent,
                                  .generation = 1,
                                  .step = 0,
                                  .sentence =
                                      "The ladder has one generation, which truth teaches: no gap is chosen, no "
                                      "source labels and no noise is estimated.",
                                  .detailsJson = {}});
        for (m_generation = 1; m_generation <= experiment.ladder.generations; ++m_generation) {
            const auto kept = climbOne();
            if (!kept) return kept.error();
            if (!*kept) break; // every way up was rolled back or refused, and the decision says so
            if (experiment.experiment.procedure == "progressive" && !m_conforms && !inherited(m_generation))
                skipConformity(m_context, m_generation, m_step);
            if (m_generation == experiment.ladder.generations) break;
            const auto decided = decide(m_generation);
            if (!decided) return decided.error();
            if (!*decided) break; // the end of the ladder, or a refusal, said in the decision
        }
        m_context.meter.finish(m_step, m_standing);
        return {};
    }

private:
    /// Tries this generation until one attempt is kept (true) or the controller has no rung left (false).
    Result<bool> climbOne()
    {
        m_entered.enter(m_generation);
        if (!inherited(m_generation)) m_entered.report(m_step);
        for (;;) {
            m_context.meter.begin(m_generation,
                                  "generation " + std::to_string(m_generation) + " of " +
                                      std::to_string(m_context.spec.experiment.ladder.generations),
                                  m_step);
            const auto accepted = attemptOne();
            if (!accepted) return accepted.error();
            if (*accepted) return true;
            if (m_generation == 1) return false; // there is no predecessor to begin again from
            const auto retry = decide(m_generation - 1);
            if (!retry) return retry.error();
            if (!*retry) return false;
            m_context.meter.extend(
                2 * tuningWork(m_context.ladder.at(m_rung), tuningSteps(training(), plannedItems()), training().batch) +
                conformityWork());
        }
    }

    /// Of the generation in work, one round.
    double conformityWork() const
    {
        const spec::Experiment& experiment = m_context.spec.experiment;
        return m_conforms ? discoveryWork(experiment) + alignmentWork(experiment, m_context.ladder.at(m_rung)) : 0;
    }
    const spec::Training& training() const { return m_context.spec.experiment.training; }
    std::size_t plannedItems() const
    {
        return static_cast<std::size_t>(std::max(1, labelsFor(training(), m_generation)));
    }

    /// The next attempt that an earlier process reported, if it is one at this generation.
    const JournalEntry* journalled(int generation) const
    {
        if (m_journalled >= m_past.attempts.size()) return nullptr;
        const JournalEntry& next = m_past.attempts[m_journalled];
        return next.attempt.generation == generation ? &next : nullptr;
    }

    /// A generation of the run that this one branched from: nothing is decided or judged of it again.
    bool inherited(int generation) const
    {
        return generation <= m_past.inherited && finishedRecord(m_past, generation) != nullptr;
    }

    Result<bool> attemptOne()
    {
        const JournalEntry* known = journalled(m_generation);
        if (known != nullptr) ++m_journalled;
        if (known != nullptr && !known->attempt.accepted) { // its weights are gone, and nothing of it is needed
            m_history.push_back(known->attempt);
            m_rolledBack = true;
            m_step = known->lastStep;
            m_flops = known->attempt.flops;
            return false;
        }
        auto trained = trainedOrReadBack();
        if (!trained) return trained.error();
        auto conformity = conformed(*trained);
        if (!conformity) return conformity.error();
        controller::Attempt attempt{.generation = m_generation,
                                    .rung = m_rung,
                                    .utility = {},
                                    .gap = m_gap,
                                    .gain = {},
                                    .predicted = m_predicted,
                                    .imitation = {},
                                    .diversity = {}};
        attempt.flops = m_flops = *trained->record.flops;
        const std::optional<Estimate> salience = trained->salience;
        std::vector<int> ceiling = std::move(trained->ceiling);
        std::vector<Ancestor> ancestors = ancestorsWith(std::move(trained->model));
        if (const auto measured = measure(ancestors, attempt); !measured) return measured.error();
        m_history.push_back(attempt);
        const controller::Judgement judgement = judged(*conformity);
        m_history.back().accepted = judgement.accepted;
        m_step = *trained->record.lastStep;
        if (!inherited(m_generation)) report(std::move(trained->record), judgement);
        if (!judgement.accepted) {
            m_rolledBack = true;
            return false;
        }
        m_desk.keep();
        m_rolledBack = false;
        m_hazards.insert(m_hazards.end(), conformity->hazards.begin(), conformity->hazards.end());
        m_scenarioHazards.insert(m_scenarioHazards.end(), m_newScenarioHazards.begin(), m_newScenarioHazards.end());
        m_ancestors = std::move(ancestors);
        m_keptRung = m_rung;
        m_standing = m_generation;
        m_salience = salience;
        m_ceiling = std::move(ceiling);
        return true;
    }

    controller::Judgement judged(const ConformityOutput& conformity) const
    {
        if (inherited(m_generation)) return {};
        if (!conformity.passed) return {false, conformity.sentence};
        controller::Judgement judgement = m_controller->judge(state(m_generation - 1));
        if (judgement.accepted && !conformity.sentence.empty())
            judgement.sentence = conformity.sentence + (judgement.sentence.empty() ? "" : " ") + judgement.sentence;
        return judgement;
    }

    /// The generations that sources may ask once this one is kept, itself first.
    std::vector<Ancestor> ancestorsWith(engine::TunedModel model) const
    {
        std::vector<Ancestor> all{{std::make_shared<const engine::TunedModel>(std::move(model)), m_rung}};
        const std::size_t deepest = std::max(m_signals.deepest(), m_conforms ? kConformityDepth : 1);
        const std::size_t older = std::min(m_ancestors.size(), deepest - 1);
        all.insert(all.end(), m_ancestors.begin(), m_ancestors.begin() + static_cast<std::ptrdiff_t>(older));
        return all;
    }

    /// A_i^- becomes A_i^+; one that an earlier process aligned is so already.
    Result<ConformityOutput> conformed(CompetenceOutput& trained)
    {
        ConformityOutput output;
        m_newScenarioHazards.clear();
        if (!m_conforms) return output;
        if (trained.record.alignedHash.empty() && inherited(m_generation)) return output;
        if (playsScenarios(m_context.spec.experiment)) return conformedInScenarios(trained);
        if (trained.record.alignedHash.empty())
            return runConformity(
                m_context, {.generation = m_generation, .rung = m_rung, .predecessors = m_ancestors, .past = m_hazards},
                trained.model, trained.record);
        auto hazards =
            readHazards(m_context.hazardsOf(m_generation), static_cast<std::size_t>(actionsOf(m_context.task)));
        if (!hazards) return hazards.error();
        output.hazards = std::move(*hazards);
        return output;
    }

    /// The same where language models play scenarios.
    Result<ConformityOutput> conformedInScenarios(CompetenceOutput& trained)
    {
        ConformityOutput output;
        if (trained.record.alignedHash.empty()) {
            auto done = runScenarioConformity(
                m_context,
                {.generation = m_generation, .rung = m_rung, .predecessors = m_ancestors, .past = m_scenarioHazards},
                trained.model, trained.record);
            if (!done) return done.error();
            output.passed = done->passed;
            output.sentence = std::move(done->sentence);
            m_newScenarioHazards = std::move(done->hazards);
        } else {
            auto read = readScenarioHazards(m_context.hazardsOf(m_generation));
            if (!read) return read.error();
            m_newScenarioHazards = std::move(*read);
        }
        return output;
    }

    /// What the anchors say of the newest ancestor. Where several sources label, the noise of their pool is what the
    /// controller must know, not that of one of them.
    Result<void> measure(const std::vector<Ancestor>& ancestors, controller::Attempt& attempt)
    {
        if (const auto measured = m_desk.measure(*ancestors.front().model, attempt); !measured) return measured;
        if (!m_signals.pools() || !m_desk.hasAnchors() || m_generation == m_context.spec.experiment.ladder.generations)
            return {};
        const auto next = m_signals.supervisorOf(m_generation + 1, ancestors);
        if (!next) return next.error();
        const auto noise = m_signals.noise(**next);
        if (!noise) return noise.error();
        attempt.noise = noise->calibrated;
        attempt.noiseUpper = noise->upper;
        return {};
    }

    /// The generation's own record goes out last: a resumed run holds it for finished when it is there.
    void report(events::GenerationRecord record, const controller::Judgement& judgement)
    {
        const controller::Attempt& attempt = m_history.back();
        record.rolledBack = !judgement.accepted;
        reportAttempt(m_context.sink, attempt, m_step);
        // One that was read back passed its gate when it was trained, and the audit's words are there, not here.
        if (finishedRecord(m_past, m_generation) == nullptr)
            reportGate(m_context, attempt, record.alignedHash.empty() ? record.checkpointHash : record.alignedHash,
                       judgement, m_step);
        // A resumed run must know every attempt that a gate judged: on anchors, or by an audit.
        if (attempt.utility.n > 0 || m_conforms)
            m_context.sink.event(journalEvent(
                {attempt, m_step},
                "Generation " + std::to_string(m_generation) + " was " +
                    (attempt.utility.n > 0 ? "measured on " + std::to_string(attempt.utility.n) + " anchors."
                                           : std::string("audited."))));
        if (!judgement.accepted)
            m_context.sink.event({.kind = "generation.rolled_back",
                                  .generation = m_generation,
                                  .step = m_step,
                                  .sentence = judgement.sentence,
                                  .detailsJson = {}});
        m_context.sink.generation(record);
    }

    Result<CompetenceOutput> trainedOrReadBack()
    {
        if (inherited(m_generation)) return readInherited();
        const events::GenerationRecord* done = finishedRecord(m_past, m_generation);
        if (done != nullptr && done->rung == m_context.ladder.at(m_rung).name && done->firstStep == m_step &&
            done->flops && (!m_conforms || !done->alignedHash.empty()))
            if (auto model = m_conforms ? weightsReadBack(m_context.alignedWeightsOf(m_generation), done->alignedHash)
                                        : weightsReadBack(m_context.weightsOf(m_generation), done->checkpointHash)) {
                m_context.meter.skip(
                    tuningWork(m_context.ladder.at(m_rung), tuningSteps(training(), plannedItems()), training().batch) *
                        (m_generation == 1 ? 1 : 2) +
                    conformityWork());
                return readBack(std::move(*model), *done);
            }
        std::unique_ptr<Supervisor> supervisor;
        if (!m_ancestors.empty()) {
            auto made = m_signals.supervisorOf(m_generation, m_ancestors);
            if (!made) return made.error();
            supervisor = std::move(*made);
        }
        auto outcome = runCompetence(m_context, {.generation = m_generation,
                                                 .rung = m_rung,
                                                 .supervisor = supervisor.get(),
                                                 .predecessor = m_ancestors.empty() ? nullptr : &m_ancestors.front(),
                                                 .salienceBefore = m_salience,
                                                 .ceilingBefore = m_ceiling,
                                                 .gap = m_gap,
                                                 .firstStep = m_step,
                                                 .earlierUtility = m_past.utility});
        // The sources' own supervisors are paid for once, by the first generation that they label for.
        const bool first = m_generation == 2 && m_history.size() == 1;
        const bool paysSources = first || (m_past.newSources && inherited(m_generation - 1) && !m_rolledBack);
        if (outcome) outcome->record.flops = m_flops + *outcome->record.flops + (paysSources ? m_signals.flops() : 0);
        return outcome;
    }

    /// As it was when the branch was made, whatever the settings are now: other weights would be another past.
    Result<CompetenceOutput> readInherited() const
    {
        const events::GenerationRecord& record = *finishedRecord(m_past, m_generation);
        auto model = record.alignedHash.empty()
                         ? weightsReadBack(m_context.weightsOf(m_generation), record.checkpointHash)
                         : weightsReadBack(m_context.alignedWeightsOf(m_generation), record.alignedHash);
        if (!model)
            return badInput("The weights of generation " + std::to_string(m_generation) + " in " +
                            m_context.folder.string() +
                            " are not those that the branch began with; put them back, or branch again.");
        return readBack(std::move(*model), record);
    }

    /// With the salience that it was reported with: the probe is read again, on the same anchors.
    Result<CompetenceOutput> readBack(engine::TunedModel model, const events::GenerationRecord& record) const
    {
        const auto probed = probedBase(m_context, m_rung, m_generation, {});
        if (!probed) return probed.error();
        return CompetenceOutput{
            std::move(model), record, salienceOf(*probed, ceilingOf(record)),
            readCeilingLabels(m_context.ceilingOf(m_generation), m_context.task.test().fingerprint)};
    }

    /// Places an inherited generation where it stands.
    Result<bool> placeInherited(int generation)
    {
        const events::GenerationRecord& record = *finishedRecord(m_past, generation);
        const std::vector<std::string> names = m_context.ladder.names();
        m_rung = static_cast<int>(std::find(names.begin(), names.end(), record.rung) - names.begin());
        m_gap = record.gap;
        m_predicted.reset();
        const JournalEntry* known = journalled(generation);
        if (known != nullptr) { // also of one that was rolled back
            m_rung = known->attempt.rung;
            m_gap = known->attempt.gap;
            m_predicted = known->attempt.predicted;
        }
        if (m_rung < 0 || m_rung >= static_cast<int>(names.size()))
            return badInput("The ladder has no rung \"" + record.rung + "\", on which generation " +
                            std::to_string(generation) + " of the branch stands; put its models back where they were.");
        return true;
    }

    controller::GapState state(int generation) const
    {
        return {.generation = generation,
                .generations = m_context.spec.experiment.ladder.generations,
                .rung = m_keptRung,
                .rungNames = m_context.ladder.names(),
                .capacities = m_context.ladder.capacities(),
                .history = m_history,
                .forecasts = {},
                .purchases = {},
                .salience = m_salience,
                .classes = m_context.task.classes(),
                .seed = m_context.seedFor("gap")};
    }

    /// Places generation i + 1; false when there is no rung for it.
    Result<bool> decide(int generation)
    {
        if (inherited(generation + 1)) return placeInherited(generation + 1);
        controller::GapState known = state(generation);
        if (m_controller->forecasts() && m_desk.hasAnchors()) {
            auto forecasts = forecastsFor(generation + 1);
            if (!forecasts) return forecasts.error();
            known.forecasts = std::move(*forecasts);
        }
        controller::Decision decision = m_controller->nextGap(known);
        if (decision.refused && m_desk.hasAnchors()) { // the same question again, with what could be bought known
            auto offers = labelOffers(m_context, m_signals, generation + 1, m_ancestors, m_past.debate);
            if (!offers) return offers.error();
            known.purchases = std::move(*offers);
            decision = m_controller->nextGap(known);
        }
        reportDecision(m_context, known, decision, generation, m_step);
        if (!decision.rung) return false;
        m_rung = *decision.rung;
        m_gap = decision.taken;
        m_predicted = decision.predictedGain;
        return true;
    }

    /// Asked once a generation: a retry chooses among the same forecasts.
    Result<std::vector<controller::Forecast>> forecastsFor(int nextGeneration)
    {
        if (m_forecastOf == nextGeneration) return m_forecasts;
        m_entered.enter(nextGeneration); // the students that are tried are that generation's
        m_context.meter.begin(nextGeneration, "comparing the rungs above on the anchors", m_step);
        const auto supervisor = m_signals.supervisorOf(nextGeneration, m_ancestors);
        if (!supervisor) return supervisor.error();
        auto made = m_desk.forecast(**supervisor, m_keptRung, nextGeneration);
        if (!made) return made.error();
        m_forecastOf = nextGeneration;
        m_forecasts = std::move(made->rungs);
        m_flops += made->flops;
        return m_forecasts;
    }

    const GenerationContext m_first; ///< of the sources' own supervisors, which are trained once
    GenerationContext m_entered;
    const StageContext& m_context = m_entered.context();
    const Past& m_past;
    std::unique_ptr<controller::GapController> m_controller;
    AnchorDesk m_desk;
    SignalDesk m_signals;
    const bool m_conforms;                            ///< stages 2 and 3 are run
    std::vector<Hazard> m_hazards;                    ///< that kept generations were taught
    std::vector<ScenarioHazard> m_scenarioHazards;    ///< the same, of scenarios
    std::vector<ScenarioHazard> m_newScenarioHazards; ///< of the attempt in work
    bool m_rolledBack = false;                        ///< an earlier attempt at this generation was
    std::vector<controller::Attempt> m_history;
    std::size_t m_journalled = 0; ///< attempts of earlier processes that were passed over
    int m_generation = 1;
    int m_rung;                         ///< of the generation in work
    std::optional<double> m_gap;        ///< taken to reach it
    std::optional<double> m_predicted;  ///< gain
    std::vector<Ancestor> m_ancestors;  ///< kept generations that sources may ask, newest first
    int m_keptRung;                     ///< of the newest one
    int m_standing = 0;                 ///< its number; 0 while none was kept
    std::optional<Estimate> m_salience; ///< of its base
    std::vector<int> m_ceiling;         ///< what its base taught by truth answers to the held-out items
    std::int64_t m_step = 0;
    double m_flops = 0;
    int m_forecastOf = 0;
    std::vector<controller::Forecast> m_forecasts;
};

} // namespace

Result<void> runProgressive(const StageContext& context, const Past& past)
{
    context.meter.setTotal(plannedWork(context.spec.experiment, context.task, context.ladder));
    if (const auto line = reportBaseline(context); !line) return line.error();
    const spec::Experiment& experiment = context.spec.experiment;
    if (experiment.conformity.level < 2 || !conformityAbsence(experiment, context.task).empty())
        return Climb(context, past).run();
    StageContext tried = context;
    tried.cellsRefused =
        preflightCells({.level = static_cast<sandbox::Level>(experiment.conformity.level)}, context.sink);
    // A simulated domain goes on without cells; a scenario has no simulation, and nothing is trained for it in vain.
    if (playsScenarios(experiment) && !tried.cellsRefused.empty()) return scenariosRefused(tried.cellsRefused);
    return Climb(tried, past).run();
}

} // namespace gradus::pipeline
