// SPDX-License-Identifier: GPL-3.0-or-later
// Direct preference optimisation: the losses of a margin between a chosen and a rejected response, beside a reference.
#pragma once

#include "base/result.h"

#include <string>

namespace gradus::engine {

/// z = beta ((log pi(y+) - log pi(y-)) - (log ref(y+) - log ref(y-))), e = smoothing, s = logistic function:
///   sigmoid       -log s(z)                                          Rafailov et al., arXiv 2305.18290
///   conservative  -(1 - e) log s(z) - e log s(-z)                    Mitchell, "cDPO", 2023
///   robust        (-(1 - e) log s(z) + e log s(-z)) / (1 - 2 e)      Chowdhury et al., arXiv 2403.00409
struct PreferenceLoss
{
    enum class Kind
    {
        Sigmoid,
        Conservative, ///< a share e of the preferences is held for wrong
        Robust,       ///< unbiased under a share e of flipped preferences
    };
    Kind kind = Kind::Sigmoid;
    double beta = 0.1;      ///< above 0: how closely the reference is kept to
    double smoothing = 0.1; ///< e, in [0, 0.5); not read by sigmoid
};

/// "sigmoid", "conservative" or "robust"; anything else is bad input.
Result<PreferenceLoss::Kind> preferenceLossOf(const std::string& name);
/// Numbers out of range are bad input.
Result<void> checkPreferenceLoss(const PreferenceLoss& loss);

/// loss = held x (-log s(z)) + flipped x (-log s(-z)): the two weights of the kind.
struct PreferenceWeights
{
    double held = 1;
    double flipped = 0;
};
PreferenceWeights weightsOf(const PreferenceLoss& loss);
/// Of one pair, in nats; z is the scaled margin above.
double preferenceLoss(const PreferenceLoss& loss, double z);

} // namespace gradus::engine
