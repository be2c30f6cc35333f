// SPDX-License-Identifier: GPL-3.0-or-later
// Probes of other processes, and of ways to become more than one is.
#include "sandbox/helper/probe.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

/// A child that does nothing, ended with the object.
struct Sibling
{
    pid_t pid = fork();
    Sibling()
    {
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    ~Sibling()
    {
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
    }
};

Answer seize(pid_t pid)
{
    if (pid <= 0 || ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) return closedBy(errno);
    ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr);
    waitpid(pid, nullptr, __WALL);
    ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
    return opened("it was attached to, and let go");
}

Answer memoryOf(long pid)
{
    const std::string path = "/proc/" + std::to_string(pid) + "/mem";
    int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool writable = fd >= 0;
    if (!writable) fd = open(path.c_str(), O_RDONLY | O_CLOEXEC); // a read-only /proc stops the other alone
    if (fd < 0) return closedBy(errno);
    close(fd);
    return opened(writable ? "its memory opens for reading and writing" : "its memory opens for reading");
}

Answer hostProcesses(const Facts& facts)
{
    return contents("/proc/" + fact(facts, "victim") + "/comm") == "gradus-victim\n"
               ? opened("the host's process is listed")
               : closed("it is not listed");
}

Answer traceHost(const Facts& facts)
{
    return seize(static_cast<pid_t>(number(facts, "victim")));
}

Answer traceSibling(const Facts&)
{
    const Sibling sibling;
    return seize(sibling.pid);
}

Answer siblingMemory(const Facts&)
{
    const Sibling sibling;
    return memoryOf(sibling.pid);
}

Answer helperMemory(const Facts& facts)
{
    return memoryOf(number(facts, "guard"));
}

Answer signalHost(const Facts& facts)
{
    const auto victim = static_cast<pid_t>(number(facts, "victim"));
    if (victim <= 1) return closed("no process to try");
    return kill(victim, SIGUSR1) == 0 ? opened("a signal was sent") : closedBy(errno);
}

/// In a process that leads no group yet: only such a one may begin a session, and own a terminal.
Answer typeIntoTerminal()
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return closed("there is no terminal to open");
    setsid();
    const int slave = open(ptsname(master), O_RDWR);
    if (slave < 0 || ioctl(slave, TIOCSCTTY, 0) != 0) return closedBy(errno);
    char byte = 'x';
    if (ioctl(slave, TIOCSTI, &byte) == 0) return opened("a byte was typed into the terminal");
    const int code = errno;
    // The kernel looks at 32 bits of the request: a filter that looks at 64 lets this one through.
    if (syscall(SYS_ioctl, slave, TIOCSTI | 1UL << 32, &byte) == 0)
        return opened("with high bits set, a byte was typed");
    return closedBy(code);
}

Answer terminalInjection(const Facts&)
{
    int answer[2];
    if (pipe(answer) != 0) return closedBy(errno);
    const pid_t pid = fork();
    if (pid == 0) {
        const Answer made = typeIntoTerminal();
        const std::string line = (made.outcome == Outcome::Open ? "o" : "c") + made.why;
        _exit(write(answer[1], line.data(), line.size()) < 0 ? 1 : 0);
    }
    close(answer[1]);
    char line[256];
    const ssize_t count = read(answer[0], line, sizeof line);
    waitpid(pid, nullptr, 0);
    if (count < 1) return closed("the process ended");
    const std::string why(line + 1, static_cast<std::size_t>(count - 1));
    return line[0] == 'o' ? opened(why) : closed(why);
}

Answer mounting(const Facts& facts)
{
    if (mount("none", fact(facts, "scratch").c_str(), "tmpfs", 0, "size=4k") != 0) return closedBy(errno);
    umount(fact(facts, "scratch").c_str());
    return opened("a file system was mounted");
}

Answer changeRoot(const Facts& facts)
{
    return chroot(fact(facts, "scratch").c_str()) == 0 ? opened("the root was changed") : closedBy(errno);
}

Answer userNamespace(const Facts&)
{
    return unshare(CLONE_NEWUSER) == 0 ? opened("a user namespace was made") : closedBy(errno);
}

Answer cloneNamespace(const Facts&)
{
    const long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (pid == 0) _exit(0);
    if (pid > 0) {
        waitpid(static_cast<pid_t>(pid), nullptr, 0);
        return opened("clone made a user namespace");
    }
    const int code = errno;
    clone_args arguments{};
    arguments.flags = CLONE_NEWUSER;
    arguments.exit_signal = SIGCHLD;
    const long second = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (second == 0) _exit(0);
    if (second > 0) {
        waitpid(static_cast<pid_t>(second), nullptr, 0);
        return opened("clone3 made a user namespace");
    }
    return closedBy(code);
}

/// `su` waits for a password; meanwhile /proc says who it is.
Answer setuidProgram(const Facts&)
{
    int input[2];
    if (pipe(input) != 0) return closedBy(errno);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(input[0], 0);
        const int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, 1);
        dup2(nothing, 2);
        setsid();
        execl("/usr/bin/su", "su", static_cast<char*>(nullptr));
        _exit(127);
    }
    bool became = false;
    for (int i = 0; i < 60 && !became; ++i) {
        usleep(5000);
        const std::string status = contents("/proc/" + std::to_string(pid) + "/status");
        const std::size_t at = status.find("\nUid:\t");
        const std::size_t second = at == std::string::npos ? at : status.find('\t', at + 6);
        became = second != std::string::npos && status.compare(second + 1, 2, "0\t") == 0;
        if (waitpid(pid, nullptr, WNOHANG) == pid) break;
    }
    kill(pid, SIGKILL);
    close(input[1]);
    waitpid(pid, nullptr, WNOHANG);
    return became ? opened("su ran as root") : closed("su did not become root");
}

Answer raiseLimits(const Facts&)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max != RLIM_INFINITY) {
        const rlimit more{limit.rlim_cur, limit.rlim_max + 1};
        if (setrlimit(RLIMIT_NOFILE, &more) == 0) return opened("a hard limit was raised");
    }
    if (setpriority(PRIO_PROCESS, 0, -5) == 0) return opened("the priority was raised");
    const sched_param highest{1};
    return sched_setscheduler(0, SCHED_FIFO, &highest) == 0 ? opened("real-time scheduling was set") : closedBy(errno);
}

int run(const char* const* words)
{
    const pid_t pid = fork();
    if (pid == 0) {
        const int nothing = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; ++fd)
            dup2(nothing, fd);
        execv(words[0], const_cast<char* const*>(words));
        _exit(127);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Answer nestedSandbox(const Facts&)
{
    const char* const words[] = {"/usr/bin/bwrap", "--unshare-user", "--ro-bind", "/", "/", "/usr/bin/true", nullptr};
    const int code = run(words);
    return code == 0 ? opened("a cell inside was made") : closed("code " + std::to_string(code));
}

/// Whether a policy that goes by program names would hold: it would not.
Answer renamedProgram(const Facts& facts)
{
    const std::string to = fact(facts, "scratch") + "/gradus-renamed";
    const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    const int copy = open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    if (from < 0 || copy < 0) return closedBy(errno);
    static char chunk[64 << 10];
    for (ssize_t count; (count = read(from, chunk, sizeof chunk)) > 0;)
        if (write(copy, chunk, static_cast<std::size_t>(count)) != count) return closedBy(errno);
    close(from);
    close(copy);
    const char* const words[] = {to.c_str(), "--", nullptr};
    const int code = run(words);
    unlink(to.c_str());
    return code == 0 ? opened("a program ran under another name") : closed("code " + std::to_string(code));
}

} // namespace

std::vector<Entry> processProbes()
{
    return {{"host-processes", hostProcesses},
            {"trace-host", traceHost},
            {"trace-sibling", traceSibling},
            {"sibling-memory", siblingMemory},
            {"helper-memory", helperMemory},
            {"signal-host", signalHost},
            {"terminal-injection", terminalInjection},
            {"mount", mounting},
            {"change-root", changeRoot},
            {"user-namespace", userNamespace},
            {"clone-namespace", cloneNamespace},
            {"setuid-program", setuidProgram},
            {"raise-limits", raiseLimits},
            {"nested-sandbox", nestedSandbox},
            {"renamed-program", renamedProgram}};
}

} // namespace gradus::sandbox::probe
