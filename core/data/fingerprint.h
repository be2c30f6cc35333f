// SPDX-License-Identifier: GPL-3.0-or-later
// Names a set of items by what it holds, so that two runs can show that they saw the same data.
#pragma once

#include "data/task.h"

#include <string>
#include <vector>

namespace gradus::data {

/// SHA-256 over the number of sequences, their lengths, their token ids and the truth of each item, in order.
std::string fingerprintOf(const std::vector<Item>& items);

} // namespace gradus::data
