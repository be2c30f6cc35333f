// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_conformity.h"

#include "agent/asked_agent.h"
#include "base/hash.h"
#include "base/text.h"
#include "pipeline/conformity_gate.h"
#include "pipeline/conformity_report.h"
#include "pipeline/plan.h"
#include "pipeline/scenario_alignment.h"
#include "pipeline/scenario_audit.h"
#include "pipeline/scenario_choice.h"
#include "pipeline/scenario_discovery.h"

#include <optional>

namespace gradus::pipeline {

namespace {

class ScenarioConformity final
{
public:
    ScenarioConformity(const StageContext& context, const ScenarioConformityInput& input,
                       const std::vector<scenario::Scenario>& scenarios, engine::TunedModel& model,
                       agent::ModelAgent speaker, std::optional<agent::ModelAgent> predecessor,
                       events::GenerationRecord& record)
        : m_context(context), m_input(input), m_scenarios(scenarios), m_model(model), m_speaker(std::move(speaker)),
          m_predecessor(std::move(predecessor)), m_record(record), m_firstStep(*record.lastStep),
          m_seen(context, scenarios, Audit::Side::Seen), m_twins(context, scenarios, Audit::Side::Twins)
    {
        if (m_predecessor) m_judge.emplace(*m_predecessor);
    }

    Result<ScenarioConformityOutput> run()
    {
        const auto before = standing();
        if (!before) return before.error();
        reportStanding(m_context, m_input.generation, *before, m_firstStep, "before alignment");
        for (int round = 1; round <= settings().rounds; ++round) {
            if (round > 1) m_context.meter.extend(discoveryWork(experiment()) + alignment());
            if (const auto done = oneRound(round); !done) return done.error();
            if (round == settings().rounds || !m_foundSome) break; // nothing was taught: nothing can have changed
            const auto seen = m_seen.ask(m_speaker);
            if (!seen) return seen.error();
            if (seen->harm.high <= settings().harmMost) break;
        }
        const auto after = m_isTaught ? standing() : Result<Standing>(*before);
        if (!after) return after.error();
        reportStanding(m_context, m_input.generation, *after, *m_record.lastStep, "after alignment");
        m_context.sink.estimate({"utility/competence", *m_record.lastStep, after->utility});
        if (m_judge) m_context.sink.event(judgeEvent(m_judged, m_input.generation, *m_record.lastStep));
        const GateOutcome gate = passGate(m_context, m_input.generation, *before, *after, m_record);
        return ScenarioConformityOutput{
            .passed = gate.passed, .sentence = gate.sentence, .hazards = std::move(m_hazards)};
    }

private:
    const spec::Experiment& experiment() const { return m_context.spec.experiment; }
    const spec::Conformity& settings() const { return experiment().conformity; }
    std::string generationText() const { return "generation " + std::to_string(m_input.generation); }
    double alignment() const { return alignmentWork(experiment(), m_context.ladder.at(m_input.rung)); }

    Result<Standing> standing() const
    {
        m_context.meter.advance(0, generationText() + ": audit", *m_record.lastStep, 0);
        Standing now;
        for (const auto& [audit, answers] : {std::pair{&m_seen, &now.seen}, std::pair{&m_twins, &now.twins}}) {
            auto asked = audit->ask(m_speaker);
            if (!asked) return asked.error();
            *answers = std::move(*asked);
        }
        if (const auto measured =
                measureUtility({m_context, m_model, m_input.rung}, newestOf(m_input.predecessors), now);
            !measured)
            return measured.error();
        return now;
    }

    void stage(events::StageKind kind, events::StageState state, std::int64_t step, const std::string& input,
               const std::string& output, const std::string& note) const
    {
        reportStage(m_context, m_input.generation, {kind, state, step, input, output, note});
    }

    Result<void> oneRound(int round)
    {
        auto found = discovery(round);
        if (!found) return found.error();
        stage(events::StageKind::Alignment, events::StageState::Running, *m_record.lastStep, m_found, {}, {});
        std::string note = "No hazard was found: there was nothing to teach.";
        m_foundSome = !found->hazards.empty();
        if (m_foundSome) {
            auto taught = align(round, *found);
            if (!taught) return taught.error();
            note = std::move(*taught);
        } else
            m_context.meter.advance(alignment(), generationText() + ": nothing to align", *m_record.lastStep, 0);
        m_hazards.insert(m_hazards.end(), found->hazards.begin(), found->hazards.end());
        const auto saved = m_model.save(m_context.alignedWeightsOf(m_input.generation));
        if (!saved) return saved.error();
        if (const auto kept = writeScenarioHazards(m_context.hazardsOf(m_input.generation), m_hazards); !kept)
            return kept;
        m_record.alignedHash = *saved;
        stage(events::StageKind::Alignment, events::StageState::Finished, *m_record.lastStep, m_found, *saved, note);
        return {};
    }

    Result<ScenarioDiscovery> discovery(int round)
    {
        const std::int64_t step = *m_record.lastStep;
        const std::string& input = round == 1 ? m_record.checkpointHash : m_record.alignedHash;
        stage(events::StageKind::Discovery, events::StageState::Running, step, input, {}, {});
        auto found = discoverInScenarios(m_context, m_speaker, m_scenarios,
                                         {.generation = m_input.generation,
                                          .round = round,
                                          .firstEpisode = m_episodes + 1,
                                          .step = step,
                                          .work = discoveryWork(experiment())},
                                         m_judge ? &*m_judge : nullptr);
        if (!found) return found.error();
        m_episodes += found->episodes;
        m_judged.add(found->judge);
        const std::string words = reportCoverage(m_context, m_input.generation, step,
                                                 {.round = round,
                                                  .hazards = found->hazards.size(),
                                                  .episodes = found->episodes,
                                                  .played = "episodes of scenarios",
                                                  .coverage = found->coverage,
                                                  .details = {{"in_cells", found->episodes},
                                                              {"scenarios", m_scenarios.size()},
                                                              {"undecided", found->undecided}},
                                                  .more = {}});
        std::string names;
        for (const ScenarioHazard& hazard : found->hazards)
            names += hazard.episode + "," + hazard.scenario + "," + std::to_string(hazard.render.seed) + ";";
        m_found = sha256(names);
        stage(events::StageKind::Discovery, events::StageState::Finished, step, input, m_found, words);
        return found;
    }

    /// What was done, for the stage's note. Episodes are written once more where it is known what should have been
    /// done.
    Result<std::string> align(int round, ScenarioDiscovery& found)
    {
        std::vector<ScenarioHazard> past = m_input.past;
        past.insert(past.end(), m_hazards.begin(), m_hazards.end());
        const Teacher teacher(m_context, m_scenarios, m_predecessor ? &*m_predecessor : nullptr);
        const auto work = alignOnScenarios(m_context, m_speaker, m_scenarios, teacher,
                                           {.generation = m_input.generation,
                                            .round = round,
                                            .rung = m_input.rung,
                                            .firstStep = *m_record.lastStep,
                                            .hazards = found.hazards,
                                            .past = past,
                                            .work = alignment()});
        if (!work) return work.error();
        m_isTaught = m_isTaught || work->tuned.taught > 0;
        m_record.lastStep = work->tuned.lastStep;
        m_record.flops = m_record.flops.value_or(0) + work->tuned.flops;
        for (const ScenarioHazard& hazard : found.hazards) {
            if (hazard.behaviour.empty()) continue;
            events::EpisodeRecord& record = found.records.at(hazard.episode);
            record.safeBehaviour = hazard.behaviour;
            record.safeBehaviourSource = "safe: " + hazard.source;
            m_context.sink.episode(record);
        }
        std::string note = "Round " + std::to_string(round) + ": " + std::to_string(work->tuned.taught) + " of " +
                           counted(found.hazards.size(), "hazard") + " taught (" + std::to_string(work->byPredecessor) +
                           " as the predecessor did, the others by the " + "scenario's own script), " +
                           std::to_string(work->tuned.replayedPast) + " past ones and " +
                           std::to_string(work->tuned.replayedCompetence) + " honest twins replayed, " +
                           counted(work->tuned.preferred, "preference") + ".";
        if (work->unshown > 0)
            note += " Nobody shows a safe way through " + std::to_string(work->unshown) + " of them.";
        if (work->tooLong > 0)
            note += " " + counted(work->tooLong, "turn") + " had more tokens than the model takes and taught nothing.";
        return note;
    }

    const StageContext& m_context;
    const ScenarioConformityInput& m_input;
    const std::vector<scenario::Scenario>& m_scenarios;
    engine::TunedModel& m_model;
    agent::ModelAgent m_speaker; ///< shares m_model's weights
    std::optional<agent::ModelAgent> m_predecessor;
    std::optional<agent::AskedAgent> m_judge; ///< the predecessor, as monitor M6
    events::GenerationRecord& m_record;
    const std::int64_t m_firstStep;
    ScenarioAudit m_seen;
    ScenarioAudit m_twins;
    std::vector<ScenarioHazard> m_hazards; ///< of all rounds
    JudgeAccount m_judged;                 ///< of all rounds
    int m_episodes = 0;
    bool m_foundSome = false; ///< in the newest round
    bool m_isTaught = false;  ///< in any round
    std::string m_found;      ///< names the newest round's hazards
};

} // namespace

Error scenariosRefused(const std::string& why)
{
    return Error{.message = "Scenarios are played in sandbox cells or not at all: " + why, .kind = ErrorKind::Refused};
}

Result<ScenarioConformityOutput> runScenarioConformity(const StageContext& context,
                                                       const ScenarioConformityInput& input, engine::TunedModel& model,
                                                       events::GenerationRecord& record)
{
    if (!context.cellsRefused.empty()) return scenariosRefused(context.cellsRefused);
    const auto scenarios = scenariosOf(context.spec.experiment.conformity);
    if (!scenarios) return scenarios.error();
    auto speaker = speakerOf(context, model, input.rung, input.generation);
    if (!speaker) return speaker.error();
    std::optional<agent::ModelAgent> predecessor;
    if (!input.predecessors.empty()) {
        const Ancestor& newest = input.predecessors.front();
        auto opened = speakerOf(context, *newest.model, newest.rung, input.generation - 1);
        if (!opened) return opened.error();
        predecessor.emplace(std::move(*opened));
    }
    return ScenarioConformity(context, input, *scenarios, model, std::move(*speaker), std::move(predecessor), record)
        .run();
}

} // namespace gradus::pipeline
