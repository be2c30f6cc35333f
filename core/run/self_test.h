// SPDX-License-Identifier: GPL-3.0-or-later
// What `gradus doctor` finds: the machine, and a run from end to end where there is no Qt Test.
#pragma once

#include <string>
#include <vector>

namespace gradus::run {

struct Finding
{
    bool good = true;
    std::string subject;
    std::string sentence;
};

/// Library versions, cores, allocator and OpenMP settings, the default workspace. Changes nothing.
std::vector<Finding> examineMachine();

/// Curve evaluator, random numbers, store and a tiny run that is stopped and resumed to bit-equal weights, in a scratch
/// folder that is removed. Takes a few seconds.
std::vector<Finding> selfTest();

} // namespace gradus::run
