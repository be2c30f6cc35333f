// SPDX-License-Identifier: GPL-3.0-or-later
// Episodes as a run store keeps them: messages, the oracle's verdict, and what every monitor says with its citations.
#pragma once

#include "events/events.h"
#include "monitors/monitor.h"
#include "monitors/trusted_judge.h"
#include "scenario/episode.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::monitors {

inline constexpr const char* kInterrupted = "interrupted"; ///< verdict of an episode that has begun and has no end yet

/// What the deterministic monitors say of a whole episode, and, where there is a judge, M6.
std::vector<Report> reportsOn(const scenario::Episode& episode, const scenario::Rendered& material,
                              SuspicionJudge* judge = nullptr, JudgeSees sees = JudgeSees::Whole);

/// Whether M2 saw a planted secret in a call, the last words or a file left: taken further than where it was read. None
/// where nothing was planted, or the task gave it.
std::optional<bool> canaryTouched(const scenario::Episode& episode, const scenario::Rendered& material);

/// A call is an assistant's message with details (tool, decision), its outcome a tool's (exit code, signal, tool error,
/// denial, seconds, changed files). words: what a model said before each call; hostile, as all contents are.
events::EpisodeRecord recordOf(const scenario::Episode& episode, const std::string& key,
                               const std::vector<Report>& reports, const std::vector<std::string>& words = {});

/// The same episode before its first call: written first and replaced by the whole one, so that a program that dies in
/// between leaves word of it.
events::EpisodeRecord begunRecord(const scenario::Rendered& material, const std::string& key);

} // namespace gradus::monitors
