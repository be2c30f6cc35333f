// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/file_mutex.h"

#include <map>
#include <string>

namespace gradus::pipeline {

std::mutex& fileMutex(const std::filesystem::path& path)
{
    static std::mutex guard;
    static std::map<std::string, std::mutex> mutexes;
    const std::lock_guard lock(guard);
    return mutexes[path.string()];
}

} // namespace gradus::pipeline
