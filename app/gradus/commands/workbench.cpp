// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"

#include <cstdio>

#include <unistd.h>

namespace gradus::app {

Error becomeWorkbench(const std::vector<std::string>& arguments)
{
    std::error_code unknown;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    std::vector<std::string> words{(self.parent_path() / "gradus-workbench").string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::fflush(nullptr);
    execv(argv.front(), argv.data());
    return badInput("gradus-workbench is not beside this program (" + words.front() +
                    "); build it with GRADUS_GUI=ON.");
}

} // namespace gradus::app
