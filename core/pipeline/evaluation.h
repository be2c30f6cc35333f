// SPDX-License-Identifier: GPL-3.0-or-later
// Held-out evaluation of one generation beside its teacher and its ceiling. Formulas: evals/metrics.h.
#pragma once

#include "base/interval.h"
#include "events/event_sink.h"
#include "pipeline/competence_stage.h"
#include "pipeline/stage_context.h"
#include "pipeline/supervision.h"
#include "signatures/verdict.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

enum class Depth
{
    Quick, ///< while training: no bootstrap
    Full,  ///< at the end of a generation: with PGR
};

struct Scores
{
    Estimate utility;
    std::optional<Estimate> weak;
    std::optional<Estimate> ceiling;
    std::optional<Estimate> pgr;
    std::string pgrRefusal; ///< why there is no PGR
    std::optional<Estimate> imitation;
    std::optional<Estimate> excessImitation;
    std::optional<Estimate> memorisation;
    Estimate trainNoisy;     ///< training items, against the labels it was taught
    Estimate trainClean;     ///< training items, against truth
    double labelEntropy = 0; ///< mean entropy of the held-out predictions, nats
    Opinions held;           ///< the held-out predictions themselves
};

/// What linear probes read off the two bases; see salience_probe.h. For the diagnosis alone.
struct Salience
{
    std::optional<Estimate> before = {}; ///< the predecessor's
    std::optional<Estimate> now = {};
};

/// Holds what stays the same during a generation (truth, the supervisor's and the ceiling's answers).
class Evaluation final
{
public:
    /// References must outlive the evaluation.
    Evaluation(const StageContext& context, const Supervision& taught, const CompetenceInput& input);

    Result<void> prepare(); ///< reads the held-out set and asks the supervisor and the predecessor
    /// Asks the ceiling and reports its utility as a level from the generation's first own step on.
    Result<void> setCeiling(const engine::TunedModel& ceiling, std::int64_t firstStep);
    const std::vector<int>& ceilingLabels() const { return m_ceilingLabels; } ///< empty before setCeiling()
    const std::string& items() const { return m_fingerprint; } ///< of the held-out set; empty before prepare()
    Result<Scores> score(const engine::TunedModel& student, Depth depth) const;
    /// What the detectors of failed supervision say of a trained student by its last scores; none without a supervisor
    /// or without a ceiling. Imitation is of whoever labelled; collapse and salience are a generation's against its
    /// predecessor, whoever labelled. utility: held-out, by step, while it was trained.
    std::vector<signatures::Verdict> verdicts(const Scores& scores, const std::map<std::int64_t, double>& utility,
                                              const Salience& salience = {}) const;

private:
    Result<void> askPredecessor(const Labels& labels, const data::ItemSet& test);
    bool isSupervised() const { return m_input.supervisor != nullptr && !m_labelled.empty(); }

    const StageContext& m_context;
    const Supervision& m_taught;
    const CompetenceInput& m_input;
    std::vector<std::vector<engine::Tokens>> m_items;
    std::vector<int> m_truth;
    std::string m_fingerprint;
    /// Places of the held-out items that the supervisor labelled: all that is said of it is said of these.
    std::vector<std::size_t> m_labelled;
    std::vector<int> m_labelledTruth;
    Opinions m_supervisor;            ///< of the labelled ones
    Opinions m_predecessor;           ///< of all; empty without a predecessor
    std::vector<int> m_ceilingLabels; ///< of all
};

/// Every figure becomes a point of its series ("signature/non_saliency"), and fired verdicts events of their own kind.
void reportVerdicts(events::EventSink& sink, const std::vector<signatures::Verdict>& verdicts, int generation,
                    std::int64_t step);
/// Series of a running generation.
void reportScores(events::EventSink& sink, const Scores& scores, std::int64_t step);
/// Series that exist once a generation (ceiling, PGR, excess imitation).
void reportFinalScores(events::EventSink& sink, const Scores& scores, std::int64_t step);

} // namespace gradus::pipeline
