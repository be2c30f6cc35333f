// SPDX-License-Identifier: GPL-3.0-or-later
// N-grams become small integers first (exactly, no hash collisions count), so that every measure is a count of ids.
#include "evals/diversity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <unordered_map>

#include <Eigen/Eigenvalues>

namespace gradus::evals {

namespace {

using Ids = std::vector<std::uint32_t>;

/// Names n-grams of one order: an (n-1)-gram's id and the next token make the key.
class NgramNames final
{
public:
    std::uint32_t idOf(std::uint32_t shorter, std::int32_t token)
    {
        const std::uint64_t key = (static_cast<std::uint64_t>(shorter) << 32U) | static_cast<std::uint32_t>(token);
        return m_ids.try_emplace(key, static_cast<std::uint32_t>(m_ids.size())).first->second;
    }

private:
    std::unordered_map<std::uint64_t, std::uint32_t> m_ids;
};

/// Ids of the n-grams of every sample in order of place; a sample shorter than n has none.
std::vector<Ids> ngramIds(const Samples& samples, int n)
{
    std::vector<Ids> ids(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
        ids[i].assign(samples[i].size(), 0);
    for (int order = 1; order <= n; ++order) {
        NgramNames names;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const std::size_t length = samples[i].size();
            const auto last = static_cast<std::size_t>(order) - 1;
            ids[i].resize(length > last ? length - last : 0);
            for (std::size_t at = 0; at < ids[i].size(); ++at)
                ids[i][at] = names.idOf(ids[i][at], samples[i][at + last]);
        }
    }
    return ids;
}

struct Spread
{
    double distinct = 0;
    double all = 0;
};

Spread pooledSpread(const Samples& samples, int n)
{
    Spread spread;
    std::set<std::uint32_t> seen;
    for (const Ids& ids : ngramIds(samples, n)) {
        seen.insert(ids.begin(), ids.end());
        spread.all += static_cast<double>(ids.size());
    }
    spread.distinct = static_cast<double>(seen.size());
    return spread;
}

using Counts = std::unordered_map<std::uint32_t, double>;

Counts countsOf(const Ids& ids)
{
    Counts counts;
    for (const std::uint32_t id : ids)
        ++counts[id];
    return counts;
}

/// How often one n-gram occurs in the sample that holds most of it, and in the runner-up: the largest count among
/// "all the others" then needs no second pass.
struct TopTwo
{
    double first = 0;
    double second = 0;
    std::size_t holder = 0;
};

/// For each sample: its n-grams, and how many of them the other samples hold (clipped by the largest count in one).
struct Matches
{
    std::vector<double> matched;
    std::vector<double> total;
};

Matches clippedMatches(const Samples& samples, int n)
{
    const std::vector<Ids> ids = ngramIds(samples, n);
    std::vector<Counts> counts(samples.size());
    std::unordered_map<std::uint32_t, TopTwo> most;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        counts[i] = countsOf(ids[i]);
        for (const auto& [id, count] : counts[i]) {
            TopTwo& top = most[id];
            if (count > top.first)
                top = {count, top.first, i};
            else
                top.second = std::max(top.second, count);
        }
    }
    Matches matches{std::vector<double>(samples.size()), std::vector<double>(samples.size())};
    for (std::size_t i = 0; i < samples.size(); ++i) {
        matches.total[i] = static_cast<double>(ids[i].size());
        for (const auto& [id, count] : counts[i]) {
            const TopTwo& top = most[id];
            matches.matched[i] += std::min(count, top.holder == i ? top.second : top.first);
        }
    }
    return matches;
}

double brevityPenalty(const Samples& samples, std::size_t sample)
{
    const auto own = static_cast<long long>(samples[sample].size());
    long long nearest = -1;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (i == sample) continue;
        const auto length = static_cast<long long>(samples[i].size());
        const long long distance = std::llabs(length - own);
        const long long best = std::llabs(nearest - own);
        if (nearest < 0 || distance < best || (distance == best && length < nearest)) nearest = length;
    }
    return own >= nearest ? 1.0 : std::exp(1.0 - static_cast<double>(nearest) / static_cast<double>(own));
}

double cosine(const Counts& a, double normA, const Counts& b, double normB)
{
    if (normA == 0 && normB == 0) return 1;
    if (normA == 0 || normB == 0) return 0;
    double dot = 0;
    for (const auto& [id, count] : a)
        if (const auto other = b.find(id); other != b.end()) dot += count * other->second;
    return std::min(1.0, dot / (normA * normB));
}

double entropyTerm(double p)
{
    return p > 0 ? -p * std::log(p) : 0.0;
}

} // namespace

std::optional<double> distinctN(const Samples& samples, int n)
{
    if (n < 1 || n > 4) return std::nullopt;
    const Spread spread = pooledSpread(samples, n);
    if (spread.all == 0) return std::nullopt;
    return spread.distinct / spread.all;
}

std::optional<double> expectationAdjustedDistinct(const Samples& samples, int n, double possible)
{
    if (n < 1 || n > 4 || !(possible >= 1)) return std::nullopt;
    const Spread spread = pooledSpread(samples, n);
    if (spread.all == 0) return std::nullopt;
    // 1 - ((V-1)/V)^C without cancellation for large V; V = 1 expects exactly one.
    const double seen = possible > 1 ? -std::expm1(spread.all * std::log1p(-1 / possible)) : 1.0;
    return spread.distinct / (possible * seen);
}

std::optional<double> selfBleu4(const Samples& samples)
{
    if (samples.size() < 2) return std::nullopt;
    std::vector<double> logs(samples.size(), 0.0);
    for (int n = 1; n <= 4; ++n) {
        const double added = n == 1 ? 0 : 1;
        const Matches matches = clippedMatches(samples, n);
        for (std::size_t i = 0; i < samples.size(); ++i)
            logs[i] += std::log((matches.matched[i] + added) / (matches.total[i] + added)) / 4;
    }
    double sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (!samples[i].empty()) sum += std::exp(logs[i]) * brevityPenalty(samples, i);
    return sum / static_cast<double>(samples.size());
}

std::optional<double> repeatFraction(const Samples& samples, int n)
{
    if (n < 1) return std::nullopt;
    Spread spread;
    for (const Ids& ids : ngramIds(samples, n)) {
        spread.distinct += static_cast<double>(std::set<std::uint32_t>(ids.begin(), ids.end()).size());
        spread.all += static_cast<double>(ids.size());
    }
    if (spread.all == 0) return std::nullopt;
    return 1 - spread.distinct / spread.all;
}

std::vector<double> ngramCosine(const Samples& samples, int largest)
{
    const std::size_t m = samples.size();
    std::vector<double> similarity(m * m, 0.0);
    for (int n = 1; n <= largest; ++n) {
        std::vector<Counts> counts(m);
        std::vector<double> norms(m, 0.0);
        const std::vector<Ids> ids = ngramIds(samples, n);
        for (std::size_t i = 0; i < m; ++i) {
            counts[i] = countsOf(ids[i]);
            for (const auto& entry : counts[i])
                norms[i] += entry.second * entry.second;
            norms[i] = std::sqrt(norms[i]);
        }
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = i; j < m; ++j) {
                const double alike = i == j ? 1.0 : cosine(counts[i], norms[i], counts[j], norms[j]);
                similarity[i * m + j] += alike / largest;
                if (i != j) similarity[j * m + i] += alike / largest;
            }
    }
    return similarity;
}

std::optional<double> vendiScore(std::span<const double> similarity, int m)
{
    if (m < 1 || similarity.size() != static_cast<std::size_t>(m) * static_cast<std::size_t>(m)) return std::nullopt;
    if (!std::all_of(similarity.begin(), similarity.end(), [](double k) { return std::isfinite(k); }))
        return std::nullopt;
    const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> kernel(
        similarity.data(), m, m);
    const Eigen::MatrixXd scaled = kernel / m;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scaled, Eigen::EigenvaluesOnly);
    if (solver.info() != Eigen::Success) return std::nullopt;
    double entropy = 0;
    for (const double value : solver.eigenvalues())
        entropy += entropyTerm(value);
    return std::clamp(std::exp(entropy), 1.0, static_cast<double>(m));
}

std::optional<double> vendiScore(const Samples& samples)
{
    return vendiScore(ngramCosine(samples), static_cast<int>(samples.size()));
}

std::optional<double> meanPairwiseDistance(std::span<const double> similarity, int m)
{
    const auto width = static_cast<std::size_t>(std::max(m, 0));
    if (m < 2 || similarity.size() != width * width) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = i + 1; j < width; ++j)
            sum += 1 - similarity[i * width + j];
    return sum / (static_cast<double>(m) * (m - 1) / 2);
}

std::optional<double> tokenEntropy(std::span<const float> probabilities, int vocabulary)
{
    if (vocabulary < 1 || probabilities.empty()) return std::nullopt;
    const auto width = static_cast<std::size_t>(vocabulary);
    if (probabilities.size() % width != 0) return std::nullopt;
    const std::size_t rows = probabilities.size() / width;
    double sum = 0;
    for (const float p : probabilities) {
        if (!std::isfinite(p)) return std::nullopt;
        sum += entropyTerm(static_cast<double>(p));
    }
    return sum / static_cast<double>(rows);
}

std::optional<double> empiricalTokenEntropy(const Samples& samples)
{
    std::unordered_map<std::int32_t, double> counts;
    double all = 0;
    for (const Tokens& sample : samples)
        for (const std::int32_t token : sample) {
            ++counts[token];
            ++all;
        }
    if (all == 0) return std::nullopt;
    std::vector<double> sorted; // in a fixed order, so that the sum is the same on every platform
    sorted.reserve(counts.size());
    for (const auto& entry : counts)
        sorted.push_back(entry.second);
    std::sort(sorted.begin(), sorted.end());
    double entropy = 0;
    for (const double count : sorted)
        entropy += entropyTerm(count / all);
    return entropy;
}

} // namespace gradus::evals
