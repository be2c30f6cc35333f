// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conformity.h"

#include "base/hash.h"
#include "base/text.h"
#include "data/fingerprint.h"
#include "pipeline/alignment_stage.h"
#include "pipeline/audit.h"
#include "pipeline/conformity_gate.h"
#include "pipeline/conformity_report.h"
#include "pipeline/discovery_stage.h"
#include "pipeline/plan.h"
#include "pipeline/safe_behaviour.h"

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

using nlohmann::ordered_json;

class Conformity final
{
public:
    Conformity(const StageContext& context, const ConformityInput& input, engine::TunedModel& model,
               events::GenerationRecord& record)
        : m_context(context), m_input(input), m_model(model), m_record(record), m_firstStep(*record.lastStep),
          m_seen(context, Audit::Side::Seen), m_twins(context, Audit::Side::Twins)
    {
    }

    Result<ConformityOutput> run()
    {
        const auto before = standing();
        if (!before) return before.error();
        report(*before, m_firstStep, "before alignment");
        for (int round = 1; round <= settings().rounds; ++round) {
            const spec::Experiment& experiment = m_context.spec.experiment;
            if (round > 1)
                m_context.meter.extend(discoveryWork(experiment) +
                                       alignmentWork(experiment, m_context.ladder.at(m_input.rung)));
            if (const auto done = oneRound(round); !done) return done.error();
            if (round == settings().rounds) break;
            // The twins are asked once, at the end: a search that stops when they look good would flatter itself.
            const auto seen = m_seen.ask(policy());
            if (!seen) return seen.error();
            if (seen->harm.high <= settings().harmMost) break;
        }
        const auto after = standing();
        if (!after) return after.error();
        report(*after, *m_record.lastStep, "after alignment");
        m_context.sink.estimate({"utility/competence", *m_record.lastStep, after->utility});
        const GateOutcome gate = passGate(m_context, m_input.generation, *before, *after, m_record);
        return ConformityOutput{.passed = gate.passed, .sentence = gate.sentence, .hazards = std::move(m_hazards)};
    }

private:
    const spec::Conformity& settings() const { return m_context.spec.experiment.conformity; }
    Policy policy() const { return {m_context, m_model, m_input.rung}; }
    std::string generationText() const { return "generation " + std::to_string(m_input.generation); }

    Result<Standing> standing() const
    {
        m_context.meter.advance(0, generationText() + ": audit", *m_record.lastStep, 0);
        Standing now;
        for (const auto& [audit, answers] : {std::pair{&m_seen, &now.seen}, std::pair{&m_twins, &now.twins}}) {
            auto asked = audit->ask(policy());
            if (!asked) return asked.error();
            *answers = std::move(*asked);
        }
        if (const auto measured = measureUtility(policy(), newestOf(m_input.predecessors), now); !measured)
            return measured.error();
        return now;
    }

    void report(const Standing& now, std::int64_t step, const char* when) const
    {
        reportStanding(m_context, m_input.generation, now, step, when);
    }

    void stage(events::StageKind kind, events::StageState state, std::int64_t step, const std::string& input,
               const std::string& output, const std::string& note) const
    {
        reportStage(m_context, m_input.generation, {kind, state, step, input, output, note});
    }

    /// Finds hazards of the model as it is now, and teaches what should have been done.
    Result<void> oneRound(int round)
    {
        auto found = discovery(round);
        if (!found) return found.error();
        std::string note = "No hazard was found: there was nothing to teach.";
        stage(events::StageKind::Alignment, events::StageState::Running, *m_record.lastStep, m_found, {}, {});
        if (!found->hazards.empty()) {
            auto taught = alignment(round, found->hazards);
            if (!taught) return taught.error();
            note = std::move(*taught);
        } else
            m_context.meter.advance(alignmentWork(m_context.spec.experiment, m_context.ladder.at(m_input.rung)),
                                    generationText() + ": nothing to align", *m_record.lastStep, 0);
        for (events::EpisodeRecord& episode : found->records)
            complete(episode, found->hazards);
        m_hazards.insert(m_hazards.end(), found->hazards.begin(), found->hazards.end());
        const auto saved = m_model.save(m_context.alignedWeightsOf(m_input.generation));
        if (!saved) return saved.error();
        if (const auto kept = writeHazards(m_context.hazardsOf(m_input.generation), m_hazards); !kept) return kept;
        m_record.alignedHash = *saved;
        stage(events::StageKind::Alignment, events::StageState::Finished, *m_record.lastStep, m_found, *saved, note);
        return {};
    }

    Result<Discovery> discovery(int round)
    {
        const std::int64_t step = *m_record.lastStep;
        const std::string& input = round == 1 ? m_record.checkpointHash : m_record.alignedHash;
        stage(events::StageKind::Discovery, events::StageState::Running, step, input, {}, {});
        auto found = discover(policy(), {.generation = m_input.generation,
                                         .round = round,
                                         .firstEpisode = m_episodes + 1,
                                         .step = step,
                                         .work = discoveryWork(m_context.spec.experiment)});
        if (!found) return found.error();
        m_episodes += found->episodes;
        std::string where;
        if (found->inCells > 0)
            where = " " + std::to_string(found->inCells) + " were played in sandbox cells; " +
                    std::to_string(found->disagreements) + " outcomes differ from the simulation.";
        if (!found->simulatedBecause.empty())
            m_context.sink.event({.kind = "sandbox.degraded",
                                  .generation = m_input.generation,
                                  .step = step,
                                  .sentence = "Episodes are simulated, because no sandbox cell can be started: " +
                                              found->simulatedBecause,
                                  .detailsJson = {}});
        const std::string words =
            reportCoverage(m_context, m_input.generation, step,
                           {.round = round,
                            .hazards = found->hazards.size(),
                            .episodes = found->episodes,
                            .coverage = found->coverage,
                            .details = {{"in_cells", found->inCells}, {"disagreements", found->disagreements}},
                            .more = where});
        std::string names;
        for (const Hazard& hazard : found->hazards)
            names += hazard.episode + "," + data::itemName(data::itemNumber(hazard.item)) + ";";
        m_found = sha256(names);
        stage(events::StageKind::Discovery, events::StageState::Finished, step, input, m_found, words);
        return found;
    }

    /// What was done, for the stage's note.
    Result<std::string> alignment(int round, std::vector<Hazard>& hazards)
    {
        const auto panel = agreeOnSafeBehaviours(policy(), m_input.predecessors, m_input.generation, round, hazards);
        if (!panel) return panel.error();
        reportVotes(*panel, hazards);
        reportPeople(*panel, round, hazards.size());
        std::vector<Hazard> past = m_input.past;
        past.insert(past.end(), m_hazards.begin(), m_hazards.end());
        const auto work = align(m_context, m_model,
                                {.generation = m_input.generation,
                                 .round = round,
                                 .rung = m_input.rung,
                                 .firstStep = *m_record.lastStep,
                                 .hazards = hazards,
                                 .past = past,
                                 .work = alignmentWork(m_context.spec.experiment, m_context.ladder.at(m_input.rung))});
        if (!work) return work.error();
        m_record.lastStep = work->lastStep;
        m_record.flops = m_record.flops.value_or(0) + work->flops;
        return "Round " + std::to_string(round) + ": " + std::to_string(work->taught) + " hazards taught (" +
               std::to_string(panel->anchors.items.size()) + " by a person's verdict), " +
               std::to_string(work->replayedPast) + " past ones and " + std::to_string(work->replayedCompetence) +
               " benign items replayed, " + std::to_string(work->preferred) + " preferences, " +
               std::to_string(panel->unsafe) + " left out because their sources agree on a hazard.";
    }

    /// The episode goes to the store once it is known what should have been done.
    void complete(events::EpisodeRecord& episode, const std::vector<Hazard>& hazards) const
    {
        if (episode.severity)
            for (const Hazard& hazard : hazards)
                if (hazard.episode == episode.key && hazard.behaviour >= 0) {
                    episode.safeBehaviour =
                        m_context.task.environment()->actions()[static_cast<std::size_t>(hazard.behaviour)];
                    episode.safeBehaviourSource = "safe: " + hazard.source;
                }
        m_context.sink.episode(episode);
    }

    /// Where the person's verdicts come from, if from people.
    void reportPeople(const SafePanel& panel, int round, std::size_t hazards) const
    {
        if (panel.peopleHash.empty()) return;
        const std::size_t anchored = panel.anchors.items.size();
        m_context.sink.event({.kind = kPeopleEvent,
                              .generation = m_input.generation,
                              .step = *m_record.lastStep,
                              .sentence = "Round " + std::to_string(round) + ": people's verdicts anchor " +
                                          std::to_string(anchored) + " of " + std::to_string(hazards) +
                                          " hazards and dismiss " + std::to_string(panel.dismissed) +
                                          "; nobody has judged the others.",
                              .detailsJson = ordered_json{{"round", round},
                                                          {"file", settings().personFile},
                                                          {"sha256", panel.peopleHash},
                                                          {"hazards", hazards},
                                                          {"anchored", anchored},
                                                          {"dismissed", panel.dismissed}}
                                                 .dump()});
    }

    void reportVotes(const SafePanel& panel, const std::vector<Hazard>& hazards) const
    {
        events::VoteRecord votes;
        votes.generation = m_input.generation;
        votes.kind = "conformity";
        for (const Hazard& hazard : hazards)
            votes.items.push_back(data::itemNumber(hazard.item));
        for (const signals::SourceVotes& source : panel.table.sources) {
            votes.source = "safe: " + source.name;
            votes.labels = source.labels;
            votes.probabilities = source.probabilities;
            m_context.sink.votes(votes);
        }
        votes.source = "safe: person";
        votes.items.clear();
        for (const std::size_t place : panel.anchors.items)
            votes.items.push_back(data::itemNumber(hazards[place].item));
        votes.labels = panel.anchors.truth;
        votes.probabilities.clear();
        m_context.sink.votes(votes);
    }

    const StageContext& m_context;
    const ConformityInput& m_input;
    engine::TunedModel& m_model;
    events::GenerationRecord& m_record;
    const std::int64_t m_firstStep;
    Audit m_seen;
    Audit m_twins;
    std::vector<Hazard> m_hazards; ///< of all rounds
    int m_episodes = 0;
    std::string m_found; ///< names the newest round's hazards
};

} // namespace

Result<ConformityOutput> runConformity(const StageContext& context, const ConformityInput& input,
                                       engine::TunedModel& model, events::GenerationRecord& record)
{
    return Conformity(context, input, model, record).run();
}

} // namespace gradus::pipeline
