// SPDX-License-Identifier: GPL-3.0-or-later
// Attempts as the store keeps them, so that a resumed run decides on exactly what was known before.
#pragma once

#include "controller/gap_controller.h"
#include "events/events.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gradus::pipeline {

inline constexpr const char* kAttemptEvent = "generation.attempt";

/// An attempt and the run's step at its end.
struct JournalEntry
{
    controller::Attempt attempt;
    std::int64_t lastStep = 0;
};

events::RunEvent journalEvent(const JournalEntry& entry, const std::string& sentence);
/// Nothing when the details are not those of an attempt.
std::optional<JournalEntry> fromJournal(const std::string& detailsJson);

} // namespace gradus::pipeline
