// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/anchored_pool.h"

#include "signals/posterior.h"
#include "signals/redundancy.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace gradus::signals {

namespace {

constexpr double kLeastProbability = 1e-6; ///< a source that is sure and wrong must not forbid a class
constexpr double kLargestLogTemperature = 3;

/// Exact copies together. Ordered by what the sources say, so that neither names nor places nor copies can change the
/// order in which doubles are summed.
std::vector<PoolMember> cliquesOf(const VoteTable& table, std::span<const std::size_t> chosen)
{
    std::vector<std::size_t> order;
    for (const std::size_t j : chosen)
        if (table.sources[j].weight > 0) order.push_back(j);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const SourceVotes& first = table.sources[a];
        const SourceVotes& second = table.sources[b];
        return first.labels != second.labels ? first.labels < second.labels
                                             : first.probabilities < second.probabilities;
    });
    std::vector<PoolMember> members;
    for (const std::size_t j : order) {
        const bool copy =
            !members.empty() && exactCopies(table.sources[members.back().copies.front()], table.sources[j]);
        if (!copy) members.emplace_back();
        members.back().copies.push_back(j);
    }
    return members;
}

/// The distinct sources alone, each with the largest weight of its copies.
VoteTable distinct(const VoteTable& table, const std::vector<PoolMember>& members)
{
    VoteTable voices{table.classes, table.items, {}};
    for (const PoolMember& member : members) {
        voices.sources.push_back(table.sources[member.copies.front()]);
        for (const std::size_t j : member.copies)
            voices.sources.back().weight = std::max(voices.sources.back().weight, table.sources[j].weight);
    }
    return voices;
}

std::vector<double> symmetricConfusion(double accuracy, std::size_t width)
{
    std::vector<double> confusion(width * width, (1 - accuracy) / static_cast<double>(width - 1));
    for (std::size_t k = 0; k < width; ++k)
        confusion[k * width + k] = accuracy;
    return confusion;
}

/// The accuracy a of equally accurate independent sources with symmetric errors that agree on a share c of items:
/// c = a^2 + (1 - a)^2 / (K - 1). Kept between chance and certainty.
double impliedAccuracy(std::optional<double> agreement, int classes)
{
    const double chance = 1.0 / classes;
    if (!agreement) return (1 + chance) / 2;
    const double r = 1.0 / (classes - 1);
    const double root = std::sqrt(std::max(0.0, r * r - (1 + r) * (r - *agreement)));
    return std::clamp((r + root) / (1 + r), chance + 0.05, 0.95);
}

/// Accuracy of every family over its sources' anchors, with one right answer in K as prior. A family without a single
/// labelled anchor counts as accurate as the typical pair's agreement implies: it is known of no source to be
/// worthless.
std::map<std::string, double> familyAccuracies(const VoteTable& voices, const Anchors& anchors)
{
    std::map<std::string, AnchorCount> counts;
    for (const SourceVotes& source : voices.sources) {
        const AnchorCount own = countOnAnchors(source, anchors);
        counts[source.family].right += own.right;
        counts[source.family].labelled += own.labelled;
    }
    std::map<std::string, double> accuracies;
    for (const auto& [family, count] : counts)
        accuracies[family] = count.labelled == 0 ? impliedAccuracy(typicalAgreement(voices), voices.classes)
                                                 : (static_cast<double>(count.right) + 1) /
                                                       (static_cast<double>(count.labelled) + voices.classes);
    return accuracies;
}

std::vector<double> shrunkConfusion(const SourceVotes& source, const Anchors& anchors, std::vector<double> pooled,
                                    std::size_t width, double strength)
{
    std::vector<double> rowTotals(width, strength);
    for (double& entry : pooled)
        entry *= strength;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        const int label = source.labels[anchors.items[a]];
        if (label == kAbstain) continue;
        const auto k = static_cast<std::size_t>(anchors.truth[a]);
        pooled[k * width + static_cast<std::size_t>(label)] += 1;
        rowTotals[k] += 1;
    }
    for (std::size_t at = 0; at < pooled.size(); ++at)
        pooled[at] /= rowTotals[at / width];
    return pooled;
}

/// log p(k)^(1/T) normalised, of one item.
std::vector<double> tempered(const SourceVotes& source, std::size_t item, std::size_t width, double temperature)
{
    std::vector<double> scores(width);
    for (std::size_t k = 0; k < width; ++k)
        scores[k] = std::log(std::max<double>(source.probabilities[item * width + k], kLeastProbability)) / temperature;
    normaliseLogs(scores);
    for (double& score : scores)
        score = std::log(std::max(score, kLeastProbability));
    return scores;
}

/// Minimises anchor NLL + a/2 (log T)^2 over log T by golden section: a few sure anchors cannot make T vanish.
double fitTemperature(const SourceVotes& source, const Anchors& anchors, std::size_t width, double strength)
{
    const auto loss = [&](double logT) {
        double sum = strength / 2 * logT * logT;
        for (std::size_t a = 0; a < anchors.items.size(); ++a)
            if (source.labels[anchors.items[a]] != kAbstain)
                sum -= tempered(source, anchors.items[a], width,
                                std::exp(logT))[static_cast<std::size_t>(anchors.truth[a])];
        return sum;
    };
    constexpr double kGolden = 0.6180339887498949;
    double low = -kLargestLogTemperature;
    double high = kLargestLogTemperature;
    double left = high - kGolden * (high - low);
    double right = low + kGolden * (high - low);
    double lossLeft = loss(left);
    double lossRight = loss(right);
    while (high - low > 1e-4) {
        if (lossLeft <= lossRight) {
            high = std::exchange(right, left);
            lossRight = lossLeft;
            left = high - kGolden * (high - low);
            lossLeft = loss(left);
        } else {
            low = std::exchange(left, right);
            lossLeft = lossRight;
            right = low + kGolden * (high - low);
            lossRight = loss(right);
        }
    }
    return std::exp((low + high) / 2);
}

void fitByAnchors(AnchoredPoolFit& fit, const VoteTable& voices, const Anchors& anchors, const PoolOptions& options)
{
    const auto width = static_cast<std::size_t>(voices.classes);
    const std::map<std::string, double> accuracies = familyAccuracies(voices, anchors);
    std::size_t silent = 0;
    for (std::size_t j = 0; j < fit.members.size(); ++j) {
        const SourceVotes& source = voices.sources[j];
        silent += countOnAnchors(source, anchors).labelled == 0 ? 1 : 0;
        if (source.probabilities.empty())
            fit.members[j].confusion = shrunkConfusion(
                source, anchors, symmetricConfusion(accuracies.at(source.family), width), width, options.shrinkage);
        else
            fit.members[j].temperature = fitTemperature(source, anchors, width, options.shrinkage);
    }
    if (silent > 0)
        fit.degraded = "No anchor is labelled by " + std::to_string(silent) +
                       (silent == 1 ? " source: it is" : " sources: they are") +
                       " trusted as the family is, or as agreement implies, without a discount for shared errors.";
}

void fitByAgreement(AnchoredPoolFit& fit, const VoteTable& voices)
{
    const auto width = static_cast<std::size_t>(voices.classes);
    const double accuracy = impliedAccuracy(typicalAgreement(voices), voices.classes);
    for (std::size_t j = 0; j < fit.members.size(); ++j)
        if (voices.sources[j].probabilities.empty()) fit.members[j].confusion = symmetricConfusion(accuracy, width);
    fit.degraded = "No anchors: every source counts as equally accurate, and only agreement beyond the typical pair's "
                   "is discounted; errors that all sources share cannot be seen.";
}

} // namespace

AnchoredPoolFit fitAnchoredPool(const VoteTable& table, const Anchors& anchors, std::span<const std::size_t> chosen,
                                const PoolOptions& options)
{
    AnchoredPoolFit fit;
    fit.prior = anchoredPrior(anchors, table.classes, options.priorStrength);
    fit.members = cliquesOf(table, chosen);
    const VoteTable voices = distinct(table, fit.members);
    if (anchors.items.empty())
        fitByAgreement(fit, voices);
    else
        fitByAnchors(fit, voices, anchors, options);
    std::vector<double> gammas;
    for (const SourceVotes& source : voices.sources)
        gammas.push_back(source.weight);
    const std::vector<double> discount = options.discount ? redundancyDiscount(redundancy(voices, anchors), gammas)
                                                          : std::vector<double>(gammas.size(), 1.0);
    for (std::size_t j = 0; j < fit.members.size(); ++j)
        fit.members[j].weight = discount[j] * gammas[j];
    return fit;
}

std::vector<double> pooledPosterior(const AnchoredPoolFit& fit, const VoteTable& table, std::size_t item)
{
    const std::size_t width = fit.prior.size();
    std::vector<double> scores(width);
    for (std::size_t k = 0; k < width; ++k)
        scores[k] = std::log(fit.prior[k]);
    for (const PoolMember& member : fit.members) {
        const SourceVotes& source = table.sources[member.copies.front()];
        const int label = source.labels[item];
        if (label == kAbstain) continue;
        if (member.confusion.empty()) {
            const std::vector<double> logs = tempered(source, item, width, member.temperature);
            for (std::size_t k = 0; k < width; ++k)
                scores[k] += member.weight * (logs[k] - std::log(fit.prior[k]));
        } else {
            for (std::size_t k = 0; k < width; ++k)
                scores[k] += member.weight * std::log(member.confusion[k * width + static_cast<std::size_t>(label)]);
        }
    }
    normaliseLogs(scores);
    return scores;
}

Pooled poolAnchored(const VoteTable& table, const Anchors& anchors, const PoolOptions& options)
{
    std::vector<std::size_t> everyone(table.sources.size());
    std::iota(everyone.begin(), everyone.end(), 0);
    const AnchoredPoolFit fit = fitAnchoredPool(table, anchors, everyone, options);
    Pooled pooled;
    pooled.degraded = fit.degraded;
    pooled.weights.assign(table.sources.size(), 0.0);
    for (const PoolMember& member : fit.members)
        for (const std::size_t j : member.copies)
            pooled.weights[j] = member.weight / static_cast<double>(member.copies.size());
    pooled.posterior.reserve(table.items * fit.prior.size());
    for (std::size_t i = 0; i < table.items; ++i)
        for (const double p : pooledPosterior(fit, table, i))
            pooled.posterior.push_back(static_cast<float>(p));
    labelByPosterior(pooled, table.classes);
    return pooled;
}

} // namespace gradus::signals
