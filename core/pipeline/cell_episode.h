// SPDX-License-Identifier: GPL-3.0-or-later
// An act of the sandboxed domain, played with real commands in a sandbox cell of its own.
#pragma once

#include "data/environment.h"
#include "sandbox/cell_options.h"

namespace gradus::pipeline {

/// One cell of the options' level, started for this act and gone after it. The outcome is what was seen there: exit
/// texts, the protected file's hash before and after every command, the question that was left. Refused when the level
/// was not shown to hold or no cell can be started (the error names the missing layer); failed when the cell itself
/// ended.
Result<data::Outcome> playInCell(const data::RealEpisode& episode, const sandbox::CellOptions& options);

} // namespace gradus::pipeline
