// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of a cell one by one, so that a negative control can leave one out and see that the battery notices.
#pragma once

#include <optional>
#include <string_view>

namespace gradus::sandbox {

enum class Layer
{
    Seccomp,
    Descriptors, ///< everything inherited is closed before bubblewrap starts
    Network,
    PidNamespace,
    IpcNamespace,
    UtsNamespace,
    UserNamespaceLock, ///< --disable-userns
    EmptyRoot,         ///< an empty root; without it the host's root, read-only
    ReadOnlyRoot,
    FileSystemSizes,
    ResourceLimits,
    Environment,
    ProcMasks,
    Watchdog,
    HelperGuard, ///< the cell's first process is not dumpable
    NewSession,
    CgroupNamespace,
    DeclaredJoins, ///< cells of an episode reach each other's declared services alone
    SharedBudget,  ///< cells of an episode share its limits; without it each has all of them
};

std::string_view layerName(Layer layer);

/// Only the battery's negative controls build one with a layer missing; no option, file or verb leads here. A cell that
/// lacks a layer is never given anything but the battery's own probes.
struct Weakening
{
    std::optional<Layer> without = {};
    bool prove = true; ///< false: start although the layer is missing
    bool has(Layer layer) const { return without != layer; }
};

} // namespace gradus::sandbox
