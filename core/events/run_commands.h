// SPDX-License-Identifier: GPL-3.0-or-later
// What may be asked of a living run, and the events by which the run's own history says what became of it.
#pragma once

#include "events/events.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gradus::events {

inline constexpr std::string_view kCheckpointVerb = "checkpoint";
inline constexpr std::string_view kPauseVerb = "pause";
inline constexpr std::string_view kContinueVerb = "continue"; ///< ends a pause
inline constexpr std::string_view kEvaluateVerb = "evaluate";
inline constexpr std::string_view kStopVerb = "stop";        ///< writes a checkpoint and ends
inline constexpr std::string_view kStopNowVerb = "stop-now"; ///< ends; goes on from the checkpoint written before
inline constexpr std::string_view kAlertsVerb = "alerts";    ///< other alert rules from now on; the payload has them
inline constexpr std::array<std::string_view, 7> kCommandVerbs = {
    kCheckpointVerb, kPauseVerb, kContinueVerb, kEvaluateVerb, kStopVerb, kStopNowVerb, kAlertsVerb};

/// Kinds of events. Every command has one that it was asked for and, once somebody has answered, one of the others.
inline constexpr const char* kCommandAsked = "command.asked";
inline constexpr const char* kCommandDone = "command.done";
inline constexpr const char* kCommandRefused = "command.refused";

/// The details of such an event.
struct CommandNote
{
    std::int64_t id = 0; ///< of the store's table of commands; 0: nobody asked, a new process goes on
    std::string verb;
    std::string payload = {};
    /// "evaluate": its points stand at a step at which the run would not have evaluated. Detectors and a resumed run
    /// pass over them, so that asking changes nothing that is decided.
    bool isExtraPoint = false;
};

RunEvent commandEvent(const char* kind, const CommandNote& note, int generation, std::int64_t step,
                      std::string sentence);
/// Nothing where the details are of no command. They are read as hostile JSON.
std::optional<CommandNote> commandOf(const std::string& detailsJson);

} // namespace gradus::events
