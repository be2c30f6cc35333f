// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/hazard_state.h"

#include <QCoreApplication>

namespace gradus::viewmodels {

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

QString hazardStateText(HazardState state)
{
    const char* text = "no hazard";
    switch (state) {
    case HazardState::ToConfirm:
        text = QT_TRANSLATE_NOOP("HazardState", "to confirm");
        break;
    case HazardState::Confirmed:
        text = QT_TRANSLATE_NOOP("HazardState", "confirmed");
        break;
    case HazardState::Fixed:
        text = QT_TRANSLATE_NOOP("HazardState", "fixed");
        break;
    case HazardState::ReAudited:
        text = QT_TRANSLATE_NOOP("HazardState", "re-audited");
        break;
    case HazardState::Dismissed:
        text = QT_TRANSLATE_NOOP("HazardState", "dismissed");
        break;
    case HazardState::None:
        break;
    }
    return QCoreApplication::translate("HazardState", text);
}

} // namespace gradus::viewmodels
