// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of an experiment before it is launched: one tick a question, with the cure where there is one.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

enum class TickState
{
    Passed,
    Warned,  ///< may be launched past
    Refused, ///< may not
};
const char* nameOf(TickState state); ///< "pass" | "warn" | "fail"

struct Tick
{
    std::string id;    ///< "disk": what programs tell it by
    std::string title; ///< "Disk"
    TickState state = TickState::Passed;
    std::string figure = {};   ///< "8.1 MB"; may be empty
    std::string sentence = {}; ///< how it is known, or what is wrong
    std::string cure = {};     ///< empty where it passed
};

struct PreflightOptions
{
    std::filesystem::path store; ///< gradus.db, need not exist; its folder is the workspace
    int jobs = 0;                ///< runs at a time; 0: cores / compute.threads
    double mostHours = 24;       ///< more is warned of; above 0
    std::string toml = {}; ///< the experiment's text: its mix's limits and its contrasts; empty: they are not asked
    /// Rungs are tried for a second or two where the store knows nothing; with this only where the plan is of hours, so
    /// that a launch of small runs does not wait.
    bool triesOnlyLong = false;
};

struct Preflight
{
    int runs = 0;
    int conditions = 0;
    int atOnce = 1;                 ///< runs at a time
    double seconds = 0;             ///< wall time of all; 0: not known
    double coreSeconds = 0;         ///< of all runs together
    double disk = 0;                ///< bytes
    double memory = 0;              ///< bytes, of all that work at a time
    std::vector<Tick> ticks;        ///< in a fixed order
    std::vector<std::string> notes; ///< rungs each condition will take, and what readers must know of the data

    bool isRefused() const;
};

/// Opens task and ladder of every run and may tune a few steps; writes nothing. An error is bad input that nothing can
/// be said beside (see refusedBy).
Result<Preflight> preflight(const spec::Experiment& experiment, const PreflightOptions& options);
/// The same as ticks: "file" is refused with the error's sentence.
Preflight refusedBy(const Error& error);
/// The first refusal as bad input; nothing where none is refused.
Result<void> admitted(const Preflight& findings);

/// {"runs": ..., "seconds": ..., "ticks": [{"id", "title", "state", "figure", "sentence", "cure"}], "notes",
/// "warnings"}
std::string preflightJson(const Preflight& findings, const std::string& file, const std::string& hash);
/// A line a tick, for a terminal.
std::string preflightText(const Preflight& findings);

} // namespace gradus::run
