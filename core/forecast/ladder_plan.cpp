// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/ladder_plan.h"

#include "base/text.h"

#include <cmath>

namespace gradus::forecast {

Result<LadderPlan> planLadder(const LadderWish& wish)
{
    if (!(wish.target > wish.start && wish.target <= 15))
        return badInput("The target of 10^" + numberText(wish.target) + " parameters is not above the first rung (10^" +
                        numberText(std::round(wish.start * 100) / 100) +
                        ") or is beyond 10^15: choose --target between them.");
    if (!(wish.gap > 0) || (wish.target - wish.start) / wish.gap > kMostPlannedRungs)
        return badInput("A gap of " + numberText(wish.gap) + " asks for more than " +
                        std::to_string(kMostPlannedRungs) + " rungs: choose a larger --gap.");
    if (!(wish.tokensPerParameter > 0 && wish.tokens.value_or(1) > 0 && wish.hourFlop > 0 &&
          wish.hourPrice.value_or(0) >= 0))
        return badInput(
            "Tokens and operations must be above 0 and the price must not be negative: correct the option.");
    LadderPlan plan;
    // A hair less, so that a distance of exactly n gaps is n steps and not n + 1 by rounding.
    const auto steps = static_cast<int>(std::ceil((wish.target - wish.start) / wish.gap - 1e-9));
    plan.step = (wish.target - wish.start) / steps;
    for (int i = 0; i <= steps; ++i) {
        PlannedRung rung{.capacity = wish.start + plan.step * i, .parameters = 0, .flop = 0};
        rung.parameters = std::pow(10.0, rung.capacity);
        rung.flop = 6 * rung.parameters * wish.tokens.value_or(wish.tokensPerParameter * rung.parameters);
        plan.flop += rung.flop;
        plan.rungs.push_back(rung);
    }
    plan.hours = plan.flop / wish.hourFlop;
    if (wish.hourPrice) plan.cost = plan.hours * *wish.hourPrice;
    return plan;
}

} // namespace gradus::forecast
