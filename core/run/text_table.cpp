// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/text_table.h"

#include <algorithm>
#include <cstdio>

namespace gradus::run {

namespace {

/// Display columns, not bytes: every code point of the table is one column wide.
std::size_t columnsOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

std::string fixed(double value, int digits, bool sign)
{
    char text[40];
    std::snprintf(text, sizeof text, sign ? "%+.*f" : "%.*f", digits, value);
    return text;
}

std::string cell(const std::optional<Estimate>& estimate, bool sign)
{
    if (!estimate) return "–";
    const double half = (estimate->high - estimate->low) / 2;
    return fixed(estimate->value, 3, sign) + " ±" + fixed(half, 3);
}

std::string aligned(const std::vector<std::vector<std::string>>& lines, std::size_t words)
{
    std::vector<std::size_t> widths(lines.front().size(), 0);
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], columnsOf(line[i]));
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string padding(widths[i] - columnsOf(line[i]), ' ');
            row += (i < words ? line[i] + padding : padding + line[i]) + (i + 1 < line.size() ? "  " : "");
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

} // namespace gradus::run
