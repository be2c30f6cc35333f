// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/ultrafeedback_task.h"

#include "base/hash.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "data/dialogue.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace gradus::data {

namespace {

using nlohmann::json;

constexpr std::uint64_t kRejectedSeed = 5;

struct Completion
{
    std::string response;
    double score = 0;
};

std::optional<double> scoreOf(const json& completion)
{
    for (const char* key : {"overall_score", "fine-grained_score"}) {
        const auto found = completion.find(key);
        if (found == completion.end() || found->is_null()) continue;
        if (found->is_number()) return found->get<double>();
        if (!found->is_string()) return std::nullopt;
        return parseNumber(found->get<std::string>());
    }
    return std::nullopt;
}

Result<std::vector<Completion>> completionsOf(const Table& table, const Row& row, const std::string& cell)
{
    const json list = isJsonDeeper(cell) ? json() : json::parse(cell, nullptr, false);
    const auto wrong = [&](const std::string& what) {
        Error error = badInput(placeOf(table, row) + ": " + what +
                               "; completions should be a list of objects with response and overall_score.");
        error.line = row.line;
        return error;
    };
    if (!list.is_array()) return wrong("\"" + visible(cell, 40) + "\" is no list");
    std::vector<Completion> completions;
    for (const json& each : list) {
        const auto response = each.is_object() ? each.find("response") : each.end();
        if (!each.is_object() || response == each.end() || !response->is_string())
            return wrong("completion " + std::to_string(completions.size() + 1) + " has no response");
        const auto score = scoreOf(each);
        if (!score || !std::isfinite(*score))
            return wrong("completion " + std::to_string(completions.size() + 1) + " has no score");
        completions.push_back({response->get<std::string>(), *score});
    }
    return completions;
}

Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    RawItems read;
    for (const Row& row : table.rows) {
        const auto instruction = cellText(table, row, cells[0].front());
        if (!instruction) return instruction.error();
        const auto cell = cellText(table, row, cells[1].front());
        if (!cell) return cell.error();
        const auto completions = completionsOf(table, row, *cell);
        if (!completions) return completions.error();
        const auto best = std::ranges::max_element(*completions, {}, &Completion::score);
        std::vector<const Completion*> lower;
        for (const Completion& each : *completions)
            if (each.score < best->score && each.response != best->response) lower.push_back(&each);
        if (lower.empty()) {
            ++read.leftOut;
            continue;
        }
        const Completion& worse = *lower[splitHash(*instruction + '\x1F' + *cell, kRejectedSeed) % lower.size()];
        read.items.push_back(pairItem(plainlyAnswered(*instruction, best->response),
                                      plainlyAnswered(*instruction, worse.response), *instruction));
        read.items.back().line = row.line;
    }
    return read;
}

} // namespace

Template ultraFeedbackTemplate()
{
    return {.name = "ultrafeedback",
            .about = "an instruction and several scored answers, of which the best is set over a lower one",
            .roles = {{"instruction"}, {"completions"}},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "none of their answers is scored below the best",
            .items = &itemsOf};
}

} // namespace gradus::data
