// SPDX-License-Identifier: GPL-3.0-or-later
// An act of the sandboxed domain, played with real commands in a sandbox cell of its own.
#pragma once

#include "data/environment.h"

namespace gradus::pipeline {

/// One cell, started for this act and gone after it. The outcome is what was seen there: exit texts, the protected
/// file's hash before and after every command, the question that was left. Refused when no cell can be started (the
/// error names the missing layer); failed when the cell itself ended.
Result<data::Outcome> playInCell(const data::RealEpisode& episode);

} // namespace gradus::pipeline
