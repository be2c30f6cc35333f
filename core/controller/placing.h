// SPDX-License-Identifier: GPL-3.0-or-later
// From a wish in log10 parameters to a rung and a sentence; shared by the controllers.
#pragma once

#include "controller/gap_controller.h"

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace gradus::controller {

std::string twoDigits(double value);
std::string percentText(double share); ///< "14 %"
std::string rungName(const GapState& state, int rung);
double standardError(const Estimate& estimate); ///< read off its 95 % interval
double capacityOf(const GapState& state, int rung);
double gapTo(const GapState& state, int rung);
/// Smallest and largest gap the ladder has above A_i; {0, 0} at its end.
std::pair<double, double> gapBounds(const GapState& state);
/// Rungs that were rolled back as generation i + 1.
std::vector<int> rolledBack(const GapState& state);
/// The lowest of them; none while nothing was rolled back. A retry goes below it.
std::optional<int> lowestRolledBack(const GapState& state);

/// Snaps what was wanted and puts it into words; origin says where the wish comes from ("drawn at 33 % of the run").
/// A retry that would snap to a rung that failed its gate, or to one above it, takes the largest rung below all that
/// failed. terms are added to the details.
Decision place(const GapState& state, double wanted, const std::string& controller, const std::string& origin,
               const nlohmann::ordered_json& terms);
/// The same for a rung that is chosen already; sentence is the whole sentence.
Decision placeAt(const GapState& state, int rung, double wanted, const std::string& controller, std::string sentence,
                 const nlohmann::ordered_json& terms);
/// No rung is taken.
Decision stay(const GapState& state, double wanted, bool refused, const std::string& controller, std::string sentence,
              const nlohmann::ordered_json& terms);

/// The controllers, each in a file of its own.
std::unique_ptr<GapController> makePi(const spec::Gap& gap);
std::unique_ptr<GapController> makeBandit(const spec::Gap& gap);
std::unique_ptr<GapController> makeTrustRegion(const spec::Gap& gap);

} // namespace gradus::controller
