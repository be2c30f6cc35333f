// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/figures.h"

#include "base/text.h"

#include <cstdio>

namespace gradus::app {

bool hasInterval(const Estimate& estimate)
{
    return estimate.n > 1 || estimate.low < estimate.high;
}

std::string figureText(const std::optional<Estimate>& estimate, int decimals)
{
    if (!estimate) return "–";
    if (!hasInterval(*estimate)) return fixedText(estimate->value, decimals) + " (one)";
    return fixedText(estimate->value, decimals) + " [" + fixedText(estimate->low, decimals) + ", " +
           fixedText(estimate->high, decimals) + "]";
}

nlohmann::json figureJson(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    nlohmann::json made{{"value", estimate->value}, {"low", nullptr}, {"high", nullptr}, {"n", estimate->n}};
    if (hasInterval(*estimate)) {
        made["low"] = estimate->low;
        made["high"] = estimate->high;
    }
    return made;
}

std::string figureCsv(const std::optional<Estimate>& estimate)
{
    if (!estimate) return ",,,";
    const std::string interval =
        hasInterval(*estimate) ? numberText(estimate->low) + "," + numberText(estimate->high) : std::string(",");
    return numberText(estimate->value) + "," + interval + "," + std::to_string(estimate->n);
}

void printJson(const nlohmann::json& document)
{
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

} // namespace gradus::app
