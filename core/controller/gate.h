// SPDX-License-Identifier: GPL-3.0-or-later
// The gate on competence, which any controller may have: what lost on the anchors does not stay. Pure.
#pragma once

#include "controller/gap_controller.h"

#include <memory>

namespace gradus::controller {

/// Of the last attempt: rejected where its paired gain on the anchors is gap.rejectAt standard errors below 0, or where
/// the entropy of its answers fell to less than half of the first generation's. What was not measured rejects nothing.
Judgement competenceGate(const spec::Gap& gap, const GapState& state);

/// The same controller with that gate in front of what it places. A retry goes below what failed (see place()).
std::unique_ptr<GapController> gated(std::unique_ptr<GapController> controller, const spec::Gap& gap);

} // namespace gradus::controller
