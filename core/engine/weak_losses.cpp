// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/weak_losses.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::engine {

namespace {

/// The student's own hard decision for every item.
std::vector<std::size_t> decisions(std::span<const float> weak, std::span<const float> own, std::size_t classes)
{
    const std::size_t count = own.size() / classes;
    std::vector<std::size_t> decided(count, 0);
    if (classes != 2) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto row = own.subspan(i * classes, classes);
            decided[i] = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
        }
        return decided;
    }
    double mean = 0;
    for (std::size_t i = 0; i < count; ++i)
        mean += weak[2 * i + 1];
    const auto positives = static_cast<std::size_t>(std::lround(mean));
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return own[2 * a + 1] > own[2 * b + 1]; });
    for (std::size_t i = 0; i < std::min(positives, count); ++i)
        decided[order[i]] = 1;
    return decided;
}

std::vector<float> confidenceTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                                     std::size_t classes, double progress)
{
    const double share = loss.warmup > 0 ? std::min(1.0, progress / loss.warmup) : 1.0;
    const auto a = static_cast<float>(loss.weight * share);
    std::vector<float> targets(weak.begin(), weak.end());
    for (float& target : targets)
        target *= 1 - a;
    const auto decided = decisions(weak, own, classes);
    for (std::size_t i = 0; i < decided.size(); ++i)
        targets[i * classes + decided[i]] += a;
    return targets;
}

std::vector<float> productTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                                  std::size_t classes)
{
    std::vector<float> targets(weak.begin(), weak.end());
    for (std::size_t begin = 0; begin < targets.size(); begin += classes) {
        double sum = 0;
        std::vector<double> row(classes);
        for (std::size_t k = 0; k < classes; ++k) {
            row[k] = std::pow(static_cast<double>(own[begin + k]), loss.selfExponent) *
                     std::pow(static_cast<double>(weak[begin + k]), loss.weakExponent);
            sum += row[k];
        }
        if (!(sum > 0)) continue; // they exclude one another: the teacher's label stays
        for (std::size_t k = 0; k < classes; ++k)
            targets[begin + k] = static_cast<float>(row[k] / sum);
    }
    return targets;
}

std::vector<float> windowTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                                 std::size_t classes)
{
    std::vector<float> targets(weak.begin(), weak.end());
    const double limit = 1.0 / static_cast<double>(classes) + loss.window;
    for (std::size_t begin = 0; begin < targets.size(); begin += classes) {
        const auto row = own.subspan(begin, classes);
        if (*std::ranges::max_element(row) >= limit)
            std::ranges::copy(row, targets.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    return targets;
}

std::vector<float> forwardTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                                  std::size_t classes)
{
    std::vector<float> targets(weak.size(), 0.0F);
    for (std::size_t begin = 0; begin < targets.size(); begin += classes)
        for (std::size_t label = 0; label < classes; ++label) {
            const double said = weak[begin + label];
            if (!(said > 0)) continue;
            double sum = 0;
            for (std::size_t k = 0; k < classes; ++k)
                sum += own[begin + k] * loss.noise[k * classes + label];
            if (!(sum > 0)) { // a label that this noise cannot make: it is taken as it is
                targets[begin + label] += static_cast<float>(said);
                continue;
            }
            for (std::size_t k = 0; k < classes; ++k)
                targets[begin + k] += static_cast<float>(said * own[begin + k] * loss.noise[k * classes + label] / sum);
        }
    return targets;
}

std::vector<float> generalisedTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                                      std::size_t classes)
{
    std::vector<float> targets(weak.size());
    for (std::size_t begin = 0; begin < targets.size(); begin += classes) {
        double taught = 0;
        std::vector<double> row(classes);
        for (std::size_t k = 0; k < classes; ++k)
            taught += row[k] = weak[begin + k] * std::pow(static_cast<double>(own[begin + k]), loss.q);
        for (std::size_t k = 0; k < classes; ++k)
            targets[begin + k] = static_cast<float>(row[k] + (1 - taught) * own[begin + k]);
    }
    return targets;
}

struct LossName
{
    const char* name;
    WeakLoss::Kind kind;
};
constexpr LossName kLosses[] = {
    {"cross-entropy", WeakLoss::Kind::CrossEntropy},
    {"confidence", WeakLoss::Kind::Confidence},
    {"product", WeakLoss::Kind::Product},
    {"window", WeakLoss::Kind::Window},
    {"forward", WeakLoss::Kind::Forward},
    {"generalised", WeakLoss::Kind::Generalised},
};

} // namespace

std::vector<double> evenNoise(double rate, int classes)
{
    const auto k = static_cast<std::size_t>(classes);
    std::vector<double> noise(k * k, rate / std::max(1, classes - 1));
    for (std::size_t i = 0; i < k; ++i)
        noise[i * k + i] = 1 - rate;
    return noise;
}

Result<WeakLoss::Kind> weakLossOf(const std::string& name)
{
    for (const LossName& loss : kLosses)
        if (name == loss.name) return loss.kind;
    return badInput("The loss \"" + name +
                    "\" is not known; use cross-entropy, confidence, product, window, forward or "
                    "generalised.");
}

std::vector<float> weakTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                               int classes, double progress)
{
    const auto k = static_cast<std::size_t>(classes);
    if (loss.kind == WeakLoss::Kind::Confidence) return confidenceTargets(loss, weak, own, k, progress);
    if (loss.kind == WeakLoss::Kind::Product) return productTargets(loss, weak, own, k);
    if (loss.kind == WeakLoss::Kind::Window) return windowTargets(loss, weak, own, k);
    if (loss.kind == WeakLoss::Kind::Forward) return forwardTargets(loss, weak, own, k);
    if (loss.kind == WeakLoss::Kind::Generalised) return generalisedTargets(loss, weak, own, k);
    return {weak.begin(), weak.end()};
}

} // namespace gradus::engine
