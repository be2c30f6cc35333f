// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the queue into records; shared by the reader and by those who change it.
#pragma once

#include "base/result.h"
#include "store/records.h"

namespace gradus::store {

class Database;

/// The whole queue in its order; the caller holds a transaction.
Result<QueueState> readQueue(Database& database);

} // namespace gradus::store
