// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace gradus {

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double monotonicSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) return "–";
    const auto total = static_cast<long long>(std::llround(seconds));
    char text[48];
    if (total < 60)
        std::snprintf(text, sizeof text, "%lld s", total);
    else if (total < 3600)
        std::snprintf(text, sizeof text, "%lld min %02lld s", total / 60, total % 60);
    else if (total < 100 * 3600)
        std::snprintf(text, sizeof text, "%lld h %02lld min", total / 3600, total / 60 % 60);
    else // nobody sees a year in 8,760 hours
        std::snprintf(text, sizeof text, "%lld days %02lld h", total / 86400, total / 3600 % 24);
    return text;
}

} // namespace gradus
