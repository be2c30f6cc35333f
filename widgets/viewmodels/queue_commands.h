// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does to a queue: every act in a thread of its own, in the order in which they were asked for.
#pragma once

#include "base/result.h"
#include "viewmodels/launcher.h"

#include <QObject>
#include <QThreadPool>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gradus::store {
class RunQueue;
}

namespace gradus::viewmodels {

/// Each act is also a verb of `gradus queue`. Made and called in the GUI thread; the store is written in another one.
class QueueCommands final : public QObject
{
    Q_OBJECT
public:
    explicit QueueCommands(LaunchPlace place, QObject* parent = nullptr);
    ~QueueCommands() override; ///< waits for acts under way: none is lost

    void setPlace(const LaunchPlace& place) { m_place = place; }
    const LaunchPlace& place() const { return m_place; }

    /// Freezes the text, checks it as `gradus queue add` does, puts its runs at the end and starts a worker.
    void add(const std::string& toml);
    /// A branch of a run at the end of the queue; as `gradus branch --queue` makes it.
    void addBranch(const Launcher::Branch& branch);
    void move(std::int64_t run, int places);
    /// As above; moved gets by how many places it was, in the thread of the acts.
    void move(std::int64_t run, int places, const std::shared_ptr<int>& moved);
    /// Undoes a move that was asked for before, by as much as it came to.
    void moveBack(std::int64_t run, const std::shared_ptr<int>& moved);
    void setAfter(std::int64_t run, std::optional<std::int64_t> after);
    void setPaused(bool paused); ///< going on also starts a worker
    void retry(std::int64_t run);
    void remove(std::int64_t run);
    void removeFinished();
    void startWorker();
    /// Acts that have not been answered yet.
    bool isBusy() const { return m_waiting > 0; }

Q_SIGNALS:
    void done();                                        ///< the store was changed: look at it
    void said(const QString& sentence, bool isFailure); ///< what became of an act, where there is something to say

private:
    using Act = std::function<Result<void>(store::RunQueue&)>;
    void apply(Act act, bool startsWorker = false, const QString& sentence = {});
    void startProgram(const QStringList& arguments, const QString& otherwise, bool startsWorker);
    void answered(const Result<void>& result, bool startsWorker, const QString& sentence);

    LaunchPlace m_place;
    QThreadPool m_thread; ///< of one thread
    int m_waiting = 0;
};

} // namespace gradus::viewmodels
