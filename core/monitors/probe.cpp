// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/probe.h"

#include "base/hash.h"
#include "monitors/texts.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace gradus::monitors {

namespace {

constexpr int kSteps = 400;
constexpr double kRate = 4.0;
constexpr std::size_t mostBytes = 64 << 10; ///< of one text

std::size_t bucketOf(std::string_view words)
{
    return static_cast<std::size_t>(splitHash(words, 11) % kTextFeatures);
}

void count(std::string_view text, std::vector<float>& counts)
{
    std::string before;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
            word += c;
            continue;
        }
        if (word.empty()) continue;
        ++counts[bucketOf(word)];
        if (!before.empty()) ++counts[bucketOf(before + " " + word)];
        before = std::move(word);
        word.clear();
    }
}

double logistic(double x)
{
    return 1 / (1 + std::exp(-x));
}

} // namespace

double Probe::score(std::span<const float> features) const
{
    double sum = bias;
    for (std::size_t i = 0; i < std::min(weights.size(), features.size()); ++i)
        sum += weights[i] * static_cast<double>(features[i]);
    return logistic(sum);
}

Probe fitProbe(std::span<const ProbeCase> cases, double ridge)
{
    Probe probe;
    if (cases.empty()) return probe;
    probe.weights.resize(cases.front().features.size());
    const auto positives = static_cast<double>(
        std::count_if(cases.begin(), cases.end(), [](const ProbeCase& one) { return one.positive; }));
    const double negatives = static_cast<double>(cases.size()) - positives;
    if (positives == 0 || negatives == 0) return probe;
    std::vector<double> slope(probe.weights.size());
    for (int step = 0; step < kSteps; ++step) {
        for (std::size_t i = 0; i < slope.size(); ++i)
            slope[i] = ridge * probe.weights[i];
        double biasSlope = 0;
        for (const ProbeCase& one : cases) {
            const double error =
                (probe.score(one.features) - (one.positive ? 1 : 0)) / (2 * (one.positive ? positives : negatives));
            for (std::size_t i = 0; i < slope.size(); ++i)
                slope[i] += error * static_cast<double>(one.features[i]);
            biasSlope += error;
        }
        for (std::size_t i = 0; i < slope.size(); ++i)
            probe.weights[i] -= kRate * slope[i];
        probe.bias -= kRate * biasSlope;
    }
    return probe;
}

std::vector<double> heldOutScores(std::span<const ProbeCase> cases, double ridge)
{
    std::vector<double> scores(cases.size(), 0.5);
    std::set<int> groups;
    for (const ProbeCase& one : cases)
        groups.insert(one.group);
    for (const int group : groups) {
        std::vector<ProbeCase> others;
        std::copy_if(cases.begin(), cases.end(), std::back_inserter(others),
                     [group](const ProbeCase& one) { return one.group != group; });
        const Probe probe = fitProbe(others, ridge);
        for (std::size_t i = 0; i < cases.size(); ++i)
            if (cases[i].group == group) scores[i] = probe.score(cases[i].features);
    }
    return scores;
}

std::vector<ProbeCase> standardised(std::vector<ProbeCase> cases)
{
    const std::size_t width = cases.empty() ? 0 : cases.front().features.size();
    const auto count = static_cast<double>(cases.size());
    for (std::size_t i = 0; i < width; ++i) {
        double mean = 0;
        for (const ProbeCase& one : cases)
            mean += static_cast<double>(one.features[i]) / count;
        double variance = 0;
        for (const ProbeCase& one : cases)
            variance += std::pow(static_cast<double>(one.features[i]) - mean, 2) / count;
        // What is left by rounding is no difference.
        const bool differs = variance > 1e-12 * mean * mean;
        const double scale = differs ? 1 / std::sqrt(variance * static_cast<double>(width)) : 0;
        for (ProbeCase& one : cases)
            one.features[i] = static_cast<float>((static_cast<double>(one.features[i]) - mean) * scale);
    }
    return cases;
}

std::vector<float> textFeatures(const View& view)
{
    std::vector<float> counts(kTextFeatures, 0);
    for (const Text& text : agentTexts(view))
        count(lowered(std::string_view(text.bytes).substr(0, mostBytes)), counts);
    double length = 0;
    for (float& value : counts) {
        value = std::log1p(value);
        length += static_cast<double>(value) * static_cast<double>(value);
    }
    if (length > 0)
        for (float& value : counts)
            value = static_cast<float>(static_cast<double>(value) / std::sqrt(length));
    return counts;
}

} // namespace gradus::monitors
