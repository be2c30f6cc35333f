// SPDX-License-Identifier: GPL-3.0-or-later
// The filters, run by a small interpreter over every call number and held against a list written here by hand.
#include "support/suite.h"

#include "sandbox/seccomp_filter.h"

#include <QSet>
#include <QTest>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <optional>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace gradus::sandbox;

namespace {

/// What the kernel would do, for the instructions that libseccomp writes. Nothing: the program is not understood.
std::optional<std::uint32_t> decide(const std::string& program, const seccomp_data& data)
{
    std::vector<sock_filter> code(program.size() / sizeof(sock_filter));
    std::memcpy(code.data(), program.data(), program.size());
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const sock_filter& step = code[at];
        const auto jump = [&](bool taken) { at += taken ? step.jt : step.jf; };
        switch (step.code) {
        case BPF_LD | BPF_W | BPF_ABS:
            if (step.k + 4 > sizeof data) return std::nullopt;
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + step.k, 4);
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            accumulator &= step.k;
            break;
        case BPF_JMP | BPF_JA:
            at += step.k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            jump(accumulator == step.k);
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            jump(accumulator > step.k);
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            jump(accumulator >= step.k);
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            jump((accumulator & step.k) != 0);
            break;
        case BPF_RET | BPF_K:
            return step.k;
        default:
            return std::nullopt;
        }
    }
    return std::nullopt;
}

#if defined(__x86_64__)
constexpr std::uint32_t native = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t native = AUDIT_ARCH_AARCH64;
#endif

std::uint32_t decide(const std::string& program, int call, std::initializer_list<std::uint64_t> arguments = {},
                     std::uint32_t architecture = native)
{
    seccomp_data data{};
    data.nr = call;
    data.arch = architecture;
    std::size_t i = 0;
    for (const std::uint64_t argument : arguments)
        data.args[i++] = argument;
    return decide(program, data).value_or(0xdead);
}

constexpr std::uint32_t allowed = SECCOMP_RET_ALLOW;
constexpr std::uint32_t refused = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t unknown = SECCOMP_RET_ERRNO | ENOSYS;

// The same list as the documentation's, not taken from the code.
const char* const golden =
    "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd mount umount2 move_mount open_tree "
    "fsopen "
    "fsconfig fsmount fspick mount_setattr pivot_root chroot unshare setns keyctl add_key request_key bpf "
    "perf_event_open "
    "userfaultfd io_uring_setup io_uring_enter io_uring_register init_module finit_module delete_module kexec_load "
    "kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd open_by_handle_at name_to_handle_at settimeofday "
    "clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm syslog lookup_dcookie nfsservctl "
    "uselib "
    "ustat sysfs _sysctl vhangup modify_ldt fanotify_init fanotify_mark mbind set_mempolicy get_mempolicy "
    "migrate_pages "
    "move_pages set_mempolicy_home_node memfd_secret vmsplice memfd_create shmget shmat shmctl shmdt semget msgget "
    "msgsnd "
    "msgrcv mq_open mq_unlink";

} // namespace

class FilterTest : public QObject
{
    Q_OBJECT
    std::string m_table;
    std::string m_arguments;

private Q_SLOTS:
    void initTestCase()
    {
        const auto table = tableFilter();
        const auto arguments = argumentFilter();
        QVERIFY(table.ok() && arguments.ok());
        m_table = *table;
        m_arguments = *arguments;
        QVERIFY(m_table.size() / sizeof(sock_filter) < BPF_MAXINSNS);
    }
    void everyNumber_getsWhatTheListSays()
    {
        const QStringList names = QString(golden).split(' ');
        const QSet<QString> denied(names.begin(), names.end());
        const QSet<QString> absent{"clone3", "openat2"};
        const QSet<QString> movesPages{"splice", "tee", "sendfile", "sendfile64"};
        int known = 0;
        for (int number = 0; number < 2000; ++number) {
            char* name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), number);
            const QString text = name != nullptr ? QString(name) : QString();
            std::free(name);
            std::uint32_t expected = text.isEmpty() || absent.contains(text) ? unknown : allowed;
            if (denied.contains(text)) expected = refused;
            if (movesPages.contains(text)) expected = SECCOMP_RET_ERRNO | EINVAL;
            if (text == "socket") expected = unknown; // domain 0 is none of the three
            const std::uint32_t got = decide(m_table, number);
            QVERIFY2(got == expected, qPrintable(QString("%1 %2: %3").arg(number).arg(text).arg(got, 0, 16)));
            if (text != "") ++known;
        }
        QVERIFY(known > 250);
    }
    void sockets_areOfThreeDomainsOnly()
    {
        const int call = SCMP_SYS(socket);
        for (std::uint64_t domain = 0; domain < 64; ++domain) {
            const bool good = domain == AF_UNIX || domain == AF_INET || domain == AF_INET6;
            QCOMPARE(decide(m_table, call, {domain, SOCK_STREAM, 0}), good ? allowed : unknown);
            // The kernel looks at 32 bits: what stands above them must not change the answer.
            QCOMPARE(decide(m_table, call, {domain | 1ULL << 32, SOCK_STREAM, 0}), good ? allowed : unknown);
        }
        QCOMPARE(decide(m_arguments, call, {AF_INET, SOCK_RAW, 0}), refused);
        QCOMPARE(decide(m_arguments, call, {AF_INET, SOCK_RAW | SOCK_CLOEXEC, 0}), refused);
        QCOMPARE(decide(m_arguments, call, {AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0}), allowed);
    }
    void transports_areTheUsualOnes()
    {
        const int call = SCMP_SYS(socket);
        for (const std::uint64_t domain : {AF_INET, AF_INET6})
            for (std::uint64_t protocol = 0; protocol < 300; ++protocol) {
                const bool good = protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
                                  protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
                QCOMPARE(decide(m_table, call, {domain, SOCK_STREAM, protocol}), good ? allowed : unknown);
                QCOMPARE(decide(m_table, call, {domain, SOCK_STREAM, protocol | 1ULL << 32}), good ? allowed : unknown);
            }
        QCOMPARE(decide(m_table, call, {AF_UNIX, SOCK_STREAM, 1}), allowed);
        // A type chooses a transport too, without a protocol: SCTP by SOCK_SEQPACKET, DCCP by its own.
        for (std::uint64_t type = 0; type < 16; ++type)
            for (const std::uint64_t flags :
                 std::initializer_list<std::uint64_t>{0, SOCK_CLOEXEC | SOCK_NONBLOCK, 1ULL << 32}) {
                const bool good = type == SOCK_STREAM || type == SOCK_DGRAM;
                for (const std::uint64_t domain : {AF_INET, AF_INET6})
                    QCOMPARE(decide(m_arguments, call, {domain, type | flags, 0}), good ? allowed : refused);
                QCOMPARE(decide(m_arguments, call, {AF_INET | 1ULL << 32, type | flags, 0}), good ? allowed : refused);
                QCOMPARE(decide(m_arguments, call, {AF_UNIX, type | flags, 0}), type == SOCK_RAW ? refused : allowed);
            }
    }
    void endsOfRecords_areRefused()
    {
        for (const std::uint64_t flags : std::initializer_list<std::uint64_t>{MSG_EOR, MSG_EOR | MSG_NOSIGNAL, ~0ULL}) {
            QCOMPARE(decide(m_arguments, SCMP_SYS(sendto), {3, 0, 1, flags}), refused);
            QCOMPARE(decide(m_arguments, SCMP_SYS(sendmmsg), {3, 0, 1, flags}), refused);
            QCOMPARE(decide(m_arguments, SCMP_SYS(sendmsg), {3, 0, flags}), refused);
        }
        const std::uint64_t usual = MSG_NOSIGNAL | MSG_DONTWAIT | MSG_MORE;
        QCOMPARE(decide(m_arguments, SCMP_SYS(sendto), {3, 0, MSG_EOR, usual}), allowed);
        QCOMPARE(decide(m_arguments, SCMP_SYS(sendmmsg), {3, 0, MSG_EOR, usual}), allowed);
        QCOMPARE(decide(m_arguments, SCMP_SYS(sendmsg), {3, 0, usual, MSG_EOR}), allowed);
    }
    void userKernel_movesPages()
    {
        const auto table = tableFilter(FilterFor::UserKernel);
        QVERIFY(table.ok());
        for (const int call : {SCMP_SYS(splice), SCMP_SYS(tee), SCMP_SYS(sendfile)})
            QCOMPARE(decide(*table, call), allowed);
    }
    void socketBuffers_stayAsTheyAreAndProgramsGoOn()
    {
        const int call = SCMP_SYS(setsockopt);
        constexpr std::uint32_t asIfDone = SECCOMP_RET_ERRNO;
        for (const std::uint64_t option : {SO_SNDBUF, SO_RCVBUF}) {
            QCOMPARE(decide(m_arguments, call, {3, SOL_SOCKET, option}), asIfDone);
            QCOMPARE(decide(m_arguments, call, {3, SOL_SOCKET | 1ULL << 32, option | 1ULL << 40}), asIfDone);
            QCOMPARE(decide(m_arguments, call, {3, IPPROTO_TCP, option}), allowed);
        }
        QCOMPARE(decide(m_arguments, call, {3, SOL_SOCKET, SO_REUSEADDR}), allowed);
    }
    void clone_makesNoNamespace()
    {
        QCOMPARE(decide(m_table, SCMP_SYS(clone), {CLONE_VM | CLONE_THREAD}), allowed);
        for (const std::uint64_t flag :
             {CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP})
            QVERIFY(decide(m_table, SCMP_SYS(clone), {flag | CLONE_VM}) != allowed);
    }
    void terminalInjection_isRefusedAlsoWithHighBits()
    {
        for (const std::uint64_t request : {TIOCSTI, TIOCLINUX, TIOCSETD}) {
            QCOMPARE(decide(m_arguments, SCMP_SYS(ioctl), {0, request}), refused);
            QCOMPARE(decide(m_arguments, SCMP_SYS(ioctl), {0, request | 1ULL << 32}), refused);
        }
        QCOMPARE(decide(m_arguments, SCMP_SYS(ioctl), {0, TIOCGWINSZ}), allowed);
    }
    void setuidModes_areRefused()
    {
        struct Call
        {
            int number;
            std::vector<std::uint64_t> before; // the arguments in front of the mode
        };
        const std::uint64_t making = O_CREAT | O_WRONLY | O_CLOEXEC;
        const std::uint64_t nameless = O_TMPFILE | O_RDWR;
        const Call calls[] = {{SCMP_SYS(chmod), {0}},
                              {SCMP_SYS(fchmod), {3}},
                              {SCMP_SYS(fchmodat), {3, 0}},
                              {452, {3, 0}},
                              {SCMP_SYS(creat), {0}},
                              {SCMP_SYS(mknod), {0}},
                              {SCMP_SYS(mknodat), {3, 0}},
                              {SCMP_SYS(open), {0, making}},
                              {SCMP_SYS(open), {0, nameless}},
                              {SCMP_SYS(openat), {3, 0, making}},
                              {SCMP_SYS(openat), {3, 0, nameless}}};
        const auto decided = [&](const Call& call, std::uint64_t mode) {
            seccomp_data data{};
            data.nr = call.number;
            data.arch = native;
            std::size_t at = 0;
            for (const std::uint64_t argument : call.before)
                data.args[at++] = argument;
            data.args[at] = mode;
            return decide(m_arguments, data).value_or(0xdead);
        };
        for (const Call& call : calls) {
            if (call.number < 0) continue; // not on this architecture
            for (const std::uint64_t mode : {04755, 04711, 02755, 06000, 04000, S_IFREG | 04755})
                QVERIFY2(decided(call, mode) == refused, std::to_string(call.number).c_str());
            // The kernel looks at 32 bits of a mode.
            QCOMPARE(decided(call, 04755 | 1ULL << 40), refused);
            for (const std::uint64_t mode : {0755, 0600, 01777, S_IFIFO | 0600})
                QVERIFY2(decided(call, mode) == allowed, std::to_string(call.number).c_str());
        }
        // Where nothing is made the mode's register holds anything.
        for (const std::uint64_t flags : {O_RDONLY, O_WRONLY | O_TRUNC, O_RDONLY | O_DIRECTORY}) {
            QCOMPARE(decided({SCMP_SYS(openat), {3, 0, flags}}, ~0ULL), allowed);
            if (SCMP_SYS(open) >= 0) QCOMPARE(decided({SCMP_SYS(open), {0, flags}}, ~0ULL), allowed);
        }
    }
    void otherArchitectures_endTheProcess()
    {
        QCOMPARE(decide(m_table, 20, {}, AUDIT_ARCH_I386), static_cast<std::uint32_t>(SECCOMP_RET_KILL_PROCESS));
#if defined(__x86_64__)
        for (const int number : {0, 1, 39, 101, 512, 547}) // x32: the same architecture value, bit 30 of the number
            QCOMPARE(decide(m_table, number | 0x40000000), static_cast<std::uint32_t>(SECCOMP_RET_KILL_PROCESS));
#endif
    }
};

GRADUS_SUITE(FilterTest)
#include "filter_test.moc"
