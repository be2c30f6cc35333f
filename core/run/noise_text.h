// SPDX-License-Identifier: GPL-3.0-or-later
// A noise sweep in words and in JSON.
#pragma once

#include "compare/noise_report.h"

#include <string>

namespace gradus::run {

/// The tables, the tolerances in words, and for each kind of noise the line that hands them to the controller.
std::string noiseText(const compare::NoiseReport& report);
std::string noiseJson(const compare::NoiseReport& report);

} // namespace gradus::run
