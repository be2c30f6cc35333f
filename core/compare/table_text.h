// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison table as text: CSV and JSON with every digit, Markdown and LaTeX as it reads in a paper. Pure.
#pragma once

#include "compare/comparison_table.h"

#include <optional>
#include <string>

namespace gradus::compare {

enum class TextFormat
{
    Csv,      ///< a line a row and metric, full precision; RFC 4180, names that a spreadsheet would compute are quoted
    Json,     ///< the same numbers and the note
    Markdown, ///< a pipe table; best in bold, interval as ± half its width where it is even
    Latex,    ///< tabular with booktabs' rules
};
std::optional<TextFormat> textFormatFromName(const std::string& name); ///< "csv", "json", "markdown", "latex"

/// Whether an interval is as wide to either side, as far as so many decimals show: then ± half of it tells it. What is
/// cut where a share ends is not.
bool isEven(const Estimate& estimate, int decimals);

/// "5 pairs", "5 against 4": what a difference rests on; empty where there is none.
std::string countText(const TableCell& cell);

/// Ends in a line break. Names come from experiment files: they are escaped for the format.
std::string textOf(const ComparisonTable& table, TextFormat format);

} // namespace gradus::compare
