// SPDX-License-Identifier: GPL-3.0-or-later
// A bubblewrap with a hole: it leaves one option out, hides nothing else, and is otherwise the real one.
#pragma once

#include "base/files.h"

#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace gradus::tests {

/// The path of a program in folder (which any account must reach: not below /root) that starts a copy of this
/// machine's bubblewrap without the option that binds something to `without`. Left as it is, that is the mask over the
/// kernel's command line: the proof of a start does not look there, the battery's row `kernel-files` does. Needs
/// /usr/bin/python3; empty where it, or bubblewrap, is not there.
inline std::string holedBubblewrap(const std::filesystem::path& folder, const std::string& without = "/proc/cmdline")
{
    namespace fs = std::filesystem;
    std::error_code fault;
    const fs::path real = folder / "bwrap-real";
    fs::copy_file("/usr/bin/bwrap", real, fs::copy_options::overwrite_existing, fault);
    if (fault || !fs::exists("/usr/bin/python3")) return {};
    const fs::path made = folder / "bwrap-holed";
    const std::string script = "#!/usr/bin/python3\n"
                               "import os, sys\n"
                               "if '--args' in sys.argv:\n"
                               "    fd = int(sys.argv[sys.argv.index('--args') + 1])\n"
                               "    words = b''\n"
                               "    while chunk := os.read(fd, 65536): words += chunk\n"
                               "    words = words.split(b'\\0')[:-1]\n"
                               "    if b'" +
                               without +
                               "' in words:\n" // not every level has it
                               "        at = len(words) - 1 - words[::-1].index(b'" +
                               without +
                               "')\n"
                               "        del words[at - 2:at + 1]\n"
                               "    new = os.memfd_create('options')\n"
                               "    os.write(new, b''.join(word + b'\\0' for word in words))\n"
                               "    os.lseek(new, 0, 0)\n"
                               "    os.dup2(new, fd)\n"
                               "    os.close(new)\n"
                               "os.execv('" +
                               real.string() + "', sys.argv)\n";
    if (!writeFileAtomically(made, script)) return {};
    chmod(folder.c_str(), 0755);
    chmod(real.c_str(), 0755);
    chmod(made.c_str(), 0755);
    return made.string();
}

} // namespace gradus::tests
