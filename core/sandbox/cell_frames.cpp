// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing frames on non-blocking pipes.
#include "sandbox/cell_frames.h"

#include "base/clock.h"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace {

/// Waits until fd is ready or the deadline is over.
bool ready(int fd, short events, double deadline)
{
    const double left = deadline - monotonicSeconds();
    if (left <= 0) return false;
    pollfd watched{fd, events, 0};
    poll(&watched, 1, static_cast<int>(left * 1000) + 1);
    return true;
}

/// A closed pipe must be an error of write(), whatever the program does about SIGPIPE.
class WithoutPipeSignal
{
public:
    WithoutPipeSignal()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        m_mine = sigismember(&pending, SIGPIPE) == 0;
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~WithoutPipeSignal()
    {
        const timespec now{0, 0};
        if (m_mine)
            while (sigtimedwait(&m_pipe, nullptr, &now) > 0) {
            }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    WithoutPipeSignal(const WithoutPipeSignal&) = delete;
    WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
    bool m_mine = true;
};

bool mayCome(FrameKind kind)
{
    return kind >= FrameKind::Ready && kind <= FrameKind::Reply;
}

std::optional<FrameFault> readWhole(int fd, char* into, std::size_t size, double deadline)
{
    while (size > 0) {
        const ssize_t count = read(fd, into, size);
        if (count == 0) return FrameFault{EndKind::Lost, "its pipe is closed."};
        if (count < 0 && errno != EAGAIN && errno != EINTR) return FrameFault{EndKind::Lost, "its pipe is broken."};
        if (count < 0) {
            if (!ready(fd, POLLIN, deadline)) return FrameFault{EndKind::Silent, "it did not answer in time."};
            continue;
        }
        into += count;
        size -= static_cast<std::size_t>(count);
    }
    return std::nullopt;
}

bool takeEntry(const Frame& frame, VerbReply& reply)
{
    FieldReader fields(frame.payload);
    FileEntry entry;
    const char change = static_cast<char>(fields.u8());
    entry.mode = fields.u32();
    entry.size = fields.u64();
    entry.changedNanoseconds = fields.u64();
    entry.path = fields.text();
    if (!fields.atEnd() || std::string_view("=+~-").find(change) == std::string_view::npos) return false;
    entry.change = static_cast<Change>(change);
    reply.entries.push_back(std::move(entry));
    return reply.entries.size() <= 2 * maxManifestEntries;
}

} // namespace

bool sendRequest(int fd, FrameKind kind, std::string_view payload, double deadline)
{
    const WithoutPipeSignal quiet;
    const std::string bytes = frame(kind, payload);
    std::string_view left = bytes;
    while (!left.empty()) {
        const ssize_t count = write(fd, left.data(), left.size());
        if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (count < 0 && !ready(fd, POLLOUT, deadline)) return false;
        if (count > 0) left.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::optional<FrameFault> receiveReply(int fd, Frame& into, double deadline)
{
    char header[frameHeaderBytes];
    if (auto fault = readWhole(fd, header, sizeof header, deadline)) return fault;
    FieldReader fields({header, sizeof header});
    into.kind = static_cast<FrameKind>(fields.u8());
    const std::uint32_t size = fields.u32();
    if (!mayCome(into.kind) || size > maxReplyBytes)
        return FrameFault{EndKind::Protocol, "it sent a frame that the protocol does not have."};
    into.payload.resize(size);
    return readWhole(fd, into.payload.data(), size, deadline);
}

ToolError toolErrorOf(std::uint8_t number)
{
    return number <= static_cast<std::uint8_t>(ToolError::Unknown) ? static_cast<ToolError>(number)
                                                                   : ToolError::Unknown;
}

std::optional<FrameFault> receiveAnswer(int fd, std::uint64_t maxBytes, VerbReply& reply, double deadline)
{
    while (true) {
        Frame frame;
        if (auto fault = receiveReply(fd, frame, deadline)) return fault;
        switch (frame.kind) {
        case FrameKind::Output:
            reply.bytes += frame.payload;
            if (reply.bytes.size() > maxBytes)
                return FrameFault{EndKind::Protocol, "it sent more than it was asked for."};
            break;
        case FrameKind::Entry:
            if (!takeEntry(frame, reply)) return FrameFault{EndKind::Protocol, "it sent a list that makes no sense."};
            break;
        case FrameKind::Reply: {
            FieldReader fields(frame.payload);
            reply.error = toolErrorOf(fields.u8());
            reply.fault = static_cast<int>(fields.u32());
            reply.value = fields.u64();
            if (!fields.atEnd()) return FrameFault{EndKind::Protocol, "it sent a reply that makes no sense."};
            return std::nullopt;
        }
        default:
            return FrameFault{EndKind::Protocol, "it answered with something else."};
        }
    }
}

std::optional<FrameFault> ask(KeeperProcess& process, FrameKind kind, std::string_view payload, std::uint64_t maxBytes,
                              VerbReply& reply, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    if (payload.size() > maxRequestBytes || !sendRequest(process.request(), kind, payload, deadline))
        return FrameFault{EndKind::Silent, "it takes no request."};
    return receiveAnswer(process.reply(), maxBytes, reply, deadline);
}

} // namespace gradus::sandbox
