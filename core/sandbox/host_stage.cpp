// SPDX-License-Identifier: GPL-3.0-or-later
// Canaries of the battery. Nothing here is anybody else's.
#include "sandbox/host_stage.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/ids.h"
#include "base/text.h"
#include "sandbox/cell.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace fs = std::filesystem;

namespace {

Error stageError(const char* what)
{
    return failed(std::string("The containment battery cannot make its canaries (") + what + ": " +
                  std::strerror(errno) + "); it needs /var/tmp and the loopback interface.");
}

/// As root: the file goes to the cells' account.
bool give(const fs::path& path)
{
    const Account account = cellAccount();
    return geteuid() != 0 || chown(path.c_str(), account.uid, account.gid) == 0;
}

Descriptor listener(int family, const void* address, socklen_t size)
{
    Descriptor fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.valid() && (bind(fd.get(), static_cast<const sockaddr*>(address), size) != 0 || listen(fd.get(), 64) != 0))
        fd.reset();
    return fd;
}

/// Whether somebody connected since the last time.
bool drained(const Descriptor& listening)
{
    bool any = false;
    for (int fd; (fd = accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC)) >= 0; any = true)
        close(fd);
    return any;
}

std::string readUntilEnd(int fd, std::size_t cap, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    std::string all;
    char chunk[64 << 10];
    while (all.size() < cap) {
        const ssize_t count = read(fd, chunk, sizeof chunk);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) break;
        if (count > 0) {
            all.append(chunk, static_cast<std::size_t>(count));
            continue;
        }
        const double left = deadline - monotonicSeconds();
        pollfd watched{fd, POLLIN, 0};
        if (left <= 0) break;
        poll(&watched, 1, static_cast<int>(left * 1000) + 1);
    }
    return all;
}

} // namespace

ProbeAnswers parseAnswers(std::string_view output)
{
    using Outcome = ProbeAnswer::Outcome;
    ProbeAnswers answers;
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        output.remove_prefix(std::min(end + 1, output.size()));
        const std::size_t first = line.find(' ');
        const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
        if (second == std::string_view::npos) continue;
        const std::string_view word = line.substr(first + 1, second - first - 1);
        const Outcome outcome = word == "open"     ? Outcome::Open
                                : word == "closed" ? Outcome::Closed
                                : word == "absent" ? Outcome::Absent
                                                   : Outcome::None;
        answers[std::string(line.substr(0, first))] = {outcome, visible(line.substr(second + 1), 160)};
    }
    return answers;
}

Result<std::unique_ptr<HostStage>> HostStage::make()
{
    std::unique_ptr<HostStage> stage(new HostStage);
    if (auto made = stage->makeFiles(); !made) return made.error();
    if (auto made = stage->makeListeners(); !made) return made.error();
    if (auto made = stage->makeVictim(); !made) return made.error();
    (void)stage->touched();
    return stage;
}

Result<void> HostStage::makeFiles()
{
    std::string pattern = "/var/tmp/gradus-battery-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) return stageError("folder");
    m_folder = pattern;
    m_secret = newUuid();
    std::error_code code;
    fs::create_directories(m_folder / "scratch", code);
    fs::create_directories(m_folder / "outside", code);
    fs::create_directories(m_folder / "workspace", code);
    fs::create_symlink("/oldroot" + (m_folder / "outside").string(), m_folder / "workspace" / "x", code);
    if (auto made = writeFileAtomically(m_folder / "secret", m_secret); !made) return made;
    if (auto made = writeFileAtomically(m_folder / "canary", "c"); !made) return made;
    for (const char* name : {"", "scratch", "outside", "workspace", "secret", "canary"})
        if (!give(m_folder / name)) return stageError("files");
    const int fd = open(m_folder.c_str(), O_RDONLY | O_DIRECTORY); // inheritable on purpose: the leak to be closed
    if (fd < 0) return stageError("descriptor");
    m_leak = Descriptor(fcntl(fd, F_DUPFD, 200));
    close(fd);
    m_shm = shmget(IPC_PRIVATE, 4096, 0600);
    return {};
}

Result<void> HostStage::makeListeners()
{
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_tcp = listener(AF_INET, &loopback, sizeof loopback);
    socklen_t size = sizeof loopback;
    if (!m_tcp.valid() || getsockname(m_tcp.get(), reinterpret_cast<sockaddr*>(&loopback), &size) != 0)
        return stageError("loopback");
    m_port = ntohs(loopback.sin_port);

    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    m_abstract = "gradus-battery-" + newUuid();
    std::memcpy(name.sun_path + 1, m_abstract.data(), m_abstract.size());
    m_abstractSocket =
        listener(AF_UNIX, &name, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + m_abstract.size()));

    sockaddr_un file{};
    file.sun_family = AF_UNIX;
    const std::string path = m_folder / "socket";
    std::memcpy(file.sun_path, path.data(), path.size());
    m_fileSocket = listener(AF_UNIX, &file, sizeof file);
    if (!m_abstractSocket.valid() || !m_fileSocket.valid() || !give(path)) return stageError("sockets");
    return {};
}

Result<void> HostStage::makeVictim()
{
    KeeperStart start{.cell = false,
                      .options = {},
                      .weakening = {},
                      .arguments = {"gradus-victim", "victim"},
                      .environment = {},
                      .program = probeProgram()};
    auto process = KeeperProcess::start(start);
    if (!process) return process.error();
    m_victim = std::make_unique<KeeperProcess>(std::move(*process));
    std::string said;
    const double deadline = monotonicSeconds() + 10;
    while (said.find('\n') == std::string::npos && monotonicSeconds() < deadline) {
        pollfd watched{m_victim->reply(), POLLIN, 0};
        poll(&watched, 1, 100);
        char chunk[64];
        const ssize_t count = read(m_victim->reply(), chunk, sizeof chunk);
        if (count > 0) said.append(chunk, static_cast<std::size_t>(count));
        if (count == 0) break;
    }
    m_victimPid = said.substr(0, said.find('\n'));
    if (m_victimPid.empty()) {
        while (const auto line = m_victim->line(deadline))
            if (line->starts_with("missing"))
                return Error{.message = "The containment battery cannot run: " + visible(*line) + ".",
                             .kind = ErrorKind::Refused};
        return stageError("victim process");
    }
    return {};
}

HostStage::~HostStage()
{
    if (m_victim) m_victim->stop();
    if (m_shm >= 0) shmctl(m_shm, IPC_RMID, nullptr);
    std::error_code ignored;
    if (!m_folder.empty()) fs::remove_all(m_folder, ignored);
}

std::vector<std::string> HostStage::cellFacts() const
{
    utsname system{};
    uname(&system);
    return {"secret=" + (m_folder / "secret").string(),
            "canary=" + (m_folder / "canary").string(),
            "socket=" + (m_folder / "socket").string(),
            "abstract=" + m_abstract,
            "port=" + std::to_string(m_port),
            "victim=" + m_victimPid,
            "shm=" + std::to_string(m_shm),
            std::string("hostname=") + system.nodename,
            std::string("release=") + system.release,
            "guard=1",
            "root=/",
            "scratch=/tmp",
            "folders=/tmp:/home/agent:/dev/shm"};
}

std::vector<std::string> HostStage::controlFacts() const
{
    std::vector<std::string> facts = cellFacts();
    const std::string scratch = m_folder / "scratch";
    for (const std::string& fact :
         {"guard=" + m_victimPid, "root=" + scratch, "scratch=" + scratch, "folders=" + scratch})
        facts.push_back(fact); // the last of a key counts
    return facts;
}

Result<std::string> HostStage::runPlain(std::string_view program, const std::vector<std::string>& argv, std::size_t cap,
                                        double seconds) const
{
    KeeperStart start{.cell = false,
                      .options = {},
                      .weakening = {.without = Layer::Descriptors},
                      .arguments = argv,
                      .environment = {"GRADUS_CANARY=1", "PATH=/usr/bin:/bin"},
                      .program = program};
    start.options.limits.episodeSeconds = seconds;
    auto process = KeeperProcess::start(start);
    if (!process) return process.error();
    process->closeRequest();
    std::string output = readUntilEnd(process->reply(), cap, seconds);
    process->stop();
    return output;
}

ProbeAnswers HostStage::controls(const std::vector<std::string_view>& ids, const std::vector<std::string>& more) const
{
    std::vector<std::string> argv = {"gradus-probe"};
    for (const auto& facts : {controlFacts(), more})
        argv.insert(argv.end(), facts.begin(), facts.end());
    argv.emplace_back("--");
    argv.insert(argv.end(), ids.begin(), ids.end());
    const auto output = runPlain(probeProgram(), argv, 1 << 20, 60);
    return output ? parseAnswers(*output) : ProbeAnswers{};
}

std::set<std::string_view> HostStage::touched()
{
    std::set<std::string_view> found;
    std::error_code ignored;
    const auto size = static_cast<std::size_t>(fs::file_size(m_folder / "canary", ignored));
    if (size != m_canarySize) found.insert("host-append");
    m_canarySize = size;
    if (drained(m_tcp)) found.insert("host-loopback");
    if (drained(m_abstractSocket)) found.insert("abstract-socket");
    if (drained(m_fileSocket)) found.insert("host-socket");
    char heard[64];
    for (ssize_t count; (count = read(m_victim->reply(), heard, sizeof heard)) != 0;) {
        if (count < 0) break;
        found.insert("signal-host");
    }
    return found;
}

} // namespace gradus::sandbox
