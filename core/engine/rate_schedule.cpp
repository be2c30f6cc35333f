// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rate_schedule.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::engine {

namespace {

constexpr double kFallingShare = 0.2; ///< of WarmupStableDecay

} // namespace

Result<Decay> decayOf(const std::string& name, const std::function<double(double)>& drawn)
{
    if (name == "cosine") return Decay(Decay::Cosine);
    if (name == "linear") return Decay(Decay::Linear);
    if (name == "constant") return Decay(Decay::Constant);
    if (name == "wsd") return Decay(Decay::WarmupStableDecay);
    if (name == "drawn" && drawn) return Decay(drawn);
    return badInput("The learning-rate decay \"" + visible(name, 40) +
                    "\" is unknown; use \"cosine\", \"linear\", \"constant\" or \"wsd\".");
}

double rateFactor(std::int64_t step, std::int64_t totalSteps, double warmup, const Decay& decay)
{
    const auto rising = static_cast<std::int64_t>(std::ceil(warmup * static_cast<double>(totalSteps)));
    if (step <= rising) return static_cast<double>(step) / static_cast<double>(rising);
    // The last step is still a step: progress stays below 1, so the factor stays above 0.
    const double progress = static_cast<double>(step - rising - 1) / static_cast<double>(totalSteps - rising);
    switch (decay.kind()) {
    case Decay::Cosine:
        return 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
    case Decay::Linear:
        return 1.0 - progress;
    case Decay::Constant:
        return 1.0;
    case Decay::WarmupStableDecay: {
        const auto falling = std::max(1.0, std::round(kFallingShare * static_cast<double>(totalSteps)));
        return std::min(1.0, static_cast<double>(totalSteps - step + 1) / falling);
    }
    case Decay::Drawn: {
        const std::int64_t last = totalSteps - rising - 1; // the first step after warm-up is 0
        return decay.drawnAt(last > 0 ? static_cast<double>(step - rising - 1) / static_cast<double>(last) : 0);
    }
    }
    return 1.0;
}

} // namespace gradus::engine
