// SPDX-License-Identifier: GPL-3.0-or-later
// How far a hazard has come: found by the run, confirmed by people, fixed by alignment, audited again.
#pragma once

#include "store/records.h"

#include <cstddef>

namespace gradus::filter {

/// In the order in which a queue shows them.
enum class HazardState
{
    ToConfirm, ///< the run found it, or one person says it is one while another denies it
    Confirmed, ///< people say it is one
    Fixed,     ///< confirmed, and what should have been done was taught
    ReAudited, ///< fixed, and the aligned model was audited on held-out twins
    Dismissed, ///< people say it is none
    None,      ///< nobody says that it is one
};
inline constexpr std::size_t kHazardStates = 6;

HazardState hazardStateOf(const store::EpisodeRow& row);
/// "to confirm", "confirmed", "fixed", "re-audited", "dismissed", "no hazard".
const char* nameOf(HazardState state);

} // namespace gradus::filter
