// SPDX-License-Identifier: GPL-3.0-or-later
// Cells for tests: where this machine cannot have any, the test is skipped with the reason.
#pragma once

#include "sandbox/cell.h"

#include <QTest>

#include <string>

namespace gradus::tests {

/// Empty, or why there are no cells here: only what the machine lacks, never a fault of ours.
inline std::string noCellsHere()
{
    const auto cell = sandbox::Cell::start({});
    if (cell) return {};
    const std::string& why = cell.error().message;
    const bool machine =
        why.find("is not there; install") != std::string::npos ||
        why.find("Creating new namespace failed") != std::string::npos ||
        why.find("No permissions to create") != std::string::npos ||
        why.find("setting up uid map") != std::string::npos || why.find("Failed RTM_NEWADDR") != std::string::npos ||
        why.find("Can't mount proc") != std::string::npos || why.find("Operation not permitted") != std::string::npos;
    return machine ? why : std::string();
}

#define GRADUS_NEEDS_CELLS()                                                                                           \
    do {                                                                                                               \
        static const std::string why = gradus::tests::noCellsHere();                                                   \
        if (!why.empty()) QSKIP(why.c_str());                                                                          \
    } while (false)

} // namespace gradus::tests
