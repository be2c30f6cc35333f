// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that a generation could be taught instead of those it would be, as wrong as the anchors show them to be: what
// a refusal to grow is priced with. Nothing is trained for it.
#pragma once

#include "controller/gap_controller.h"
#include "pipeline/signal_desk.h"

#include <optional>
#include <vector>

namespace gradus::pipeline {

/// For generation i >= 2: keeping the labels that are sure enough; each source left out, and each asked as well that
/// has no weight there; a debate. debate: accuracy of judges of debates in this store, none where there was none. Asks
/// the anchors alone.
Result<std::vector<controller::Purchase>> labelOffers(const StageContext& context, SignalDesk& desk, int generation,
                                                      const std::vector<Ancestor>& ancestors,
                                                      const std::optional<Estimate>& debate);

} // namespace gradus::pipeline
