// SPDX-License-Identifier: GPL-3.0-or-later
// Where what is asked of a living run waits until the run comes to a point at which it can be obeyed.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "engine/tuning.h"
#include "events/event_sink.h"
#include "events/run_commands.h"
#include "pipeline/progress_meter.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace gradus::pipeline {

/// Commands come from any thread; the run's thread obeys them between two steps or two episodes and answers each with
/// an event. Nothing that is asked changes a weight: a run that was held, saved and evaluated on demand ends bit-equal
/// to one that was left alone.
class CommandDesk final : public engine::TuningWatch
{
public:
    /// All must outlive the desk; sink and meter are the run's, used in its thread.
    CommandDesk(events::EventSink& sink, ProgressMeter& meter, StopFlag& stop);

    /// Any thread. A stop reaches long work at once, because that polls the flag; the rest waits.
    void post(events::CommandNote command);
    /// Who obeys a verb that the desk knows nothing of: given its payload, what was done, or why not. Before any thread
    /// posts; called in the run's thread.
    using Handler = std::function<Result<std::string>(const events::CommandNote& command)>;
    void handle(std::string_view verb, Handler handler);
    /// Whether the run is paused. Any thread.
    bool isHeld() const { return m_isHeld; }
    /// Whether anything was asked that is not answered yet. Any thread.
    bool hasWaiting() const;

    /// A point at which the run can be held, but nothing of what it does now can be saved.
    void atSafePoint();
    Result<void> afterStep(const Write& write) override;
    bool savesOnStop() const override { return m_savesOnStop; }

    /// The run's last word, in its thread: its stop is answered, what else still waits is refused.
    void close(bool stopped);

    /// A measurement that was made because somebody asked.
    struct Evaluated
    {
        std::string sentence;      ///< "utility 0.712 on 400 items"
        bool isExtraPoint = false; ///< the run would not have made it
    };
    using Evaluate = std::function<Result<Evaluated>()>;
    /// What "evaluate" does as long as this lives; without one it is refused.
    class Offer final
    {
    public:
        Offer(CommandDesk* desk, Evaluate evaluate); ///< no desk: nobody asks
        ~Offer();
        Offer(const Offer&) = delete;
        Offer& operator=(const Offer&) = delete;

    private:
        CommandDesk* m_desk;
    };

private:
    Result<void> obey(const Write& write);
    Result<void> answerAll(const Write& write);
    Result<void> answer(const events::CommandNote& command, const Write& write);
    Result<void> pause(const events::CommandNote& command, const Write& write);
    void evaluate(events::CommandNote command);
    void done(const events::CommandNote& command, const std::string& what);
    void refused(const events::CommandNote& command, const std::string& why);
    void say(const char* kind, const events::CommandNote& command, std::string sentence);

    events::EventSink& m_sink;
    ProgressMeter& m_meter;
    StopFlag& m_stop;
    mutable std::mutex m_mutex;
    std::deque<events::CommandNote> m_waiting; ///< guarded by m_mutex
    std::deque<events::CommandNote> m_stops;   ///< guarded by m_mutex; answered when the run ends
    std::atomic<bool> m_hasNews{false};
    std::atomic<bool> m_savesOnStop{true};
    std::atomic<bool> m_isHeld{false};
    std::map<std::string, Handler, std::less<>> m_handlers;
    Evaluate m_evaluate; ///< of the run's thread
};

} // namespace gradus::pipeline
