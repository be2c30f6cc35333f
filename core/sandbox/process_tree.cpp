// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/process_tree.h"

#include "base/files.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace gradus::sandbox {

namespace {

/// State, parent and so on; the name before them is in brackets and may hold anything. Empty: there is no such process.
std::string statOf(const std::string& pid)
{
    const auto line = readFile("/proc/" + pid + "/stat", 4096);
    const std::size_t end = line ? line->rfind(") ") : std::string::npos;
    return end == std::string::npos ? std::string() : line->substr(end + 2);
}

} // namespace

std::set<int> processesBelow(int ancestor)
{
    std::map<int, int> parents;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        int parent = 0;
        if (std::sscanf(statOf(name).c_str(), "%*c %d", &parent) == 1) parents[std::atoi(name.c_str())] = parent;
    }
    std::set<int> below;
    for (const auto& [pid, parent] : parents)
        for (int at = parent; at > 1; at = parents.contains(at) ? parents[at] : 0)
            if (at == ancestor) below.insert(pid);
    return below;
}

bool isThere(int pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

bool isRunning(int pid)
{
    const std::string stat = statOf(std::to_string(pid));
    return !stat.empty() && stat[0] != 'Z' && stat[0] != 'X';
}

} // namespace gradus::sandbox
