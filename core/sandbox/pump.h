// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes between two stream sockets, both ways, with ends passed on; nothing of them is looked at.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gradus::sandbox {

/// Owns both sockets, which must not block. Holds at most 16 KiB each way: whoever writes faster than the other reads
/// has to wait. Shared by the host and by the static first process of a cell, so: header only.
class Pump
{
public:
    Pump(int first, int second) : m_ways{{first, second}, {second, first}} {}
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump()
    {
        close(m_ways[0].from);
        close(m_ways[1].from);
    }

    /// What to wait for; a socket of which nothing is wanted is not watched, because its end would wake for ever.
    void want(pollfd& first, pollfd& second) const
    {
        first = watched(m_ways[0], m_ways[1]);
        second = watched(m_ways[1], m_ways[0]);
    }

    /// Moves what there is; false when both directions have ended, or one of them broke.
    bool step()
    {
        for (Way& way : m_ways)
            if (!move(way)) return false;
        return !(m_ways[0].shut && m_ways[1].shut);
    }

    std::uint64_t forward() const { return m_ways[0].moved; }  ///< bytes from the first to the second
    std::uint64_t backward() const { return m_ways[1].moved; } ///< and the other way

private:
    struct Way
    {
        Way(int source, int target) : from(source), to(target) {}
        int from;
        int to;
        char bytes[16 << 10];
        std::size_t begin = 0;
        std::size_t end = 0;
        std::uint64_t moved = 0;
        bool over = false; ///< the source has ended
        bool shut = false; ///< and the target was told so
    };

    static pollfd watched(const Way& out, const Way& in)
    {
        const short reads = !out.over && out.begin == out.end ? POLLIN : 0;
        const short writes = in.begin < in.end ? POLLOUT : 0;
        const auto events = static_cast<short>(reads | writes);
        return {events == 0 ? -1 : out.from, events, 0};
    }

    static bool move(Way& way)
    {
        if (way.begin == way.end && !way.over) {
            const ssize_t count = recv(way.from, way.bytes, sizeof way.bytes, MSG_DONTWAIT);
            if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
            way.over = count == 0;
            way.begin = 0;
            way.end = count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        if (way.begin < way.end) {
            const ssize_t count = send(way.to, way.bytes + way.begin, way.end - way.begin, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
            if (count > 0) {
                way.begin += static_cast<std::size_t>(count);
                way.moved += static_cast<std::uint64_t>(count);
            }
        }
        if (way.over && !way.shut && way.begin == way.end) {
            shutdown(way.to, SHUT_WR);
            way.shut = true;
        }
        return true;
    }

    Way m_ways[2];
};

} // namespace gradus::sandbox
