// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/queue_rows.h"

#include "store/database.h"
#include "store/rows.h"

namespace gradus::store {

Result<QueueState> readQueue(Database& database)
{
    QueueState state;
    auto pause = database.prepare("SELECT paused_at FROM queue_pause");
    if (!pause) return pause.error();
    const auto paused = pause->bind().step();
    if (!paused) return paused.error();
    if (*paused) state.pausedAt = pause->real(0);
    auto query =
        database.prepare("SELECT run_id, after_run_id, threads, attempts FROM queue_entry ORDER BY position, run_id");
    if (!query) return query.error();
    query->bind();
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return state;
        auto run = readRun(database, query->integer(0));
        if (!run) return run.error();
        if (!*run) return noSuchRun(database, std::to_string(query->integer(0)));
        state.rows.push_back({.run = std::move(**run),
                              .after = query->optionalInteger(1),
                              .threads = static_cast<int>(query->integer(2)),
                              .attempts = static_cast<int>(query->integer(3))});
    }
}

} // namespace gradus::store
