// SPDX-License-Identifier: GPL-3.0-or-later
// The order of these options is part of the containment: /dev after /proc, the root made read-only last.
#include "sandbox/cell_arguments.h"

#include "base/files.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/wall.h"

#include <cstdlib>
#include <filesystem>
#include <initializer_list>

namespace gradus::sandbox {

namespace fs = std::filesystem;

namespace {

class Arguments
{
public:
    /// What is put into the cell is put under this folder of bubblewrap's root.
    explicit Arguments(std::string_view root) : m_root(root) {}
    std::string at(std::string_view path) const { return m_root + std::string(path); }
    void add(std::initializer_list<std::string> words) { m_words.insert(m_words.end(), words); }
    void data(int fd, const char* mode, const char* path)
    {
        add({"--perms", mode, "--ro-bind-data", std::to_string(fd), at(path)});
    }
    void temporary(std::uint64_t bytes, bool sized, const char* mode, const char* path)
    {
        if (sized) add({"--size", std::to_string(bytes)});
        add({"--perms", mode, "--tmpfs", at(path)});
    }
    std::vector<std::string> take() { return std::move(m_words); }

private:
    std::string m_root;
    std::vector<std::string> m_words;
};

bool exists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

void addNamespaces(Arguments& out, const CellOptions& options, const Weakening& weakening)
{
    // Not --unshare-all: that one takes "try" for an answer for two of them.
    out.add({"--unshare-user"});
    if (weakening.has(Layer::CgroupNamespace)) out.add({"--unshare-cgroup"});
    if (weakening.has(Layer::IpcNamespace)) out.add({"--unshare-ipc"});
    if (weakening.has(Layer::Network)) out.add({"--unshare-net"});
    if (weakening.has(Layer::UtsNamespace)) out.add({"--unshare-uts", "--hostname", options.hostname});
    // The helper is process 1 itself: bubblewrap as process 1 would show all its options in /proc/1/cmdline.
    if (weakening.has(Layer::PidNamespace)) out.add({"--unshare-pid", "--as-pid-1"});
    out.add({"--die-with-parent", "--json-status-fd", std::to_string(keeper::statusFd)});
    if (weakening.has(Layer::NewSession)) out.add({"--new-session"});
    if (weakening.has(Layer::Environment)) out.add({"--clearenv"});
    for (const auto& [name, value] : cellEnvironment())
        out.add({"--setenv", name, value});
}

/// Who a command is: nobody's root, and nothing to be had.
void addAccount(Arguments& out, const Weakening& weakening)
{
    if (weakening.has(Layer::UserNamespaceLock)) out.add({"--disable-userns"});
    out.add({"--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"});
}

/// Who the user kernel is: root of bubblewrap's user namespace, because it makes namespaces and roots for its own
/// processes. On the host it is the cell's account all the same.
void addUserKernelAccount(Arguments& out)
{
    out.add({"--uid", "0", "--gid", "0"});
    for (const char* capability : {"CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SYS_ADMIN", "CAP_SYS_CHROOT"})
        out.add({"--cap-add", capability});
}

void addToolchain(Arguments& out)
{
    out.add(
        {"--ro-bind", "/usr", out.at("/usr"), "--tmpfs", out.at("/usr/local"), "--remount-ro", out.at("/usr/local")});
    for (const char* name : {"bin", "lib", "lib32", "lib64", "sbin"}) {
        const std::string path = std::string("/") + name;
        std::error_code ignored;
        if (fs::is_symlink(path, ignored))
            out.add({"--symlink", std::string("usr/") + name, out.at(path)});
        else if (exists(path))
            out.add({"--ro-bind", path, out.at(path)});
    }
    out.data(keeper::loaderCacheFd, "0644", "/etc/ld.so.cache");
    if (exists("/etc/alternatives"))
        out.add({"--ro-bind", "/etc/alternatives", out.at("/etc/alternatives")}); // awk, cc, vi
}

void addRoot(Arguments& out, const CellOptions& options, const Weakening& weakening)
{
    if (!weakening.has(Layer::EmptyRoot)) {
        out.add({"--ro-bind", "/", out.at("/")});
        return;
    }
    out.add({"--perms", "0755", "--dir", out.at("/etc")});
    if (options.level >= Level::Toolchain) addToolchain(out);
    out.data(keeper::passwdFd, "0644", "/etc/passwd");
    out.data(keeper::groupFd, "0644", "/etc/group");
    out.data(keeper::hostsFd, "0644", "/etc/hosts");
    out.data(keeper::nsswitchFd, "0644", "/etc/nsswitch.conf");
}

void addProc(Arguments& out, const Weakening& weakening)
{
    out.add({"--proc", "/proc"});
    if (!weakening.has(Layer::ProcMasks)) return;
    for (const char* folder : {"acpi", "asound", "bus", "fs", "irq", "scsi", "driver"})
        if (const std::string path = std::string("/proc/") + folder; exists(path))
            out.add({"--tmpfs", path, "--remount-ro", path});
    for (const char* file :
         {"kcore",     "keys",        "key-users",     "kallsyms",    "timer_list", "sched_debug", "cmdline",
          "config.gz", "kmsg",        "sysrq-trigger", "kpagecgroup", "kpagecount", "kpageflags",  "pagetypeinfo",
          "slabinfo",  "vmallocinfo", "iomem",         "ioports",     "modules",    "interrupts",  "diskstats",
          "cgroups",   "crypto",      "partitions",    "swaps"})
        if (const std::string path = std::string("/proc/") + file; exists(path))
            out.add({"--ro-bind", "/dev/null", path});
    out.add({"--remount-ro", "/proc"});
}

void addWritable(Arguments& out, const CellOptions& options, const Weakening& weakening)
{
    const bool sized = weakening.has(Layer::FileSystemSizes);
    // A bare --dev leaves a writable file system of half the memory at /dev and at /dev/shm.
    out.add({"--dev", "/dev"});
    out.temporary(mebibyte, sized, "1777", "/dev/shm");
    out.add({"--remount-ro", "/dev"});
    out.temporary(options.limits.temporaryBytes, sized, "1777", "/tmp");
    if (!weakening.has(Layer::EmptyRoot)) {
        // The host's root may have no /home/agent; a tmpfs over /home makes room for it.
        out.add({"--tmpfs", "/home"});
    } else {
        out.add({"--perms", "0755", "--dir", "/var", "--symlink", "/tmp", "/var/tmp"});
        out.add({"--perms", "0755", "--dir", "/home"});
    }
    out.temporary(options.limits.homeBytes, sized, "0700", "/home/agent");
}

/// The rest of a cell that bubblewrap itself shows to the first process.
void addInside(Arguments& out, const CellOptions& options, const Weakening& weakening)
{
    addProc(out, weakening);
    addWritable(out, options, weakening);
    // As data, not as a bind: a bind would put a host path into the cell's mount table.
    const bool emptyRoot = weakening.has(Layer::EmptyRoot);
    out.data(keeper::programFd, "0555", emptyRoot ? "/opt/cell" : "/tmp/cell");
    out.add({"--chdir", "/home/agent"});
}

/// The user kernel, its configuration, a place for its state, and where it mounts what it shows (user_kernel.h).
void addUserKernel(Arguments& out, const CellOptions& options, const Weakening& weakening)
{
    const std::string folder(keeper::userKernelFolder);
    if (!weakening.has(Layer::EmptyRoot)) out.add({"--tmpfs", out.at("/opt")});
    out.data(keeper::programFd, "0555", "/opt/cell");
    out.data(keeper::mendFd, "0555", keeper::statxMendPath);
    if (weakening.has(Layer::EmptyRoot))
        for (const char* path : {"/proc", "/dev", "/sys", "/tmp", "/home/agent"})
            out.add({"--perms", "0755", "--dir", out.at(path)});
    out.add({"--ro-bind",
             userKernelProgram(options),
             folder + "/runsc",
             "--perms",
             "0444",
             "--ro-bind-data",
             std::to_string(keeper::bundleFd),
             folder + "/config.json",
             "--size",
             std::to_string(4 * mebibyte),
             "--tmpfs",
             folder + "/state",
             "--dir",
             "/tmp",
             "--proc",
             "/proc",
             "--dev",
             "/dev",
             "--remount-ro",
             "/dev"});
}

} // namespace

std::vector<std::pair<std::string, std::string>> cellEnvironment()
{
    return {
        {"PATH", "/usr/bin:/bin"}, {"HOME", "/home/agent"}, {"USER", "agent"}, {"LANG", "C.UTF-8"}, {"TMPDIR", "/tmp"}};
}

std::vector<std::string> cellArguments(const CellOptions& options, const Weakening& weakening)
{
    const bool userKernel = options.level == Level::UserKernel;
    Arguments out(userKernel ? keeper::userKernelRoot : "");
    addNamespaces(out, options, weakening);
    userKernel ? addUserKernelAccount(out) : addAccount(out, weakening);
    addRoot(out, options, weakening);
    if (userKernel)
        addUserKernel(out, options, weakening);
    else
        addInside(out, options, weakening);
    if (weakening.has(Layer::ReadOnlyRoot)) out.add({"--remount-ro", "/"});
    // A user kernel that is to show the host's network asks for it by a netlink socket, which the filters refuse.
    const bool filtered = weakening.has(Layer::Seccomp) && (!userKernel || weakening.has(Layer::Network));
    if (filtered)
        out.add({"--add-seccomp-fd", std::to_string(keeper::tableFilterFd), "--add-seccomp-fd",
                 std::to_string(keeper::argumentFilterFd)});
    return out.take();
}

std::string joinedByNul(const std::vector<std::string>& words)
{
    std::string all;
    for (const std::string& word : words)
        all.append(word).push_back('\0');
    return all;
}

unsigned usedDescriptors(const std::vector<std::string>& arguments)
{
    unsigned used = 0;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i)
        if (arguments[i] == "--ro-bind-data" || arguments[i] == "--add-seccomp-fd")
            used |= 1U << std::strtoul(arguments[i + 1].c_str(), nullptr, 10);
    return used;
}

CellFiles cellFiles(const CellOptions& options)
{
    CellFiles files;
    files.passwd = "root:x:0:0:root:/root:/bin/bash\nagent:x:1000:1000::/home/agent:/bin/bash\n"
                   "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
    files.group = "root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n";
    files.hosts = "127.0.0.1 localhost " + options.hostname + "\n::1 localhost\n" + options.neighbours;
    files.nsswitch = "passwd: files\ngroup: files\nhosts: files dns\n";
    if (auto cache = readFile("/etc/ld.so.cache", 16 * mebibyte)) files.loaderCache = std::move(*cache);
    return files;
}

} // namespace gradus::sandbox
