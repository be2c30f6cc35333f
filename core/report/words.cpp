// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/words.h"

#include "base/text.h"

#include <cmath>
#include <ctime>
#include <string_view>

namespace gradus::report {

std::string typeset(double value, int decimals, bool sign)
{
    if (std::isnan(value)) return "NaN";
    std::string text = std::isinf(value) ? (value < 0 ? "-∞" : "∞") : fixedText(value, decimals, sign);
    if (text.front() == '-') text.replace(0, 1, "\u2212");
    return text;
}

std::string timeText(double wall)
{
    const auto seconds = static_cast<std::time_t>(wall);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
    return text;
}

std::string dateText(double wall)
{
    return timeText(wall).substr(0, std::string_view("2026-11-29").size());
}

std::string estimateText(const Estimate& estimate, int decimals, bool sign)
{
    std::string text = typeset(estimate.value, decimals, sign);
    if (estimate.n > 1)
        text += " [" + typeset(estimate.low, decimals, sign) + ",\u00a0" + typeset(estimate.high, decimals, sign) + "]";
    return text;
}

std::string pText(double p)
{
    return p < 0.001 ? "p\u00a0<\u00a00.001" : "p\u00a0=\u00a0" + typeset(p, 3);
}

std::string titleOf(const compare::FinalMetric& metric)
{
    const std::string unit = metric.unit;
    return std::string(metric.label) + (unit.empty() ? "" : ", " + unit);
}

} // namespace gradus::report
