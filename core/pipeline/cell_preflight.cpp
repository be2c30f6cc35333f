// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/cell_preflight.h"

#include "base/text.h"
#include "sandbox/vectors.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

using Json = nlohmann::ordered_json;
using sandbox::Verdict;

std::string ownerOf(std::string_view id)
{
    for (const sandbox::Vector& vector : sandbox::vectors())
        if (vector.id == id && vector.owner) return std::string(sandbox::layerName(*vector.owner));
    return "several";
}

long countOf(const sandbox::BatteryReport& report, Verdict verdict)
{
    return std::count_if(report.vectors.begin(), report.vectors.end(),
                         [verdict](const sandbox::VectorReport& row) { return row.verdict == verdict; });
}

/// "host-secret (empty root), raw-socket (system-call filters)"
std::string openRows(const sandbox::BatteryReport& report)
{
    std::string open;
    for (const sandbox::VectorReport& row : report.vectors)
        if (row.verdict == Verdict::Open)
            open += (open.empty() ? "" : ", ") + std::string(row.id) + " (" + ownerOf(row.id) + ")";
    return open.empty() ? "anything (no attempt was shown to be contained)" : open;
}

} // namespace

std::string batteryDetails(const sandbox::BatteryReport& report)
{
    Json counts;
    for (const Verdict verdict :
         {Verdict::Contained, Verdict::Open, Verdict::Partial, Verdict::NotInformative, Verdict::Absent})
        counts[std::string(verdictName(verdict))] = countOf(report, verdict);
    std::map<std::string, Json> layers;
    Json open = Json::array();
    for (const sandbox::VectorReport& row : report.vectors) {
        const std::string owner = ownerOf(row.id);
        Json& layer =
            layers.try_emplace(owner, Json{{"layer", owner}, {"contained", 0}, {"open", Json::array()}}).first->second;
        if (row.verdict == Verdict::Contained) layer["contained"] = layer["contained"].get<int>() + 1;
        if (row.verdict != Verdict::Open) continue;
        layer["open"].push_back(std::string(row.id));
        open.push_back(std::string(row.id));
    }
    Json list = Json::array();
    for (auto& [name, layer] : layers)
        list.push_back(std::move(layer));
    return Json{{"level", static_cast<int>(report.level)},
                {"held", report.held()},
                {"seconds", report.seconds},
                {"counts", std::move(counts)},
                {"layers", std::move(list)},
                {"open", std::move(open)}}
        .dump();
}

std::string preflightCells(const sandbox::CellOptions& cell, events::EventSink& sink)
{
    const auto report = sandbox::runBattery({.cell = cell, .quick = true});
    const std::string level = "level " + std::to_string(static_cast<int>(cell.level));
    std::string refusal;
    if (!report)
        refusal = report.error().message;
    else if (!report->held())
        refusal = "The sandbox does not contain " + openRows(*report) + "; see `gradus sandbox check`.";
    const std::string sentence =
        refusal.empty()
            ? "Before the first episode the sandbox was tried at " + level + ": " +
                  std::to_string(countOf(*report, Verdict::Contained)) + " ways out contained, " +
                  std::to_string(countOf(*report, Verdict::Open)) + " open, " +
                  std::to_string(countOf(*report, Verdict::Partial)) + " partial."
            : "Before the first episode the sandbox was tried at " + level + " and did not hold: " + refusal;
    sink.event({.kind = kBatteryEvent,
                .generation = 0,
                .step = 0,
                .sentence = sentence,
                .detailsJson =
                    report ? batteryDetails(*report)
                           : Json{{"level", static_cast<int>(cell.level)}, {"held", false}, {"refused", refusal}}.dump(
                                 -1, ' ', false, Json::error_handler_t::replace)});
    return refusal;
}

} // namespace gradus::pipeline
