// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/metrics.h"

#include "base/rng.h"
#include "evals/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::evals {

namespace {

/// Every item falls into one of eight cells: is the teacher right, is the student, is the ceiling.
using Cells = std::array<long long, 8>;

Cells cellsOf(std::span<const int> student, std::span<const int> teacher, std::span<const int> ceiling,
              std::span<const int> truth)
{
    Cells cells{};
    for (std::size_t i = 0; i < truth.size(); ++i)
        ++cells[(teacher[i] == truth[i] ? 4U : 0U) + (student[i] == truth[i] ? 2U : 0U) +
                (ceiling[i] == truth[i] ? 1U : 0U)];
    return cells;
}

/// Numbers right: teacher, student, ceiling.
std::array<double, 3> right(const Cells& cells)
{
    std::array<double, 3> sums{};
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        const auto count = static_cast<double>(cells[cell]);
        if (cell & 4U) sums[0] += count;
        if (cell & 2U) sums[1] += count;
        if (cell & 1U) sums[2] += count;
    }
    return sums;
}

/// A bootstrap sample of n items only changes how many fall into each cell: a multinomial draw, cell by cell binomial.
Cells resample(const Cells& cells, long long n, Rng& rng)
{
    Cells drawn{};
    long long left = n;
    double massLeft = static_cast<double>(n);
    for (std::size_t cell = 0; cell < cells.size() && left > 0; ++cell) {
        const auto mass = static_cast<double>(cells[cell]);
        if (mass == 0) continue;
        drawn[cell] = mass >= massLeft ? left : binomialDraw(left, mass / massLeft, rng);
        left -= drawn[cell];
        massLeft -= mass;
    }
    return drawn;
}

} // namespace

Estimate proportion(long long successes, long long n)
{
    if (n == 0) return {0, 0, 1, 0};
    const auto count = static_cast<double>(n);
    return wilson(static_cast<double>(successes) / count, count);
}

Estimate wilson(double share, double count)
{
    const double z = normalQuantile(0.975);
    const double centre = (share + z * z / (2 * count)) / (1 + z * z / count);
    const double half = z * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count);
    return {share, std::min(share, std::max(0.0, centre - half)), std::max(share, std::min(1.0, centre + half)),
            static_cast<long long>(count)};
}

Estimate accuracy(std::span<const int> labels, std::span<const int> reference)
{
    long long agreed = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        agreed += labels[i] == reference[i] ? 1 : 0;
    return proportion(agreed, static_cast<long long>(labels.size()));
}

std::optional<Estimate> agreementWithErrors(std::span<const int> student, std::span<const int> teacher,
                                            std::span<const int> truth)
{
    long long wrong = 0;
    long long followed = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (teacher[i] == truth[i]) continue;
        ++wrong;
        followed += student[i] == teacher[i] ? 1 : 0;
    }
    if (wrong == 0) return std::nullopt;
    return proportion(followed, wrong);
}

std::optional<Estimate> excessImitation(std::span<const int> student, std::span<const int> ceiling,
                                        std::span<const int> teacher, std::span<const int> truth)
{
    long long wrong = 0;
    long long onlyStudent = 0;
    long long onlyCeiling = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (teacher[i] == truth[i]) continue;
        ++wrong;
        const bool studentFollows = student[i] == teacher[i];
        const bool ceilingFollows = ceiling[i] == teacher[i];
        onlyStudent += studentFollows && !ceilingFollows ? 1 : 0;
        onlyCeiling += ceilingFollows && !studentFollows ? 1 : 0;
    }
    if (wrong == 0) return std::nullopt;
    const auto n = static_cast<double>(wrong);
    const double difference = static_cast<double>(onlyStudent - onlyCeiling) / n;
    const double variance = (static_cast<double>(onlyStudent + onlyCeiling) / n - difference * difference) / n;
    const double half = normalQuantile(0.975) * std::sqrt(std::max(0.0, variance));
    return Estimate{difference, difference - half, difference + half, wrong};
}

RecoveredGap performanceGapRecovered(std::span<const int> student, std::span<const int> teacher,
                                     std::span<const int> ceiling, std::span<const int> truth, std::uint64_t seed,
                                     int draws)
{
    const auto n = static_cast<long long>(truth.size());
    if (n == 0) return {std::nullopt, "PGR not shown: there are no held-out items."};
    const Cells cells = cellsOf(student, teacher, ceiling, truth);
    const auto [teacherRight, studentRight, ceilingRight] = right(cells);
    const auto count = static_cast<double>(n);
    const double gap = (ceilingRight - teacherRight) / count;
    // Paired: only items on which the two differ carry variance.
    const auto differing = static_cast<double>(cells[1] + cells[3] + cells[4] + cells[6]) / count;
    const double standardError = std::sqrt(std::max(0.0, differing - gap * gap) / count);
    if (gap < 2 * standardError || gap <= 0)
        return {std::nullopt, "PGR not shown: ceiling minus supervisor is below 2 SE."};
    std::vector<double> ratios;
    ratios.reserve(static_cast<std::size_t>(draws));
    Rng rng(seed, "bootstrap/pgr");
    for (int draw = 0; draw < draws; ++draw) {
        const auto [t, s, c] = right(resample(cells, n, rng));
        if (c > t) ratios.push_back((s - t) / (c - t));
    }
    std::sort(ratios.begin(), ratios.end());
    const auto at = [&](double q) {
        return ratios[static_cast<std::size_t>(q * static_cast<double>(ratios.size() - 1) + 0.5)];
    };
    const double value = (studentRight - teacherRight) / (ceilingRight - teacherRight);
    return {Estimate{value, std::min(value, at(0.025)), std::max(value, at(0.975)), n}, {}};
}

LabelEntropy labelEntropy(std::span<const float> probabilities, int classes)
{
    const auto width = static_cast<std::size_t>(classes);
    if (width == 0 || probabilities.size() < width) return {};
    const std::size_t rows = probabilities.size() / width;
    std::vector<double> mean(width, 0.0);
    const auto term = [](double p) { return p > 0 ? -p * std::log(p) : 0.0; };
    LabelEntropy entropy;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t k = 0; k < width; ++k) {
            const double p = probabilities[row * width + k];
            entropy.meanOfRows += term(p);
            mean[k] += p;
        }
    entropy.meanOfRows /= static_cast<double>(rows);
    for (const double sum : mean)
        entropy.ofMean += term(sum / static_cast<double>(rows));
    return entropy;
}

} // namespace gradus::evals
