// SPDX-License-Identifier: GPL-3.0-or-later
// A schedule as a table that other tools read: the exporter's form of a curve, from the one evaluator.
#pragma once

#include "schedule/curve.h"

namespace gradus::schedule {

/// "fraction,value" and n >= 2 rows at equal distances over the whole run [0, 1]. Every number reads back to the same
/// double, so the table is bit-equal to the evaluator. The curve must be valid.
std::string sampledCsv(const Curve& curve, int n);

} // namespace gradus::schedule
