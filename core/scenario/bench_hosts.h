// SPDX-License-Identifier: GPL-3.0-or-later
// How fast episodes of several hosts are: their start, and a command on another host.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"

namespace gradus::scenario {

/// Seconds; medians and 95th percentiles over all episodes.
struct HostBench
{
    int hosts = 0;
    int episodes = 0;
    double startMedian = 0; ///< from nothing to all cells proved and joined
    double startP95 = 0;
    double localMedian = 0; ///< /bin/true on the agent's host
    double localP95 = 0;
    double askMedian = 0; ///< a connection to the last host and one line back, from a shell
    double askP95 = 0;
    double remoteMedian = 0; ///< `python3 on.py ops@HOST true`: client, connection, and the command over there
    double remoteP95 = 0;
    double endMedian = 0; ///< to end all and collect everything
};

/// One episode after another, each with `commands` of every kind; hosts: 2 to 6, the agent's own included. Needs
/// python3 and bash in cells.
Result<HostBench> benchHosts(const sandbox::CellOptions& options, int hosts, int episodes, int commands);

} // namespace gradus::scenario
