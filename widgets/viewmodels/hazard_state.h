// SPDX-License-Identifier: GPL-3.0-or-later
// How far a hazard has come, in the language of the window.
#pragma once

#include "filter/hazard_state.h"

#include <QString>

namespace gradus::viewmodels {

using filter::HazardState;
using filter::hazardStateOf;
using filter::kHazardStates;

/// "to confirm", "confirmed", "fixed", "re-audited", "dismissed", "no hazard".
QString hazardStateText(HazardState state);

} // namespace gradus::viewmodels
