// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>

namespace gradus {

namespace {

/// Controls, what has no width of its own, what turns the direction of writing, and the tag characters, which are a
/// second alphabet that nobody sees.
bool mustShow(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x061C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

} // namespace

CodePoint firstCodePoint(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80) return {};
        value = (value << 6) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF) return {};
    return {value, length};
}

std::string visible(std::string_view untrusted, std::size_t maxBytes)
{
    std::string out;
    char escape[16];
    while (!untrusted.empty()) {
        if (out.size() >= maxBytes) return out + "…";
        const CodePoint decoded = firstCodePoint(untrusted);
        if (decoded.length == 0 || (decoded.value < 0x100 && mustShow(decoded.value))) {
            const auto byte = decoded.length == 0 ? static_cast<unsigned char>(untrusted[0]) : decoded.value;
            std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(byte));
            out += escape;
        } else if (mustShow(decoded.value)) {
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(decoded.value));
            out += escape;
        } else {
            out += untrusted.substr(0, decoded.length);
        }
        untrusted.remove_prefix(std::max<std::size_t>(decoded.length, 1));
    }
    return out;
}

std::string visibleLines(std::string_view untrusted)
{
    std::string out;
    while (!untrusted.empty()) {
        const std::size_t plain = std::min(untrusted.find_first_of("\n\t"), untrusted.size());
        out += visible(untrusted.substr(0, plain), std::string::npos);
        if (plain < untrusted.size()) out += untrusted[plain];
        untrusted.remove_prefix(std::min(plain + 1, untrusted.size()));
    }
    return out;
}

std::string numberText(double value)
{
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value);
    return {text, end.ptr};
}

std::optional<double> parseNumber(std::string_view text)
{
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::string> nearestWord(std::string_view word, const std::vector<std::string>& known)
{
    const auto distance = [&](std::string_view other) {
        std::vector<std::size_t> row(other.size() + 1);
        std::iota(row.begin(), row.end(), 0);
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= other.size(); ++j) {
                const std::size_t substituted = diagonal + (word[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
            }
        }
        return row.back();
    };
    std::optional<std::string> best;
    std::size_t bestDistance = std::max<std::size_t>(2, word.size() / 2);
    for (const std::string& candidate : known) {
        const std::size_t d = distance(candidate);
        if (d <= bestDistance && (!best || d < bestDistance)) {
            best = candidate;
            bestDistance = d;
        }
    }
    return best;
}

std::size_t characterCount(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string fixedText(double value, int decimals, bool sign)
{
    // Not snprintf: a window sets its user's locale, and a decimal comma would break what is read again.
    char text[400]; // the largest double has 309 digits before its point
    const auto end =
        decimals < 0 ? std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 2)
                     : std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, std::min(decimals, 40));
    const std::string_view written(text, static_cast<std::size_t>(end.ptr - text));
    return (sign && !std::signbit(value) ? "+" : "") + std::string(written);
}

std::string counted(std::size_t number, std::string_view thing)
{
    return std::to_string(number) + " " + std::string(thing) + (number == 1 ? "" : "s");
}

std::string csvField(std::string text)
{
    if (!text.empty() && std::string("=+-@\t\r").find(text.front()) != std::string::npos) text.insert(0, "'");
    if (text.find_first_of("\",\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace gradus
