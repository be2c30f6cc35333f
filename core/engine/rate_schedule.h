// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate of each step: linear warm-up, then a decay.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace gradus::engine {

/// How a rate falls after its peak. Immutable.
class Decay final
{
public:
    enum Kind
    {
        Cosine, ///< half a cosine down to 0
        Linear, ///< straight down to 0
        Constant,
        WarmupStableDecay, ///< constant, then straight down to 0 over the last fifth of all steps
        Drawn,
    };
    Decay(Kind kind) : m_kind(kind) {} // NOLINT(google-explicit-constructor): a named decay is nothing but its kind
    /// The factor is what the function says: of 0 for the first step after warm-up, of 1 for the last. Pure, 0 or more.
    explicit Decay(std::function<double(double)> drawn) : m_kind(Drawn), m_drawn(std::move(drawn)) {}

    Kind kind() const { return m_kind; }
    /// Drawn alone; x in 0..1.
    double drawnAt(double x) const { return m_drawn(x); }

private:
    Kind m_kind;
    std::function<double(double)> m_drawn;
};

/// "cosine" | "linear" | "constant" | "wsd"; anything else is bad input. "drawn" takes the function.
Result<Decay> decayOf(const std::string& name, const std::function<double(double)>& drawn = {});

/// Factor in (0, 1] on the peak rate for a 1-based step of totalSteps, a drawn one's in [0, 1]; warmup is the fraction
/// of steps that rise. Pure.
double rateFactor(std::int64_t step, std::int64_t totalSteps, double warmup, const Decay& decay);

} // namespace gradus::engine
