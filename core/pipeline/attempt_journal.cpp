// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/attempt_journal.h"

#include "pipeline/estimate_json.h"

namespace gradus::pipeline {

namespace {

using nlohmann::ordered_json;

template <typename T>
void put(ordered_json& json, const char* name, const std::optional<T>& value)
{
    if (!value) return;
    if constexpr (std::is_same_v<T, Estimate>)
        json[name] = jsonOf(*value);
    else
        json[name] = *value;
}

template <typename T>
void get(const ordered_json& json, const char* name, std::optional<T>& value)
{
    if (!json.contains(name)) return;
    if constexpr (std::is_same_v<T, Estimate>)
        value = estimateFrom(json.at(name));
    else
        value = json.at(name).get<T>();
}

} // namespace

events::RunEvent journalEvent(const JournalEntry& entry, const std::string& sentence)
{
    const controller::Attempt& attempt = entry.attempt;
    ordered_json json{
        {"generation", attempt.generation},  {"rung", attempt.rung},   {"accepted", attempt.accepted},
        {"last_step", entry.lastStep},       {"flops", attempt.flops}, {"noise_upper", attempt.noiseUpper},
        {"utility", jsonOf(attempt.utility)}};
    put(json, "noise", attempt.noise);
    put(json, "gap", attempt.gap);
    put(json, "gain", attempt.gain);
    put(json, "predicted_gain", attempt.predicted);
    put(json, "imitation", attempt.imitation);
    put(json, "diversity", attempt.diversity);
    return {.kind = kAttemptEvent,
            .generation = attempt.generation,
            .step = entry.lastStep,
            .sentence = sentence,
            .detailsJson = json.dump()};
}

std::optional<JournalEntry> fromJournal(const std::string& detailsJson)
{
    const ordered_json json = ordered_json::parse(detailsJson, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    try {
        JournalEntry entry;
        controller::Attempt& attempt = entry.attempt;
        attempt.generation = json.at("generation");
        attempt.rung = json.at("rung");
        attempt.accepted = json.at("accepted");
        entry.lastStep = json.at("last_step");
        attempt.flops = json.at("flops");
        attempt.noiseUpper = json.at("noise_upper");
        attempt.utility = estimateFrom(json.at("utility"));
        get(json, "noise", attempt.noise);
        get(json, "gap", attempt.gap);
        get(json, "gain", attempt.gain);
        get(json, "predicted_gain", attempt.predicted);
        get(json, "imitation", attempt.imitation);
        get(json, "diversity", attempt.diversity);
        return entry;
    } catch (const ordered_json::exception&) {
        return std::nullopt; // another program's rows
    }
}

} // namespace gradus::pipeline
