// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "store/store_path.h"

#include <cstdio>

namespace gradus::app {

int report(const Error& error)
{
    std::fprintf(stderr, "gradus: %s\n", error.message.c_str());
    return exitCode(error.kind);
}

std::filesystem::path storePath(const std::string& option)
{
    if (!option.empty()) return option;
    const auto workspace = store::defaultWorkspace();
    // Without a home folder the store lies here; opening it says what is wrong, if anything.
    return workspace ? workspace->store() : std::filesystem::path("gradus.db");
}

} // namespace gradus::app
