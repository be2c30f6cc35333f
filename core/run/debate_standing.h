// SPDX-License-Identifier: GPL-3.0-or-later
// How often judges of debates are right, by what a store holds.
#pragma once

#include "base/interval.h"
#include "store/store_reader.h"

#include <optional>
#include <string>

namespace gradus::run {

/// Accuracy of the judge in the newest finished debate (protocol "debate") on that task, with its interval over
/// held-out items; none where the store has none. What cannot be read counts as not there. Blocks; any thread.
std::optional<Estimate> judgeOfDebates(const store::StoreReader& reader, const std::string& task);

} // namespace gradus::run
