// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/purchases.h"

#include "controller/placing.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>

namespace gradus::controller {

namespace {

using nlohmann::ordered_json;

constexpr long long kMostTimes = 32;

int rankOf(const Purchase& purchase)
{
    constexpr const char* kOrder[] = {"filter", "drop", "add", "anchors", "debate"};
    return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), purchase.kind) - std::begin(kOrder));
}

/// Bounds that more anchors would give if the noise stayed what it seems.
std::vector<Purchase> moreAnchors(const Attempt& last)
{
    std::vector<Purchase> all;
    for (long long anchors = 2 * last.utility.n; anchors > 0 && anchors <= kMostTimes * last.utility.n; anchors *= 2) {
        const auto wrong = std::llround(labelNoise(last) * static_cast<double>(anchors));
        all.push_back({.kind = "anchors",
                       .name = std::to_string(anchors),
                       .noise = labelNoise(last),
                       .noiseUpper = evals::proportionUpper(wrong, anchors)});
    }
    return all;
}

std::string whatOf(const Purchase& purchase, const Attempt& last)
{
    if (purchase.kind == "anchors") return purchase.name + " anchors instead of " + std::to_string(last.utility.n);
    if (purchase.kind == "drop") return "leaving out source \"" + purchase.name + "\"";
    if (purchase.kind == "add") return "asking source \"" + purchase.name + "\" as well, which has no weight here";
    if (purchase.kind == "filter") return "teaching only the labels that are at least " + purchase.name + " sure";
    return "a debate over every label";
}

ordered_json numberOrNull(const std::optional<double>& value)
{
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

std::string capitalised(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 32);
    return text;
}

std::string noneText(const std::vector<Purchase>& purchases)
{
    std::string unknown;
    for (const Purchase& purchase : purchases)
        if (!purchase.noiseUpper) unknown += " " + purchase.unknown;
    return "No purchase that can be recomputed would unlock it, not even " + std::to_string(kMostTimes) +
           " times the anchors; what a gain would be on better labels is not known." + unknown;
}

} // namespace

double labelNoise(const Attempt& attempt)
{
    if (attempt.noise) return *attempt.noise;
    // A bound below the model's own error is not of its labels alone, and of others nothing but the bound is known.
    const double own = 1 - attempt.utility.value;
    return own <= attempt.noiseUpper ? own : 0;
}

Priced priced(const GapState& state, const Attempt& last, const std::function<Outlook(double noiseUpper)>& outlook)
{
    std::vector<Purchase> purchases = state.purchases;
    for (Purchase& anchors : moreAnchors(last))
        purchases.push_back(std::move(anchors));
    std::stable_sort(purchases.begin(), purchases.end(),
                     [](const Purchase& a, const Purchase& b) { return rankOf(a) < rankOf(b); });
    Priced priced{ordered_json::array(), nullptr, {}};
    for (const Purchase& purchase : purchases) {
        const std::string what = whatOf(purchase, last);
        ordered_json json{{"kind", purchase.kind},
                          {"what", what},
                          {"noise", numberOrNull(purchase.noise)},
                          {"noise_upper", numberOrNull(purchase.noiseUpper)}};
        if (purchase.kept) json["labels_kept"] = *purchase.kept;
        if (purchase.noiseUpper) {
            const Outlook seen = outlook(*purchase.noiseUpper);
            json["cap"] = numberOrNull(seen.cap);
            json["unlocks"] = seen.grows;
            if (seen.grows && priced.cheapest.is_null()) {
                priced.cheapest = json;
                priced.sentence = capitalised(what) + " would unlock it: labels wrong in up to " +
                                  percentText(*purchase.noiseUpper) + " allow a gap of " +
                                  twoDigits(seen.cap.value_or(0)) +
                                  (purchase.kept ? ", with " + percentText(*purchase.kept) + " of the labels left."
                                                 : std::string("."));
            }
        } else {
            json["cap"] = nullptr;
            json["unlocks"] = "unknown";
            json["why"] = purchase.unknown;
        }
        priced.purchases.push_back(std::move(json));
    }
    if (priced.cheapest.is_null()) priced.sentence = noneText(purchases);
    return priced;
}

} // namespace gradus::controller
