// SPDX-License-Identifier: GPL-3.0-or-later
// Probes of kernel interfaces: the call is made once, what it gives is closed at once.
#include "sandbox/helper/probe.h"

#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

Answer descriptor(long fd)
{
    if (fd < 0) return closedBy(errno);
    close(static_cast<int>(fd));
    return opened("the kernel gave a descriptor");
}

Answer rawSocket(const Facts&)
{
    return descriptor(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1));
}
Answer packetSocket(const Facts&)
{
    return descriptor(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}
Answer vsockSocket(const Facts&)
{
    return descriptor(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
Answer netlinkSocket(const Facts&)
{
    return descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}
Answer cryptoSocket(const Facts&)
{
    return descriptor(socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

Answer ring(const Facts&)
{
    io_uring_params parameters{};
    return descriptor(syscall(SYS_io_uring_setup, 1, &parameters));
}

Answer faults(const Facts&)
{
    return descriptor(syscall(SYS_userfaultfd, 1 | O_CLOEXEC));
}

Answer performance(const Facts&)
{
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_TASK_CLOCK;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    return descriptor(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

Answer programs(const Facts&)
{
    bpf_attr attributes{};
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = 4;
    attributes.value_size = 4;
    attributes.max_entries = 1;
    return descriptor(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

Answer kernelLog(const Facts&)
{
    constexpr int sizeOfBuffer = 10;
    return syscall(SYS_syslog, sizeOfBuffer, nullptr, 0) >= 0 ? opened("the kernel log answers") : closedBy(errno);
}

Answer keyring(const Facts&)
{
    constexpr int processKeyring = -2; // gone with this process
    return syscall(SYS_add_key, "user", "gradus-probe", "x", 1, processKeyring) >= 0 ? opened("a key was added")
                                                                                     : closedBy(errno);
}

Answer fileHandles(const Facts&)
{
    alignas(file_handle) char space[sizeof(file_handle) + 128] = {};
    file_handle* const handle = reinterpret_cast<file_handle*>(space);
    handle->handle_bytes = 128;
    int mount = 0;
    return syscall(SYS_name_to_handle_at, AT_FDCWD, "/", handle, &mount, 0) == 0 ? opened("a handle was given")
                                                                                 : closedBy(errno);
}

/// Each with arguments that could do nothing even to an administrator: only the refusal differs.
Answer kernelControl(const Facts&)
{
    const std::pair<const char*, long> calls[] = {{"init_module", syscall(SYS_init_module, nullptr, 0, "")},
                                                  {"kexec_load", syscall(SYS_kexec_load, 0, 1UL << 20, nullptr, 0)},
                                                  {"swapon", syscall(SYS_swapon, nullptr, 0)},
                                                  {"delete_module", syscall(SYS_delete_module, nullptr, 0)},
                                                  {"acct", syscall(SYS_acct, "/nonexistent/gradus")}};
    for (const auto& [name, result] : calls)
        if (result >= 0) return opened(std::string(name) + " was taken");
    return errno == EPERM || errno == ENOSYS ? closed("Operation not permitted")
                                             : opened("the last was refused only for its arguments");
}

Answer memoryFile(const Facts&)
{
    return descriptor(syscall(SYS_memfd_create, "gradus-probe", 0));
}

Answer sharedMemory(const Facts&)
{
    const int id = shmget(IPC_PRIVATE, 4096, 0600);
    if (id < 0) return closedBy(errno);
    shmctl(id, IPC_RMID, nullptr);
    return opened("a segment was made");
}

Answer messageQueue(const Facts&)
{
    const long queue = syscall(SYS_mq_open, "gradus-probe", O_RDWR | O_CREAT | O_EXCL, 0600, nullptr);
    if (queue < 0) return closedBy(errno);
    syscall(SYS_mq_unlink, "gradus-probe");
    return descriptor(queue);
}

Answer otherArchitecture(const Facts&)
{
#if defined(__x86_64__)
    long result = 20; // getpid of i386
    asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result > 0 ? opened("an i386 call was answered") : closedBy(ENOSYS);
#else
    return {Outcome::Absent, "this processor has one architecture"};
#endif
}

Answer otherNumbers(const Facts&)
{
#if defined(__x86_64__)
    const long result = syscall(0x40000000L | 39); // getpid of x32
    return result > 0 ? opened("an x32 call was answered") : closedBy(errno);
#else
    return {Outcome::Absent, "this processor has one architecture"};
#endif
}

} // namespace

std::vector<Entry> kernelProbes()
{
    return {{"raw-socket", rawSocket},
            {"packet-socket", packetSocket},
            {"vsock-socket", vsockSocket},
            {"netlink-socket", netlinkSocket},
            {"crypto-socket", cryptoSocket},
            {"io-uring", ring},
            {"userfaultfd", faults},
            {"perf-event", performance},
            {"bpf", programs},
            {"kernel-log", kernelLog},
            {"keyring", keyring},
            {"file-handles", fileHandles},
            {"kernel-control", kernelControl},
            {"memory-file", memoryFile},
            {"shared-memory", sharedMemory},
            {"message-queue", messageQueue},
            {"i386-calls", otherArchitecture},
            {"x32-calls", otherNumbers}};
}

} // namespace gradus::sandbox::probe
