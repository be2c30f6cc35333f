// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/read_runs.h"

namespace gradus::compare {

Result<std::vector<ComparedRun>> readRuns(const store::StoreReader& reader, const std::vector<store::RunRow>& runs)
{
    std::vector<ComparedRun> read;
    for (const store::RunRow& run : runs) {
        auto detail = reader.detail(run.id);
        if (!detail) return detail.error();
        store::PointCursor cursor;
        auto points = reader.pointsSince(run.id, cursor);
        if (!points) return points.error();
        read.push_back(comparedRun(std::move(*detail), std::move(*points)));
    }
    return read;
}

} // namespace gradus::compare
