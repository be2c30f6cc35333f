// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked of a run and what became of it, read from its events. Pure.
#pragma once

#include "store/records.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::store {

/// One thing that was asked of a living run.
struct AskedCommand
{
    enum class State
    {
        Waiting, ///< the worker has not come to a point where it can be obeyed
        Done,
        Refused, ///< and the sentence says why
    };
    std::int64_t id = 0;
    std::string verb;    ///< one of events::kCommandVerbs, as far as this version knows
    std::string payload; ///< untrusted
    State state = State::Waiting;
    double askedAt = 0;    ///< wall seconds
    double answeredAt = 0; ///< wall seconds; 0 while it waits
    std::int64_t step = 0; ///< at which it was asked, then answered
    std::string sentence;  ///< the newest one about it
};

/// In the order in which they were asked.
std::vector<AskedCommand> commandLog(const std::vector<EventRow>& events);

/// Whether the run's process holds: it was told to pause and nothing has let it go on since. A run whose process is
/// gone is not held, whatever this says: ask for its state too.
bool isHeld(const std::vector<EventRow>& events);

const char* nameOf(AskedCommand::State state); ///< "asked", "done", "refused"

} // namespace gradus::store
