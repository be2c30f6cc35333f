// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/number_options.h"

#include "base/text.h"

namespace gradus::app {

namespace {

CLI::Validator bounded(const std::string& bounds, bool (*holds)(double, double), double least, double most)
{
    const auto check = [=](const std::string& text) -> std::string {
        double value = 0;
        if (CLI::detail::lexical_cast(text, value) && holds(value, least) && value <= most) return {};
        return "\"" + visible(text, 40) + "\" is no number " + bounds + ".";
    };
    return CLI::Validator(check, "NUMBER " + bounds);
}

} // namespace

CLI::Validator numberFrom(double least, double most)
{
    return bounded(
        "from " + numberText(least) + " to " + numberText(most),
        [](double value, double bound) { return value >= bound; }, least, most);
}

CLI::Validator numberAbove(double least, double most)
{
    return bounded(
        "above " + numberText(least) + " and at most " + numberText(most),
        [](double value, double bound) { return value > bound; }, least, most);
}

} // namespace gradus::app
