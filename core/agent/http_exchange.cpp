// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/http_exchange.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gradus::agent {

namespace {

/// A socket that is closed when it goes.
class Socket final
{
public:
    explicit Socket(int fd) : m_fd(fd) {}
    ~Socket()
    {
        if (m_fd >= 0) ::close(m_fd);
    }
    Socket(Socket&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Socket& operator=(Socket&&) = delete;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int fd() const { return m_fd; }

private:
    int m_fd;
};

Error noReply(const HttpPost& request, const std::string& why)
{
    return failed("http://" + visible(placeOf(request.host, request.port), 120) + " gives no answer: " + why + ".");
}

/// Waits for it until the deadline.
bool isReady(int fd, short events, double deadline)
{
    for (;;) {
        const double left = deadline - monotonicSeconds();
        if (left <= 0) return false;
        pollfd one{.fd = fd, .events = events, .revents = 0};
        const int got = ::poll(&one, 1, static_cast<int>(left * 1000) + 1);
        if (got > 0) return true;
        if (got < 0 && errno != EINTR) return false;
    }
}

Result<Socket> connected(const HttpPost& request, double deadline)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(request.host.c_str(), request.port.c_str(), &hints, &found); code != 0)
        return noReply(request, ::gai_strerror(code));
    std::string why = "nobody listens there";
    std::optional<Socket> made;
    for (const addrinfo* one = found; one != nullptr && !made; one = one->ai_next) {
        Socket socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
        if (socket.fd() < 0) continue;
        if (::connect(socket.fd(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
            why = std::strerror(errno);
            continue;
        }
        int error = 0;
        socklen_t size = sizeof error;
        if (!isReady(socket.fd(), POLLOUT, deadline))
            why = "it took too long";
        else if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
            why = std::strerror(error);
        else
            made.emplace(std::move(socket));
    }
    ::freeaddrinfo(found);
    if (!made) return noReply(request, why);
    return std::move(*made);
}

std::string requestText(const HttpPost& request)
{
    std::string text = "POST " + request.path + " HTTP/1.1\r\nHost: " + placeOf(request.host, request.port) +
                       "\r\nContent-Type: application/json\r\nAccept: application/json\r\nConnection: close\r\n";
    if (!request.key.empty()) text += "Authorization: Bearer " + request.key + "\r\n";
    return text + "Content-Length: " + std::to_string(request.json.size()) + "\r\n\r\n" + request.json;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// Headers' names are of any case.
std::optional<std::string> headerOf(std::string_view head, std::string_view name)
{
    while (!head.empty()) {
        const std::size_t end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && lowered(line.substr(0, colon)) == name) {
            std::string_view value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            return std::string(value.substr(0, value.find_last_not_of(" \t") + 1));
        }
        head.remove_prefix(std::min(end + 2, head.size()));
    }
    return std::nullopt;
}

std::optional<std::size_t> numberIn(std::string_view text, int base)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end == text.data()) return std::nullopt;
    return number;
}

std::optional<std::string> unchunked(std::string_view body)
{
    std::string whole;
    for (;;) {
        const std::size_t line = body.find("\r\n");
        if (line == std::string_view::npos) return std::nullopt;
        const auto size = numberIn(body.substr(0, line), 16);
        body.remove_prefix(line + 2);
        if (!size || *size > body.size()) return std::nullopt;
        if (*size == 0) return whole;
        whole += body.substr(0, *size);
        body.remove_prefix(*size);
        if (!body.starts_with("\r\n")) return std::nullopt;
        body.remove_prefix(2);
    }
}

} // namespace

Result<HttpReply> readReply(std::string_view bytes)
{
    const Error broken = failed("The reply is no HTTP that can be read, or it ends too early.");
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.")) return broken;
    const std::string_view head = bytes.substr(0, end);
    const std::size_t space = head.find(' ');
    const auto status = space == std::string_view::npos ? std::nullopt : numberIn(head.substr(space + 1), 10);
    if (!status) return broken;
    HttpReply reply{.status = static_cast<int>(std::min<std::size_t>(*status, 999)), .body = {}};
    const std::string_view body = bytes.substr(end + 4);
    if (lowered(headerOf(head, "transfer-encoding").value_or("")) == "chunked") {
        auto whole = unchunked(body);
        if (!whole) return broken;
        reply.body = std::move(*whole);
        return reply;
    }
    reply.body = body;
    if (const auto length = headerOf(head, "content-length")) {
        const auto size = numberIn(*length, 10);
        if (!size || *size > body.size()) return broken;
        reply.body.resize(*size);
    }
    return reply;
}

std::string placeOf(const std::string& host, const std::string& port)
{
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

Result<HttpReply> post(const HttpPost& request)
{
    const double deadline = monotonicSeconds() + request.seconds;
    const auto socket = connected(request, deadline);
    if (!socket) return socket.error();
    const std::string text = requestText(request);
    for (std::size_t sent = 0; sent < text.size();) {
        if (!isReady(socket->fd(), POLLOUT, deadline)) return noReply(request, "it took too long");
        const ssize_t count = ::send(socket->fd(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return noReply(request, std::strerror(errno));
        sent += static_cast<std::size_t>(count);
    }
    std::string bytes;
    char part[16384];
    for (;;) {
        if (!isReady(socket->fd(), POLLIN, deadline)) return noReply(request, "it took too long");
        const ssize_t count = ::recv(socket->fd(), part, sizeof part, 0);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) return noReply(request, std::strerror(errno));
        if (count == 0) break; // we asked for the connection to be closed
        bytes.append(part, static_cast<std::size_t>(count));
        if (bytes.size() > request.mostBytes) return noReply(request, "its reply is too long");
    }
    return readReply(bytes);
}

} // namespace gradus::agent
