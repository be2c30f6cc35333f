// SPDX-License-Identifier: GPL-3.0-or-later
// Built-in presets as the window calls them.
#pragma once

#include "schedule/presets.h"

#include <QString>

namespace gradus::viewmodels {

QString titleOf(schedule::Preset preset);

} // namespace gradus::viewmodels
