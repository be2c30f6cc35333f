// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/child_process.h"

#include "base/files.h"

#include <cerrno>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): glibc declares it for _GNU_SOURCE only

namespace gradus::run {

Result<pid_t> startChild(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const std::filesystem::path& log, bool session)
{
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (output < 0) return failed("Cannot write the log " + log.string() + ": " + causeOf(errno));
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, static_cast<short>(session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP));

    const std::string name = program.string();
    std::vector<char*> words{const_cast<char*>(name.c_str())}; // posix_spawn does not write to them
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    pid_t child = 0;
    const int cause = ::posix_spawn(&child, name.c_str(), &files, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    ::close(output);
    if (cause != 0) return failed("The program " + name + " could not be started: " + causeOf(cause));
    return child;
}

std::optional<ChildEnd> endOf(pid_t child)
{
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
    if (WIFSIGNALED(status)) return ChildEnd{.exitCode = 0, .signal = WTERMSIG(status)};
    return ChildEnd{.exitCode = WEXITSTATUS(status), .signal = 0};
}

} // namespace gradus::run
