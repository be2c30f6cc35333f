// SPDX-License-Identifier: GPL-3.0-or-later
// The containment battery: tries every known way out of a cell, beside the same attempt outside it.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "sandbox/cell_options.h"
#include "sandbox/layers.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

enum class Verdict
{
    Contained,      ///< the same attempt worked outside, and not inside
    Open,           ///< it worked inside, or a canary on the host was touched
    Partial,        ///< it worked, or cannot be wholly stopped, but it is no way to the host: `why` says what is left
    NotInformative, ///< it does not work outside either, so its failure inside shows nothing
    Absent,         ///< this kernel or level has no such thing
};
std::string_view verdictName(Verdict verdict); ///< "contained", "open", "partial", "not-informative", "absent"

struct VectorReport
{
    std::string_view id;
    std::string_view name;
    Verdict verdict = Verdict::NotInformative;
    std::string why; ///< may hold bytes of a cell: already visible()
};

struct BatteryReport
{
    Level level = Level::Simulated;
    std::vector<VectorReport> vectors;
    double seconds = 0;
    std::string totals = {}; ///< who keeps a cell's totals here, in a sentence; empty where there are no cells
    /// No row is open, and some row is contained (but at level 0, where nothing runs). Partial rows are residuals that
    /// a level is allowed to have; they are listed, not hidden.
    bool held() const;
};

struct BatteryOptions
{
    CellOptions cell = {};
    std::string onlyVector = {}; ///< an id, empty for all
    bool quick = false;          ///< only what takes about a second together
    Weakening weakening = {};    ///< of negative controls
    StopFlag* stop = nullptr;
    /// Called before each step with a name; from the calling thread.
    std::function<void(std::size_t done, std::size_t all, std::string_view name)> progress = {};
};

/// One level. Blocks for seconds (about one when quick). Makes its own canaries: files in /var/tmp, listeners on
/// loopback, one victim process; removes them. Touches no other file, process or address. Refused if no cell starts.
Result<BatteryReport> runBattery(const BatteryOptions& options);

/// Levels 1, 2, ... up to the one asked for; the next opens only when the one before held. The report is that of the
/// last level that was tried.
Result<BatteryReport> climbLevels(const BatteryOptions& options);

/// {"level":2,"vectors":[{"id":...,"name":...,"verdict":...,"why":...}],"totals":...}
std::string batteryJson(const BatteryReport& report);
/// A table with a summary line, for a terminal.
std::string batteryTable(const BatteryReport& report);

} // namespace gradus::sandbox
