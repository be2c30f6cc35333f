// SPDX-License-Identifier: GPL-3.0-or-later
// Names of layers and tool errors, and the account of a cell's processes when Gradus runs as root.
#include "sandbox/cell.h"

#include <array>
#include <filesystem>
#include <pwd.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace {

std::set<unsigned> accountsInUse()
{
    std::set<unsigned> used;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        struct stat status
        {
        };
        if (::stat(entry.path().c_str(), &status) == 0) used.insert(status.st_uid);
    }
    return used;
}

/// From the range that systemd keeps for accounts made on the fly: nobody owns files with these numbers.
Account freeAccount()
{
    constexpr unsigned lowest = 64'200;
    constexpr unsigned highest = 65'500;
    const std::set<unsigned> used = accountsInUse();
    for (unsigned uid = lowest; uid <= highest; ++uid)
        if (!used.contains(uid) && getpwuid(uid) == nullptr) return {uid, uid};
    return {65'534, 65'534};
}

} // namespace

Account cellAccount()
{
    if (geteuid() != 0) return {geteuid(), getegid()};
    static const Account account = [] {
        if (const passwd* named = getpwnam("gradus-sandbox"); named != nullptr && named->pw_uid != 0)
            return Account{named->pw_uid, named->pw_gid};
        return freeAccount();
    }();
    return account;
}

std::string_view toolErrorName(ToolError error)
{
    static constexpr std::array<std::string_view, 9> names = {
        "none",         "timeout", "permission", "file_not_found",     "is_a_directory",
        "output_limit", "limit",   "unknown",    "sandbox_unavailable"};
    const auto at = static_cast<std::size_t>(error);
    return at < names.size() ? names[at] : names[7];
}

std::string_view layerName(Layer layer)
{
    static constexpr std::array<std::string_view, 19> names = {"system-call filters",
                                                               "closed descriptors",
                                                               "network namespace",
                                                               "process namespace",
                                                               "ipc namespace",
                                                               "host name namespace",
                                                               "no nested namespaces",
                                                               "empty root",
                                                               "read-only root",
                                                               "sized file systems",
                                                               "resource limits",
                                                               "clean environment",
                                                               "masked /proc",
                                                               "watchdog",
                                                               "guarded helper",
                                                               "new session",
                                                               "control-group namespace",
                                                               "declared joins",
                                                               "shared budget"};
    return names[static_cast<std::size_t>(layer)];
}

} // namespace gradus::sandbox
