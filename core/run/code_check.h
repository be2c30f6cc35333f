// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a program that a model wrote passes its tests: run in a cell, never beside it.
#pragma once

#include "base/result.h"
#include "data/open_problems.h"
#include "sandbox/cell_options.h"

#include <string>

namespace gradus::run {

struct CodeVerdict
{
    bool passed = false;
    std::string why = {}; ///< of what failed: the last line of what it said, or how it ended; hostile text
};

/// Prompt (where the body goes on from it), body and tests as one Python program in a cell of its own, at most
/// `seconds` long. It has passed when the line behind its last test was reached: ending early is no pass. A program
/// that reads its own source could feign it, as in every harness that runs tests beside what they test. Refused where
/// the sandbox's pre-flight did not hold or cells cannot be had.
Result<CodeVerdict> checkCode(const data::CodeProblem& problem, const std::string& body, double seconds,
                              const sandbox::CellOptions& options = {});

} // namespace gradus::run
