// SPDX-License-Identifier: GPL-3.0-or-later
// How a run says that its labels were made wrong on purpose.
#pragma once

namespace gradus::events {

/// details: {"source", "noise", "rate", "items", "wrong", "classes", "chance"} and, for noise "wrong-only",
/// "uninformative_rate".
inline constexpr const char* kNoiseEvent = "noise.injected";

} // namespace gradus::events
