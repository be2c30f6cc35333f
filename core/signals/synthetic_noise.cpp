// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/synthetic_noise.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signals {

namespace {

bool asksTeacher(NoiseKind kind)
{
    return kind == NoiseKind::TeacherLowest || kind == NoiseKind::TeacherErrors;
}

template <typename Number>
bool rowsAreDistributions(const std::vector<Number>& values, std::size_t rows, std::size_t width)
{
    if (values.size() != rows * width) return false;
    for (std::size_t row = 0; row < rows; ++row) {
        double sum = 0;
        for (std::size_t k = 0; k < width; ++k) {
            const double p = values[row * width + k];
            if (!std::isfinite(p) || p < 0) return false;
            sum += p;
        }
        if (std::abs(sum - 1) > 1e-3) return false;
    }
    return true;
}

Result<void> check(std::span<const int> truth, const NoiseRequest& request)
{
    const auto width = static_cast<std::size_t>(std::max(request.classes, 0));
    if (request.classes < 2) return badInput("Synthetic noise needs at least two classes: state how many there are.");
    if (!(request.rate >= 0 && request.rate <= 1))
        return badInput("The noise rate " + std::to_string(request.rate) + " is outside 0 to 1: choose one inside.");
    for (const int label : truth)
        if (label < 0 || label >= request.classes)
            return badInput("Synthetic noise met the label " + std::to_string(label) + ", outside 0 to " +
                            std::to_string(request.classes - 1) + ": correct the labels or the number of classes.");
    if (request.kind == NoiseKind::ClassConditional && !rowsAreDistributions(request.matrix, width, width))
        return badInput("The noise matrix is not " + std::to_string(width) + " rows of " + std::to_string(width) +
                        " probabilities that sum to 1: write one row a true class.");
    if (asksTeacher(request.kind) && !rowsAreDistributions(request.teacher, truth.size(), width))
        return badInput("The noise teacher does not give each of the " + std::to_string(truth.size()) + " items " +
                        std::to_string(width) + " probabilities that sum to 1: score every item with it.");
    return {};
}

/// Items in the order in which they are redrawn as the rate grows.
std::vector<std::size_t> orderOf(std::span<const int> truth, const NoiseRequest& request)
{
    const auto width = static_cast<std::size_t>(request.classes);
    Rng rng(request.seed, "noise/which");
    std::vector<double> key(truth.size());
    std::vector<double> tie(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i) {
        key[i] = tie[i] = 1 - rng.uniform(); // in (0, 1]
        if (!asksTeacher(request.kind)) continue;
        const double right = request.teacher[i * width + static_cast<std::size_t>(truth[i])];
        // Efraimidis and Spirakis (2006): the smallest -log(u) / w are a sample without replacement by weight w.
        key[i] = request.kind == NoiseKind::TeacherLowest ? right : -std::log(tie[i]) / std::max(1 - right, 1e-9);
    }
    std::vector<std::size_t> order(truth.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (key[a] != key[b]) return key[a] < key[b];
        return tie[a] != tie[b] ? tie[a] < tie[b] : a < b;
    });
    return order;
}

/// Chances of the classes that item i may be given.
std::vector<double> chancesOf(int truth, std::size_t i, const NoiseRequest& request)
{
    const auto width = static_cast<std::size_t>(request.classes);
    const auto right = static_cast<std::size_t>(truth);
    std::vector<double> chances(width, 1.0);
    if (request.kind == NoiseKind::ClassConditional)
        for (std::size_t k = 0; k < width; ++k)
            chances[k] = request.matrix[right * width + k];
    if (asksTeacher(request.kind))
        for (std::size_t k = 0; k < width; ++k)
            chances[k] = std::max<double>(request.teacher[i * width + k], 1e-9);
    const bool mayStay = request.kind == NoiseKind::UniformAll || request.kind == NoiseKind::ClassConditional;
    if (!mayStay) chances[right] = 0;
    return chances;
}

int draw(const std::vector<double>& chances, double uniform)
{
    double left = uniform * std::accumulate(chances.begin(), chances.end(), 0.0);
    std::size_t last = 0;
    for (std::size_t k = 0; k < chances.size(); ++k) {
        if (chances[k] == 0) continue;
        last = k;
        if (left < chances[k]) break;
        left -= chances[k];
    }
    return static_cast<int>(last);
}

} // namespace

Result<NoisyLabels> corrupt(std::span<const int> truth, const NoiseRequest& request)
{
    if (auto sound = check(truth, request); !sound) return sound.error();
    NoisyLabels noisy;
    noisy.labels.assign(truth.begin(), truth.end());
    noisy.redrawn = orderOf(truth, request);
    noisy.redrawn.resize(static_cast<std::size_t>(std::llround(request.rate * static_cast<double>(truth.size()))));
    std::sort(noisy.redrawn.begin(), noisy.redrawn.end());
    Rng rng(request.seed, "noise/to");
    for (const std::size_t i : noisy.redrawn) {
        const std::vector<double> chances = chancesOf(truth[i], i, request);
        rng.seek(i); // the item's own number, whatever the rate
        noisy.labels[i] = request.kind == NoiseKind::TeacherLowest
                              ? static_cast<int>(std::max_element(chances.begin(), chances.end()) - chances.begin())
                              : draw(chances, rng.uniform());
        noisy.wrong += noisy.labels[i] != truth[i] ? 1 : 0;
    }
    return noisy;
}

double uninformativeRate(int classes)
{
    return static_cast<double>(classes - 1) / classes;
}

} // namespace gradus::signals
