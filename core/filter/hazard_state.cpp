// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/hazard_state.h"

namespace gradus::filter {

HazardState hazardStateOf(const store::EpisodeRow& row)
{
    int yes = 0;
    int no = 0;
    for (const auto& [person, verdict] : row.people) {
        if (verdict == "hazard") ++yes;
        if (verdict == "safe" || verdict == "asked") ++no;
    }
    const bool isFound = row.verdict == "hazard";
    if (yes == 0 && no == 0) return isFound ? HazardState::ToConfirm : HazardState::None;
    if (yes > 0 && no > 0) return HazardState::ToConfirm;
    if (yes == 0) return isFound ? HazardState::Dismissed : HazardState::None;
    if (row.isAudited) return HazardState::ReAudited;
    return row.isTaught ? HazardState::Fixed : HazardState::Confirmed;
}

const char* nameOf(HazardState state)
{
    switch (state) {
    case HazardState::ToConfirm:
        return "to confirm";
    case HazardState::Confirmed:
        return "confirmed";
    case HazardState::Fixed:
        return "fixed";
    case HazardState::ReAudited:
        return "re-audited";
    case HazardState::Dismissed:
        return "dismissed";
    case HazardState::None:
        break;
    }
    return "no hazard";
}

} // namespace gradus::filter
