// SPDX-License-Identifier: GPL-3.0-or-later
// What other experiment trackers keep of a run, before it is mapped to ours. All texts are untrusted bytes.
#pragma once

#include "store/records.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::imports {

/// A metric as its source counts it. Points are in the source's order, which need not be that of the steps.
struct ForeignSeries
{
    std::string name;
    std::vector<store::PointRow> points = {};
};

struct ForeignRun
{
    std::string name;
    std::string project = {}; ///< becomes the experiment's name
    std::string key = {}; ///< what tells it from every other run of its source: the same run gets the same UUID again
    std::vector<std::pair<std::string, std::string>> parameters = {}; ///< name and value as text, in the source's order
    double startedAt = 0;                                             ///< wall seconds; 0: unknown
    double endedAt = 0;
    bool failed = false; ///< its source says so
    std::vector<ForeignSeries> series = {};
};

struct ForeignSource
{
    std::string format;            ///< "TensorBoard events", "W&B export", "MLflow", "trackio"
    std::string stepName = "step"; ///< what the source calls the axis that points carry
    /// A tracker writes on where a run was resumed, so that its steps go back; in a table that is a mistake.
    bool stepsMayGoBack = true;
    std::vector<ForeignRun> runs = {};
    std::vector<std::string> notes = {}; ///< what was left out, a sentence each
};

struct ReadOptions
{
    bool cutOff = false; ///< take what is whole of an event file that ends in the middle of a record
};

} // namespace gradus::imports
