// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/process_tree.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace gradus::sandbox {

std::string kernelText(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string all(1 << 20, '\0');
    file.read(all.data(), static_cast<std::streamsize>(all.size()));
    all.resize(static_cast<std::size_t>(file.gcount()));
    return all;
}

std::set<int> processesBelow(int ancestor)
{
    std::map<int, int> parents;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const std::string line = kernelText(entry.path().string() + "/stat");
        const std::size_t end = line.rfind(')'); // the name is in brackets and may hold anything
        int parent = 0;
        if (end != std::string::npos && std::sscanf(line.c_str() + end + 1, " %*c %d", &parent) == 1)
            parents[std::atoi(name.c_str())] = parent;
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

} // namespace gradus::sandbox
