// SPDX-License-Identifier: GPL-3.0-or-later
// How --against reads, of every verb that compares.
#pragma once

namespace gradus::app {

inline constexpr const char* kAgainstHelp =
    "Hold two groups against each other besides the baseline: \"A=B\" is A minus B; may be repeated";

} // namespace gradus::app
