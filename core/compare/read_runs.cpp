// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/read_runs.h"

#include "compare/final_metrics.h"

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

Result<std::vector<ComparedRun>> readOwnFigures(const store::StoreReader& reader,
                                                const std::vector<store::RunDetail>& runs)
{
    std::vector<ComparedRun> read;
    for (const store::RunDetail& run : runs) {
        std::vector<store::SeriesPoints> points;
        for (const FinalMetric& metric : finalMetrics()) {
            if (*metric.procedure == '\0') continue;
            auto series = reader.series(run.run.id, metric.id);
            if (!series) return series.error();
            if (!series->points.empty()) points.push_back(std::move(*series));
        }
        read.push_back(comparedRun(run, std::move(points)));
    }
    return read;
}

} // namespace gradus::compare
