// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for a table of strangers, whichever format it came in.
#pragma once

#include "data/table.h"

namespace gradus::fuzz {

/// Rows are as wide as the columns, in the order of their lines; every published template takes or refuses them.
void expectTable(const data::Table& table);
/// The same columns and cells; lines and names of files may differ.
void expectEqual(const data::Table& table, const data::Table& again);

} // namespace gradus::fuzz
