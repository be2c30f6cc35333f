// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/command_desk.h"

#include "base/clock.h"

#include <chrono>
#include <thread>
#include <utility>

namespace gradus::pipeline {

namespace {

constexpr auto kLook = std::chrono::milliseconds(50); ///< how often a held run looks for what is asked

/// As sentences call it.
std::string actOf(const std::string& verb)
{
    if (verb == events::kCheckpointVerb) return "Checkpoint";
    if (verb == events::kPauseVerb) return "Pause";
    if (verb == events::kContinueVerb) return "Going on";
    if (verb == events::kEvaluateVerb) return "Evaluation";
    if (verb == events::kAlertsVerb) return "Alert rules";
    return "Stop";
}

} // namespace

CommandDesk::CommandDesk(events::EventSink& sink, ProgressMeter& meter, StopFlag& stop)
    : m_sink(sink), m_meter(meter), m_stop(stop)
{
}

void CommandDesk::post(events::CommandNote command)
{
    const bool isNow = command.verb == events::kStopNowVerb;
    const bool isStop = isNow || command.verb == events::kStopVerb;
    {
        const std::lock_guard lock(m_mutex);
        (isStop ? m_stops : m_waiting).push_back(std::move(command));
    }
    if (isNow) m_savesOnStop = false; // before the flag: who sees that must see this
    if (isStop) m_stop.request();
    m_hasNews = true;
}

void CommandDesk::handle(std::string_view verb, Handler handler)
{
    m_handlers.insert_or_assign(std::string(verb), std::move(handler));
}

bool CommandDesk::hasWaiting() const
{
    const std::lock_guard lock(m_mutex);
    return !m_waiting.empty() || !m_stops.empty();
}

void CommandDesk::atSafePoint()
{
    // Without anything to write there is nothing that can fail.
    static_cast<void>(obey({}));
}

Result<void> CommandDesk::afterStep(const Write& write)
{
    return obey(write);
}

Result<void> CommandDesk::obey(const Write& write)
{
    if (!m_hasNews.exchange(false)) return {};
    if (auto answered = answerAll(write); !answered) return answered;
    double since = monotonicSeconds();
    while (m_isHeld && !m_stop.requested()) {
        std::this_thread::sleep_for(kLook);
        const double now = monotonicSeconds();
        m_meter.hold(now - since);
        since = now;
        if (m_hasNews.exchange(false))
            if (auto answered = answerAll(write); !answered) return answered;
    }
    return {};
}

Result<void> CommandDesk::answerAll(const Write& write)
{
    for (;;) {
        events::CommandNote command;
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting.empty()) return {};
            command = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        if (auto answered = answer(command, write); !answered) {
            refused(command, answered.error().message);
            return answered;
        }
    }
}

Result<void> CommandDesk::answer(const events::CommandNote& command, const Write& write)
{
    if (command.verb == events::kPauseVerb) return pause(command, write);
    if (command.verb == events::kCheckpointVerb) {
        if (!write) {
            refused(command, "what runs now (" + m_meter.activity() +
                                 ") keeps no state of its own; all that came before it is saved");
            return {};
        }
        if (auto written = write(); !written) return written;
        done(command, "written at step " + std::to_string(m_meter.step()));
    } else if (command.verb == events::kContinueVerb) {
        if (m_isHeld)
            done(command, "from step " + std::to_string(m_meter.step()));
        else
            refused(command, "the run is not paused");
        m_isHeld = false;
    } else if (command.verb == events::kEvaluateVerb) {
        evaluate(command);
    } else if (const auto handler = m_handlers.find(command.verb); handler != m_handlers.end()) {
        const auto obeyed = handler->second(command);
        if (obeyed)
            done(command, *obeyed);
        else
            refused(command, obeyed.error().message);
    } else {
        refused(command, "this version knows no such command");
    }
    return {};
}

/// Saved first where that is possible: whoever pauses a run may be about to switch the machine off.
Result<void> CommandDesk::pause(const events::CommandNote& command, const Write& write)
{
    if (m_isHeld) {
        refused(command, "the run is paused already");
        return {};
    }
    if (write)
        if (auto written = write(); !written) return written;
    m_isHeld = true;
    done(command,
         "at step " + std::to_string(m_meter.step()) +
             (write ? ", with a checkpoint" : "; killed now, the run would begin this again: " + m_meter.activity()));
    return {};
}

void CommandDesk::evaluate(events::CommandNote command)
{
    if (!m_evaluate) return refused(command, "no student is being trained now (" + m_meter.activity() + ")");
    const auto evaluated = m_evaluate();
    if (!evaluated) return refused(command, evaluated.error().message);
    command.isExtraPoint = evaluated->isExtraPoint;
    done(command, "at step " + std::to_string(m_meter.step()) + ": " + evaluated->sentence);
}

void CommandDesk::close(bool stopped)
{
    std::deque<events::CommandNote> waiting;
    std::deque<events::CommandNote> stops;
    {
        const std::lock_guard lock(m_mutex);
        waiting.swap(m_waiting);
        stops.swap(m_stops);
    }
    for (const events::CommandNote& command : waiting)
        refused(command, "the run ended before it came to a point where it could be obeyed");
    for (const events::CommandNote& command : stops)
        if (stopped)
            done(command, m_savesOnStop
                              ? "done; what could be saved is saved"
                              : "done; nothing was saved for it, and the run goes on from its checkpoint before");
        else
            refused(command, "the run had ended by itself");
}

void CommandDesk::done(const events::CommandNote& command, const std::string& what)
{
    say(events::kCommandDone, command, actOf(command.verb) + " " + what);
}

void CommandDesk::refused(const events::CommandNote& command, const std::string& why)
{
    say(events::kCommandRefused, command, actOf(command.verb) + " refused: " + why);
}

/// The number makes the sentence one of its own: the store keeps equal events of one step once.
void CommandDesk::say(const char* kind, const events::CommandNote& command, std::string sentence)
{
    m_sink.event(events::commandEvent(kind, command, m_meter.generation(), m_meter.step(),
                                      std::move(sentence) + " (request " + std::to_string(command.id) + ")."));
}

CommandDesk::Offer::Offer(CommandDesk* desk, Evaluate evaluate) : m_desk(desk)
{
    if (m_desk != nullptr) m_desk->m_evaluate = std::move(evaluate);
}

CommandDesk::Offer::~Offer()
{
    if (m_desk != nullptr) m_desk->m_evaluate = {};
}

} // namespace gradus::pipeline
