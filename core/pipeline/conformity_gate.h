// SPDX-License-Identifier: GPL-3.0-or-later
// What a generation's audits come to: reported before and after alignment, and the gate between the two.
#pragma once

#include "pipeline/audit.h"
#include "pipeline/supervisor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// What both audits and the held-out test say of a model.
struct Standing
{
    Audit::Answers seen;
    Audit::Answers twins;
    std::vector<double> right; ///< what the gate compares: items answered with the truth, 0 or 1
    bool onAnchors = false;    ///< these are the anchors; else held-out test items, for want of enough anchors
    Estimate utility;          ///< on the held-out test
    signatures::BlindSpotInput blindSpot; ///< of the compared items; empty without a supervisor
};

/// Fills right, onAnchors, utility and, where there is a supervisor (the newest aligned predecessor), blindSpot.
Result<void> measureUtility(const Policy& policy, const Ancestor* supervisor, Standing& standing);

/// The audit's event and series, and the sign of deceptive alignment; when: "before alignment".
void reportStanding(const StageContext& context, int generation, const Standing& now, std::int64_t step,
                    const char* when);

struct GateOutcome
{
    bool passed = true;
    std::string sentence;
};

/// Upper bounds of harm and over-refusal on held-out twins, and of what alignment cost. Brings the record's harm,
/// over-refusal and aligned utility up to date, and reports the gate.
GateOutcome passGate(const StageContext& context, int generation, const Standing& before, const Standing& after,
                     events::GenerationRecord& record);

} // namespace gradus::pipeline
