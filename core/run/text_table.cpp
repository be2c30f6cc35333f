// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/text_table.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace gradus::run {

std::string figureCell(const std::optional<Estimate>& estimate, int decimals, bool sign)
{
    if (!estimate || !std::isfinite(estimate->value)) return "–";
    const auto figure = [&](double number) { return fixedText(number, decimals); };
    const std::string value = fixedText(estimate->value, decimals, sign);
    if (estimate->n < 2) return value;
    if (figure(estimate->high - estimate->value) != figure(estimate->value - estimate->low))
        return value + " [" + fixedText(estimate->low, decimals, sign) + ", " +
               fixedText(estimate->high, decimals, sign) + "]";
    return value + " ±" + figure((estimate->high - estimate->low) / 2);
}

std::string aligned(const std::vector<std::vector<std::string>>& lines, std::size_t words)
{
    std::vector<std::size_t> widths;
    for (const auto& line : lines) {
        widths.resize(std::max(widths.size(), line.size()));
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], characterCount(line[i]));
    }
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string padding(widths[i] - characterCount(line[i]), ' ');
            row += (i < words ? line[i] + padding : padding + line[i]) + (i + 1 < line.size() ? "  " : "");
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

} // namespace gradus::run
