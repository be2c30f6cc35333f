// SPDX-License-Identifier: GPL-3.0-or-later
// Names a set of items by what it holds, so that two runs can show that they saw the same data.
#pragma once

#include "data/task.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// SHA-256 over the number of sequences, their lengths, their token ids and the truth of each item, in order.
std::string fingerprintOf(const std::vector<Item>& items);

/// Names one item by its content, truth left out: the first 63 bits of SHA-256 over its texts, or over its sequences
/// where it has none. Equal items of different pools have equal numbers.
std::int64_t itemNumber(const Item& item);
/// "1f0c…": the number as 16 hexadecimal digits, the way files of human labels name an item.
std::string itemName(std::int64_t number);
/// The number that such a name stands for; none for any other text.
std::optional<std::int64_t> itemNumberFrom(const std::string& name);

} // namespace gradus::data
