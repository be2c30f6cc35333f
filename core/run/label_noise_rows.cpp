// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/label_noise_rows.h"

#include "evals/statistics.h"
#include "pipeline/label_noise.h"
#include "run/text_table.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using nlohmann::json;

constexpr std::array kMethods{"anchors", "confident", "loss-mixture"};

/// One estimator's last word on a generation of one run; none where it refused.
struct Said
{
    std::string method;
    std::optional<Estimate> estimate;
};

std::optional<Said> saidIn(const store::EventRow& event)
{
    const json details = json::parse(event.detailsJson, nullptr, false);
    if (!details.is_object()) return std::nullopt;
    try {
        Said said{details.at("method").get<std::string>(), std::nullopt};
        if (!details.contains("refusal"))
            said.estimate = Estimate{details.at("estimate"), details.at("low"), details.at("high"), details.at("n")};
        return said;
    } catch (const json::exception&) {
        return std::nullopt; // another program's rows
    }
}

/// What is gathered for one row before its means are taken.
struct Gathered
{
    std::size_t runs = 0;
    std::vector<double> wrong;
    std::optional<Estimate> sole;
    std::map<std::string, std::vector<Estimate>> estimates;
    std::map<std::string, std::size_t> refused;
    std::size_t alarms = 0;
};

void add(Gathered& row, const store::RunDetail& run, int generation)
{
    std::map<std::string, Said> last;
    bool alarm = false;
    for (const store::EventRow& event : run.events) {
        if (event.generation != generation) continue;
        if (event.kind == pipeline::kLabelNoiseEvent)
            if (auto said = saidIn(event)) last[said->method] = *said;
        alarm = alarm || (event.kind == "alert" && event.detailsJson.find("\"rule\"") != std::string::npos);
    }
    if (last.empty()) return;
    ++row.runs;
    row.alarms += alarm ? 1 : 0;
    for (const auto& [method, said] : last) {
        if (said.estimate)
            row.estimates[method].push_back(*said.estimate);
        else
            ++row.refused[method];
    }
    for (const events::GenerationRecord& record : run.generations)
        if (record.generation == generation && record.weak) {
            row.wrong.push_back(1 - record.weak->value);
            row.sole = Estimate{1 - record.weak->value, 1 - record.weak->high, 1 - record.weak->low, record.weak->n};
        }
}

/// One run keeps its own interval; several give mean and t interval over seeds.
Estimate over(const std::vector<Estimate>& estimates)
{
    if (estimates.size() == 1) return estimates.front();
    std::vector<double> values;
    for (const Estimate& estimate : estimates)
        values.push_back(estimate.value);
    return evals::meanWithInterval(values);
}

} // namespace

std::vector<LabelNoiseRow> labelNoiseRows(const std::vector<store::RunDetail>& runs)
{
    std::vector<std::string> conditions;
    std::map<std::string, std::map<int, Gathered>> all;
    for (const store::RunDetail& run : runs) {
        if (!all.contains(run.run.condition)) conditions.push_back(run.run.condition);
        auto& generations = all[run.run.condition];
        for (const events::GenerationRecord& record : run.generations)
            add(generations[record.generation], run, record.generation);
    }
    std::vector<LabelNoiseRow> rows;
    for (const std::string& condition : conditions)
        for (const auto& [generation, gathered] : all[condition]) {
            if (gathered.runs == 0) continue;
            LabelNoiseRow row;
            row.condition = condition;
            row.generation = generation;
            row.runs = gathered.runs;
            row.alarms = gathered.alarms;
            row.refused = gathered.refused;
            row.truth = gathered.wrong.size() > 1 ? std::optional<Estimate>(evals::meanWithInterval(gathered.wrong))
                                                  : gathered.sole;
            for (const auto& [method, estimates] : gathered.estimates)
                row.estimates[method] = over(estimates);
            rows.push_back(std::move(row));
        }
    return rows;
}

std::string labelNoiseTable(const std::vector<LabelNoiseRow>& rows)
{
    if (rows.empty()) return {};
    std::vector<std::vector<std::string>> lines{
        {"", "taught to", "wrong, held out", "anchors", "confident", "loss mixture", "alarms"}};
    for (const LabelNoiseRow& row : rows) {
        std::vector<std::string> line{row.condition, "A" + std::to_string(row.generation), figureCell(row.truth)};
        for (const char* method : kMethods) {
            const auto found = row.estimates.find(method);
            const auto refused = row.refused.find(method);
            line.push_back(found == row.estimates.end() ? "–" : figureCell(found->second));
            if (refused != row.refused.end() && found != row.estimates.end())
                line.back() +=
                    " (" + std::to_string(row.runs - refused->second) + " of " + std::to_string(row.runs) + ")";
        }
        line.push_back(std::to_string(row.alarms) + " of " + std::to_string(row.runs));
        lines.push_back(std::move(line));
    }
    return "\n" + aligned(lines) +
           "Noise of the labels by each estimator (of so many runs where it gave none in the others), beside the share "
           "that the\nsupervisor really gets wrong on held-out items. An alarm: what asks no anchors lies wholly below "
           "what anchors give.\n\n";
}

} // namespace gradus::run
