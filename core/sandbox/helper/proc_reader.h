// SPDX-License-Identifier: GPL-3.0-or-later
// Small readers of the host's /proc, for the keeper.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gradus::sandbox::keeper {

/// At most a megabyte; empty where it cannot be read.
std::string text(const std::string& path);
/// Where a symbolic link leads; empty where there is none.
std::string link(const std::string& path);
/// "/proc/PID/file"
std::string process(pid_t pid, const char* file);
/// The status of a process with what it says of memory: of its first thread or, once that has ended and the others go
/// on, of the next one that has not.
std::string livingStatus(pid_t pid);
/// The rest of the line that begins with key, without leading blanks; empty if there is none.
std::string field(const std::string& all, const std::string& key);
std::uint64_t count(const std::string& all, const std::string& key);
/// Names in a folder, hidden ones excepted.
std::vector<std::string> names(const std::string& folder);
/// Whether the process was started below the other one, or is it.
bool isBelow(pid_t pid, pid_t ancestor);

} // namespace gradus::sandbox::keeper
