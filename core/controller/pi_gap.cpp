// SPDX-License-Identifier: GPL-3.0-or-later
// Proportional-integral control of the imitation rate: smooth and explainable, blind to salience.
#include "controller/placing.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace gradus::controller {

namespace {

/// log delta' = log delta + k_p (e - e_before) + k_i e with e = target - imitation, clipped to the ladder: the clipped
/// value is what the next step starts from, so nothing winds up.
class PiGap final : public GapController
{
public:
    explicit PiGap(const spec::Gap& gap) : m_gap(gap) {}

    Decision nextGap(const GapState& state) const override
    {
        const auto [least, most] = gapBounds(state);
        double delta = m_gap.value;
        double deltaBefore = delta;
        double before = 0;
        double errorBefore = 0;
        double error = 0;
        std::optional<Estimate> imitation;
        for (const Attempt& attempt : state.history) {
            if (!attempt.imitation) continue;
            imitation = attempt.imitation;
            error = m_gap.imitationTarget - imitation->value;
            deltaBefore = delta;
            errorBefore = before;
            delta *= std::exp(m_gap.proportional * (error - before) + m_gap.integral * error);
            if (most > 0) delta = std::clamp(delta, least, most);
            before = error;
        }
        // Enough to compute the wish again: delta = clamp(delta_before exp(k_p (error - error_before) + k_i error)).
        nlohmann::ordered_json terms{{"error", error},
                                     {"error_before", errorBefore},
                                     {"delta_before", deltaBefore},
                                     {"k_p", m_gap.proportional},
                                     {"k_i", m_gap.integral},
                                     {"least", least},
                                     {"most", most},
                                     {"imitation_target", m_gap.imitationTarget}};
        std::string origin = "to begin with";
        if (imitation) {
            terms["imitation"] = imitation->value;
            terms["anchors_with_wrong_supervisor"] = imitation->n;
            origin = "from an imitation rate of " + twoDigits(imitation->value) + " against the target " +
                     twoDigits(m_gap.imitationTarget);
        }
        return place(state, delta, "pi", origin, terms);
    }

private:
    spec::Gap m_gap;
};

} // namespace

std::unique_ptr<GapController> makePi(const spec::Gap& gap)
{
    return std::make_unique<PiGap>(gap);
}

} // namespace gradus::controller
