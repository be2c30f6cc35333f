// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's history tells which program made it and on what machine.
#pragma once

#include "events/events.h"

#include <optional>
#include <string>

namespace gradus::events {

/// One for each program and machine that worked on the run, whenever it took the run up: its wall time says since when.
/// details: the members below by name.
inline constexpr const char* kOriginEvent = "run.origin";

struct RunOrigin
{
    std::string version;   ///< of Gradus
    std::string program;   ///< hash of the program, see programHash
    std::string library;   ///< "libtorch 2.13.0, CPU, AVX2"; empty where no model of ours ran
    std::string device;    ///< "cpu", "cuda:0"; empty likewise
    std::string processor; ///< see processorName
    std::string system;    ///< "Linux x86_64"

    friend bool operator==(const RunOrigin&, const RunOrigin&) = default;
};

/// Stands before the first step, so that a run that was stopped and resumed by the same program tells what one that was
/// not does.
RunEvent originEvent(const RunOrigin& origin);
/// Nothing where the details are of no origin. They are read as hostile JSON.
std::optional<RunOrigin> originOf(const std::string& detailsJson);

} // namespace gradus::events
