// SPDX-License-Identifier: GPL-3.0-or-later
// Whole mixes that people ask for by name.
#include "viewmodels/mix.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

using schedule::Curve;
using schedule::Interpolation;

/// The places of the unlocked sources, in their order.
std::vector<std::size_t> openSources(const Mix& mix)
{
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < mix.weights.size(); ++i)
        if (!mix.locked[i]) open.push_back(i);
    return open;
}

void addKey(Curve& curve, double x, double y, Interpolation interpolation)
{
    curve.keys.push_back({.x = x, .y = y, .interpolation = interpolation});
}

} // namespace

Mix uniformMix(const Mix& mix)
{
    Mix result = mix;
    for (const std::size_t source : openSources(mix))
        result.weights[source] = Curve{{{.x = 0, .y = 1}}};
    return result;
}

Mix handedOver(const Mix& mix)
{
    Mix result = mix;
    const auto open = openSources(mix);
    if (open.size() < 2) return uniformMix(mix);
    const double last = static_cast<double>(open.size()) - 1;
    for (std::size_t i = 0; i < open.size(); ++i) {
        Curve curve;
        const double top = static_cast<double>(i) / last;
        const double from = (static_cast<double>(i) - 1) / last;
        const double to = (static_cast<double>(i) + 1) / last;
        if (from > 0) addKey(curve, 0, 0, Interpolation::Linear);
        if (i > 0) addKey(curve, from, 0, Interpolation::Linear);
        addKey(curve, top, 1, Interpolation::Linear);
        if (i + 1 < open.size()) addKey(curve, to, 0, Interpolation::Linear);
        if (to < 1) addKey(curve, 1, 0, Interpolation::Linear);
        result.weights[open[i]] = curve;
    }
    return result;
}

Mix alternated(const Mix& mix, int generations)
{
    constexpr int kMostGenerations = 200;
    Mix result = mix;
    const auto open = openSources(mix);
    if (open.size() < 2) return uniformMix(mix);
    // Generation 2 reads the weights at 0, the last one at 1; a weight changes half-way between two that read it.
    const int turns = std::clamp(generations, 2, kMostGenerations) - 1;
    const double distance = turns > 1 ? 1.0 / (turns - 1) : 1.0;
    for (std::size_t i = 0; i < open.size(); ++i) {
        Curve curve;
        double before = -1;
        for (int turn = 0; turn < turns; ++turn) {
            const double weight = static_cast<std::size_t>(turn) % open.size() == i ? 1 : 0;
            if (weight == before) continue;
            addKey(curve, turn == 0 ? 0 : (turn - 0.5) * distance, weight, Interpolation::Constant);
            before = weight;
        }
        if (curve.keys.size() > 1) addKey(curve, 1, curve.keys.back().y, Interpolation::Constant);
        result.weights[open[i]] = curve;
    }
    return result;
}

} // namespace gradus::viewmodels
