// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/command_log.h"

#include "events/run_commands.h"

#include <algorithm>

namespace gradus::store {

std::vector<AskedCommand> commandLog(const std::vector<EventRow>& events)
{
    std::vector<AskedCommand> log;
    for (const EventRow& event : events) {
        const bool isAsked = event.kind == events::kCommandAsked;
        const bool isDone = event.kind == events::kCommandDone;
        if (!isAsked && !isDone && event.kind != events::kCommandRefused) continue;
        const auto note = events::commandOf(event.detailsJson);
        if (!note || note->id == 0) continue;
        if (isAsked) {
            log.push_back({.id = note->id,
                           .verb = note->verb,
                           .payload = note->payload,
                           .askedAt = event.wall,
                           .step = event.step,
                           .sentence = event.sentence});
            continue;
        }
        const auto asked = std::find_if(log.begin(), log.end(), [&](const auto& one) { return one.id == note->id; });
        if (asked == log.end()) continue;
        asked->state = isDone ? AskedCommand::State::Done : AskedCommand::State::Refused;
        asked->answeredAt = event.wall;
        asked->step = event.step;
        asked->sentence = event.sentence;
    }
    return log;
}

bool isHeld(const std::vector<EventRow>& events)
{
    bool held = false;
    for (const EventRow& event : events) {
        if (event.kind != events::kCommandDone) continue;
        const auto note = events::commandOf(event.detailsJson);
        if (!note) continue;
        if (note->verb == events::kPauseVerb) held = true;
        if (note->verb == events::kContinueVerb) held = false;
    }
    return held;
}

const char* nameOf(AskedCommand::State state)
{
    switch (state) {
    case AskedCommand::State::Waiting:
        return "asked";
    case AskedCommand::State::Done:
        return "done";
    case AskedCommand::State::Refused:
        return "refused";
    }
    return "asked";
}

} // namespace gradus::store
