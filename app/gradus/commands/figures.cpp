// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/figures.h"

#include "base/text.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace gradus::app {

namespace {

/// Characters as a terminal counts them, for text that visible() has made safe.
std::size_t widthOf(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string fixedText(double value, int decimals)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

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

std::string columnsText(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c == widths.size()) widths.push_back(0);
            widths[c] = std::max(widths[c], widthOf(row[c]));
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c)
            line += row[c] + std::string(c + 1 < row.size() ? widths[c] - widthOf(row[c]) + 2 : 0, ' ');
        text += line + "\n";
    }
    return text;
}

void printJson(const nlohmann::json& document)
{
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

} // namespace gradus::app
