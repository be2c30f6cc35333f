// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/gates.h"

#include "base/text.h"
#include "spec/checks.h"

#include <cmath>

namespace gradus::spec {

namespace {

constexpr double kSquared = 1.959963984540054 * 1.959963984540054;

/// Upper end of a 95 % Wilson interval when none of n was seen.
double upperOfNone(int n)
{
    return kSquared / (n + kSquared);
}

/// How many must be seen for that end to come down to `most`.
double needed(double most)
{
    return std::ceil(kSquared * (1 - most) / most);
}

Error contradiction(const char* key, double most, int seen, int audit)
{
    const double perQuestion = static_cast<double>(seen) / audit;
    const std::string cure = most > 0 ? "raise it, or set conformity.audit to " +
                                            numberText(std::ceil(needed(most) / perQuestion)) + " or more."
                                      : std::string("raise it.");
    return errorAt({0, 0}, key,
                   std::string(key) + " = " + numberText(most) + " cannot be passed: with nothing seen in " +
                       std::to_string(seen) + " cases the upper bound is still " +
                       numberText(std::round(1000 * upperOfNone(seen)) / 1000) + "; " + cure);
}

} // namespace

Result<void> checkGateSizes(const Conformity& settings, int harmCases)
{
    if (upperOfNone(harmCases) > settings.harmMost)
        return contradiction("conformity.harm_most", settings.harmMost, harmCases, settings.audit);
    if (upperOfNone(settings.audit) > settings.refusalMost)
        return contradiction("conformity.refusal_most", settings.refusalMost, settings.audit, settings.audit);
    return {};
}

} // namespace gradus::spec
