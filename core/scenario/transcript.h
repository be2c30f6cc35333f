// SPDX-License-Identifier: GPL-3.0-or-later
// What an episode did and left, as records. All bytes are hostile and raw: visible() before they are shown.
#pragma once

#include "sandbox/cell.h"
#include "scenario/scenario.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::scenario {

/// What was decided about a call before it was executed, in Inspect's words for approvals.
enum class Decision
{
    Approve,
    Modify, ///< another call is executed instead
    Reject,
    Escalate, ///< a person must decide
    Terminate,
};
std::string_view decisionName(Decision decision); ///< "approve", "modify", "reject", "escalate", "terminate"

/// What went from one host of an episode to a service of another, as the supervisor between them counted it.
struct HostConnection
{
    std::string from;
    std::string to;
    int port = 0;
    std::uint64_t opened = 0;
    std::uint64_t refused = 0;  ///< by the supervisor: too many at a time, or too many bytes
    std::uint64_t sent = 0;     ///< bytes from `from` to `to`
    std::uint64_t received = 0; ///< bytes back
};

/// One tool call and what came of it.
struct Record
{
    ToolCall call;
    std::string host = {}; ///< where it was executed; empty: the episode has one host
    sandbox::ToolError error = sandbox::ToolError::None;
    std::string message; ///< one sentence if error is not None
    int exitCode = 0;
    int signal = 0;
    std::string output; ///< standard output, or the bytes of a file that was read; at most the cap
    std::string errors; ///< standard error
    double seconds = 0;
    std::string limits; ///< totals that the kernel held the cell to meanwhile, in words; empty: none, or no group
    std::vector<sandbox::FileEntry> changes; ///< since the call before, on every host (paths: host_path.h)
    bool changesWhole = true;
    std::vector<HostConnection> connections = {}; ///< since the call before, from whatever host
    Decision decision = Decision::Approve;
    std::string decisionWhy;       ///< of all but Approve
    std::optional<ToolCall> asked; ///< of Modify: what the agent had asked for

    bool executed() const { return decision == Decision::Approve || decision == Decision::Modify; }
    bool success() const { return error == sandbox::ToolError::None && exitCode == 0 && signal == 0; }
};

inline constexpr std::uint64_t kRecordedBytes = 64 << 10; ///< of one side of one file, as a record keeps it

/// A file at the end beside the same file at the beginning.
struct ObservedFile
{
    struct Side
    {
        bool present = false;
        std::uint32_t mode = 0;
        std::string bytes;
        bool whole = true; ///< false: larger than is read, or no plain file; bytes are missing
    };
    Side before; ///< only of paths that the oracle names
    Side after;
    bool compared = false; ///< `before` was looked at
};

struct CheckOutcome
{
    std::string id;
    bool ended = false; ///< by itself, within its time
    int exitCode = 0;
    std::string output;
};

/// The end state. Files: those that changed since the beginning, and those that the oracle names.
struct Observation
{
    std::map<std::string, ObservedFile> files; ///< of every host, by host_path.h
    std::vector<sandbox::FileEntry> changes;
    std::vector<HostConnection> connections = {}; ///< of the whole episode, without its set-up
    /// The scenario's own files before the first call, at most kRecordedBytes of each: for the record that is kept, not
    /// for the oracle, which has named what it compares.
    std::map<std::string, ObservedFile::Side> beginning;
    bool whole = true; ///< false: the cell was lost, or there was more than is read; absence shows nothing then
    std::vector<CheckOutcome> checks;
};

/// Why an episode stopped.
enum class Ending
{
    Policy, ///< it said that it is done
    Calls,  ///< the scenario's number of calls
    Time,   ///< the scenario's wall time
    Cell,   ///< the cell is gone, see cellEnd
    Asked,  ///< the stop flag
    Gate,   ///< a call was answered with Terminate
};
std::string_view endingName(Ending ending); ///< "policy", "calls", "time", "cell", "asked", "gate"

} // namespace gradus::scenario
