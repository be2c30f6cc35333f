// SPDX-License-Identifier: GPL-3.0-or-later
// What a generation's base taught by truth answers to the held-out items, kept beside its weights: the next generation
// is held against it, also where another process trains that one.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// items: fingerprint of the held-out set that was answered. Written whole or not at all.
Result<void> writeCeilingLabels(const std::filesystem::path& file, const std::string& items,
                                const std::vector<int>& labels);

/// Empty where there is no such file (generations of older programs), it answers other items, or it cannot be read: the
/// detector then compares capacities and says so.
std::vector<int> readCeilingLabels(const std::filesystem::path& file, const std::string& items);

} // namespace gradus::pipeline
