// SPDX-License-Identifier: GPL-3.0-or-later
// The keeper: gives up privileges and proves it, starts bubblewrap, proves every layer from outside, watches, ends.
//
// keeper cell|user-kernel|plain UID GID MEMORY INODES TMP HOME KEEP-FDS WATCH PROCESSES EPISODE-SECONDS USED GROUPED
// JOINED PROGRAM [ARGUMENT...] "cell" runs PROGRAM (bubblewrap) with --args; "user-kernel" does too and proves a kernel
// in user space within; "plain" runs the program of programFd with the arguments, as the same unprivileged account but
// without a cell: the positive control of the battery.
#include "sandbox/helper/keeper_proof.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gradus::sandbox;

extern char** environ;

namespace {

struct Task
{
    bool cell = true;
    uid_t uid = 0;
    gid_t gid = 0;
    keeper::Expected expected;
    bool keepDescriptors = false;
    bool watch = true;
    double seconds = 0;
    unsigned used = 0;        ///< bit N: bubblewrap closes descriptor N itself; the others are closed before it starts
    bool grouped = false;     ///< controlGroupFd is the entrance of the cell's control group
    char** program = nullptr; ///< program and arguments
};

struct Child
{
    pid_t monitor = -1; ///< bubblewrap, or the plain program
    pid_t first = -1;   ///< the cell's first process, by the host's number
    bool ran = false;   ///< bubblewrap said "exit-code": the program inside really ran
    int code = 0;
    std::string status; ///< json text so far
};

double now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void say(const std::string& line)
{
    const std::string whole = line + "\n";
    if (send(keeper::controlFd, whole.data(), whole.size(), MSG_NOSIGNAL) < 0) return;
}

[[noreturn]] void giveUp(std::string_view layer, const std::string& why)
{
    say("missing " + std::string(layer) + ": " + why);
    _exit(3);
}

/// All capability sets to zero, also the inheritable one, which a change of account leaves alone.
bool dropCapabilities()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0;
}

void becomeUnprivileged(const Task& task)
{
    if (geteuid() == 0) {
        if (task.uid == 0 || task.gid == 0) giveUp(keeper::layerAccount, "the account to change to is root itself");
        if (setgroups(0, nullptr) != 0 || setresgid(task.gid, task.gid, task.gid) != 0 ||
            setresuid(task.uid, task.uid, task.uid) != 0)
            giveUp(keeper::layerAccount, std::string("started as root and cannot become another user (") +
                                             std::strerror(errno) + "); start Gradus as an ordinary user");
    }
    if (!dropCapabilities()) giveUp(keeper::layerAccount, "capabilities cannot be given up");
    // Not for a positive control, which is to have what an ordinary user has.
    if (task.cell && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        giveUp(keeper::layerAccount, "no_new_privs cannot be set");
    if (const std::string why = keeper::accountFault(); !why.empty()) giveUp(keeper::layerAccount, why);
    say("account " + std::to_string(getuid()));
}

int watchSignals()
{
    sigset_t mask;
    sigemptyset(&mask);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD})
        sigaddset(&mask, number);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Before anything of the cell exists: whatever comes of this process is counted with it.
void enterGroup(const Task& task)
{
    if (task.grouped && write(keeper::controlGroupFd, "0", 1) != 1) {
        say("missing " + std::string(keeper::layerGroup) + ": it cannot be entered: " + std::strerror(errno));
        _exit(3);
    }
    close(keeper::controlGroupFd);
}

[[noreturn]] void becomeProgram(const Task& task, int statusWrite)
{
    enterGroup(task);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP})
        signal(number, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(keeper::controlFd, F_SETFD, FD_CLOEXEC);
    if (task.cell) {
        if (statusWrite != keeper::statusFd) dup2(statusWrite, keeper::statusFd);
        fcntl(keeper::statusFd, F_SETFD, 0);
        for (int fd = keeper::tableFilterFd; fd <= keeper::mendFd; ++fd)
            if ((task.used >> fd & 1U) == 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (!task.expected.joined) fcntl(keeper::wireFd, F_SETFD, FD_CLOEXEC);
        execv(task.program[0], task.program);
    } else {
        for (int fd = keeper::argumentsFd; fd <= keeper::lastFd; ++fd)
            fcntl(fd, F_SETFD, FD_CLOEXEC); // also of what is not open: nothing happens
        fexecve(keeper::programFd, task.program, environ);
    }
    _exit(errno == ENOENT ? 127 : 126);
}

/// Bubblewrap's json lines. Numbers only, within the first few kilobytes.
void readStatus(int fd, Child& child)
{
    char chunk[1024];
    ssize_t count = 0;
    while ((count = read(fd, chunk, sizeof chunk)) > 0)
        if (child.status.size() < 8192) child.status.append(chunk, static_cast<std::size_t>(count));
    const auto number = [&](const char* key, long& value) {
        const std::size_t at = child.status.find(key);
        if (at == std::string::npos) return false;
        value = std::strtol(child.status.c_str() + at + std::strlen(key), nullptr, 10);
        return true;
    };
    long value = 0;
    if (child.first < 0 && number("\"child-pid\":", value) && value > 1) {
        child.first = static_cast<pid_t>(value);
        say("child " + std::to_string(child.first));
    }
    if (!child.ran && number("\"exit-code\":", value)) {
        child.ran = true;
        child.code = static_cast<int>(value);
    }
}

/// Everything below this process ends and is collected: as a subreaper it inherits what loses its parent.
void endAll(Child& child)
{
    if (child.first > 0 && keeper::isDescendant(child.first)) kill(child.first, SIGKILL);
    if (child.monitor > 0) kill(child.monitor, SIGKILL);
    const double deadline = now() + 5;
    while (now() < deadline) {
        int status = 0;
        const pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid < 0 && errno == ECHILD) return;
        if (pid > 0) continue;
        keeper::killChildren();
        usleep(1000);
    }
}

void prove(const Task& task, const Child& child)
{
    if (child.first < 0) return say("missing bubblewrap: it named no process of its own");
    const std::string fault = keeper::layerFault(child.first, task.expected);
    say(fault.empty() ? "proved" : "missing " + fault);
}

void proveGuard(const Task& task, const Child& child)
{
    // Behind a user kernel the first process is no process of the host, so that only the battery can look at it.
    const std::string fault = task.expected.userKernel ? std::string() : keeper::guardFault(child.first);
    say(fault.empty() ? "guarded" : "missing " + fault);
}

/// Why the cell has to end, or nothing.
std::string watchdog(const Task& task, const Child& child, double begun)
{
    if (now() - begun > task.seconds) return "time";
    if (!task.watch || child.first < 0) return {};
    const keeper::Usage usage = keeper::usageOf(child.first, task.expected.userKernel);
    if (usage.memory > task.expected.totalMemory) return "memory " + std::to_string(usage.memory);
    if (usage.inodes > task.expected.inodes) return "inodes " + std::to_string(usage.inodes);
    return {};
}

std::string supervise(const Task& task, Child& child, int signals, int statusRead)
{
    const double begun = now();
    double next = begun + 0.25;
    while (true) {
        pollfd watched[] = {{keeper::controlFd, POLLIN, 0}, {signals, POLLIN, 0}, {statusRead, POLLIN, 0}};
        const int wait = static_cast<int>(std::max(0.0, next - now()) * 1000) + 1;
        if (poll(watched, 3, wait) < 0 && errno != EINTR) return "fault";
        if (watched[2].revents != 0) {
            readStatus(statusRead, child);
            if ((watched[2].revents & POLLIN) == 0) statusRead = -1;
        }
        if (watched[0].revents != 0) {
            char byte = 0;
            if (read(keeper::controlFd, &byte, 1) <= 0) return "asked";
            if (byte == 'p') prove(task, child);
            if (byte == 'g') proveGuard(task, child);
        }
        signalfd_siginfo signal{};
        while (read(signals, &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal))
            if (signal.ssi_signo != SIGCHLD) return "asked";
        int status = 0;
        for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == child.monitor) {
                child.monitor = -1;
                if (statusRead >= 0) readStatus(statusRead, child);
                if (task.cell) return child.ran ? "ran " + std::to_string(child.code) : "setup";
                return "ran " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
            }
        if (now() >= next) {
            next = now() + 0.25;
            if (const std::string why = watchdog(task, child, begun); !why.empty()) return why;
        }
    }
}

Task parse(char** argv)
{
    const auto number = [](const char* text) { return std::strtoull(text, nullptr, 10); };
    Task task;
    task.cell = std::strcmp(argv[1], "plain") != 0;
    task.expected.userKernel = std::strcmp(argv[1], "user-kernel") == 0;
    task.uid = static_cast<uid_t>(number(argv[2]));
    task.gid = static_cast<gid_t>(number(argv[3]));
    task.expected.totalMemory = number(argv[4]);
    task.expected.inodes = number(argv[5]);
    task.expected.temporaryBytes = number(argv[6]);
    task.expected.homeBytes = number(argv[7]);
    task.keepDescriptors = argv[8][0] == '1';
    task.watch = argv[9][0] == '1';
    task.expected.processes = number(argv[10]);
    task.seconds = std::strtod(argv[11], nullptr);
    task.used = static_cast<unsigned>(number(argv[12]));
    task.grouped = argv[13][0] == '1';
    task.expected.joined = argv[14][0] == '1';
    task.program = argv + 15;
    return task;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 16) return 64;
    const Task task = parse(argv);
    const int first = task.cell ? keeper::statusFd : keeper::lastFd + 1;
    if (!task.keepDescriptors && syscall(SYS_close_range, first, ~0U, 0) != 0)
        giveUp(keeper::layerDescriptors, "this kernel has no close_range");
    setsid();
    becomeUnprivileged(task);
    // After the change of account, which clears it. The worker's launching thread lives as long as the worker.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const int signals = watchSignals();
    int status[2] = {-1, -1};
    if (signals < 0 || pipe2(status, O_CLOEXEC | O_NONBLOCK) != 0)
        giveUp(keeper::layerBubblewrap, std::strerror(errno));
    Child child;
    child.monitor = fork();
    if (child.monitor < 0)
        giveUp(keeper::layerBubblewrap, std::string("no process can be made: ") + std::strerror(errno));
    if (child.monitor == 0) becomeProgram(task, status[1]);
    close(status[1]);
    for (const int fd : {keeper::inputFd, keeper::outputFd, keeper::errorsFd})
        close(fd); // so that the worker sees the end of the cell as the end of its pipes
    for (int fd = keeper::argumentsFd; fd <= keeper::wireFd; ++fd)
        if (fd != signals && fd != status[0]) close(fd);
    const std::string why = supervise(task, child, signals, status[0]);
    endAll(child);
    say("ended " + why);
    return 0;
}
