// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/redundancy.h"

#include "signals/agreement.h"

#include <algorithm>
#include <numeric>

namespace gradus::signals {

namespace {

/// One pair's figure and the number of items behind it.
struct PairFigure
{
    double value = 0;
    long long n = 0;
};

std::vector<int> onAnchors(const SourceVotes& source, const Anchors& anchors)
{
    std::vector<int> labels;
    labels.reserve(anchors.items.size());
    for (const std::size_t item : anchors.items)
        labels.push_back(source.labels[item]);
    return labels;
}

PairFigure agreementOf(const SourceVotes& a, const SourceVotes& b)
{
    long long same = 0;
    long long shared = 0;
    for (std::size_t i = 0; i < a.labels.size(); ++i) {
        if (a.labels[i] == kAbstain || b.labels[i] == kAbstain) continue;
        ++shared;
        same += a.labels[i] == b.labels[i] ? 1 : 0;
    }
    return {shared > 0 ? static_cast<double>(same) / static_cast<double>(shared) : 0.0, shared};
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Calls use(a, b, figure) for every pair: error phi if there are anchors, excess agreement otherwise.
template <typename Use>
void everyPair(const VoteTable& table, const Anchors& anchors, const Use& use)
{
    std::vector<std::vector<int>> labels;
    for (const SourceVotes& source : table.sources)
        labels.push_back(onAnchors(source, anchors));
    for (std::size_t a = 0; a < labels.size(); ++a)
        for (std::size_t b = a + 1; b < labels.size(); ++b) {
            const auto phi = errorPhi(labels[a], labels[b], anchors.truth);
            use(a, b, phi ? PairFigure{phi->phi, phi->n} : PairFigure{});
        }
}

template <typename Use>
void everyPair(const VoteTable& table, const Use& use)
{
    const double typical = typicalAgreement(table).value_or(1.0);
    const double room = 1 - typical;
    for (std::size_t a = 0; a < table.sources.size(); ++a)
        for (std::size_t b = a + 1; b < table.sources.size(); ++b) {
            PairFigure figure = agreementOf(table.sources[a], table.sources[b]);
            figure.value = figure.n > 0 && room > 0 ? (figure.value - typical) / room : 0.0;
            use(a, b, figure);
        }
}

} // namespace

SourceMatrix::SourceMatrix(std::size_t sources) : size(sources), values(sources * sources, 0.0)
{
    for (std::size_t j = 0; j < sources; ++j)
        values[j * sources + j] = 1;
}

SourceMatrix errorCorrelation(const VoteTable& table, const Anchors& anchors)
{
    SourceMatrix matrix(table.sources.size());
    everyPair(table, anchors, [&](std::size_t a, std::size_t b, PairFigure figure) {
        matrix.set(a, b, exactCopies(table.sources[a], table.sources[b]) ? 1.0 : figure.value);
    });
    return matrix;
}

std::optional<double> typicalAgreement(const VoteTable& table)
{
    std::vector<double> known;
    for (std::size_t a = 0; a < table.sources.size(); ++a)
        for (std::size_t b = a + 1; b < table.sources.size(); ++b)
            if (const PairFigure figure = agreementOf(table.sources[a], table.sources[b]); figure.n > 0)
                known.push_back(figure.value);
    if (known.empty()) return std::nullopt;
    return median(std::move(known));
}

SourceMatrix excessAgreement(const VoteTable& table)
{
    SourceMatrix matrix(table.sources.size());
    everyPair(table, [&](std::size_t a, std::size_t b, PairFigure figure) {
        matrix.set(a, b, exactCopies(table.sources[a], table.sources[b]) ? 1.0 : figure.value);
    });
    return matrix;
}

double shrunkRedundancy(double correlation, long long n)
{
    if (n <= 0) return 0;
    const double lambda = std::min(1.0, 10.0 / static_cast<double>(n) + 0.02);
    return (1 - lambda) * std::max(0.0, correlation);
}

SourceMatrix redundancy(const VoteTable& table, const Anchors& anchors)
{
    SourceMatrix matrix(table.sources.size());
    const auto enter = [&](std::size_t a, std::size_t b, PairFigure figure) {
        const bool copies = exactCopies(table.sources[a], table.sources[b]);
        matrix.set(a, b, copies ? 1.0 : shrunkRedundancy(figure.value, figure.n));
    };
    if (anchors.items.empty())
        everyPair(table, enter);
    else
        everyPair(table, anchors, enter);
    return matrix;
}

std::vector<double> redundancyDiscount(const SourceMatrix& redundancy, const std::vector<double>& gammas)
{
    std::vector<double> discount(redundancy.size, 1.0);
    for (std::size_t j = 0; j < redundancy.size; ++j) {
        double sum = 1;
        for (std::size_t k = 0; k < redundancy.size; ++k)
            if (k != j && gammas[j] > 0) sum += redundancy.at(j, k) * std::min(1.0, gammas[k] / gammas[j]);
        discount[j] = 1 / sum;
    }
    return discount;
}

std::vector<std::size_t> judgedSources(const VoteTable& table, const Anchors& anchors)
{
    std::vector<std::size_t> judged;
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        if (anchors.items.empty() || std::ranges::any_of(anchors.items, [&](std::size_t item) {
                return table.sources[j].labels[item] != kAbstain;
            }))
            judged.push_back(j);
    return judged;
}

SourceMatrix among(const SourceMatrix& matrix, const std::vector<std::size_t>& chosen)
{
    SourceMatrix part(chosen.size());
    for (std::size_t a = 0; a < chosen.size(); ++a)
        for (std::size_t b = a + 1; b < chosen.size(); ++b)
            part.set(a, b, matrix.at(chosen[a], chosen[b]));
    return part;
}

double effectiveSources(const SourceMatrix& correlation)
{
    const auto m = static_cast<double>(correlation.size);
    if (correlation.size < 2) return m;
    const double sum = std::accumulate(correlation.values.begin(), correlation.values.end(), 0.0);
    const double mean = std::max(0.0, (sum - m) / (m * (m - 1)));
    return m / (1 + (m - 1) * mean);
}

double effectiveSourcesSpectral(const SourceMatrix& correlation)
{
    if (correlation.size == 0) return 0;
    const auto m = static_cast<double>(correlation.size);
    const double squares =
        std::inner_product(correlation.values.begin(), correlation.values.end(), correlation.values.begin(), 0.0);
    return m * m / squares;
}

bool exactCopies(const SourceVotes& a, const SourceVotes& b)
{
    return a.labels == b.labels && a.probabilities == b.probabilities;
}

} // namespace gradus::signals
