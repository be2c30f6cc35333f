// SPDX-License-Identifier: GPL-3.0-or-later
// Built with libseccomp for the architecture this program was compiled for.
#include "sandbox/seccomp_filter.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <memory>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace {

constexpr int highestCall = 1023; // libseccomp 2.5 knows up to about 460; the numbers are dense

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

Error filterError(const char* step, int code)
{
    return Error{.message = std::string("The system-call filter could not be built (") + step + ": " +
                            std::strerror(-code) + "); no code runs without it. Install libseccomp 2.5 or later.",
                 .kind = ErrorKind::Refused};
}

Result<std::string> exported(const Filter& filter)
{
    const int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0) return filterError("memfd_create", -errno);
    const int code = seccomp_export_bpf(filter.get(), fd);
    std::string bytes;
    if (code == 0) {
        bytes.resize(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)));
        if (pread(fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) bytes.clear();
    }
    close(fd);
    if (code != 0 || bytes.empty()) return filterError("export", code);
    return bytes;
}

Result<Filter> emptyFilter(std::uint32_t defaultAction)
{
    Filter filter(seccomp_init(defaultAction), &seccomp_release);
    if (!filter) return filterError("init", -ENOMEM);
    const int code = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (code != 0) return filterError("other architectures", code);
    // A binary tree instead of a list: system calls late in the table would pay for 300 comparisons.
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    return filter;
}

/// Allowed in parts, or not at all because what they ask for lies behind a pointer that no filter follows (the flags of
/// clone3, the mode of openat2): those look absent, and programs fall back to the older call.
const std::vector<std::string> conditional = {"clone", "clone3", "socket", "openat2"};

/// Each moves a page into a socket for as little as one byte, and the byte is all that the socket's bound counts; no
/// filter tells sockets from files. Commands get EINVAL, the kernel's own word for files between which it moves
/// nothing: on it programs read and write instead, also those that take ENOSYS for a failure (Node's copyFile).
const std::vector<std::string> pageMovers = {"splice", "tee", "sendfile", "sendfile64"};

constexpr int fchmodat2 = 452; // one number on every architecture; libseccomp 2.5.4 has no name for it
constexpr std::uint64_t temporaryFile = O_TMPFILE & ~O_DIRECTORY; // the bit by which the kernel knows it

int refuse(const Filter& filter, int call, std::initializer_list<scmp_arg_cmp> conditions)
{
    if (call < 0) return 0; // this architecture does not have it
    return seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), call, static_cast<unsigned>(conditions.size()),
                                  conditions.begin());
}

/// What the host's kernel refuses to an ordinary account anyway, and gVisor's does not: devices, and a higher priority.
int addDevicesAndPriority(const Filter& filter)
{
    int code = 0;
    for (const scmp_datum_t kind : {S_IFCHR, S_IFBLK}) {
        if (code == 0) code = refuse(filter, SCMP_SYS(mknod), {SCMP_A1(SCMP_CMP_MASKED_EQ, S_IFMT, kind)});
        if (code == 0) code = refuse(filter, SCMP_SYS(mknodat), {SCMP_A2(SCMP_CMP_MASKED_EQ, S_IFMT, kind)});
    }
    constexpr scmp_datum_t sign = 0x80000000U; // of the 32 bits that are looked at
    if (code == 0) code = refuse(filter, SCMP_SYS(setpriority), {SCMP_A2(SCMP_CMP_MASKED_EQ, sign, sign)});
    return code;
}

/// A socket's buffer stays as the kernel made it: what a cell may queue is its number of sockets times that. Answered
/// as done, because the kernel too gives less than it is asked for without a word, and programs go on with what they
/// have.
int addSocketBuffers(const Filter& filter)
{
    int code = 0;
    for (const scmp_datum_t option : {SO_SNDBUF, SO_RCVBUF})
        if (code == 0)
            code = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(0), SCMP_SYS(setsockopt), 2,
                                    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, SOL_SOCKET),
                                    SCMP_A2(SCMP_CMP_MASKED_EQ, 0xffffffffU, option));
    return code;
}

/// Over the Internet's protocols streams and datagrams alone: other types choose SCTP and DCCP without naming a
/// protocol.
int addSocketTypes(const Filter& filter)
{
    constexpr scmp_datum_t ofType = 0xfU; // above it stand flags
    int code = refuse(filter, SCMP_SYS(socket), {SCMP_A1(SCMP_CMP_MASKED_EQ, ofType, SOCK_RAW)});
    for (const scmp_datum_t domain : {AF_INET, AF_INET6})
        for (scmp_datum_t type = 0; type <= ofType; ++type)
            if (code == 0 && type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
                code = refuse(
                    filter, SCMP_SYS(socket),
                    {SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffU, domain), SCMP_A1(SCMP_CMP_MASKED_EQ, ofType, type)});
    return code;
}

/// A byte that ends a record (MSG_EOR) shares its buffer with none that follows: single ones hold eight times what
/// /proc/net/tcp counts.
int addRecordEnds(const Filter& filter)
{
    constexpr scmp_datum_t bit = MSG_EOR;
    int code = 0;
    for (const int call : {SCMP_SYS(sendto), SCMP_SYS(sendmmsg)})
        if (code == 0) code = refuse(filter, call, {SCMP_A3(SCMP_CMP_MASKED_EQ, bit, bit)});
    if (code == 0) code = refuse(filter, SCMP_SYS(sendmsg), {SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit)});
    return code;
}

/// Every call that gives a file its mode, where the mode would make it run as its owner or group. Opening takes a mode
/// only where it makes a file; else the argument is whatever was left in its register.
int addSetIdModes(const Filter& filter)
{
    int code = 0;
    const auto add = [&](int call, std::initializer_list<scmp_arg_cmp> conditions) {
        if (code == 0) code = refuse(filter, call, conditions);
    };
    for (const scmp_datum_t bit : {S_ISUID, S_ISGID}) {
        const scmp_arg_cmp second = SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit);
        const scmp_arg_cmp third = SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit);
        const scmp_arg_cmp fourth = SCMP_A3(SCMP_CMP_MASKED_EQ, bit, bit);
        for (const int call : {SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(creat), SCMP_SYS(mknod)})
            add(call, {second});
        for (const int call : {SCMP_SYS(fchmodat), fchmodat2, SCMP_SYS(mknodat)})
            add(call, {third});
        for (const scmp_datum_t making : {static_cast<scmp_datum_t>(O_CREAT), temporaryFile}) {
            add(SCMP_SYS(open), {SCMP_A1(SCMP_CMP_MASKED_EQ, making, making), third});
            add(SCMP_SYS(openat), {SCMP_A2(SCMP_CMP_MASKED_EQ, making, making), fourth});
        }
    }
    return code;
}

/// What gVisor's own processes do to keep others, and commands never do.
const std::vector<std::string>& ofUserKernel()
{
    static const std::vector<std::string> names = {
        "ptrace",     "process_vm_readv", "process_vm_writev", "mount", "umount2",
        "pivot_root", "chroot",           "unshare",           "setns", "memfd_create"};
    return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

int addConditional(const Filter& filter, FilterFor whom)
{
    constexpr std::uint64_t namespaces =
        CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;
    const scmp_arg_cmp withoutNamespaces[] = {SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces, 0)};
    const unsigned conditions = whom == FilterFor::Commands ? 1 : 0;
    int code = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), conditions, withoutNamespaces);
    constexpr scmp_datum_t whole = 0xffffffffU;
    const scmp_arg_cmp local[] = {SCMP_A0(SCMP_CMP_MASKED_EQ, whole, AF_UNIX)};
    if (code == 0) code = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, local);
    // Other transports (MPTCP, SCTP, ...) have queues that no list shows, and code that few machines exercise.
    for (const scmp_datum_t domain : {AF_INET, AF_INET6})
        for (const scmp_datum_t protocol :
             std::initializer_list<scmp_datum_t>{0, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6}) {
            const scmp_arg_cmp of[] = {SCMP_A0(SCMP_CMP_MASKED_EQ, whole, domain),
                                       SCMP_A2(SCMP_CMP_MASKED_EQ, whole, protocol)};
            if (code == 0) code = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, of);
        }
    return code;
}

} // namespace

const std::vector<std::string>& deniedCalls()
{
    static const std::vector<std::string> names = {
        // other processes
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
        // file systems and roots
        "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
        "pivot_root", "chroot",
        // namespaces
        "unshare", "setns",
        // keyrings belong to the user, not to the namespace
        "keyctl", "add_key", "request_key",
        // kernel surface with a history
        "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
        // the machine
        "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
        "acct", "quotactl", "quotactl_fd", "open_by_handle_at", "name_to_handle_at", "settimeofday", "clock_settime",
        "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "syslog", "lookup_dcookie",
        "nfsservctl", "uselib", "ustat", "sysfs", "_sysctl", "vhangup", "modify_ldt", "fanotify_init", "fanotify_mark",
        // memory placement
        "mbind", "set_mempolicy", "get_mempolicy", "migrate_pages", "move_pages", "set_mempolicy_home_node",
        "memfd_secret", "vmsplice",
        // memory that no rlimit counts
        "memfd_create", "shmget", "shmat", "shmctl", "shmdt", "semget", "msgget", "msgsnd", "msgrcv", "mq_open",
        "mq_unlink"};
    return names;
}

Result<std::string> tableFilter(FilterFor whom)
{
    auto filter = emptyFilter(SCMP_ACT_ERRNO(ENOSYS));
    if (!filter) return filter.error();
    const std::uint32_t architecture = seccomp_arch_native();
    for (int number = 0; number <= highestCall; ++number) {
        const std::unique_ptr<char, decltype(&std::free)> name(seccomp_syscall_resolve_num_arch(architecture, number),
                                                               &std::free);
        if (!name || contains(conditional, name.get())) continue;
        const bool denied = contains(deniedCalls(), name.get()) &&
                            (whom == FilterFor::Commands || !contains(ofUserKernel(), name.get()));
        const bool moves = contains(pageMovers, name.get()) && whom == FilterFor::Commands;
        const std::uint32_t action = denied ? SCMP_ACT_ERRNO(EPERM) : moves ? SCMP_ACT_ERRNO(EINVAL) : SCMP_ACT_ALLOW;
        const int code = seccomp_rule_add(filter->get(), action, number, 0);
        if (code != 0) return filterError(name.get(), code);
    }
    if (const int code = addConditional(*filter, whom); code != 0) return filterError("clone and socket", code);
    return exported(*filter);
}

Result<std::string> argumentFilter()
{
    auto filter = emptyFilter(SCMP_ACT_ALLOW);
    if (!filter) return filter.error();
    int code = 0;
    for (const unsigned long request : {TIOCSTI, TIOCLINUX, TIOCSETD})
        if (code == 0) code = refuse(*filter, SCMP_SYS(ioctl), {SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, request)});
    if (code == 0) code = addSocketTypes(*filter);
    if (code == 0) code = addRecordEnds(*filter);
    if (code == 0) code = addSetIdModes(*filter);
    if (code == 0) code = addDevicesAndPriority(*filter);
    if (code == 0) code = addSocketBuffers(*filter);
    if (code != 0) return filterError("arguments", code);
    return exported(*filter);
}

} // namespace gradus::sandbox
