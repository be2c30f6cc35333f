// SPDX-License-Identifier: GPL-3.0-or-later
// Round numbers of an axis by powers of ten. Pure arithmetic, no window.
#pragma once

#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// The grid around a value on such an axis: a tenth of its power of ten (0.0001 at 0.0042). y > 0, else 0.
double logStepAt(double y);
/// The nearest 1, 2 or 5 x 10^n that do not cut off low and high (0 < low <= high), at least half a decade apart.
std::pair<double, double> logRange(double low, double high);
/// Powers of ten within bottom..top (0 < bottom < top), with their doubles and fives where there are few.
std::vector<double> logTicks(double bottom, double top);

} // namespace gradus::viewmodels
