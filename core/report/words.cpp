// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/words.h"

#include <cmath>
#include <cstdio>

namespace gradus::report {

std::string fixedText(double value, int decimals, bool sign)
{
    char text[64];
    if (decimals < 0)
        std::snprintf(text, sizeof text, "%.2e", std::abs(value));
    else
        std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    return (std::signbit(value) && value != 0 ? "\u2212" : sign ? "+" : "") + std::string(text);
}

std::string estimateText(const Estimate& estimate, int decimals, bool sign)
{
    std::string text = fixedText(estimate.value, decimals, sign);
    if (estimate.n > 1)
        text +=
            " [" + fixedText(estimate.low, decimals, sign) + ",\u00a0" + fixedText(estimate.high, decimals, sign) + "]";
    return text;
}

std::string pText(double p)
{
    return p < 0.001 ? "p\u00a0<\u00a00.001" : "p\u00a0=\u00a0" + fixedText(p, 3);
}

std::string titleOf(const compare::FinalMetric& metric)
{
    const std::string unit = metric.unit;
    return std::string(metric.label) + (unit.empty() ? "" : ", " + unit);
}

std::string counted(std::size_t number, const std::string& thing)
{
    return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

} // namespace gradus::report
