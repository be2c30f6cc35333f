// SPDX-License-Identifier: GPL-3.0-or-later
// What it would cost to hear of denied system calls: the same filter answering by itself (errno) and by a listener
// (SECCOMP_RET_USER_NOTIF), turn by turn. Built by hand:
//   g++ -std=c++20 -O2 tests/bench/denied_calls.cpp -o denied_calls && ./denied_calls
// It also shows what a denied call gives when the listener is dead, or stands still.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

double now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// keyctl is refused with EPERM, or asked about; the rest is allowed. Returns the listener.
int install(bool listener)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const __u32 refused = listener ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ERRNO | EPERM;
    sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_keyctl, 0, 1),
                          BPF_STMT(BPF_RET | BPF_K, refused), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const sock_fprog program{sizeof code / sizeof code[0], code};
    return static_cast<int>(
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listener ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0, &program));
}

void give(int socket, int fd)
{
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    sendmsg(socket, &message, 0);
}

int take(int socket)
{
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    int fd = -1;
    if (recvmsg(socket, &message, 0) > 0 && CMSG_FIRSTHDR(&message) != nullptr)
        std::memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

/// Answers EPERM and counts, as a keeper would.
[[noreturn]] void serve(int listener)
{
    while (true) {
        pollfd watched{listener, POLLIN, 0};
        poll(&watched, 1, -1);
        if ((watched.revents & POLLIN) == 0) _exit(0);
        seccomp_notif asked{};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) continue;
        seccomp_notif_resp answer{asked.id, 0, -EPERM, 0};
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Figures
{
    double call = 0, command = 0;
};

/// In a process of its own, because a filter stays for life. kill: signal to the server before the calls, or 0.
Figures measure(bool listened, int kill, int calls, int commands)
{
    int pair[2], results[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(results) != 0) _exit(1);
    const pid_t cell = fork();
    if (cell == 0) {
        const int listener = install(listened);
        give(pair[0], listened ? listener : 0);
        close(listened ? listener : -1);
        char go = 0;
        if (read(pair[0], &go, 1) != 1) _exit(1);
        std::vector<double> call, command;
        int fault = 0;
        for (int i = 0; i < calls; ++i) {
            const double at = now();
            fault = syscall(SYS_keyctl, 0, 0, 0, 0, 0) < 0 ? errno : 0;
            call.push_back(now() - at);
        }
        for (int i = 0; i < commands; ++i) {
            const double at = now();
            const pid_t child = vfork();
            if (child == 0) {
                execl("/bin/true", "true", nullptr);
                _exit(1);
            }
            waitpid(child, nullptr, 0);
            command.push_back(now() - at);
        }
        if (kill != 0) std::printf("  a denied call: %s\n", std::strerror(fault));
        std::fflush(stdout);
        const Figures made{calls > 0 ? median(call) : 0, commands > 0 ? median(command) : 0};
        if (write(results[1], &made, sizeof made) < 0) _exit(1);
        _exit(0);
    }
    const int listener = take(pair[1]);
    pid_t server = -1;
    if (listened && (server = fork()) == 0) {
        for (const int fd : {pair[0], pair[1], results[0], results[1]})
            close(fd);
        serve(listener);
    }
    close(listener);
    close(results[1]);
    if (server > 0 && kill != 0) {
        usleep(50'000);
        ::kill(server, kill);
        usleep(50'000);
    }
    if (write(pair[1], "g", 1) < 0) _exit(1);
    Figures made;
    pollfd watched{results[0], POLLIN, 0};
    if (poll(&watched, 1, 5000) == 0) {
        std::puts("  a denied call: no answer in 5 s; it can be killed");
        ::kill(cell, SIGKILL);
    } else if (read(results[0], &made, sizeof made) < 0) {
        _exit(1);
    }
    waitpid(cell, nullptr, 0);
    if (server > 0) {
        ::kill(server, SIGKILL);
        waitpid(server, nullptr, 0);
    }
    for (const int fd : {pair[0], pair[1], results[0]})
        close(fd);
    return made;
}

} // namespace

int main()
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // so that no child prints it again
    std::vector<double> callRatios, commandRatios, plain, heard, plainCommand;
    for (int turn = 0; turn < 15; ++turn) {
        const Figures errnoFirst = measure(false, 0, 2000, 60);
        const Figures listened = measure(true, 0, 2000, 60);
        plain.push_back(errnoFirst.call);
        heard.push_back(listened.call);
        plainCommand.push_back(errnoFirst.command);
        callRatios.push_back(listened.call / errnoFirst.call);
        commandRatios.push_back(listened.command / errnoFirst.command);
    }
    std::sort(callRatios.begin(), callRatios.end());
    std::sort(commandRatios.begin(), commandRatios.end());
    std::printf("a denied call: %.2f us by the filter, %.2f us by a listener, ratio %.1f (%.1f to %.1f)\n",
                1e6 * median(plain), 1e6 * median(heard), median(callRatios), callRatios[1], callRatios[13]);
    std::printf("a command without one: %.2f ms, ratio %.3f (%.3f to %.3f)\n", 1e3 * median(plainCommand),
                median(commandRatios), commandRatios[1], commandRatios[13]);
    std::puts("the listener's process is killed:");
    measure(true, SIGKILL, 1, 0);
    std::puts("the listener's process is stopped:");
    measure(true, SIGSTOP, 1, 0);
    return 0;
}
