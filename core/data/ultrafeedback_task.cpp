// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/ultrafeedback_task.h"

#include "base/hash.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "data/dialogue.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

namespace gradus::data {

namespace {

using nlohmann::json;

constexpr std::uint64_t kRejectedSeed = 5;

constexpr double kTopOverall = 10; ///< of overall_score
constexpr double kMiddle = 3;      ///< of an aspect's rating, which is 1 to 5

struct Completion
{
    std::string response;
    double score = 0;
    bool distrusted = false;
};

enum class By
{
    Overall,
    Aspects,
};

/// A number, or text that is one.
std::optional<double> numberIn(const json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end()) return std::nullopt;
    const auto number = found->is_number()   ? std::optional(found->get<double>())
                        : found->is_string() ? parseNumber(found->get<std::string>())
                                             : std::nullopt;
    return number && std::isfinite(*number) ? number : std::nullopt;
}

/// Mean rating of the aspects that have one ("N/A" is none), else what the file itself gives for it.
std::optional<double> meanRating(const json& completion)
{
    double sum = 0;
    int rated = 0;
    const auto aspects = completion.find("annotations");
    if (aspects != completion.end() && aspects->is_object())
        for (const json& aspect : *aspects) {
            const auto rating = aspect.is_object() ? numberIn(aspect, "Rating") : std::nullopt;
            if (!rating) continue;
            sum += *rating;
            ++rated;
        }
    return rated > 0 ? std::optional(sum / rated) : numberIn(completion, "fine-grained_score");
}

/// None where it has no score to go by.
std::optional<Completion> scored(const json& completion, std::string response, By by)
{
    const auto overall = numberIn(completion, "overall_score");
    const auto aspects = meanRating(completion);
    const bool stated = completion.contains("overall_score") && !completion["overall_score"].is_null();
    const auto score = by == By::Overall && stated ? overall : aspects;
    if (!score) return std::nullopt;
    return Completion{.response = std::move(response),
                      .score = *score,
                      .distrusted = by == By::Overall && overall == kTopOverall && aspects && *aspects < kMiddle};
}

Result<std::vector<Completion>> completionsOf(const Table& table, const Row& row, const std::string& cell, By by)
{
    const json list = isJsonDeeper(cell) ? json() : json::parse(cell, nullptr, false);
    const auto wrong = [&](const std::string& what) {
        Error error = badInput(placeOf(table, row) + ": " + what +
                               "; completions should be a list of objects with response and " +
                               (by == By::Overall ? "overall_score." : "annotations or fine-grained_score."));
        error.line = row.line;
        return error;
    };
    if (!list.is_array()) return wrong("\"" + visible(cell, 40) + "\" is no list");
    std::vector<Completion> completions;
    for (const json& each : list) {
        const auto response = each.is_object() ? each.find("response") : each.end();
        if (!each.is_object() || response == each.end() || !response->is_string())
            return wrong("completion " + std::to_string(completions.size() + 1) + " has no response");
        auto made = scored(each, response->get<std::string>(), by);
        if (!made) return wrong("completion " + std::to_string(completions.size() + 1) + " has no score");
        completions.push_back(std::move(*made));
    }
    return completions;
}

Result<RawItems> itemsBy(const Table& table, const RoleCells& cells, By by)
{
    RawItems read;
    for (const Row& row : table.rows) {
        const auto instruction = cellText(table, row, cells[0].front());
        if (!instruction) return instruction.error();
        const auto cell = cellText(table, row, cells[1].front());
        if (!cell) return cell.error();
        auto completions = completionsOf(table, row, *cell, by);
        if (!completions) return completions.error();
        read.distrusted += std::erase_if(*completions, [](const Completion& each) { return each.distrusted; });
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

Result<RawItems> itemsByOverall(const Table& table, const RoleCells& cells)
{
    return itemsBy(table, cells, By::Overall);
}

Result<RawItems> itemsByAspects(const Table& table, const RoleCells& cells)
{
    return itemsBy(table, cells, By::Aspects);
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
            .distrustedBecause = "their overall score is 10 of 10 beside ratings of their aspects below 3 of 5 on "
                                 "average (in the published file a 1 was written as 10); "
                                 "\"ultrafeedback-aspects\" takes the ratings instead",
            .items = &itemsByOverall};
}

Template ultraFeedbackAspectsTemplate()
{
    Template form = ultraFeedbackTemplate();
    form.name = "ultrafeedback-aspects";
    form.about = "an instruction and several answers with rated aspects, of which the best is set over a lower one";
    form.distrustedBecause.clear();
    form.items = &itemsByAspects;
    return form;
}

} // namespace gradus::data
