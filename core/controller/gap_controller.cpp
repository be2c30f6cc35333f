// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/gap_controller.h"

#include "controller/gate.h"
#include "controller/placing.h"
#include "schedule/curve.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace gradus::controller {

namespace {

class FixedGap final : public GapController
{
public:
    explicit FixedGap(double value) : m_value(value) {}
    Decision nextGap(const GapState& state) const override { return place(state, m_value, "fixed", "fixed", {}); }

private:
    double m_value;
};

class DrawnGap final : public GapController
{
public:
    explicit DrawnGap(const schedule::Curve& curve) : m_evaluator(curve) {}
    Decision nextGap(const GapState& state) const override
    {
        const double fraction = scheduleFraction(state.generation, state.generations);
        return place(state, m_evaluator(fraction), "schedule", "drawn at " + percentText(fraction) + " of the run", {});
    }

private:
    schedule::Evaluator m_evaluator;
};

/// What the paper warns of: from the first teacher straight to the strongest model.
class DirectJump final : public GapController
{
public:
    Decision nextGap(const GapState& state) const override
    {
        return place(state, gapBounds(state).second, "jump", "the whole ladder", {});
    }
};

} // namespace

Judgement GapController::judge(const GapState&) const
{
    return {};
}

namespace {

std::unique_ptr<GapController> makePlacing(const spec::Gap& gap)
{
    if (gap.controller == "fixed") return std::make_unique<FixedGap>(gap.value);
    if (gap.controller == "jump") return std::make_unique<DirectJump>();
    if (gap.controller == "pi") return makePi(gap);
    if (gap.controller == "bandit") return makeBandit(gap);
    if (gap.controller == "adaptive") return makeTrustRegion(gap);
    return std::make_unique<DrawnGap>(gap.curve);
}

} // namespace

std::unique_ptr<GapController> makeController(const spec::Gap& gap)
{
    return spec::judges(gap) ? gated(makePlacing(gap), gap) : makePlacing(gap);
}

std::optional<int> snapToLadder(const std::vector<double>& capacities, int rung, double wanted)
{
    const double target = capacities[static_cast<std::size_t>(rung)] + wanted;
    std::optional<int> best;
    double bestDistance = 0;
    for (int i = rung + 1; i < static_cast<int>(capacities.size()); ++i) {
        const double distance = std::abs(capacities[static_cast<std::size_t>(i)] - target);
        if (!best || distance < bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

double scheduleFraction(int generation, int generations)
{
    return generations <= 2 ? 0.0 : static_cast<double>(generation - 1) / (generations - 2);
}

} // namespace gradus::controller
