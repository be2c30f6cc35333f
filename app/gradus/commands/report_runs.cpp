// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/report_runs.h"

namespace gradus::app {

Result<std::vector<store::RunDetail>> detailsOf(const store::StoreReader& reader, const std::vector<std::string>& names)
{
    std::vector<store::RunDetail> details;
    if (names.empty()) {
        const auto rows = reader.runs();
        if (!rows) return rows.error();
        if (rows->empty()) return badInput("The store has no runs yet; start one with: gradus run FILE");
        for (auto row = rows->rbegin(); row != rows->rend(); ++row)
            if (row->experimentHash == rows->front().experimentHash) {
                auto detail = reader.detail(row->id);
                if (!detail) return detail.error();
                details.push_back(std::move(*detail));
            }
        return details;
    }
    for (const std::string& name : names) {
        const auto row = reader.findRun(name);
        if (!row) return row.error();
        auto detail = reader.detail(row->id);
        if (!detail) return detail.error();
        details.push_back(std::move(*detail));
    }
    return details;
}

Result<std::vector<compare::ComparedRun>> comparedRuns(const store::StoreReader& reader,
                                                       const std::vector<std::string>& names)
{
    auto details = detailsOf(reader, names);
    if (!details) return details.error();
    std::vector<compare::ComparedRun> runs;
    for (store::RunDetail& detail : *details) {
        store::PointCursor cursor;
        auto points = reader.pointsSince(detail.run.id, cursor);
        if (!points) return points.error();
        runs.push_back(compare::comparedRun(std::move(detail), std::move(*points)));
    }
    return runs;
}

} // namespace gradus::app
