// SPDX-License-Identifier: GPL-3.0-or-later
// Whether two readings of a run are the same, for lists that are told of changes alone.
#pragma once

#include "store/records.h"

namespace gradus::viewmodels {

/// Every field alike; what is not a number equals itself, or a run with such a result would never be at rest. Settings
/// are compared by the object that the rows share.
bool isSameRow(const store::RunRow& a, const store::RunRow& b);

} // namespace gradus::viewmodels
