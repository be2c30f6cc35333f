// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers are written with to_chars, which no locale can change.
#include "signatures/verdict.h"

#include "signatures/verdict_impl.h"

#include <array>
#include <charconv>

namespace gradus::signatures {

namespace {

std::string signedText(double value, int decimals)
{
    const std::string text = fixedText(value, decimals);
    return text.front() == '-' ? text : "+" + text;
}

} // namespace

std::string fixedText(double value, int decimals)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    if (end.ec != std::errc()) return "a number too large to write";
    std::string written(text.data(), end.ptr);
    // A rounded -0.00 would claim a direction that is not there.
    const bool isZero = written.find_first_of("123456789") == std::string::npos;
    return isZero && written.front() == '-' ? written.substr(1) : written;
}

std::string percent(double share)
{
    return fixedText(share * 100, 1) + " %";
}

std::string points(const Estimate& difference)
{
    return signedText(difference.value * 100, 1) + " points [" + signedText(difference.low * 100, 1) + ", " +
           signedText(difference.high * 100, 1) + "]";
}

std::string change(const Estimate& relative)
{
    return signedText(relative.value * 100, 0) + " % [" + signedText(relative.low * 100, 0) + ", " +
           signedText(relative.high * 100, 0) + "]";
}

Json jsonOf(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

Verdict noFigure(const std::string& kind, const std::string& statistic, double threshold, const std::string& subject,
                 const std::string& reason)
{
    Verdict verdict{kind, false, statistic, {}, threshold, "No figure for " + subject + ": " + reason + ".", {}};
    verdict.detailsJson = Json{{"reason", reason}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    return verdict;
}

} // namespace gradus::signatures
