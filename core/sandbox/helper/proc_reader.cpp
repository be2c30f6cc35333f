// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/helper/proc_reader.h"

#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace gradus::sandbox::keeper {

std::string text(const std::string& path)
{
    std::string all;
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char chunk[4096];
    for (ssize_t count; fd >= 0 && all.size() < (1U << 20) && (count = read(fd, chunk, sizeof chunk)) > 0;)
        all.append(chunk, static_cast<std::size_t>(count));
    if (fd >= 0) close(fd);
    return all;
}

std::string link(const std::string& path)
{
    char target[4096];
    const ssize_t size = readlink(path.c_str(), target, sizeof target);
    return size < 0 ? std::string() : std::string(target, static_cast<std::size_t>(size));
}

std::string process(pid_t pid, const char* file)
{
    return "/proc/" + std::to_string(pid) + "/" + file;
}

std::string livingStatus(pid_t pid)
{
    std::string status = text(process(pid, "status"));
    const std::string threads = process(pid, "task/");
    // All threads have one memory, so that the first one that tells of it tells all.
    for (const std::string& thread : names(threads)) {
        if (!field(status, "RssAnon:").empty()) break;
        status = text(threads + thread + "/status");
    }
    return status;
}

std::string field(const std::string& all, const std::string& key)
{
    std::size_t at = 0;
    while (at < all.size() && all.compare(at, key.size(), key) != 0) {
        at = all.find('\n', at);
        if (at == std::string::npos) return {};
        ++at;
    }
    if (at >= all.size()) return {};
    const std::size_t from = all.find_first_not_of(" \t", at + key.size());
    return from == std::string::npos ? std::string() : all.substr(from, all.find('\n', from) - from);
}

std::uint64_t count(const std::string& all, const std::string& key)
{
    return std::strtoull(field(all, key).c_str(), nullptr, 10);
}

std::vector<std::string> names(const std::string& folder)
{
    std::vector<std::string> found;
    DIR* stream = opendir(folder.c_str());
    while (const dirent* entry = stream != nullptr ? readdir(stream) : nullptr)
        if (entry->d_name[0] != '.') found.emplace_back(entry->d_name);
    if (stream != nullptr) closedir(stream);
    return found;
}

bool isBelow(pid_t pid, pid_t ancestor)
{
    for (int steps = 0; pid > 1 && steps < 64; ++steps) {
        if (pid == ancestor) return true;
        pid = static_cast<pid_t>(count(text(process(pid, "status")), "PPid:"));
    }
    return false;
}

} // namespace gradus::sandbox::keeper
