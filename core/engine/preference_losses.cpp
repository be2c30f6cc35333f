// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preference_losses.h"

#include <cmath>

namespace gradus::engine {

namespace {

/// -log s(z) without overflow.
double minusLogLogistic(double z)
{
    return z >= 0 ? std::log1p(std::exp(-z)) : std::log1p(std::exp(z)) - z;
}

} // namespace

Result<PreferenceLoss::Kind> preferenceLossOf(const std::string& name)
{
    if (name == "sigmoid") return PreferenceLoss::Kind::Sigmoid;
    if (name == "conservative") return PreferenceLoss::Kind::Conservative;
    if (name == "robust") return PreferenceLoss::Kind::Robust;
    return badInput("The preference loss \"" + name + "\" is not known; use sigmoid, conservative or robust.");
}

Result<void> checkPreferenceLoss(const PreferenceLoss& loss)
{
    if (!(loss.beta > 0) || !std::isfinite(loss.beta)) return badInput("The preference loss needs a beta above 0.");
    if (!(loss.smoothing >= 0 && loss.smoothing < 0.5))
        return badInput("The preference loss needs a smoothing from 0 to below 0.5.");
    return {};
}

PreferenceWeights weightsOf(const PreferenceLoss& loss)
{
    const double e = loss.smoothing;
    switch (loss.kind) {
    case PreferenceLoss::Kind::Conservative:
        return {1 - e, e};
    case PreferenceLoss::Kind::Robust:
        return {(1 - e) / (1 - 2 * e), -e / (1 - 2 * e)};
    case PreferenceLoss::Kind::Sigmoid:
        break;
    }
    return {1, 0};
}

double preferenceLoss(const PreferenceLoss& loss, double z)
{
    const PreferenceWeights weights = weightsOf(loss);
    return weights.held * minusLogLogistic(z) + weights.flipped * minusLogLogistic(-z);
}

} // namespace gradus::engine
