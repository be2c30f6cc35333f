// SPDX-License-Identifier: GPL-3.0-or-later
// Text that came from outside, made fit to show; and numbers that do not depend on the locale.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// One character of UTF-8.
struct CodePoint
{
    char32_t value = 0;
    std::size_t length = 0; ///< in bytes; 0: the text does not begin with a well-formed sequence
};
/// The character with which a text that is not empty begins.
CodePoint firstCodePoint(std::string_view text);

/// How many characters a well-formed text has: what a terminal counts as columns.
std::size_t characterCount(std::string_view text);

/// Control characters, bidi controls and invalid UTF-8 become visible escapes (\x1b, \u202e); at most maxBytes, then
/// "…".
std::string visible(std::string_view untrusted, std::size_t maxBytes = 200);

/// The same without a limit, where line breaks and tabs stay: for text of many lines on a terminal.
std::string visibleLines(std::string_view untrusted);

/// Shortest text that reads back to the same double ("0.3", "1e-05", "nan", "inf"); the C locale always.
std::string numberText(double value);

/// With so many decimals ("0.305", with sign "+0.012"); fewer than 0: in powers of ten with two ("2.31e+10"). C locale.
std::string fixedText(double value, int decimals = 3, bool sign = false);

/// "5 seeds", "1 seed".
std::string counted(std::size_t number, std::string_view thing);

/// A field of a CSV file: RFC 4180 quoting, and a leading apostrophe where a spreadsheet would take it for a formula.
std::string csvField(std::string text);

/// The whole text must be one number in the C locale.
std::optional<double> parseNumber(std::string_view text);

/// The known word nearest to word by edit distance, if it is near enough to be a slip; else nothing.
std::optional<std::string> nearestWord(std::string_view word, const std::vector<std::string>& known);

} // namespace gradus
