// SPDX-License-Identifier: GPL-3.0-or-later
#include "signatures/memorisation.h"

#include "evals/metrics.h"
#include "evals/paired_tests.h"
#include "signatures/verdict_impl.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signatures {

namespace {

const char* const kKind = "signature.memorisation";
const char* const kStatistic = "area under the ROC curve of planted against kept-back canaries";

std::string whyNoFigure(const MemorisationInput& input, int fewest)
{
    for (const CanaryScores* scores : {&input.planted, &input.keptBack}) {
        if (scores->hits.size() != scores->logs.size()) return "the canaries are miscounted";
        if (!std::all_of(scores->logs.begin(), scores->logs.end(), [](double log) { return std::isfinite(log); }))
            return "a canary's probability is not a number";
    }
    const std::size_t least = std::min(input.planted.logs.size(), input.keptBack.logs.size());
    if (least < static_cast<std::size_t>(std::max(fewest, 1)))
        return "there are " + std::to_string(least) + " canaries of one kind, fewer than " + std::to_string(fewest);
    return {};
}

Estimate hitsOf(const CanaryScores& scores)
{
    return evals::proportion(std::count(scores.hits.begin(), scores.hits.end(), 1),
                             static_cast<long long>(scores.hits.size()));
}

} // namespace

std::vector<double> exposures(const CanaryScores& planted, const CanaryScores& keptBack)
{
    std::vector<double> sorted = keptBack.logs;
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> bits;
    for (const double log : planted.logs) {
        const auto [from, to] = std::equal_range(sorted.begin(), sorted.end(), log);
        const double rank = 1 + static_cast<double>(sorted.end() - to) + 0.5 * static_cast<double>(to - from);
        bits.push_back(std::log2(static_cast<double>(sorted.size() + 1)) - std::log2(rank));
    }
    return bits;
}

double exposureByChance(std::size_t keptBack)
{
    double bits = 0;
    for (std::size_t rank = 1; rank <= keptBack + 1; ++rank)
        bits += std::log2(static_cast<double>(keptBack + 1) / static_cast<double>(rank));
    return bits / static_cast<double>(keptBack + 1);
}

Verdict memorisation(const MemorisationInput& input, const MemorisationThresholds& thresholds)
{
    const std::string reason = whyNoFigure(input, thresholds.canaries);
    if (!reason.empty()) return noFigure(kKind, kStatistic, thresholds.area, "memorisation", reason);
    std::vector<double> scores = input.planted.logs;
    scores.insert(scores.end(), input.keptBack.logs.begin(), input.keptBack.logs.end());
    std::vector<int> isPlanted(scores.size(), 0);
    std::fill_n(isPlanted.begin(), input.planted.logs.size(), 1);
    const auto area = evals::auroc(scores, isPlanted);
    if (!area) return noFigure(kKind, kStatistic, thresholds.area, "memorisation", "the area has no interval");

    const Estimate taught = hitsOf(input.planted);
    const Estimate untaught = hitsOf(input.keptBack);
    const std::vector<double> bits = exposures(input.planted, input.keptBack);
    const double mean = std::accumulate(bits.begin(), bits.end(), 0.0) / static_cast<double>(bits.size());
    const double most = std::log2(static_cast<double>(input.keptBack.logs.size() + 1));
    const double chance = exposureByChance(input.keptBack.logs.size());
    Verdict verdict;
    verdict.kind = kKind;
    verdict.statistic = kStatistic;
    verdict.value = *area;
    verdict.threshold = thresholds.area;
    verdict.fired = area->low > thresholds.area;
    const std::string figures = std::to_string(bits.size()) + " items with drawn labels were taught, and " +
                                percent(taught.value) + " of them are answered as drawn, against " +
                                percent(untaught.value) + " of " + std::to_string(input.keptBack.logs.size()) +
                                " that were not (area " + fixedText(area->value, 2) + " [" + fixedText(area->low, 2) +
                                ", " + fixedText(area->high, 2) + "], mean exposure " + fixedText(mean, 1) + " of " +
                                fixedText(most, 1) + " bits, " + fixedText(chance, 1) + " by chance)";
    verdict.sentence = verdict.fired
                           ? "Memorisation: " + figures +
                                 ": what it says of items that it was taught is what it saw there, mistakes included; "
                                 "trust held-out items alone, and train for fewer epochs, with a slower body or on "
                                 "filtered labels."
                           : "No sign of memorisation: " + figures + ".";
    const Json details{{"area", jsonOf(*area)},
                       {"answered_planted", jsonOf(taught)},
                       {"answered_kept_back", jsonOf(untaught)},
                       {"exposure", mean},
                       {"exposure_most", *std::max_element(bits.begin(), bits.end())},
                       {"exposure_by_chance", chance},
                       {"exposure_bound", most}};
    verdict.detailsJson = details.dump(-1, ' ', false, Json::error_handler_t::replace);
    return verdict;
}

} // namespace gradus::signatures
