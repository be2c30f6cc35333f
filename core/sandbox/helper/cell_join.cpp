// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/helper/cell_join.h"

#include "sandbox/helper/cell_wire.h"
#include "sandbox/join_wire.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/pump.h"

#include <arpa/inet.h>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace gradus::sandbox {

namespace {

constexpr std::size_t threadStack = 256 << 10;

/// Used by the thread alone once it runs.
struct Joined
{
    std::vector<int> listeners; ///< by the number of the link
    std::deque<int> waiting;    ///< accepted, and the supervisor was asked: it answers in order
    std::vector<std::unique_ptr<Pump>> pumps;
};

int listenerOf(const std::string& address, std::uint32_t port)
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    if (inet_pton(AF_INET, address.c_str(), &at.sin_addr) != 1) return -1;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 && listen(fd, 16) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/// To this cell's own loopback. A service that is not there closes the stream.
void arrive(Joined& joined, std::uint16_t port, int stream)
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // Loopback answers at once, with a connection or a refusal, unless a backlog is full: then it may not wait.
    if (fd >= 0) fcntl(fd, F_SETFL, O_NONBLOCK);
    const bool begun =
        fd >= 0 && (connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 || errno == EINPROGRESS);
    if (!begun) {
        if (fd >= 0) close(fd);
        close(stream);
        return;
    }
    joined.pumps.push_back(std::make_unique<Pump>(stream, fd));
}

void take(Joined& joined)
{
    join::Message message;
    int stream = -1;
    for (join::Heard heard; (heard = join::hear(keeper::wireFd, message, &stream)) != join::Heard::Nothing;) {
        if (heard != join::Heard::Message) _exit(0); // the supervisor is gone, and with it every cell of the episode
        if (message.word == join::Word::Arrive && stream >= 0) {
            arrive(joined, message.number, stream);
            continue;
        }
        if (joined.waiting.empty()) _exit(72); // the supervisor does not say such things
        const int local = joined.waiting.front();
        joined.waiting.pop_front();
        if (message.word == join::Word::Opened && stream >= 0)
            joined.pumps.push_back(std::make_unique<Pump>(local, stream));
        else
            close(local);
    }
}

void acceptFrom(Joined& joined, std::size_t link)
{
    const int local = accept4(joined.listeners[link], nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (local < 0) return;
    const int one = 1;
    setsockopt(local, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    // The supervisor counts and refuses what is too much; what it has not answered yet is bounded here.
    if (joined.waiting.size() >= 2 * join::mostConnections ||
        !join::tell(keeper::wireFd, join::Word::Open, static_cast<std::uint16_t>(link)))
        close(local);
    else
        joined.waiting.push_back(local);
}

void* work(void* given)
{
    Joined& joined = *static_cast<Joined*>(given);
    std::vector<pollfd> watched;
    while (true) {
        watched.assign(1, {keeper::wireFd, POLLIN, 0});
        for (const int fd : joined.listeners)
            watched.push_back({fd, POLLIN, 0});
        const std::size_t first = watched.size();
        watched.resize(first + 2 * joined.pumps.size());
        for (std::size_t i = 0; i < joined.pumps.size(); ++i)
            joined.pumps[i]->want(watched[first + 2 * i], watched[first + 2 * i + 1]);
        if (poll(watched.data(), watched.size(), -1) < 0) continue;
        for (std::size_t i = joined.pumps.size(); i-- > 0;)
            if ((watched[first + 2 * i].revents | watched[first + 2 * i + 1].revents) != 0 && !joined.pumps[i]->step())
                joined.pumps.erase(joined.pumps.begin() + static_cast<std::ptrdiff_t>(i));
        for (std::size_t link = 0; link < joined.listeners.size(); ++link)
            if (watched[1 + link].revents != 0) acceptFrom(joined, link);
        if (watched[0].revents != 0) take(joined);
    }
}

} // namespace

void keepWire()
{
    fcntl(keeper::wireFd, F_SETFD, FD_CLOEXEC);
}

bool joinRequest(FieldReader fields)
{
    static Joined joined;
    const std::uint32_t links = fields.u32();
    if (links > join::mostLinks || fcntl(keeper::wireFd, F_GETFD) < 0) return false;
    for (std::uint32_t i = 0; i < links; ++i) {
        const std::string address(fields.text());
        const int fd = listenerOf(address, fields.u32());
        if (fd < 0) return false;
        joined.listeners.push_back(fd);
    }
    if (!fields.atEnd()) return false;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, threadStack);
    pthread_t thread{};
    if (pthread_create(&thread, &attributes, work, &joined) != 0) return false;
    pthread_detach(thread);
    sendFrame(FrameKind::Ready, {});
    return true;
}

} // namespace gradus::sandbox
