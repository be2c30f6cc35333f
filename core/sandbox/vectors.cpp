// SPDX-License-Identifier: GPL-3.0-or-later
// The table. A row's owner is not opinion: a test leaves that layer out and sees this row, and no other layer's, turn
// red.
#include "sandbox/vectors.h"

namespace gradus::sandbox {

namespace {

constexpr std::string_view bothLimits = "the total is kept by a watchdog that looks four times a second, not by the "
                                        "kernel (of memory beyond it by a control "
                                        "group, where one is delegated)";

constexpr std::string_view kernelsOwn = "it is the user kernel's own, and nothing of the host's";
constexpr std::string_view filesInMemory =
    "gVisor counts no files: each takes its memory, of which the cell has a total";
constexpr std::string_view commandsTime =
    "gVisor bounds the command itself, not what it forks; the command's time, and a "
    "control group where one is delegated, bound both";

std::vector<Vector> table()
{
    using enum VectorKind;
    return {
        {"host-secret", "Read a secret file of the host", Quick, Layer::EmptyRoot},
        {"host-append", "Append to a file of the host", Quick},
        {"shadow", "Read /etc/shadow, also through /proc/1/root", Quick},
        {"host-processes", "See the host's processes", Quick, Layer::PidNamespace},
        {"inherited-descriptor", "Use a descriptor that the worker left open", Quick, Layer::Descriptors},
        {"environment", "Read secrets in the environment", Quick, Layer::Environment},
        {"sysctl-write", "Write kernel settings (core_pattern, sysrq)", Quick},
        {"kernel-files",
         "Read the kernel's command line, symbols, configuration",
         Quick,
         Layer::ProcMasks,
         {},
         kernelsOwn},
        {"trace-host", "Attach to a process of the host", Quick},
        {"trace-sibling", "Attach to another process of the cell", Quick, Layer::Seccomp},
        {"sibling-memory",
         "Read memory of another process of the cell",
         Quick,
         {},
         "inside the cell only, between commands of one model"},
        {"helper-memory", "Read or write memory of the cell's first process", Quick, Layer::HelperGuard},
        {"signal-host", "Send a signal to a process of the host", Quick, Layer::PidNamespace},
        {"terminal-injection", "Type into a terminal (TIOCSTI, also with high bits)", Quick, Layer::Seccomp},
        {"keyring", "Use the kernel's keyrings", Quick, Layer::Seccomp},
        {"mount", "Mount a file system", Quick},
        {"change-root", "Change the root", Quick},
        {"user-namespace", "Make a user namespace (unshare)", Quick},
        {"clone-namespace", "Make a user namespace (clone, clone3)", Quick},
        {"nested-sandbox", "Start a cell inside the cell", Quick},
        {"setuid-program", "Become root through a set-user-id program", Quick},
        {"make-setuid", "Make a set-user-id file", Quick, Layer::Seccomp},
        {"abstract-socket", "Reach an abstract socket of the host", Quick, Layer::Network},
        {"host-socket", "Reach a socket file of the host (D-Bus, Docker)", Quick, Layer::EmptyRoot},
        {"host-loopback", "Reach a listener on the host's loopback", Quick, Layer::Network},
        {"interfaces", "See network interfaces", Quick, Layer::Network},
        {"raw-socket", "Open a raw socket", Quick},
        {"packet-socket", "Open a packet socket", Quick},
        {"vsock-socket", "Open a socket to the hypervisor", Quick, Layer::Seccomp},
        {"netlink-socket", "Open a netlink socket", Quick, Layer::Seccomp},
        {"other-transport", "Open a socket of another transport (MPTCP)", Quick, Layer::Seccomp},
        {"socket-buffer", "Make a socket hold more than it does (SO_SNDBUF)", Quick, Layer::Seccomp},
        {"socket-pages", "Move a page into a socket for one byte (splice, sendfile)", Quick, Layer::Seccomp},
        {"crypto-socket", "Open a socket of the kernel's cryptography", Quick, Layer::Seccomp},
        {"io-uring", "Set up an io_uring", Quick, Layer::Seccomp},
        {"userfaultfd", "Handle page faults (userfaultfd)", Quick, Layer::Seccomp},
        {"perf-event", "Count performance events", Quick, Layer::Seccomp},
        {"bpf", "Load into the kernel's BPF", Quick, Layer::Seccomp},
        {"kernel-log", "Read the kernel log", Quick, Layer::Seccomp},
        {"kernel-control", "Load modules, kexec, swap, accounting", Quick},
        {"file-handles", "Take file handles (open_by_handle_at)", Quick, Layer::Seccomp},
        {"device-nodes", "Make a device", Quick},
        {"host-devices", "Reach devices of the host", Quick, {}, {}, kernelsOwn},
        {"system-files", "List /sys", Quick, Layer::EmptyRoot},
        {"cgroup-files", "List the control groups (release_agent)", Quick, Layer::EmptyRoot},
        {"system-write", "Write into /usr", Quick},
        {"root-write", "Write outside the writable folders", Quick, Layer::ReadOnlyRoot},
        {"hard-link", "Give a file of the host a second name", Quick},
        {"i386-calls", "Go round the filters with i386 calls", Quick, Layer::Seccomp},
        {"x32-calls", "Go round the filters with x32 calls", Quick, Layer::Seccomp},
        {"ipc-objects", "See the host's System V objects", Quick, Layer::IpcNamespace},
        {"host-name", "Learn the host's name", Quick, Layer::UtsNamespace},
        {"cgroup-path", "Learn the host's control-group path", Quick, Layer::CgroupNamespace},
        {"raise-limits", "Raise limits, priority, scheduling class", Quick},
        {"memory-file", "Take memory that no limit counts (memfd)", Quick, Layer::Seccomp},
        {"shared-memory", "Take System V shared memory", Quick, Layer::Seccomp},
        {"message-queue", "Make a message queue", Quick},
        {"heap", "Take more address space than a process may", Quick, Layer::ResourceLimits},
        {"renamed-program",
         "Run a program under another name",
         Quick,
         {},
         "by nature: nothing here depends on the names of programs"},
        {"machine-facts",
         "Learn about the machine (memory, processors, load)",
         Quick,
         {},
         "information only; a model can tell that it is in a cell"},
        {"fork-bomb", "Make more processes than a cell may", Load, Layer::ResourceLimits},
        {"total-memory", "Take more memory with several processes than a cell may", Load, Layer::Watchdog, bothLimits},
        // Sockets are counted by network namespace; the host's are not the cell's.
        {"socket-memory",
         "Queue more in sockets than a cell may hold",
         Load,
         Layer::Watchdog,
         bothLimits,
         {},
         Layer::Network},
        {"disk", "Fill the disk", Load, Layer::FileSystemSizes},
        {"inodes", "Make more files than a cell may", Load, Layer::Watchdog, bothLimits, filesInMemory},
        {"processor-time", "Use more processor time than a process may", Load, Layer::ResourceLimits, {}, commandsTime},
        {"output-flood", "Flood the worker with output", Load},
        {"daemon", "Outlive the cell as a daemon", Act},
        {"poisoned-workspace", "Make bubblewrap write through a planted link", Act},
        {"harvest", "Have the host follow a planted link, or wait for a pipe", Act, Layer::EmptyRoot},
        {"deep-tree", "Overwhelm the list of changes with a deep tree", Act},
        {"output-controls", "Control a terminal with output (ESC, bidi)", Act},
        {"joined-port", "Reach a port of a joined cell that was not declared", Joined, Layer::DeclaredJoins},
        {"joined-host", "Reach a cell of the episode that is not joined to one's own", Joined, Layer::DeclaredJoins},
        {"joined-back", "Connect back along a join", Joined, Layer::DeclaredJoins},
        {"joined-loopback", "Reach what listens on another cell's own loopback", Joined, Layer::Network},
        {"joined-files", "Read a file of a joined cell", Joined},
        {"joined-end", "Outlive the supervisor of another cell of the episode", Joined},
        {"joined-processes", "Make more processes over the cells than an episode may", JoinedLoad, Layer::SharedBudget},
        {"joined-memory", "Take more memory over the cells than an episode may", JoinedLoad, Layer::SharedBudget},
        {"covert-timing",
         "Signal between cells by load and timing",
         Words,
         {},
         "nothing stops two cells on one machine from sensing each other's load; compare paired runs one cell at a "
         "time"},
        {"kernel-fault",
         "Exploit a fault of the kernel",
         Words,
         {},
         "no exploit is tried here; the filters and the empty root only make the surface smaller"},
    };
}

} // namespace

const std::vector<Vector>& vectors()
{
    static const std::vector<Vector> all = table();
    return all;
}

} // namespace gradus::sandbox
