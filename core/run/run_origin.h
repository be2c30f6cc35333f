// SPDX-License-Identifier: GPL-3.0-or-later
// What this process is, for the history of a run that it takes.
#pragma once

#include "events/run_origin.h"

#include <string>

namespace gradus::run {

/// device: where the run's models live; empty: it has none of ours.
events::RunOrigin originHere(const std::string& device);

} // namespace gradus::run
