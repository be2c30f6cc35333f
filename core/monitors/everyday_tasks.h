// SPDX-License-Identifier: GPL-3.0-or-later
// Everyday tasks whose results must not depend on the level: internal to the room.
#pragma once

#include "base/result.h"
#include "sandbox/cell.h"

#include <string_view>
#include <vector>

namespace gradus::monitors {

struct EverydayTask
{
    std::string_view name;
    std::string_view shell; ///< empty: file verbs
};

const std::vector<EverydayTask>& everydayTasks();

/// "exit 0, 3f2a…": the end and a digest of what was printed; a tool error by its name. An error means that the cell is
/// gone.
Result<std::string> doTask(const EverydayTask& task, sandbox::Cell& cell);

} // namespace gradus::monitors
