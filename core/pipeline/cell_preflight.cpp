// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/cell_preflight.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

using Json = nlohmann::ordered_json;
using sandbox::Verdict;

long countOf(const sandbox::BatteryReport& report, Verdict verdict)
{
    return std::count_if(report.vectors.begin(), report.vectors.end(),
                         [verdict](const sandbox::VectorReport& row) { return row.verdict == verdict; });
}

Json countsOf(const sandbox::BatteryReport& report)
{
    Json counts;
    for (const Verdict verdict :
         {Verdict::Contained, Verdict::Open, Verdict::Partial, Verdict::NotInformative, Verdict::Absent})
        counts[std::string(verdictName(verdict))] = countOf(report, verdict);
    return counts;
}

/// What each layer answers for, and the rows that are open.
void addLayers(const sandbox::BatteryReport& report, Json& details)
{
    std::map<std::string, Json> layers;
    Json open = Json::array();
    for (const sandbox::VectorReport& row : report.vectors) {
        const std::string owner = sandbox::ownerOf(row.id);
        Json& layer =
            layers.try_emplace(owner, Json{{"layer", owner}, {"contained", 0}, {"open", Json::array()}}).first->second;
        if (row.verdict == Verdict::Contained) layer["contained"] = layer["contained"].get<int>() + 1;
        if (row.verdict != Verdict::Open) continue;
        layer["open"].push_back(std::string(row.id));
        open.push_back(std::string(row.id));
    }
    details["layers"] = Json::array();
    for (auto& [name, layer] : layers)
        details["layers"].push_back(std::move(layer));
    details["open"] = std::move(open);
}

std::string sentenceOf(const sandbox::Preflight& preflight)
{
    const std::string where = "Before the first episode the sandbox was tried up to level " +
                              std::to_string(static_cast<int>(preflight.level));
    if (!preflight.held()) return where + " and did not hold: " + preflight.refusal;
    if (preflight.tried.empty()) return where + ", where no code runs.";
    const sandbox::BatteryReport& last = preflight.tried.back();
    return where + ": " + std::to_string(countOf(last, Verdict::Contained)) + " ways out contained, " +
           std::to_string(countOf(last, Verdict::Open)) + " open, " + std::to_string(countOf(last, Verdict::Partial)) +
           " partial.";
}

} // namespace

std::string batteryDetails(const sandbox::Preflight& preflight)
{
    const bool counted = !preflight.tried.empty();
    const auto level = static_cast<int>(counted ? preflight.tried.back().level : preflight.level);
    Json details{{"level", level}, {"held", preflight.held()}};
    if (counted) {
        details["seconds"] = preflight.seconds;
        details["counts"] = countsOf(preflight.tried.back());
        addLayers(preflight.tried.back(), details);
        details["climbed"] = Json::array();
        for (const sandbox::BatteryReport& one : preflight.tried)
            details["climbed"].push_back(
                {{"level", static_cast<int>(one.level)}, {"held", one.held()}, {"counts", countsOf(one)}});
    }
    if (!preflight.held()) details["refused"] = preflight.refusal;
    return details.dump(-1, ' ', false, Json::error_handler_t::replace);
}

events::RunEvent batteryEvent(const sandbox::Preflight& preflight)
{
    return {.kind = kBatteryEvent,
            .generation = 0,
            .step = 0,
            .sentence = sentenceOf(preflight),
            .detailsJson = batteryDetails(preflight)};
}

std::string preflightCells(const sandbox::CellOptions& cell, events::EventSink& sink)
{
    const sandbox::Preflight made = sandbox::preflight(cell);
    sink.event(batteryEvent(made));
    return made.refusal;
}

} // namespace gradus::pipeline
