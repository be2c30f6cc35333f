// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/gate.h"

#include "controller/placing.h"

#include <utility>

namespace gradus::controller {

namespace {

constexpr double kCollapsed = 0.5; ///< of A_1's label entropy

class Gated final : public GapController
{
public:
    Gated(std::unique_ptr<GapController> controller, const spec::Gap& gap)
        : m_controller(std::move(controller)), m_gap(gap)
    {
    }
    Decision nextGap(const GapState& state) const override { return m_controller->nextGap(state); }
    Judgement judge(const GapState& state) const override { return competenceGate(m_gap, state); }
    bool forecasts() const override { return m_controller->forecasts(); }

private:
    std::unique_ptr<GapController> m_controller;
    spec::Gap m_gap;
};

} // namespace

Judgement competenceGate(const spec::Gap& gap, const GapState& state)
{
    const Attempt& attempt = state.history.back();
    const std::string name =
        "Generation " + std::to_string(attempt.generation) + " (rung " + rungName(state, attempt.rung) + ")";
    if (attempt.gain && attempt.gain->value < -gap.rejectAt * standardError(*attempt.gain))
        return {false, name + " was rolled back: on the anchors it is " + twoDigits(-attempt.gain->value) +
                           " below its supervisor, more than " + twoDigits(gap.rejectAt) + " standard errors of " +
                           twoDigits(standardError(*attempt.gain)) + "."};
    if (attempt.diversity && *attempt.diversity < kCollapsed)
        return {false, name + " was rolled back: the entropy of its answers fell to " +
                           percentText(*attempt.diversity) + " of the first generation's."};
    return {true, name + " was kept."};
}

std::unique_ptr<GapController> gated(std::unique_ptr<GapController> controller, const spec::Gap& gap)
{
    return std::make_unique<Gated>(std::move(controller), gap);
}

} // namespace gradus::controller
