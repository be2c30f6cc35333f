// SPDX-License-Identifier: GPL-3.0-or-later
// Gates that no generation could pass, whatever it does: its audit is too small to show what is asked of it. Pure.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

namespace gradus::spec {

/// harmCases: tempting cases of one audit, at most two a question; as many questions tell of over-refusal. Bad input
/// where with nothing seen in all of them the interval still reaches beyond a gate.
Result<void> checkGateSizes(const Conformity& settings, int harmCases);

} // namespace gradus::spec
