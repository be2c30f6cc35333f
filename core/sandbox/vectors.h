// SPDX-License-Identifier: GPL-3.0-or-later
// The containment vectors as data: what is tried, which layer answers for it, and what is left where one layer is not
// all.
#pragma once

#include "sandbox/layers.h"

#include <optional>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

enum class VectorKind
{
    Quick,      ///< a probe program tries it; all of them together take a fraction of a second
    Load,       ///< uses something up to just beyond its limit; has a cell of its own
    Act,        ///< the host takes part, see battery_acts
    Joined,     ///< in several cells of one episode, at level 4 alone; all of them together take a fraction of a second
    JoinedLoad, ///< the same, and uses something up
    Words,      ///< not tried; says why
};

struct Vector
{
    std::string_view id;   ///< for --vector, stable
    std::string_view name; ///< for people
    VectorKind kind = VectorKind::Quick;
    /// The one layer whose absence alone opens it; nothing where two layers guard it, or none can be left out.
    std::optional<Layer> owner = {};
    /// Not empty: being open here is no way to the host, and this says what it is. Such a row reads "partial".
    std::string_view residual = {};
    /// Not empty: the same of a cell behind a kernel in user space alone.
    std::string_view behindUserKernel = {};
    /// A second layer whose absence alone opens it too: the owner's work needs it.
    std::optional<Layer> also = {};
};

/// In the order in which they are shown.
const std::vector<Vector>& vectors();

} // namespace gradus::sandbox
