// SPDX-License-Identifier: GPL-3.0-or-later
// A service that says one word, and who asks it: for what cells of one episode can reach of each other.
#include "sandbox/helper/probe.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gradus::sandbox::probe {

namespace {

bool fill(sockaddr_in& at, const char* address, const char* port)
{
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::strtol(port, nullptr, 10)));
    return inet_pton(AF_INET, address, &at.sin_addr) == 1;
}

int say(const std::string& words, int code)
{
    return write(1, words.data(), words.size()) == static_cast<ssize_t>(words.size()) ? code : 1;
}

} // namespace

int serve(const char* address, const char* port, const char* word)
{
    sockaddr_in at{};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!fill(at, address, port) || fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        listen(fd, 16) != 0)
        return say(std::strerror(errno), 1);
    const pid_t pid = fork();
    if (pid != 0) return pid > 0 ? 0 : 1;
    setsid();
    for (const int stream : {0, 1, 2})
        close(stream);
    alarm(60);
    while (true) {
        const int caller = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (caller < 0) continue;
        if (send(caller, word, std::strlen(word), MSG_NOSIGNAL) < 0) {
        }
        close(caller);
    }
}

int reach(const char* address, const char* port)
{
    sockaddr_in at{};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{2, 0};
    if (!fill(at, address, port) || fd < 0) return say("no socket", 1);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return say(std::strerror(errno), 0);
    std::string heard;
    char chunk[256];
    for (ssize_t count = 0; heard.size() < 4096 && (count = recv(fd, chunk, sizeof chunk, 0)) > 0;)
        heard.append(chunk, static_cast<std::size_t>(count));
    return say(heard.empty() ? "it connected and nobody answered" : heard, 0);
}

} // namespace gradus::sandbox::probe
