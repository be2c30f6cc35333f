// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_owner.h"

#include <array>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace gradus::store {

namespace {

std::string firstLine(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

struct ProcessStat
{
    bool found = false;
    bool dead = false; ///< a zombie: it runs nothing any more, its parent has not looked yet
    std::int64_t started = 0;
};

ProcessStat statOf(std::int64_t pid)
{
    const std::string line = firstLine("/proc/" + std::to_string(pid) + "/stat");
    // The name (field 2) is in parentheses and may hold anything, parentheses and spaces included.
    const std::size_t nameEnd = line.rfind(')');
    if (nameEnd == std::string::npos) return {};
    std::istringstream rest(line.substr(nameEnd + 1));
    ProcessStat stat;
    std::string state;
    std::string skipped;
    rest >> state;
    for (int field = 4; field < 22; ++field)
        rest >> skipped;
    rest >> stat.started;
    stat.found = !rest.fail();
    stat.dead = state == "Z" || state == "X";
    return stat;
}

std::string bootId()
{
    return firstLine("/proc/sys/kernel/random/boot_id");
}

std::string hostName()
{
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string hostOf(const std::string& place)
{
    return place.substr(0, place.rfind(' '));
}

std::string thisPlace()
{
    std::array<char, 128> link{};
    const ssize_t length = ::readlink("/proc/self/ns/pid", link.data(), link.size() - 1);
    return hostName() + " " + (length > 0 ? std::string(link.data(), static_cast<std::size_t>(length)) : "?");
}

} // namespace

RunOwner thisProcess()
{
    const std::int64_t pid = ::getpid();
    return {pid, statOf(pid).started, bootId(), thisPlace()};
}

Liveness livenessOf(const RunOwner& owner)
{
    const std::string place = thisPlace();
    if (owner.boot != bootId()) return hostOf(owner.place) == hostOf(place) ? Liveness::Gone : Liveness::Unknown;
    if (!owner.place.empty() && owner.place != place) return Liveness::Unknown;
    const ProcessStat stat = statOf(owner.pid);
    return stat.found && !stat.dead && stat.started == owner.started ? Liveness::Alive : Liveness::Gone;
}

} // namespace gradus::store
