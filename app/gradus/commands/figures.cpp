// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/figures.h"

#include "base/text.h"

#include <cstdio>

namespace gradus::app {

std::string figureText(const std::optional<Estimate>& estimate, int decimals)
{
    if (!estimate) return "–";
    return fixedText(estimate->value, decimals) + " [" + fixedText(estimate->low, decimals) + ", " +
           fixedText(estimate->high, decimals) + "]";
}

nlohmann::json figureJson(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

std::string figureCsv(const std::optional<Estimate>& estimate)
{
    if (!estimate) return ",,,";
    return numberText(estimate->value) + "," + numberText(estimate->low) + "," + numberText(estimate->high) + "," +
           std::to_string(estimate->n);
}

void printJson(const nlohmann::json& document)
{
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

} // namespace gradus::app
