// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/export_run.h"

#include "base/files.h"
#include "base/text.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using nlohmann::json;

json number(double value)
{
    return std::isfinite(value) ? json(value) : json(numberText(value));
}

std::string asCsv(const store::RunDetail& detail, const std::vector<store::SeriesPoints>& series)
{
    std::string text = "run,series,step,wall,value\n";
    for (const store::SeriesPoints& one : series)
        for (const store::PointRow& point : one.points)
            text += detail.run.uuid + "," + csvField(one.name) + "," + std::to_string(point.step) + "," +
                    numberText(point.wall) + "," + numberText(point.value) + "\n";
    return text;
}

std::string asJson(const store::RunDetail& detail, const std::vector<store::SeriesPoints>& series)
{
    json document{{"run", detail.run.uuid},
                  {"experiment", detail.run.experimentName},
                  {"condition", detail.run.condition},
                  {"seed", detail.run.seed},
                  {"tags", detail.run.tags},
                  {"note", detail.run.note},
                  {"spec", detail.specToml},
                  {"events", json::array()},
                  {"series", json::object()}};
    for (const store::EventRow& event : detail.events)
        document["events"].push_back({{"kind", event.kind},
                                      {"generation", event.generation},
                                      {"step", event.step},
                                      {"wall", event.wall},
                                      {"sentence", event.sentence}});
    for (const store::SeriesPoints& one : series) {
        json points = json::array();
        for (const store::PointRow& point : one.points)
            points.push_back({point.step, point.wall, number(point.value)});
        document["series"][one.name] = std::move(points);
    }
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace

Result<std::string> exportRun(const store::StoreReader& reader, std::int64_t runId, const std::string& format)
{
    const auto detail = reader.detail(runId);
    if (!detail) return detail.error();
    store::PointCursor cursor;
    const auto series = reader.pointsSince(runId, cursor);
    if (!series) return series.error();
    return format == "json" ? asJson(*detail, *series) : asCsv(*detail, *series);
}

Result<void> writeExport(const std::filesystem::path& path, const std::string& text)
{
    return writeFileAtomically(path, text);
}

} // namespace gradus::run
