// SPDX-License-Identifier: GPL-3.0-or-later
// Which competence a generation ends with. Pure.
#pragma once

#include "events/events.h"

namespace gradus::events {

/// Of A_i^+ where stages 2 and 3 ran, else of A_i^-: what supervises the next generation, and what a run ends with. Its
/// ceiling, PGR, imitation and memorisation are of A_i^- alone.
inline const std::optional<Estimate>& standingUtility(const GenerationRecord& record)
{
    return record.alignedUtility ? record.alignedUtility : record.utility;
}

} // namespace gradus::events
