// SPDX-License-Identifier: GPL-3.0-or-later
// The experimenter's own truth: measures generations on the anchors and forecasts rungs, so that controllers decide on
// what a user of weak supervision would really have. Nothing of it reaches a trainer.
#pragma once

#include "controller/gap_controller.h"
#include "pipeline/stage_context.h"
#include "pipeline/supervision.h"
#include "pipeline/supervisor.h"

#include <optional>
#include <vector>

namespace gradus::pipeline {

/// One desk a run; used in its thread.
class AnchorDesk final
{
public:
    explicit AnchorDesk(const StageContext& context); ///< reads no model; without anchors every measurement is empty

    bool hasAnchors() const { return !m_truth.empty(); }
    const std::vector<int>& truth() const { return m_truth; }

    /// Fills what can be known of a trained generation; its supervisor is the one kept last.
    Result<void> measure(const engine::TunedModel& model, controller::Attempt& attempt);
    /// The measured generation becomes the supervisor that later ones are compared with.
    void keep();

    /// What heads on the frozen bodies of every rung above the given one would reach, taught by this supervisor on the
    /// next pool.
    /// flops: what that costs, by the same formula as training.
    struct Forecasts
    {
        std::vector<controller::Forecast> rungs;
        double flops = 0;
    };
    Result<Forecasts> forecast(const Supervisor& supervisor, int rung, int nextGeneration) const;

private:
    Result<controller::Forecast> forecastOf(int rung, const data::ItemSet& pool, const Opinions& opinions,
                                            int nextGeneration) const;

    const StageContext& m_context;
    data::ItemSet m_anchors;
    std::vector<int> m_truth;
    std::vector<int> m_measured;          ///< labels of the model measured last
    std::vector<int> m_kept;              ///< and of the supervisor
    std::optional<double> m_firstEntropy; ///< of A_1's mean prediction
};

/// Series noise/estimate, noise/upper and anchors/utility at the attempt's last step.
void reportAttempt(events::EventSink& sink, const controller::Attempt& attempt, std::int64_t step);

} // namespace gradus::pipeline
