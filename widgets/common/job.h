// SPDX-License-Identifier: GPL-3.0-or-later
// The one way to work off the GUI thread: a value in, a value out, the newest wins, a dead context gets nothing.
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace gradus::common {

/// A slot for one kind of work. start() and the delivery happen in the GUI thread; work() runs in the pool with values
/// only (capture copies, never widgets). A stale answer is never delivered: not after a newer start(), not after
/// cancel(), not after the context died. Must not outlive the QCoreApplication.
class Job final
{
public:
    explicit Job(QObject* context) : m_context(context), m_newest(std::make_shared<std::atomic<std::uint64_t>>(0)) {}
    ~Job() { cancel(); }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// Runs work() in the pool, then deliver(value) in the GUI thread if this is still the newest start.
    template <typename Work, typename Deliver>
    void start(Work work, Deliver deliver)
    {
        const std::uint64_t id = ++*m_newest;
        m_running = true;
        // Shared: the worker may finish after this object is gone and must still be able to ask whether it is stale.
        auto newest = m_newest;
        QThreadPool::globalInstance()->start(
            [this, id, newest, context = m_context, work = std::move(work), deliver = std::move(deliver)]() mutable {
                if (newest->load() != id) return;
                auto value = work();
                // Queued to the application, not to the context: only the GUI thread may ask whether the context lives.
                QMetaObject::invokeMethod(
                    QCoreApplication::instance(),
                    [this, id, newest, context, value = std::move(value), deliver = std::move(deliver)]() mutable {
                        if (newest->load() != id || context.isNull()) return;
                        m_running = false; // newest == id, so this object was neither destroyed nor cancelled
                        deliver(std::move(value));
                    },
                    Qt::QueuedConnection);
            });
    }

    /// What is running finishes unheard.
    void cancel()
    {
        ++*m_newest;
        m_running = false;
    }
    bool isRunning() const { return m_running; }

private:
    QPointer<QObject> m_context;
    std::shared_ptr<std::atomic<std::uint64_t>> m_newest;
    bool m_running = false;
};

} // namespace gradus::common
