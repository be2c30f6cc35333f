// SPDX-License-Identifier: GPL-3.0-or-later
// Probes of what sockets hold: bytes between this probe's own sockets, which no other program of the machine sees.
#include "sandbox/helper/probe.h"

#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

#ifndef IPPROTO_MPTCP
constexpr int IPPROTO_MPTCP = 262;
#endif

/// Two ends of a connection over this network namespace's own loopback; false where none is made.
bool connection(int (&ends)[2])
{
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr* const address = reinterpret_cast<sockaddr*>(&here);
    socklen_t size = sizeof here;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool made = bind(listener, address, size) == 0 && listen(listener, 1) == 0 &&
                      getsockname(listener, address, &size) == 0 && connect(ends[0], address, size) == 0 &&
                      (ends[1] = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;
    close(listener);
    return made;
}

/// What a socket takes before it would block.
long fill(int socket, long most)
{
    static char chunk[64 << 10];
    long taken = 0;
    while (taken < most) {
        const ssize_t count = send(socket, chunk, sizeof chunk, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count <= 0) break;
        taken += count;
    }
    return taken;
}

/// Queues so many bytes in sockets that nobody reads, of one kind; false where fewer are taken.
bool queue(long bytes, bool local)
{
    for (int pairs = 0; bytes > 0 && pairs < 120; ++pairs) {
        int ends[2] = {-1, -1};
        if (local ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 : !connection(ends)) return false;
        for (const int end : ends)
            bytes -= fill(end, bytes);
    }
    return bytes <= 0;
}

/// As total-memory, but that the bytes are no process's: two processes queue in local sockets and two over loopback.
Answer socketMemory(const Facts& facts)
{
    const long each = number(facts, "memory") / 4;
    const int made =
        heldTogether(4, number(facts, "hold"), [each](int process) { return queue(each, process % 2 == 0); });
    return made == 4 ? opened("the sockets of four processes held all of it")
                     : closed("only " + std::to_string(made) + " of four");
}

/// Whether a socket can be made to hold more than it holds by itself.
Answer socketBuffer(const Facts&)
{
    std::string grown;
    int refused = 0;
    const int end = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (end < 0) return closedBy(errno);
    for (const auto& [name, option] : {std::pair{"SO_SNDBUF", SO_SNDBUF}, {"SO_RCVBUF", SO_RCVBUF}}) {
        int before = 0;
        int after = 0;
        socklen_t size = sizeof before;
        if (getsockopt(end, SOL_SOCKET, option, &before, &size) != 0) refused = errno;
        if (setsockopt(end, SOL_SOCKET, option, &before, sizeof before) != 0) refused = errno; // the kernel doubles it
        if (getsockopt(end, SOL_SOCKET, option, &after, &size) == 0 && after > before)
            grown += std::string(grown.empty() ? "" : ", ") + name + " " + std::to_string(after);
    }
    close(end);
    if (!grown.empty()) return opened(grown + " bytes");
    return refused != 0 ? closedBy(refused) : closed("it stays as it is");
}

/// Whether one byte can bring a whole page into a socket, which charges the byte.
Answer socketPages(const Facts&)
{
    int ends[2] = {-1, -1};
    int packets[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 || pipe2(packets, O_CLOEXEC) != 0)
        return closedBy(errno);
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    std::string moved;
    if (write(packets[1], "x", 1) == 1 && splice(packets[0], nullptr, ends[0], nullptr, 1, SPLICE_F_NONBLOCK) == 1)
        moved = "splice";
    const int refused = errno;
    if (sendfile(ends[0], file, nullptr, 1) == 1) moved += moved.empty() ? "sendfile" : ", sendfile";
    for (const int fd : {ends[0], ends[1], packets[0], packets[1], file})
        close(fd);
    return moved.empty() ? closedBy(refused) : opened(moved + " moved one");
}

Answer otherTransport(const Facts&)
{
    const int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
    if (end < 0) return closedBy(errno);
    close(end);
    return opened("the kernel gave a descriptor");
}

} // namespace

std::vector<Entry> socketProbes()
{
    return {{"socket-memory", socketMemory},
            {"socket-buffer", socketBuffer},
            {"socket-pages", socketPages},
            {"other-transport", otherTransport}};
}

} // namespace gradus::sandbox::probe
