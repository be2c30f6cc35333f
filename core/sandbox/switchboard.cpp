// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/switchboard.h"

#include "sandbox/join_wire.h"
#include "sandbox/pump.h"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <sys/eventfd.h>
#include <thread>

namespace gradus::sandbox {

class Switchboard::Work
{
public:
    Work(std::vector<Descriptor> wires, const std::vector<Join>& joins, Descriptor wake)
        : m_wires(std::move(wires)), m_links(m_wires.size()), m_wake(std::move(wake))
    {
        for (std::size_t i = 0; i < joins.size(); ++i) {
            m_links[joins[i].from].push_back(i);
            m_connections.push_back({.join = joins[i]});
        }
        m_thread = std::thread([this] { run(); });
    }

    ~Work()
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t told = write(m_wake.get(), &one, sizeof one);
        m_thread.join();
    }

    std::vector<Connection> connections() const
    {
        const std::lock_guard lock(m_mutex);
        return m_connections;
    }
    bool isOver() const
    {
        const std::lock_guard lock(m_mutex);
        return m_over;
    }
    std::string fault() const
    {
        const std::lock_guard lock(m_mutex);
        return m_fault;
    }

private:
    struct Stream
    {
        std::size_t join = 0; ///< number in m_connections
        std::unique_ptr<Pump> pump;
        std::uint64_t counted[2] = {0, 0}; ///< bytes that are in the record already
    };

    void run()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, nullptr);
        while (true) {
            std::vector<pollfd> watched{{m_wake.get(), POLLIN, 0}};
            for (const Descriptor& wire : m_wires)
                watched.push_back({wire.get(), POLLIN, 0});
            const std::size_t first = watched.size();
            watched.resize(first + 2 * m_streams.size());
            for (std::size_t i = 0; i < m_streams.size(); ++i)
                m_streams[i].pump->want(watched[first + 2 * i], watched[first + 2 * i + 1]);
            if (poll(watched.data(), watched.size(), -1) < 0) continue;
            if (watched[0].revents != 0) return;
            for (std::size_t i = m_streams.size(); i-- > 0;)
                if ((watched[first + 2 * i].revents | watched[first + 2 * i + 1].revents) != 0) move(i);
            if (m_bytes > kMostJoinedBytes) m_streams.clear();
            for (std::size_t cell = 0; cell < m_wires.size(); ++cell)
                if (watched[1 + cell].revents != 0 && !listen(cell)) return close();
        }
    }

    /// One step of a stream, and its bytes into the record.
    void move(std::size_t number)
    {
        Stream& stream = m_streams[number];
        const bool goesOn = stream.pump->step();
        const std::uint64_t moved[2] = {stream.pump->forward(), stream.pump->backward()};
        {
            const std::lock_guard lock(m_mutex);
            Connection& record = m_connections[stream.join];
            record.sent += moved[0] - stream.counted[0];
            record.received += moved[1] - stream.counted[1];
            m_bytes += moved[0] - stream.counted[0] + moved[1] - stream.counted[1];
        }
        std::copy_n(moved, 2, stream.counted);
        if (!goesOn) m_streams.erase(m_streams.begin() + static_cast<std::ptrdiff_t>(number));
    }

    /// What a cell says; false where the episode's cells have to end.
    bool listen(std::size_t cell)
    {
        join::Message message;
        while (true) {
            switch (join::hear(m_wires[cell].get(), message)) {
            case join::Heard::Nothing:
                return true;
            case join::Heard::Gone:
                return false;
            case join::Heard::Message:
                if (message.word == join::Word::Open && message.number < m_links[cell].size() &&
                    open(m_links[cell][message.number]))
                    break;
                [[fallthrough]];
            case join::Heard::Nonsense: {
                const std::lock_guard lock(m_mutex);
                m_fault = "a cell's first process said what the joins of an episode do not have.";
                return false;
            }
            }
        }
    }

    bool isFull(const Join& join) const
    {
        const auto of = [&](std::size_t cell) {
            return static_cast<std::size_t>(std::ranges::count_if(m_streams, [&](const Stream& stream) {
                const Join& other = m_connections[stream.join].join;
                return other.from == cell || other.to == cell;
            }));
        };
        return m_bytes > kMostJoinedBytes || std::max(of(join.from), of(join.to)) >= join::mostConnections;
    }

    /// False where the cell does not take the answer: its next one would be taken for this one.
    bool open(std::size_t number)
    {
        const Join& join = m_connections[number].join;
        const Descriptor stream = isFull(join) ? Descriptor() : connect(number, join);
        {
            const std::lock_guard lock(m_mutex);
            ++(stream.valid() ? m_connections[number].opened : m_connections[number].refused);
        }
        return join::tell(m_wires[join.from].get(), stream.valid() ? join::Word::Opened : join::Word::Refused, 0,
                          stream.get());
    }

    /// A pair a side; the supervisor stays between them, so that nothing but bytes goes from cell to cell. The caller's
    /// end, or nothing where the called cell takes no more.
    Descriptor connect(std::size_t number, const Join& join)
    {
        int caller[2] = {-1, -1};
        int called[2] = {-1, -1};
        constexpr int kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
        if (socketpair(AF_UNIX, kind, 0, caller) != 0) return Descriptor();
        Descriptor callersEnd(caller[1]);
        if (socketpair(AF_UNIX, kind, 0, called) != 0) {
            ::close(caller[0]);
            return Descriptor();
        }
        const Descriptor calledEnd(called[1]);
        Stream stream{.join = number, .pump = std::make_unique<Pump>(caller[0], called[0])};
        if (!join::tell(m_wires[join.to].get(), join::Word::Arrive, join.port, calledEnd.get())) return Descriptor();
        m_streams.push_back(std::move(stream));
        return callersEnd;
    }

    void close()
    {
        m_streams.clear();
        for (Descriptor& wire : m_wires)
            wire.reset();
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }

    std::vector<Descriptor> m_wires;
    std::vector<std::vector<std::size_t>> m_links; ///< a cell's links, as numbers in m_connections
    Descriptor m_wake;
    std::vector<Stream> m_streams; ///< the thread's, as is m_bytes
    std::uint64_t m_bytes = 0;
    mutable std::mutex m_mutex;
    std::vector<Connection> m_connections;
    std::string m_fault;
    bool m_over = false;
    std::thread m_thread;
};

Switchboard::Switchboard(std::unique_ptr<Work> work) : m_work(std::move(work)) {}
Switchboard::~Switchboard() = default;

Result<std::unique_ptr<Switchboard>> Switchboard::start(std::vector<Descriptor> wires, const std::vector<Join>& joins)
{
    Descriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.valid())
        return Error{.message = "Joined cells cannot start: this process has no descriptor left; no code runs.",
                     .kind = ErrorKind::Refused};
    return std::unique_ptr<Switchboard>(
        new Switchboard(std::make_unique<Work>(std::move(wires), joins, std::move(wake))));
}

std::vector<Connection> Switchboard::connections() const
{
    return m_work->connections();
}
bool Switchboard::isOver() const
{
    return m_work->isOver();
}
std::string Switchboard::fault() const
{
    return m_work->fault();
}

} // namespace gradus::sandbox
