// SPDX-License-Identifier: GPL-3.0-or-later
// Where ceilings are known they outrank parameter counts: a larger base that truth cannot improve has no more to
// elicit.
#include "signatures/non_saliency.h"

#include "evals/paired_tests.h"
#include "signatures/verdict_impl.h"

#include <cmath>

namespace gradus::signatures {

namespace {

const char* const kKind = "signature.non_saliency";
const char* const kStatistic = "change in utility, paired over items";

std::vector<int> rightOf(const std::vector<int>& labels, const std::vector<int>& truth)
{
    std::vector<int> right(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        right[i] = labels[i] == truth[i] ? 1 : 0;
    return right;
}

/// Accuracy of now minus that of before. Lists of one length, not empty.
evals::Mcnemar gainOf(const std::vector<int>& now, const std::vector<int>& before, const std::vector<int>& truth)
{
    return *evals::mcnemar(rightOf(now, truth), rightOf(before, truth));
}

std::string whyNoFigure(const SaliencyInput& input, const SaliencyThresholds& thresholds)
{
    const std::size_t n = input.truth.size();
    if (n == 0) return "there are no held-out items";
    if (input.before.size() != n || input.now.size() != n) return "the lists of held-out labels differ in length";
    const bool anyCeiling = !input.ceilingBefore.empty() || !input.ceilingNow.empty();
    if (anyCeiling && (input.ceilingBefore.size() != n || input.ceilingNow.size() != n))
        return "the ceilings are not measured on the same held-out items";
    if (!anyCeiling && !(std::isfinite(input.capacityBefore) && std::isfinite(input.capacityNow)))
        return "neither ceilings nor capacities are known";
    if (n < static_cast<std::size_t>(thresholds.items))
        return "there are only " + std::to_string(n) + " held-out items, of which " + std::to_string(thresholds.items) +
               " are needed";
    return {};
}

std::string growthText(const SaliencyInput& input, const std::optional<Estimate>& ceilingGain)
{
    if (ceilingGain) return "the same bases taught by truth changed by " + points(*ceilingGain);
    return "capacity went from " + fixedText(input.capacityBefore, 2) + " to " + fixedText(input.capacityNow, 2) +
           ", without ceilings of both to compare";
}

std::string probeText(const SaliencyInput& input)
{
    if (!input.probeBefore || !input.probeNow || !std::isfinite(input.probeBefore->value) ||
        !std::isfinite(input.probeNow->value))
        return {};
    return ", and a linear probe reads " + percent(input.probeNow->value) + " of what can be learnt (" +
           percent(input.probeBefore->value) + " before)";
}

} // namespace

Verdict nonSaliency(const SaliencyInput& input, const SaliencyThresholds& thresholds)
{
    std::string reason = whyNoFigure(input, thresholds);
    if (!reason.empty()) return noFigure(kKind, kStatistic, 0, "salience", reason);
    const evals::Mcnemar gain = gainOf(input.now, input.before, input.truth);
    const double half = (gain.difference.high - gain.difference.low) / 2;
    if (half > thresholds.resolution && gain.difference.low <= 0)
        return noFigure(kKind, kStatistic, 0, "salience",
                        "utility changed by " + points(gain.difference) + " on " + std::to_string(gain.difference.n) +
                            " items, too few to tell a gain from none");

    std::optional<Estimate> ceilingGain;
    if (!input.ceilingNow.empty()) ceilingGain = gainOf(input.ceilingNow, input.ceilingBefore, input.truth).difference;
    const bool grew = ceilingGain ? ceilingGain->low > 0 : input.capacityNow > input.capacityBefore;
    Verdict verdict{kKind, grew && gain.difference.low <= 0, kStatistic, gain.difference, 0, {}, {}};
    const std::string figures = "utility changed by " + points(gain.difference) + " over " +
                                std::to_string(gain.difference.n) + " items while " + growthText(input, ceilingGain) +
                                probeText(input);
    if (verdict.fired)
        verdict.sentence =
            "Non-saliency: " + figures +
            ": no gain of the larger model from this supervision was seen; try a smaller gap, a stronger or "
            "additional supervisor, or a task that its features already hold.";
    else
        verdict.sentence =
            (grew ? "No sign of non-saliency: " : "Capacity did not grow, so there is nothing to judge: ") + figures +
            ".";
    verdict.detailsJson = Json{{"gain", jsonOf(gain.difference)},     {"mcnemar_exact", gain.exact},
                               {"ceiling_gain", jsonOf(ceilingGain)}, {"capacity_before", input.capacityBefore},
                               {"capacity_now", input.capacityNow},   {"probe_before", jsonOf(input.probeBefore)},
                               {"probe_now", jsonOf(input.probeNow)}, {"capacity_grew", grew}}
                              .dump();
    return verdict;
}

} // namespace gradus::signatures
