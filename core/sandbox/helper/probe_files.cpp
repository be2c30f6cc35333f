// SPDX-License-Identifier: GPL-3.0-or-later
// Probes of what can be seen, reached and written.
#include "sandbox/helper/probe.h"

#include <arpa/inet.h>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

Answer hostSecret(const Facts& facts)
{
    const std::string path = fact(facts, "secret");
    return contents(path).empty() ? closedBy(errno) : opened("it was read");
}

Answer hostAppend(const Facts& facts)
{
    const int fd = open(fact(facts, "canary").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0) return closedBy(errno);
    const bool written = write(fd, "x", 1) == 1;
    close(fd);
    return written ? opened("a byte was appended") : closedBy(errno);
}

Answer shadow(const Facts&)
{
    for (const char* path : {"/etc/shadow", "/proc/1/root/etc/shadow"})
        if (!contents(path).empty()) return opened(std::string(path) + " was read");
    return closedBy(errno);
}

Answer inheritedDescriptor(const Facts&)
{
    if (inherited().empty()) return closed("only standard streams are open");
    return opened("descriptor " + std::to_string(inherited().front()) + " is open");
}

Answer environment(const Facts&)
{
    return std::getenv("GRADUS_CANARY") != nullptr ? opened("the canary is in the environment")
                                                   : closed("it is not there");
}

Answer writable(const std::string& path)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return closedBy(errno);
    close(fd);
    return opened(path + " opens for writing");
}

Answer sysctlWrite(const Facts&)
{
    Answer answer = writable("/proc/sys/kernel/core_pattern");
    return answer.outcome == Outcome::Open ? answer : writable("/proc/sysrq-trigger");
}

Answer rootWrite(const Facts& facts)
{
    const std::string path = fact(facts, "root") + "/gradus-probe";
    if (mkdir(path.c_str(), 0700) != 0) return closedBy(errno);
    rmdir(path.c_str());
    return opened("a folder was made in " + fact(facts, "root"));
}

Answer systemWrite(const Facts&)
{
    const int fd = open("/usr/gradus-probe", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return closedBy(errno);
    close(fd);
    unlink("/usr/gradus-probe");
    return opened("a file was made in /usr");
}

Answer hardLink(const Facts& facts)
{
    const std::string to = fact(facts, "scratch") + "/gradus-link";
    if (link(fact(facts, "secret").c_str(), to.c_str()) != 0) return closedBy(errno);
    unlink(to.c_str());
    return opened("a second name was made for it");
}

enum class Subject
{
    There,    ///< the call changes a file that is there
    Made,     ///< it makes the file
    Nameless, ///< it makes one without a name, in the folder it is given
};

/// One way to give a file a mode. Called by number: a library may take another call, or clear bits.
struct ModeWay
{
    const char* name;
    Subject subject;
    long (*set)(const char* path, int fd, unsigned mode);
};

// Younger than some headers; one number on every architecture.
constexpr long fchmodat2Call = 452;
constexpr long openat2Call = 437;
constexpr int making = O_WRONLY | O_CREAT;

long byOpenat2(const char* path, int, unsigned mode)
{
    const struct
    {
        std::uint64_t flags, mode, resolve;
    } how{making, mode, 0};
    return syscall(openat2Call, AT_FDCWD, path, &how, sizeof how);
}

const ModeWay modeWays[] = {
    {"fchmod", Subject::There, [](const char*, int fd, unsigned mode) { return syscall(SYS_fchmod, fd, mode); }},
    {"fchmodat", Subject::There,
     [](const char* path, int, unsigned mode) { return syscall(SYS_fchmodat, AT_FDCWD, path, mode); }},
    {"fchmodat2", Subject::There,
     [](const char* path, int, unsigned mode) { return syscall(fchmodat2Call, AT_FDCWD, path, mode, 0); }},
    {"openat", Subject::Made,
     [](const char* path, int, unsigned mode) { return syscall(SYS_openat, AT_FDCWD, path, making, mode); }},
    {"openat2", Subject::Made, byOpenat2},
    {"mknodat", Subject::Made,
     [](const char* path, int, unsigned mode) { return syscall(SYS_mknodat, AT_FDCWD, path, S_IFREG | mode, 0); }},
    {"O_TMPFILE", Subject::Nameless,
     [](const char* folder, int, unsigned mode) {
         return syscall(SYS_openat, AT_FDCWD, folder, O_WRONLY | O_TMPFILE, mode);
     }},
#ifdef SYS_open // architectures that came later have none of these four
    {"chmod", Subject::There, [](const char* path, int, unsigned mode) { return syscall(SYS_chmod, path, mode); }},
    {"open", Subject::Made, [](const char* path, int, unsigned mode) { return syscall(SYS_open, path, making, mode); }},
    {"creat", Subject::Made, [](const char* path, int, unsigned mode) { return syscall(SYS_creat, path, mode); }},
    {"mknod", Subject::Made,
     [](const char* path, int, unsigned mode) { return syscall(SYS_mknod, path, S_IFREG | mode, 0); }},
#endif
};

/// Whether the file has the bit afterwards, and what the call gave.
bool setsBit(const ModeWay& way, const std::string& folder, unsigned bit, int& code)
{
    const bool nameless = way.subject == Subject::Nameless;
    const std::string path = nameless ? folder : folder + "/gradus-setuid";
    const int there =
        way.subject == Subject::There ? open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700) : -1;
    const long made = way.set(path.c_str(), there, bit | 0755);
    code = made < 0 ? errno : 0;
    struct stat status
    {
    };
    const bool seen =
        nameless ? made >= 0 && fstat(static_cast<int>(made), &status) == 0 : stat(path.c_str(), &status) == 0;
    if (made > STDERR_FILENO) close(static_cast<int>(made));
    if (there >= 0) close(there);
    if (!nameless) unlink(path.c_str());
    return seen && (status.st_mode & bit) != 0;
}

Answer makeSetuid(const Facts& facts)
{
    std::string open;
    int refusal = EPERM;
    for (const ModeWay& way : modeWays) {
        int code = 0;
        for (const unsigned bit : {S_ISUID, S_ISGID})
            if (setsBit(way, fact(facts, "scratch"), bit, code)) {
                open += (open.empty() ? "" : ", ") + std::string(way.name);
                break;
            }
        if (code != 0 && code != ENOSYS) refusal = code;
    }
    return open.empty() ? closedBy(refusal) : opened("set by " + open);
}

Answer deviceNodes(const Facts& facts)
{
    const std::string path = fact(facts, "scratch") + "/gradus-node";
    if (mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0) return closedBy(errno);
    unlink(path.c_str());
    return opened("a device was made");
}

Answer hostDevices(const Facts&)
{
    static const char* const usual[] = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"};
    DIR* folder = opendir("/dev");
    if (folder == nullptr) return closedBy(errno);
    std::string found;
    while (const dirent* entry = readdir(folder)) {
        bool known = false;
        for (const char* name : usual)
            known = known || std::strcmp(name, entry->d_name) == 0;
        struct stat status
        {
        };
        if (!known && fstatat(dirfd(folder), entry->d_name, &status, 0) == 0 &&
            (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)))
            found = entry->d_name;
    }
    closedir(folder);
    return found.empty() ? closed("only the usual eight") : opened("/dev/" + found + " is there");
}

Answer folderOpens(const char* path)
{
    DIR* folder = opendir(path);
    if (folder == nullptr) return closedBy(errno);
    closedir(folder);
    return opened(std::string(path) + " can be listed");
}

Answer systemFiles(const Facts&)
{
    return folderOpens("/sys/kernel");
}
Answer cgroupFiles(const Facts&)
{
    return folderOpens("/sys/fs/cgroup");
}

Answer kernelFiles(const Facts&)
{
    for (const char* path : {"/proc/cmdline", "/proc/kallsyms", "/proc/config.gz", "/proc/modules", "/proc/interrupts"})
        if (!contents(path).empty()) return opened(std::string(path) + " can be read");
    return closed("they are masked");
}

Answer ipcObjects(const Facts& facts)
{
    const std::string all = contents("/proc/sysvipc/shm");
    return all.find(" " + fact(facts, "shm") + " ") != std::string::npos ? opened("the host's segment is listed")
                                                                         : closed("it is not listed");
}

Answer hostName(const Facts& facts)
{
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return fact(facts, "hostname") == name ? opened("it is the host's") : closed("another one is shown");
}

Answer cgroupPath(const Facts&)
{
    const std::string all = contents("/proc/self/cgroup");
    for (std::size_t at = all.find(":/"); at != std::string::npos; at = all.find(":/", at + 1))
        if (at + 2 < all.size() && all[at + 2] != '\n') return opened("the host's path is shown");
    return closed("only / is shown");
}

Answer connectTo(int family, const void* address, socklen_t size)
{
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return closedBy(errno);
    const int code = connect(fd, static_cast<const sockaddr*>(address), size) == 0 ? 0 : errno;
    close(fd);
    return code == 0 ? opened("the host's listener answered") : closed(std::strerror(code));
}

Answer abstractSocket(const Facts& facts)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = fact(facts, "abstract");
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    return connectTo(AF_UNIX, &address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size()));
}

Answer hostSocket(const Facts& facts)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = fact(facts, "socket");
    if (path.size() >= sizeof address.sun_path) return closed("the path is too long to try");
    std::memcpy(address.sun_path, path.data(), path.size());
    return connectTo(AF_UNIX, &address, sizeof address);
}

Answer hostLoopback(const Facts& facts)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(number(facts, "port")));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connectTo(AF_INET, &address, sizeof address);
}

Answer interfaces(const Facts&)
{
    const std::string all = contents("/proc/net/dev");
    std::string found;
    for (std::size_t colon = all.find(':'); colon != std::string::npos; colon = all.find(':', colon + 1)) {
        const std::size_t from = all.find_last_of(" \n", colon) + 1;
        if (const std::string name = all.substr(from, colon - from); name != "lo") found = name;
    }
    return found.empty() ? closed("only loopback") : opened(found + " is there");
}

Answer machineFacts(const Facts& facts)
{
    if (contents("/proc/meminfo").empty()) return closedBy(errno);
    utsname system{};
    uname(&system);
    const bool host = fact(facts, "release") == system.release;
    return opened(std::string("/proc/meminfo, cpuinfo, stat and uname are ") +
                  (host ? "the host's" : "those of another kernel, " + std::string(system.release)));
}

} // namespace

std::vector<Entry> fileProbes()
{
    return {{"host-secret", hostSecret},
            {"host-append", hostAppend},
            {"shadow", shadow},
            {"inherited-descriptor", inheritedDescriptor},
            {"environment", environment},
            {"sysctl-write", sysctlWrite},
            {"root-write", rootWrite},
            {"system-write", systemWrite},
            {"hard-link", hardLink},
            {"make-setuid", makeSetuid},
            {"device-nodes", deviceNodes},
            {"host-devices", hostDevices},
            {"system-files", systemFiles},
            {"cgroup-files", cgroupFiles},
            {"kernel-files", kernelFiles},
            {"ipc-objects", ipcObjects},
            {"host-name", hostName},
            {"cgroup-path", cgroupPath},
            {"abstract-socket", abstractSocket},
            {"host-socket", hostSocket},
            {"host-loopback", hostLoopback},
            {"interfaces", interfaces},
            {"machine-facts", machineFacts}};
}

} // namespace gradus::sandbox::probe
