// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/group_tests.h"

#include "base/rng.h"
#include "base/text.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

namespace gradus::compare {

namespace {

constexpr double kMostArrangements = 200000;
constexpr int kDraws = 100000;
constexpr std::uint64_t kSeed = 20260101; // of the drawn arrangements: the same runs give the same p

double mean(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double varianceOf(std::span<const double> values)
{
    const double middle = mean(values);
    double squares = 0;
    for (const double value : values)
        squares += (value - middle) * (value - middle);
    return squares / static_cast<double>(values.size() - 1);
}

/// Rounding must not decide whether two arrangements are equally extreme.
bool reaches(double statistic, double observed)
{
    return std::abs(statistic) >= std::abs(observed) - 1e-12 * (1 + std::abs(observed));
}

std::optional<TestResult> studentTest(double difference, double variance, double degrees)
{
    // Runs that differ by rounding alone say nothing of how runs vary.
    if (!(variance > 1e-24 * (1 + difference * difference))) return std::nullopt;
    const boost::math::students_t law(degrees);
    const double t = std::abs(difference) / std::sqrt(variance);
    return TestResult{std::min(1.0, 2 * boost::math::cdf(boost::math::complement(law, t))), 0, false};
}

double welchDegrees(double a, double na, double b, double nb)
{
    const double sum = a / na + b / nb;
    return sum * sum / (a * a / (na * na * (na - 1)) + b * b / (nb * nb * (nb - 1)));
}

/// Every way, or kDraws drawn ones, to flip the signs of paired differences.
TestResult flippedSigns(std::span<const double> differences)
{
    const std::size_t n = differences.size();
    const double observed = mean(differences);
    const double ways = std::exp2(static_cast<double>(n));
    if (ways <= kMostArrangements) {
        long long extreme = 0;
        for (std::uint64_t signs = 0; signs < (std::uint64_t{1} << n); ++signs) {
            double sum = 0;
            for (std::size_t i = 0; i < n; ++i)
                sum += (signs >> i & 1) != 0 ? -differences[i] : differences[i];
            extreme += reaches(sum / static_cast<double>(n), observed) ? 1 : 0;
        }
        return {static_cast<double>(extreme) / ways, 2 / ways, true};
    }
    Rng rng(kSeed, "permutation/signs");
    long long extreme = 1; // the observed arrangement is one of them (Phipson and Smyth 2010)
    for (int draw = 0; draw < kDraws; ++draw) {
        double sum = 0;
        std::uint64_t signs = 0;
        for (std::size_t i = 0; i < n; ++i, signs >>= 1) {
            if (i % 64 == 0) signs = rng.nextBits();
            sum += (signs & 1) != 0 ? -differences[i] : differences[i];
        }
        extreme += reaches(sum / static_cast<double>(n), observed) ? 1 : 0;
    }
    return {static_cast<double>(extreme) / (kDraws + 1), 1.0 / (kDraws + 1), false};
}

double choices(std::size_t n, std::size_t k)
{
    double ways = 1;
    for (std::size_t i = 0; i < k; ++i)
        ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
    return std::round(ways);
}

/// Every way, or kDraws drawn ones, to call a.size() of all the runs the group.
TestResult exchangedLabels(std::span<const double> a, std::span<const double> b)
{
    std::vector<double> all(a.begin(), a.end());
    all.insert(all.end(), b.begin(), b.end());
    const double total = std::accumulate(all.begin(), all.end(), 0.0);
    const auto na = static_cast<double>(a.size());
    const auto nb = static_cast<double>(b.size());
    const auto statistic = [&](double sum) { return sum / na - (total - sum) / nb; };
    const double observed = statistic(std::accumulate(a.begin(), a.end(), 0.0));
    const double ways = choices(all.size(), a.size());
    if (ways <= kMostArrangements) {
        std::vector<bool> chosen(all.size(), false);
        std::fill_n(chosen.begin(), a.size(), true);
        long long extreme = 0;
        do {
            double sum = 0;
            for (std::size_t i = 0; i < all.size(); ++i)
                if (chosen[i]) sum += all[i];
            extreme += reaches(statistic(sum), observed) ? 1 : 0;
        } while (std::prev_permutation(chosen.begin(), chosen.end()));
        // Two equal groups can be swapped: each split then has a mirror image that is as extreme.
        return {static_cast<double>(extreme) / ways, (a.size() == b.size() ? 2 : 1) / ways, true};
    }
    Rng rng(kSeed, "permutation/labels");
    long long extreme = 1;
    for (int draw = 0; draw < kDraws; ++draw) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            std::swap(all[i], all[i + rng.below(all.size() - i)]);
            sum += all[i];
        }
        extreme += reaches(statistic(sum), observed) ? 1 : 0;
    }
    return {static_cast<double>(extreme) / (kDraws + 1), 1.0 / (kDraws + 1), false};
}

std::vector<double> valuesOf(std::span<const SeedValue> runs)
{
    std::vector<double> values;
    for (const SeedValue& run : runs)
        values.push_back(run.value);
    return values;
}

/// Group minus baseline, seed by seed; empty unless every run of the smaller side has its like.
std::vector<double> pairedDifferences(std::span<const SeedValue> group, std::span<const SeedValue> baseline)
{
    std::vector<double> differences;
    for (const SeedValue& run : group)
        for (const SeedValue& other : baseline)
            if (run.seed == other.seed) differences.push_back(run.value - other.value);
    if (differences.size() < std::min(group.size(), baseline.size())) differences.clear();
    return differences;
}

} // namespace

Estimate welchDifference(std::span<const double> a, std::span<const double> b)
{
    const auto na = static_cast<double>(a.size());
    const auto nb = static_cast<double>(b.size());
    const double value = mean(a) - mean(b);
    const double va = varianceOf(a);
    const double vb = varianceOf(b);
    const double error = std::sqrt(va / na + vb / nb);
    const auto n = static_cast<long long>(a.size() + b.size());
    if (!(error > 0)) return {value, value, value, n};
    const double half = evals::studentQuantile(0.975, welchDegrees(va, na, vb, nb)) * error;
    return {value, value - half, value + half, n};
}

const TestResult* GroupDifference::test(TestKind kind) const
{
    if (kind == TestKind::Permutation) return &permutation;
    return student ? &*student : nullptr;
}

std::optional<GroupDifference> differenceOf(std::span<const SeedValue> group, std::span<const SeedValue> baseline)
{
    if (group.size() < 2 || baseline.size() < 2) return std::nullopt;
    GroupDifference result;
    const std::vector<double> pairs = pairedDifferences(group, baseline);
    if (!pairs.empty()) {
        const auto n = static_cast<double>(pairs.size());
        result.paired = true;
        result.groupRuns = result.baselineRuns = static_cast<int>(pairs.size());
        result.estimate = evals::meanWithInterval(pairs);
        result.deviation = std::sqrt(varianceOf(pairs));
        result.student = studentTest(mean(pairs), varianceOf(pairs) / n, n - 1);
        result.permutation = flippedSigns(pairs);
        return result;
    }
    const std::vector<double> a = valuesOf(group);
    const std::vector<double> b = valuesOf(baseline);
    const auto na = static_cast<double>(a.size());
    const auto nb = static_cast<double>(b.size());
    const double va = varianceOf(a);
    const double vb = varianceOf(b);
    result.groupRuns = static_cast<int>(a.size());
    result.baselineRuns = static_cast<int>(b.size());
    result.estimate = welchDifference(a, b);
    result.student = studentTest(mean(a) - mean(b), va / na + vb / nb, welchDegrees(va, na, vb, nb));
    result.permutation = exchangedLabels(a, b);
    return result;
}

std::string nameOf(const GroupDifference& difference, TestKind kind)
{
    const std::string over = difference.paired ? counted(static_cast<std::size_t>(difference.groupRuns), "seed")
                                               : std::to_string(difference.groupRuns) + " against " +
                                                     counted(static_cast<std::size_t>(difference.baselineRuns), "run");
    if (kind == TestKind::Student) return (difference.paired ? "paired t test, " : "Welch t test, ") + over;
    return std::string(difference.permutation.exact ? "exact " : "drawn ") + (difference.paired ? "paired " : "") +
           "permutation test, " + over;
}

std::vector<double> holm(std::span<const double> p)
{
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.size());
    double least = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        least = std::max(least, std::min(1.0, p[order[i]] * static_cast<double>(p.size() - i)));
        adjusted[order[i]] = least;
    }
    return adjusted;
}

} // namespace gradus::compare
