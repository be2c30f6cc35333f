// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/gap_controller.h"

#include "base/text.h"
#include "schedule/curve.h"

#include <cmath>
#include <cstdio>

namespace gradus::controller {

namespace {

std::string twoDigits(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string nameOf(const GapState& state, int rung)
{
    const auto index = static_cast<std::size_t>(rung);
    return index < state.rungNames.size() ? state.rungNames[index] : "no. " + std::to_string(rung + 1);
}

/// Snaps what was wanted and puts it into words; origin says where the wish comes from ("drawn at 33 % of the run").
Decision place(const GapState& state, double wanted, const std::string& controller, const std::string& origin)
{
    Decision decision;
    decision.wanted = wanted;
    decision.rung = snapToLadder(state.capacities, state.rung, wanted);
    const double from = state.capacities[static_cast<std::size_t>(state.rung)];
    if (!decision.rung) {
        decision.sentence = "The ladder ends at rung " + nameOf(state, state.rung) + "; a gap of " + twoDigits(wanted) +
                            " (" + origin + ") has no rung to go to.";
    } else {
        decision.taken = state.capacities[static_cast<std::size_t>(*decision.rung)] - from;
        decision.sentence = "Gap " + twoDigits(decision.taken) + " taken (" + twoDigits(wanted) + " " + origin +
                            "): rung " + nameOf(state, *decision.rung) + " is the nearest above " +
                            nameOf(state, state.rung) + ".";
    }
    decision.detailsJson = "{\"controller\":\"" + controller + "\",\"wanted\":" + numberText(wanted) +
                           ",\"taken\":" + numberText(decision.taken) + ",\"capacity_from\":" + numberText(from) +
                           ",\"rung\":" + (decision.rung ? std::to_string(*decision.rung) : "null") +
                           ",\"generation\":" + std::to_string(state.generation) +
                           ",\"generations\":" + std::to_string(state.generations) + "}";
    return decision;
}

class FixedGap final : public GapController
{
public:
    explicit FixedGap(double value) : m_value(value) {}
    Decision nextGap(const GapState& state) const override { return place(state, m_value, "fixed", "fixed"); }

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
        const auto percent = static_cast<int>(std::lround(fraction * 100));
        return place(state, m_evaluator(fraction), "schedule", "drawn at " + std::to_string(percent) + " % of the run");
    }

private:
    schedule::Evaluator m_evaluator;
};

} // namespace

std::unique_ptr<GapController> makeController(const spec::Gap& gap)
{
    if (gap.controller == "fixed") return std::make_unique<FixedGap>(gap.value);
    return std::make_unique<DrawnGap>(gap.curve);
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
