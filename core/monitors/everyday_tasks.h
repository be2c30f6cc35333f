// SPDX-License-Identifier: GPL-3.0-or-later
// Everyday tasks whose results must not depend on the level: internal to the room.
#pragma once

#include "base/result.h"
#include "sandbox/cell.h"
#include "sandbox/host_stage.h"

#include <string_view>
#include <vector>

namespace gradus::monitors {

struct EverydayTask
{
    std::string_view name;
    std::string_view shell;             ///< empty: file verbs
    std::string_view otherOutside = {}; ///< why the same task gives something else outside a cell; empty: it must not
};

const std::vector<EverydayTask>& everydayTasks();

/// "exit 0, 3f2a…": the end and a digest of what was printed; a tool error by its name. An error means that the cell is
/// gone.
Result<std::string> doTask(const EverydayTask& task, sandbox::Cell& cell);
/// The same outside any cell, as the account that cells have, in a folder that is empty before and after: what an
/// ordinary user of this machine gets. These tasks are ours; nothing that a model wrote ever comes here.
Result<std::string> doOutside(const EverydayTask& task, const sandbox::HostStage& stage);

} // namespace gradus::monitors
