// SPDX-License-Identifier: GPL-3.0-or-later
// The first process of a cell (pid 1, static, handed in as data): runs commands and moves file bytes over two pipes.
//
// It has no trust in what runs beside it: not dumpable, so that nobody reads its memory or steals its pipes; every
// command in a process group of its own, with its own time limit and output cap. The host trusts none of its words.
#include "sandbox/helper/cell_files.h"
#include "sandbox/helper/cell_filters.h"
#include "sandbox/helper/cell_join.h"
#include "sandbox/helper/cell_wire.h"
#include "sandbox/keeper_protocol.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace gradus::sandbox;

namespace {

rlim_t cpuSeconds = 20;
int childSignals = -1;

void limit(__rlimit_resource_t resource, rlim_t value)
{
    const rlimit both{value, value};
    if (setrlimit(resource, &both) != 0) _exit(71);
}

/// gVisor's kernel has message queues and lets nobody set their bound; there the filters refuse them.
void limitQueues()
{
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_MSGQUEUE, &none) != 0 && errno != EPERM) _exit(71);
}

/// Where the kernel refuses what `ls` asks of statx, commands ask through a library that leaves the flag out.
void mendStatx()
{
    struct statx status
    {
    };
    if (statx(AT_FDCWD, "/", AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &status) != 0 && errno == EINVAL &&
        access(keeper::statxMendPath, R_OK) == 0)
        setenv("LD_PRELOAD", keeper::statxMendPath, 1);
}

double now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Collects every ended process; the status of the one asked for, if it is among them.
bool reap(pid_t wanted, int& status)
{
    signalfd_siginfo drained[8];
    while (read(childSignals, drained, sizeof drained) > 0) {
    }
    bool found = false;
    int ended = 0;
    for (pid_t pid; (pid = waitpid(-1, &ended, WNOHANG)) > 0;)
        if (pid == wanted) {
            status = ended;
            found = true;
        }
    return found;
}

struct Command
{
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    std::string directory;
    std::string_view input;
    double timeout = 0;
    std::uint64_t outputCap = 0;
};

bool parse(FieldReader& fields, Command& command)
{
    const std::uint32_t words = fields.u32();
    for (std::uint32_t i = 0; i < words && fields.ok(); ++i)
        command.argv.emplace_back(fields.text());
    const std::uint32_t settings = fields.u32();
    for (std::uint32_t i = 0; i < settings && fields.ok(); ++i)
        command.environment.emplace_back(fields.text());
    command.directory = fields.text();
    command.input = fields.text();
    command.timeout = 1e-3 * static_cast<double>(fields.u64());
    command.outputCap = fields.u64();
    return fields.atEnd() && !command.argv.empty();
}

struct Pipes
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    int fault[2] = {-1, -1}; ///< the child's errno if it could not become the command
    bool open()
    {
        return pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
               pipe2(fault, O_CLOEXEC) == 0;
    }
    static void shut(int& fd)
    {
        if (fd >= 0) close(fd);
        fd = -1;
    }
    ~Pipes()
    {
        for (int* pair : {in, out, err, fault})
            for (int side = 0; side < 2; ++side)
                shut(pair[side]);
    }
};

[[noreturn]] void becomeCommand(const Command& command, Pipes& pipes)
{
    setpgid(0, 0);
    dup2(pipes.in[0], 0);
    dup2(pipes.out[1], 1);
    dup2(pipes.err[1], 2);
    for (const int number : {SIGPIPE, SIGXFSZ})
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    limit(RLIMIT_CPU, cpuSeconds);
    for (const std::string& setting : command.environment)
        putenv(const_cast<char*>(setting.c_str()));
    std::vector<char*> argv;
    for (const std::string& word : command.argv)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    if (command.directory.empty() || chdir(command.directory.c_str()) == 0) execvp(argv[0], argv.data());
    const int fault = errno;
    if (write(pipes.fault[1], &fault, sizeof fault) < 0) _exit(126);
    _exit(127);
}

struct Stream
{
    int* fd;
    FrameKind kind;
};

/// Passes on what is there; false when the stream is at its end.
bool forward(const Stream& stream, std::uint64_t& sent, std::uint64_t cap, bool& overflow)
{
    static char chunk[64 << 10];
    const ssize_t count = read(*stream.fd, chunk, sizeof chunk);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (count <= 0) return false;
    const auto keep = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), cap - sent);
    if (keep > 0) sendFrame(stream.kind, {chunk, static_cast<std::size_t>(keep)});
    sent += keep;
    overflow = overflow || keep < static_cast<std::uint64_t>(count);
    return true;
}

void feed(Pipes& pipes, std::string_view& input)
{
    if (!input.empty()) {
        const ssize_t count = write(pipes.in[1], input.data(), input.size());
        if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EAGAIN && errno != EINTR) input = {};
    }
    if (input.empty()) Pipes::shut(pipes.in[1]);
}

struct Outcome
{
    ToolError error = ToolError::None;
    int status = 0;
    std::uint64_t sent = 0;
};

/// Until the command has ended and its streams are drained. Someone else that holds them open is not waited for.
Outcome attend(pid_t child, const Command& command, Pipes& pipes)
{
    Outcome outcome;
    std::string_view input = command.input;
    const Stream streams[] = {{&pipes.out[0], FrameKind::Output}, {&pipes.err[0], FrameKind::Errors}};
    double deadline = now() + command.timeout;
    bool ended = false;
    feed(pipes, input);
    while (true) {
        pollfd watched[] = {
            {childSignals, POLLIN, 0}, {pipes.out[0], POLLIN, 0}, {pipes.err[0], POLLIN, 0}, {pipes.in[1], POLLOUT, 0}};
        const double left = deadline - now();
        const int ready = left <= 0 ? 0 : poll(watched, 4, static_cast<int>(left * 1000) + 1);
        if (!ended && reap(child, outcome.status)) {
            ended = true;
            deadline = std::min(deadline, now() + 0.05);
        }
        bool overflow = false;
        for (int i = 0; i < 2; ++i)
            if (watched[i + 1].revents != 0 && ready > 0)
                if (!forward(streams[i], outcome.sent, command.outputCap, overflow)) Pipes::shut(*streams[i].fd);
        if (watched[3].revents != 0 && ready > 0) feed(pipes, input);
        if (overflow) outcome.error = ToolError::OutputLimit;
        if (ended && (ready <= 0 || (pipes.out[0] < 0 && pipes.err[0] < 0))) return outcome;
        if (overflow || (!ended && now() >= deadline)) {
            if (!overflow) outcome.error = ToolError::Timeout;
            kill(-child, SIGKILL);
            kill(child, SIGKILL);
            while (!ended && waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
            }
            return outcome;
        }
    }
}

ToolError kindOf(int fault)
{
    switch (fault) {
    case ENOENT:
    case ENOTDIR:
        return ToolError::FileNotFound;
    case EACCES:
    case EPERM:
    case ENOEXEC:
        return ToolError::Permission;
    case EAGAIN:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return ToolError::Limit;
    default:
        return ToolError::Unknown;
    }
}

void reply(const Outcome& outcome, int fault)
{
    FieldWriter fields;
    fields.u8(static_cast<std::uint8_t>(outcome.error));
    fields.u32(static_cast<std::uint32_t>(fault));
    fields.u32(static_cast<std::uint32_t>(WIFEXITED(outcome.status) ? WEXITSTATUS(outcome.status) : 0));
    fields.u32(static_cast<std::uint32_t>(WIFSIGNALED(outcome.status) ? WTERMSIG(outcome.status) : 0));
    sendFrame(FrameKind::Done, fields.bytes());
}

void execute(FieldReader fields)
{
    Command command;
    Pipes pipes;
    if (!parse(fields, command) || !pipes.open()) return reply({ToolError::Limit, 0, 0}, errno);
    const pid_t child = fork();
    if (child < 0) return reply({ToolError::Limit, 0, 0}, errno);
    if (child == 0) becomeCommand(command, pipes);
    setpgid(child, child);
    Pipes::shut(pipes.in[0]);
    Pipes::shut(pipes.out[1]);
    Pipes::shut(pipes.err[1]);
    Pipes::shut(pipes.fault[1]);
    fcntl(pipes.in[1], F_SETFL, O_NONBLOCK);
    fcntl(pipes.out[0], F_SETFL, O_NONBLOCK);
    fcntl(pipes.err[0], F_SETFL, O_NONBLOCK);
    Outcome outcome = attend(child, command, pipes);
    int fault = 0;
    fcntl(pipes.fault[0], F_SETFL, O_NONBLOCK);
    if (read(pipes.fault[0], &fault, sizeof fault) == static_cast<ssize_t>(sizeof fault) && fault != 0) {
        outcome.error = kindOf(fault);
        outcome.status = 0;
    } else {
        fault = 0;
    }
    reply(outcome, fault);
}

bool begin(FieldReader fields)
{
    const std::uint64_t processes = fields.u64();
    const std::uint64_t addressSpace = fields.u64();
    const std::uint64_t fileSize = fields.u64();
    const std::uint64_t openFiles = fields.u64();
    cpuSeconds = fields.u64();
    const bool limited = fields.u8() != 0;
    std::vector<std::string> filters;
    for (std::uint32_t left = fields.u32(); left > 0 && fields.ok(); --left)
        filters.emplace_back(fields.text());
    if (!fields.atEnd()) return false;
    mendStatx();
    takeFilters(filters);
    if (limited) {
        limit(RLIMIT_NPROC, processes);
        limit(RLIMIT_AS, addressSpace);
        limit(RLIMIT_FSIZE, fileSize);
        limit(RLIMIT_NOFILE, openFiles);
        limit(RLIMIT_CORE, 0);
        limit(RLIMIT_MEMLOCK, 64 << 10);
        limitQueues();
    } else {
        cpuSeconds = RLIM_INFINITY;
    }
    sendFrame(FrameKind::Ready, {});
    return true;
}

void serve(FrameKind kind, std::string_view payload)
{
    FieldReader fields(payload);
    switch (kind) {
    case FrameKind::Begin:
        if (!begin(fields)) _exit(72);
        break;
    case FrameKind::Exec:
        execute(fields);
        break;
    case FrameKind::Write:
        writeRequest(fields);
        break;
    case FrameKind::Read:
        readRequest(fields);
        break;
    case FrameKind::Stat:
        statRequest(fields);
        break;
    case FrameKind::Mark:
        markRequest();
        break;
    case FrameKind::Diff:
        diffRequest();
        break;
    case FrameKind::Guard:
        prctl(PR_SET_DUMPABLE, 0);
        sendFrame(FrameKind::Ready, {});
        break;
    case FrameKind::Join:
        if (!joinRequest(fields)) _exit(72);
        break;
    case FrameKind::Shutdown:
        _exit(0);
    default:
        _exit(72); // the host does not say such things
    }
}

/// The pipes move out of the way of commands, whose standard streams are opened afresh.
void takePipes()
{
    requests = fcntl(0, F_DUPFD_CLOEXEC, 3);
    replies = fcntl(1, F_DUPFD_CLOEXEC, 3);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (requests < 0 || replies < 0 || nothing < 0) _exit(73);
    for (int fd = 0; fd < 3; ++fd)
        dup2(nothing, fd);
    close(nothing);
}

} // namespace

int main()
{
    keepWire();
    takePipes();
    umask(022);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, nullptr);
    childSignals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (childSignals < 0) return 73;
    std::string payload;
    while (true) {
        pollfd watched[] = {{requests, POLLIN, 0}, {childSignals, POLLIN, 0}};
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return 74;
        int ignored = 0;
        if (watched[1].revents != 0) reap(-1, ignored);
        if (watched[0].revents == 0) continue;
        FrameKind kind{};
        if (!receiveFrame(kind, payload)) return 0; // the host is gone
        serve(kind, payload);
    }
}
