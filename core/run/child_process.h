// SPDX-License-Identifier: GPL-3.0-or-later
// Processes of our own program that are started, watched and asked to stop, and may outlive us.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace gradus::run {

/// How a process ended.
struct ChildEnd
{
    int exitCode = 0;
    int signal = 0; ///< non-zero: it was ended by this signal
};

/// In a group (or session) of its own, so that Ctrl+C in a terminal reaches only who started it; standard input is
/// empty, both outputs are appended to the log. Failure when the program cannot be started or the log not written.
/// @param session  it also survives its terminal
Result<pid_t> startChild(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const std::filesystem::path& log, bool session);

/// Nothing while it lives. Each end is told once.
std::optional<ChildEnd> endOf(pid_t child);

} // namespace gradus::run
