// SPDX-License-Identifier: GPL-3.0-or-later
// Cells for tests: where this machine cannot have any, the test is skipped with the reason.
#pragma once

#include "sandbox/cell.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace gradus::tests {

/// Whether a refusal is about what the machine lacks, and not a fault of ours: bubblewrap is not there, or it said
/// itself, while it made the namespaces, that it may not. What a later layer says is always ours to answer for, also
/// where the system's words are the same ("Operation not permitted").
inline bool isTheMachines(std::string_view refusal)
{
    static constexpr std::array<std::string_view, 6> words = {
        "is not there; install",     "bwrap: Creating new namespace failed", "bwrap: No permissions to create",
        "bwrap: setting up uid map", "bwrap: loopback: Failed RTM_NEWADDR",  "bwrap: Can't mount proc"};
    return refusal.find("the layer \"bubblewrap\" is missing") != std::string_view::npos &&
           std::any_of(words.begin(), words.end(),
                       [&](std::string_view said) { return refusal.find(said) != std::string_view::npos; });
}

/// Empty, or why there are no cells here.
inline std::string noCellsHere()
{
    const auto cell = sandbox::Cell::start({});
    return cell || !isTheMachines(cell.error().message) ? std::string() : cell.error().message;
}

#define GRADUS_NEEDS_CELLS()                                                                                           \
    do {                                                                                                               \
        static const std::string why = gradus::tests::noCellsHere();                                                   \
        if (!why.empty()) QSKIP(why.c_str());                                                                          \
    } while (false)

} // namespace gradus::tests
