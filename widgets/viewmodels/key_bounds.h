// SPDX-License-Identifier: GPL-3.0-or-later
// What a lane allows is what its key in the experiment file takes, and nothing else.
#pragma once

#include "spec/curve_bounds.h"
#include "viewmodels/curve_edit.h"

namespace gradus::viewmodels {

inline LaneBounds boundsOf(const spec::KeyInfo& key)
{
    return {.minimumY = spec::leastOf(key), .maximumY = key.most};
}

} // namespace gradus::viewmodels
