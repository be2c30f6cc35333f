// SPDX-License-Identifier: GPL-3.0-or-later
// An alert of any run, for who watches them all.
#pragma once

#include "store/records.h"

#include <cstdint>

namespace gradus::store {

struct FiredAlert
{
    std::int64_t runId = 0;
    EventRow event; ///< untrusted texts
};

} // namespace gradus::store
