// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/noise_estimates.h"

#include "signals/binomial_bounds.h"
#include "signals/dawid_skene.h"
#include "signals/posterior.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gradus::signals {

namespace {

NoiseEstimate refused(std::string method, std::string sentence)
{
    NoiseEstimate estimate;
    estimate.method = std::move(method);
    estimate.refusal = std::move(sentence);
    return estimate;
}

NoiseEstimate withSamplingBounds(std::string method, double rate, long long n)
{
    const Estimate bounds = wilsonOneSided(std::clamp(rate, 0.0, 1.0), n);
    return {std::move(method), bounds.value, bounds.low, bounds.high, n, {}};
}

std::string percent(double rate)
{
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * rate);
    return text;
}

/// Confident joint C[label][class], before rescaling.
std::vector<double> confidentJoint(std::span<const int> labels, std::span<const float> probabilities,
                                   std::span<const double> labelled, std::size_t width)
{
    std::vector<double> threshold(width, 0.0);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] != kAbstain) {
            const auto label = static_cast<std::size_t>(labels[i]);
            threshold[label] += static_cast<double>(probabilities[i * width + label]) / labelled[label];
        }
    std::vector<double> joint(width * width, 0.0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] == kAbstain) continue;
        std::optional<std::size_t> sure; // the most probable of the classes above their threshold
        for (std::size_t k = 0; k < width; ++k) {
            const double p = probabilities[i * width + k];
            if (labelled[k] == 0 || p < threshold[k]) continue;
            if (!sure || p > static_cast<double>(probabilities[i * width + *sure])) sure = k;
        }
        if (sure) joint[static_cast<std::size_t>(labels[i]) * width + *sure] += 1;
    }
    for (std::size_t k = 0; k < width; ++k)
        joint[k * width + k] = std::max(1.0, joint[k * width + k]);
    return joint;
}

} // namespace

NoiseEstimate anchorNoise(const SourceVotes& source, const Anchors& anchors)
{
    const AnchorCount count = countOnAnchors(source, anchors);
    if (count.labelled == 0)
        return refused("anchors",
                       "Source \"" + source.name + "\" labels no anchor: have it label some, or add anchors.");
    const long long wrong = count.labelled - count.right;
    return {"anchors",
            static_cast<double>(wrong) / static_cast<double>(count.labelled),
            clopperPearsonLower(wrong, count.labelled),
            clopperPearsonUpper(wrong, count.labelled),
            count.labelled,
            {}};
}

NoiseEstimate judgedNoise(long long flagged, long long n, double sensitivity, double specificity)
{
    if (n <= 0) return refused("judge", "The judge has seen no labels: have it judge some.");
    if (sensitivity + specificity <= 1)
        return refused("judge", "The judge is no better than chance, sensitivity and specificity sum to 1 or less: "
                                "its verdicts carry no information, use another judge.");
    const auto corrected = [&](double p) {
        return std::clamp((p + specificity - 1) / (sensitivity + specificity - 1), 0.0, 1.0);
    };
    return {"judge",
            corrected(static_cast<double>(flagged) / static_cast<double>(n)),
            corrected(clopperPearsonLower(flagged, n)),
            corrected(clopperPearsonUpper(flagged, n)),
            n,
            {}};
}

namespace {

/// Share of the labels that the probabilities' argmax is (ties to the lower class).
double followedShare(std::span<const int> labels, std::span<const float> probabilities, std::size_t width)
{
    double followed = 0;
    double all = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] == kAbstain) continue;
        const auto row = probabilities.subspan(i * width, width);
        all += 1;
        followed += std::max_element(row.begin(), row.end()) - row.begin() == labels[i] ? 1 : 0;
    }
    return followed / all;
}

} // namespace

NoiseEstimate confidentNoise(std::span<const int> labels, std::span<const float> probabilities, int classes)
{
    const auto width = static_cast<std::size_t>(classes);
    if (probabilities.size() != labels.size() * width || labels.empty())
        return refused("confident", "Confident learning needs cross-validated probabilities, a row of " +
                                        std::to_string(classes) + " for each of the items: supply them.");
    std::vector<double> labelled(width, 0.0);
    double n = 0;
    for (const int label : labels)
        if (label != kAbstain) {
            labelled[static_cast<std::size_t>(label)] += 1;
            n += 1;
        }
    if (n == 0) return refused("confident", "Confident learning needs labels, and all abstain: label some items.");
    if (const double followed = followedShare(labels, probabilities, width);
        followed * n <= *std::max_element(labelled.begin(), labelled.end()))
        return refused("confident",
                       "Confident learning needs a model that learns something of the labels, and out of fold "
                       "it gives only " +
                           percent(followed) +
                           " of them back, no more than their commonest class: label more items, or use "
                           "anchors.");
    const std::vector<double> joint = confidentJoint(labels, probabilities, labelled, width);
    double onDiagonal = 0;
    for (std::size_t k = 0; k < width; ++k) {
        double row = 0;
        for (std::size_t l = 0; l < width; ++l)
            row += joint[k * width + l];
        onDiagonal += labelled[k] * joint[k * width + k] / row;
    }
    return withSamplingBounds("confident", 1 - onDiagonal / n, static_cast<long long>(n));
}

std::vector<NoiseEstimate> dawidSkeneNoise(const VoteTable& table)
{
    const std::size_t m = table.sources.size();
    if (m < 3)
        return std::vector<NoiseEstimate>(
            m, refused("dawid-skene", "Dawid-Skene noise needs at least three sources, the table has " +
                                          std::to_string(m) + ": add an independent source, or use anchors."));
    const DawidSkeneFit fit = fitDawidSkene(table);
    const std::size_t width = fit.prior.size();
    std::vector<NoiseEstimate> estimates;
    for (std::size_t j = 0; j < m; ++j) {
        double wrong = 0;
        for (std::size_t k = 0; k < width; ++k)
            wrong += fit.prior[k] * (1 - fit.confusion[j][k * width + k]);
        const auto& labels = table.sources[j].labels;
        const auto n = static_cast<long long>(labels.size()) - std::count(labels.begin(), labels.end(), kAbstain);
        estimates.push_back(withSamplingBounds("dawid-skene", wrong, n));
    }
    return estimates;
}

std::optional<std::string> sharedBiasAlarm(const NoiseEstimate& anchors, std::span<const NoiseEstimate> fromAgreement)
{
    if (!anchors.refusal.empty()) return std::nullopt;
    const NoiseEstimate* lowest = nullptr;
    for (const NoiseEstimate& estimate : fromAgreement)
        if (estimate.refusal.empty() && estimate.estimate < anchors.lower &&
            (lowest == nullptr || estimate.estimate < lowest->estimate))
            lowest = &estimate;
    if (lowest == nullptr) return std::nullopt;
    return "Shared bias: agreement (" + lowest->method + ") puts the noise at " + percent(lowest->estimate) +
           ", below the " + percent(anchors.lower) + " that " + std::to_string(anchors.n) +
           " anchors give at least; the sources err together, so trust anchors and add an independent source.";
}

std::optional<std::string> disagreementAlarm(std::span<const NoiseEstimate> estimates)
{
    const NoiseEstimate* anchors = nullptr;
    const NoiseEstimate* lowest = nullptr;  // by its upper bound, of those that ask no anchors
    const NoiseEstimate* highest = nullptr; // by its lower bound
    for (const NoiseEstimate& estimate : estimates) {
        if (!estimate.refusal.empty()) continue;
        if (estimate.method == "anchors") {
            anchors = &estimate;
            continue;
        }
        if (lowest == nullptr || estimate.upper < lowest->upper) lowest = &estimate;
        if (highest == nullptr || estimate.lower > highest->lower) highest = &estimate;
    }
    if (lowest == nullptr) return std::nullopt;
    if (anchors != nullptr && lowest->upper < anchors->lower)
        return "Shared bias: " + lowest->method + " puts the labels' noise at most at " + percent(lowest->upper) +
               ", below the " + percent(anchors->lower) + " that " + std::to_string(anchors->n) +
               " anchors give at least; the labels err in ways that a model finds natural, so trust anchors and add an "
               "independent source.";
    if (anchors == nullptr && lowest->upper < highest->lower)
        return "The estimators disagree: " + lowest->method + " puts the labels' noise at most at " +
               percent(lowest->upper) + " and " + highest->method + " at least at " + percent(highest->lower) +
               "; nobody knows which is right, so add anchors.";
    return std::nullopt;
}

} // namespace gradus::signals
