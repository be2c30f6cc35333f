// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/gather.h"

#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace gradus::report {

namespace {

/// "gap annealing: drawn" -> "gap-annealing-drawn.toml": a name that every shell and file system takes.
std::string fileName(const std::string& experiment)
{
    std::string name;
    for (const char c : experiment) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() == 60) break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return (name.empty() ? "experiment" : name) + ".toml";
}

/// Of the newest experiment that fits; rows are newest first.
template <typename Fits>
bool addNewest(std::map<std::int64_t, store::RunRow>& chosen, const std::vector<store::RunRow>& rows, Fits fits)
{
    const auto newest = std::find_if(rows.begin(), rows.end(), fits);
    if (newest == rows.end()) return false;
    for (const store::RunRow& row : rows)
        if (row.experimentHash == newest->experimentHash) chosen.emplace(row.id, row);
    return true;
}

} // namespace

Result<std::vector<store::RunRow>> chosenRuns(const store::StoreReader& reader, const std::vector<std::string>& names)
{
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    if (rows->empty()) return badInput("The store has no runs yet; start one with: gradus run FILE");
    std::map<std::int64_t, store::RunRow> chosen;
    if (names.empty()) addNewest(chosen, *rows, [](const store::RunRow&) { return true; });
    for (const std::string& name : names) {
        if (addNewest(chosen, *rows, [&](const store::RunRow& row) { return row.experimentName == name; })) continue;
        const auto row = reader.findRun(name);
        if (!row) {
            Error error = row.error();
            if (error.kind == ErrorKind::BadInput) error.message += " No experiment has that name either.";
            return error;
        }
        chosen.emplace(row->id, *row);
    }
    std::vector<store::RunRow> runs;
    for (auto& [id, row] : chosen)
        runs.push_back(std::move(row));
    return runs;
}

Result<ReportRequest> gather(const store::StoreReader& reader, const std::vector<store::RunRow>& runs)
{
    ReportRequest request;
    std::set<std::string> texts;
    std::map<std::string, int> names;
    for (const store::RunRow& row : runs) {
        auto detail = reader.detail(row.id);
        if (!detail) return detail.error();
        store::PointCursor cursor;
        auto points = reader.pointsSince(row.id, cursor);
        if (!points) return points.error();
        const auto source = reader.sourceToml(row.id);
        if (!source) return source.error();
        if (!source->empty() && texts.insert(*source).second) {
            std::string name = fileName(row.experimentName);
            if (const int twin = names[name]++; twin > 0) name.insert(name.size() - 5, "-" + std::to_string(twin + 1));
            request.files.emplace_back(std::move(name), *source);
        }
        request.runs.push_back(compare::comparedRun(std::move(*detail), std::move(*points)));
    }
    return request;
}

} // namespace gradus::report
