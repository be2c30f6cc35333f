// SPDX-License-Identifier: GPL-3.0-or-later
// posix_spawn instead of fork: a worker with gigabytes of weights is neither copied nor visible to what it starts.
#include "sandbox/keeper_process.h"

#include "base/clock.h"

#include "sandbox/cell.h"
#include "sandbox/cell_arguments.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/seccomp_filter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <future>
#include <mutex>
#include <poll.h>
#include <queue>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

extern char** environ;

namespace gradus::sandbox {

namespace {

constexpr int aboveFixed = 64; ///< our own descriptors stay above those that the keeper gets by number

Error startError(const char* step, int code)
{
    return Error{.message = std::string("The sandbox cell cannot start (") + step + ": " + std::strerror(code) +
                            "), so no code runs; free resources or raise the limits of this account.",
                 .kind = ErrorKind::Refused};
}

Result<Descriptor> raised(int fd, const char* step)
{
    if (fd < 0) return startError(step, errno);
    const int high = fcntl(fd, F_DUPFD_CLOEXEC, aboveFixed);
    const int code = errno;
    close(fd);
    if (high < 0) return startError(step, code);
    return Descriptor(high);
}

/// A fresh description of the same file, with an offset of its own.
Result<Descriptor> reopened(const Descriptor& data)
{
    return raised(open(("/proc/self/fd/" + std::to_string(data.get())).c_str(), O_RDONLY | O_CLOEXEC), "data");
}

/// Lives as long as the program, on purpose: its end would end every cell (PR_SET_PDEATHSIG follows the thread).
class Launcher
{
public:
    static Launcher& instance()
    {
        static auto* const launcher = new Launcher;
        return *launcher;
    }
    int run(std::function<int()> start)
    {
        std::packaged_task<int()> task(std::move(start));
        std::future<int> result = task.get_future();
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.push(std::move(task));
        }
        m_wake.notify_one();
        return result.get();
    }

private:
    Launcher()
    {
        std::thread([this] { work(); }).detach();
    }
    void work()
    {
        while (true) {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_tasks.empty(); });
            std::packaged_task<int()> task = std::move(m_tasks.front());
            m_tasks.pop();
            lock.unlock();
            task();
        }
    }
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::queue<std::packaged_task<int()>> m_tasks;
};

/// What every cell of this program gets; made once.
struct Constants
{
    Descriptor keeper, tableFilter, argumentFilter, userKernelFilter, nothing, loaderCache;
};

Result<Constants> makeConstants()
{
    Constants made;
    const auto table = tableFilter();
    if (!table) return table.error();
    const auto arguments = argumentFilter();
    if (!arguments) return arguments.error();
    const auto userKernel = tableFilter(FilterFor::UserKernel);
    if (!userKernel) return userKernel.error();
    const CellFiles files = cellFiles({});
    for (const auto& [slot, bytes] : {std::pair{&made.keeper, keeperProgram()},
                                      {&made.tableFilter, std::string_view(*table)},
                                      {&made.argumentFilter, std::string_view(*arguments)},
                                      {&made.userKernelFilter, std::string_view(*userKernel)},
                                      {&made.nothing, std::string_view()},
                                      {&made.loaderCache, std::string_view(files.loaderCache)}}) {
        auto data = dataDescriptor(bytes, "constant");
        if (!data) return data.error();
        *slot = std::move(*data);
    }
    return made;
}

const Result<Constants>& constants()
{
    static const auto* const made = new Result<Constants>(makeConstants());
    return *made;
}

struct Ends
{
    std::array<Descriptor, keeper::statusFd> theirs; ///< by the keeper's numbers
    Descriptor request, reply, errors, control;
};

Result<void> makePipes(Ends& ends)
{
    int pair[2];
    const auto take = [&](Descriptor& first, Descriptor& second) -> Result<void> {
        auto a = raised(pair[0], "pipes");
        auto b = raised(pair[1], "pipes");
        if (!a) return a.error();
        if (!b) return b.error();
        first = std::move(*a);
        second = std::move(*b);
        return {};
    };
    if (pipe2(pair, O_CLOEXEC) != 0) return startError("pipes", errno);
    if (auto taken = take(ends.theirs[keeper::inputFd], ends.request); !taken) return taken;
    if (pipe2(pair, O_CLOEXEC) != 0) return startError("pipes", errno);
    if (auto taken = take(ends.reply, ends.theirs[keeper::outputFd]); !taken) return taken;
    if (pipe2(pair, O_CLOEXEC) != 0) return startError("pipes", errno);
    if (auto taken = take(ends.errors, ends.theirs[keeper::errorsFd]); !taken) return taken;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return startError("pipes", errno);
    if (auto taken = take(ends.control, ends.theirs[keeper::controlFd]); !taken) return taken;
    for (const Descriptor* ours : {&ends.request, &ends.reply, &ends.errors, &ends.control})
        fcntl(ours->get(), F_SETFL, O_NONBLOCK);
    return {};
}

Result<void> makeData(const KeeperStart& start, const Constants& shared, Ends& ends)
{
    const CellFiles files = cellFiles(start.options);
    const std::string arguments = start.cell ? joinedByNul(start.arguments) : std::string();
    for (const auto& [fd, bytes] : {std::pair{keeper::argumentsFd, std::string_view(arguments)},
                                    {keeper::passwdFd, std::string_view(files.passwd)},
                                    {keeper::groupFd, std::string_view(files.group)},
                                    {keeper::hostsFd, std::string_view(files.hosts)},
                                    {keeper::nsswitchFd, std::string_view(files.nsswitch)},
                                    {keeper::bundleFd, std::string_view(start.bundle)},
                                    {keeper::mendFd, statxMend()},
                                    {keeper::programFd, start.program}}) {
        auto data = dataDescriptor(bytes, "cell");
        if (!data) return data.error();
        ends.theirs[static_cast<std::size_t>(fd)] = std::move(*data);
    }
    for (const auto& [fd, data] :
         {std::pair{keeper::tableFilterFd, start.bundle.empty() ? &shared.tableFilter : &shared.userKernelFilter},
          {keeper::argumentFilterFd, &shared.argumentFilter},
          {keeper::loaderCacheFd, &shared.loaderCache}}) {
        auto fresh = reopened(*data);
        if (!fresh) return fresh.error();
        ends.theirs[static_cast<std::size_t>(fd)] = std::move(*fresh);
    }
    // One that is passed on as it is: the kernel asks who opened it, and the keeper may be a lesser account by then.
    const int group =
        fcntl((start.entrance != nullptr ? *start.entrance : shared.nothing).get(), F_DUPFD_CLOEXEC, aboveFixed);
    if (group < 0) return startError("control group", errno);
    ends.theirs[keeper::controlGroupFd] = Descriptor(group);
    const int wire = fcntl((start.wire != nullptr ? *start.wire : shared.nothing).get(), F_DUPFD_CLOEXEC, aboveFixed);
    if (wire < 0) return startError("joined cells", errno);
    ends.theirs[keeper::wireFd] = Descriptor(wire);
    return {};
}

std::vector<std::string> keeperWords(const KeeperStart& start)
{
    const CellLimits& limits = start.options.limits;
    const Account account = cellAccount();
    std::vector<std::string> words = {"gradus-keeper",
                                      !start.cell            ? "plain"
                                      : start.bundle.empty() ? "cell"
                                                             : "user-kernel",
                                      std::to_string(account.uid),
                                      std::to_string(account.gid),
                                      std::to_string(limits.totalMemory),
                                      std::to_string(limits.inodes),
                                      std::to_string(limits.temporaryBytes),
                                      std::to_string(limits.homeBytes),
                                      start.weakening.has(Layer::Descriptors) ? "0" : "1",
                                      start.weakening.has(Layer::Watchdog) ? "1" : "0",
                                      std::to_string(limits.processes),
                                      std::to_string(limits.episodeSeconds),
                                      std::to_string(usedDescriptors(start.arguments)),
                                      start.entrance != nullptr ? "1" : "0",
                                      start.wire != nullptr ? "1" : "0"};
    if (!start.cell) {
        words.insert(words.end(), start.arguments.begin(), start.arguments.end());
        return words;
    }
    for (const std::string& word :
         {start.options.bubblewrap, std::string("--args"), std::to_string(keeper::argumentsFd), std::string("--")})
        words.push_back(word);
    words.insert(words.end(), start.command.begin(), start.command.end());
    return words;
}

std::vector<char*> pointers(const std::vector<std::string>& words)
{
    std::vector<char*> all;
    for (const std::string& word : words)
        all.push_back(const_cast<char*>(word.c_str()));
    all.push_back(nullptr);
    return all;
}

Result<int> spawn(const KeeperStart& start, const Constants& shared, const Ends& ends)
{
    const std::vector<std::string> words = keeperWords(start);
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> environment = pointers(start.environment);
    const std::string path = "/proc/self/fd/" + std::to_string(shared.keeper.get());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (std::size_t fd = 0; fd < ends.theirs.size(); ++fd)
        posix_spawn_file_actions_adddup2(&actions, ends.theirs[fd].get(), static_cast<int>(fd));
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid = -1;
    const int code = Launcher::instance().run(
        [&] { return posix_spawn(&pid, path.c_str(), &actions, &attributes, argv.data(), environment.data()); });
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) return startError("keeper", code);
    return static_cast<int>(pid);
}

} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    if (this != &other) {
        reset();
        m_fd = other.release();
    }
    return *this;
}

int Descriptor::release()
{
    const int fd = m_fd;
    m_fd = -1;
    return fd;
}

void Descriptor::reset()
{
    if (m_fd >= 0) close(m_fd);
    m_fd = -1;
}

Result<Descriptor> dataDescriptor(std::string_view bytes, const char* name)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (fd < 0 && errno == EINVAL) fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); // before Linux 6.3
    if (fd < 0) return startError("data", errno);
    const Descriptor writable(fd);
    while (!bytes.empty()) {
        const ssize_t count = write(fd, bytes.data(), bytes.size());
        if (count <= 0) return startError("data", errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    return reopened(writable); // one that is open for writing cannot be executed
}

Result<KeeperProcess> KeeperProcess::start(const KeeperStart& start)
{
    const Result<Constants>& shared = constants();
    if (!shared) return shared.error();
    Ends ends;
    if (auto made = makePipes(ends); !made) return made.error();
    if (auto made = makeData(start, *shared, ends); !made) return made.error();
    const auto pid = spawn(start, *shared, ends);
    if (!pid) return pid.error();
    KeeperProcess process;
    process.m_pid = *pid;
    process.m_request = std::move(ends.request);
    process.m_reply = std::move(ends.reply);
    process.m_errors = std::move(ends.errors);
    process.m_control = std::move(ends.control);
    return process;
}

KeeperProcess::~KeeperProcess()
{
    if (m_pid > 0 && m_control.valid()) stop();
}

std::string KeeperProcess::errors()
{
    std::string all(8192, '\0');
    const ssize_t count = m_errors.valid() ? read(m_errors.get(), all.data(), all.size()) : 0;
    all.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return all;
}

std::optional<std::string> KeeperProcess::line(double deadline)
{
    while (true) {
        if (const std::size_t at = m_lines.find('\n'); at != std::string::npos) {
            std::string text = m_lines.substr(0, at);
            m_lines.erase(0, at + 1);
            if (text.starts_with("ended ")) m_ended = text.substr(6);
            return text;
        }
        if (!m_control.valid()) return std::nullopt;
        char chunk[1024];
        const ssize_t count = read(m_control.get(), chunk, sizeof chunk);
        if (count > 0) {
            m_lines.append(chunk, static_cast<std::size_t>(count));
            continue;
        }
        if (count == 0 || (errno != EAGAIN && errno != EINTR)) return std::nullopt;
        pollfd watched{m_control.get(), POLLIN, 0};
        const double left = deadline - monotonicSeconds();
        if (left <= 0) return std::nullopt;
        poll(&watched, 1, static_cast<int>(left * 1000) + 1);
    }
}

void KeeperProcess::askProof(char what)
{
    send(m_control.get(), &what, 1, MSG_NOSIGNAL);
}

std::string KeeperProcess::stop()
{
    if (m_pid <= 0) return m_ended;
    if (m_control.valid()) shutdown(m_control.get(), SHUT_WR);
    const double deadline = monotonicSeconds() + 8;
    while (line(deadline)) {
    }
    // Silent for eight seconds, or dead: then bubblewrap's own --die-with-parent ends the cell.
    if (m_ended.empty()) kill(m_pid, SIGKILL);
    while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
    for (Descriptor* fd : {&m_request, &m_reply, &m_errors, &m_control})
        fd->reset();
    return m_ended;
}

} // namespace gradus::sandbox
