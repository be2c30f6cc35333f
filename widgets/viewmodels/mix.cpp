// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/mix.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Interpolation;
using schedule::Key;

namespace {

double sumOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// A number becomes a level line with both ends, so that a key between them bends a part of the run only.
void spread(Curve& curve)
{
    if (curve.keys.size() > 1) return;
    const double y = curve.keys.front().y;
    curve.keys = {{.x = 0, .y = y, .interpolation = Interpolation::Linear},
                  {.x = 1, .y = y, .interpolation = Interpolation::Linear}};
}

/// Index of the key at x, made where there is none. Monotone stays monotone: unlike a Bezier it never leaves 0..1 when
/// its keys are moved.
std::size_t keyAt(Curve& curve, double x)
{
    spread(curve);
    auto& keys = curve.keys;
    const auto at = std::lower_bound(keys.begin(), keys.end(), x, [](const Key& key, double limit) {
        return key.x < limit - schedule::kMinimumKeyDistance;
    });
    const auto index = static_cast<std::size_t>(std::distance(keys.begin(), at));
    if (at != keys.end() && at->x <= x + schedule::kMinimumKeyDistance) return index;
    if (at == keys.begin() || at == keys.end()) {
        const bool first = at == keys.begin();
        const Key& end = first ? keys.front() : keys.back();
        keys.insert(at, Key{.x = x, .y = end.y, .interpolation = first ? Interpolation::Linear : end.interpolation});
        return index;
    }
    if (keys[index - 1].interpolation == Interpolation::Bezier)
        return static_cast<std::size_t>(std::max(schedule::insertOnCurve(curve, x), 0));
    const double y = schedule::Evaluator(curve)(x);
    keys.insert(at, Key{.x = x, .y = y, .interpolation = keys[index - 1].interpolation});
    return index;
}

bool leavesUnit(const Curve& curve)
{
    constexpr int kSamples = 1025; // as many as the file's reader looks at
    const auto samples = schedule::Evaluator(curve).sample(0, 1, kSamples);
    return std::any_of(samples.begin(), samples.end(), [](double y) { return y < 0 || y > 1; });
}

/// A moved key can carry a Bezier's handles out of 0..1; there the segments beside it become monotone.
void keepInUnit(Curve& curve, std::size_t moved)
{
    if (!leavesUnit(curve)) return;
    for (const std::size_t left : {moved == 0 ? moved : moved - 1, moved})
        if (curve.keys[left].interpolation == Interpolation::Bezier)
            curve.keys[left].interpolation = Interpolation::Monotone;
}

/// Shrinks all weights by one factor where one passes 1.
void shrinkToUnit(Mix& mix)
{
    double highest = 0;
    for (const Curve& curve : mix.weights)
        for (const Key& key : curve.keys)
            highest = std::max(highest, key.y);
    if (highest <= 1) return;
    for (Curve& curve : mix.weights)
        for (Key& key : curve.keys) {
            key.y = std::min(key.y / highest, 1.0);
            key.left.dy /= highest;
            key.right.dy /= highest;
        }
}

/// The one primitive: unlocked sources take these weights at x; entries of locked ones are not looked at.
Mix withWeightsAt(const Mix& mix, double x, const std::vector<double>& weights)
{
    Mix next = mix;
    std::vector<std::size_t> moved(weights.size(), 0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (mix.locked[i]) continue;
        moved[i] = keyAt(next.weights[i], x);
        next.weights[i].keys[moved[i]].y = std::max(weights[i], 0.0);
    }
    shrinkToUnit(next);
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (!mix.locked[i]) keepInUnit(next.weights[i], moved[i]);
    return next;
}

double clampedToRun(double x)
{
    return std::clamp(x, 0.0, 1.0);
}

/// What locked sources have of the whole at x, and the weights' sums that make it up.
struct LockedPart
{
    double locked = 0;
    double moving = 0;
    double share() const { return locked + moving > 0 ? locked / (locked + moving) : 0; }
};

LockedPart lockedPart(const MixEvaluator& mix, const std::vector<bool>& locked, double x)
{
    LockedPart part;
    const std::vector<double> weights = mix.weightsAt(x);
    for (std::size_t i = 0; i < weights.size(); ++i)
        (locked[i] ? part.locked : part.moving) += weights[i];
    return part;
}

/// Scales the moving sources at x so that the locked ones have the share that they had there; now: what they have.
/// False where that cannot be.
bool holdAt(Mix& mix, double x, double share, const LockedPart& now)
{
    if (now.moving <= 0 || now.locked <= 0 || share <= 0) return false;
    const double factor = now.locked * (1 - share) / share / now.moving;
    for (std::size_t i = 0; i < mix.weights.size(); ++i) {
        if (mix.locked[i]) continue;
        Key& key = mix.weights[i].keys[keyAt(mix.weights[i], x)];
        key.y *= factor;
        key.left.dy *= factor;
        key.right.dy *= factor;
    }
    shrinkToUnit(mix);
    for (std::size_t i = 0; i < mix.weights.size(); ++i)
        if (!mix.locked[i]) keepInUnit(mix.weights[i], keyAt(mix.weights[i], x));
    return true;
}

/// Where any source has a key, once each, in order.
std::vector<double> keyPlaces(const Mix& mix)
{
    std::vector<double> places;
    for (const Curve& curve : mix.weights)
        if (curve.keys.size() > 1)
            for (const Key& key : curve.keys)
                places.push_back(clampedToRun(key.x));
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

/// A key at one place bends every moved source as far as that source's own next keys, and these differ: between keys
/// the sum, and with it the share of whoever is locked, would drift. Where it does, the moved sources get keys that put
/// it back: first at the keys that there are (which is exact for lines and holds), then where most is missing.
Mix holdingLocked(const Mix& before, Mix next)
{
    constexpr double kExact = 1e-9;
    constexpr double kVisible = 0.004; // less is not worth keys of its own
    constexpr int kGrid = 256;
    constexpr int kMostAdded = 12;
    if (std::none_of(before.locked.begin(), before.locked.end(), [](bool locked) { return locked; })) return next;
    const std::vector<bool>& locked = before.locked;
    const MixEvaluator was(before);
    // To make curves ready costs more than to ask them: once for each change, not for each question.
    std::optional<MixEvaluator> is;
    const auto drift = [&](double x) {
        if (!is) is.emplace(next);
        const LockedPart then = lockedPart(was, locked, x);
        const LockedPart now = lockedPart(*is, locked, x);
        // A place where nobody else speaks cannot be put right by scaling them.
        return now.moving > 0 && then.moving > 0 ? std::abs(now.share() - then.share()) : 0.0;
    };
    const auto hold = [&](double x) {
        if (drift(x) <= kExact || !holdAt(next, x, lockedPart(was, locked, x).share(), lockedPart(*is, locked, x)))
            return false;
        is.reset();
        return true;
    };
    // What is put right at one key may bend the curve at the next: as often as there are sources that could.
    const std::vector<double> places = keyPlaces(next);
    bool changed = true;
    for (std::size_t pass = 0; changed && pass < next.weights.size(); ++pass) {
        changed = false;
        for (const double x : places)
            changed = hold(x) || changed;
    }
    for (int added = 0; added < kMostAdded; ++added) {
        double worst = 0;
        double most = kVisible;
        for (int i = 0; i <= kGrid; ++i) {
            const double x = static_cast<double>(i) / kGrid;
            if (const double missing = drift(x); missing > most) {
                most = missing;
                worst = x;
            }
        }
        if (most <= kVisible) break;
        hold(worst);
    }
    return next;
}

} // namespace

MixEvaluator::MixEvaluator(const Mix& mix) : m_weights(mix.weights.begin(), mix.weights.end()) {}

std::vector<double> MixEvaluator::weightsAt(double x) const
{
    std::vector<double> weights;
    weights.reserve(m_weights.size());
    for (const schedule::Evaluator& weight : m_weights)
        weights.push_back(weight(x));
    return weights;
}

std::vector<double> MixEvaluator::sharesAt(double x) const
{
    std::vector<double> shares = weightsAt(x);
    const double sum = sumOf(shares);
    for (double& share : shares)
        share = sum > 0 ? share / sum : 0.0;
    return shares;
}

std::vector<double> sharesAt(const Mix& mix, double x)
{
    return MixEvaluator(mix).sharesAt(x);
}

double mixKeyNear(const Mix& mix, double x, double reach)
{
    const double wanted = clampedToRun(x);
    double nearest = wanted;
    double distance = reach;
    const auto consider = [&](double key) {
        if (std::abs(key - wanted) > distance) return;
        distance = std::abs(key - wanted);
        nearest = key;
    };
    consider(0);
    consider(1);
    for (std::size_t i = 0; i < mix.weights.size(); ++i)
        if (!mix.locked[i] && mix.weights[i].keys.size() > 1)
            for (const Key& key : mix.weights[i].keys)
                consider(key.x);
    return nearest;
}

Mix withMixKey(const Mix& mix, double x)
{
    Mix next = mix;
    for (std::size_t i = 0; i < mix.weights.size(); ++i)
        if (!mix.locked[i]) keyAt(next.weights[i], clampedToRun(x));
    return next;
}

Mix withTrade(const Mix& mix, std::size_t gains, std::size_t pays, double x, double delta)
{
    const std::size_t count = mix.weights.size();
    if (gains >= count || pays >= count || gains == pays || mix.locked[gains] || mix.locked[pays]) return mix;
    const double at = clampedToRun(x);
    std::vector<double> weights = MixEvaluator(mix).weightsAt(at);
    const double moved = std::clamp(delta * sumOf(weights), -weights[gains], weights[pays]);
    if (moved == 0) return mix;
    weights[gains] += moved;
    weights[pays] -= moved;
    // The two alone get keys: everything else counts as locked for this edit.
    Mix pair = mix;
    for (std::size_t i = 0; i < count; ++i)
        pair.locked[i] = i != gains && i != pays;
    pair = holdingLocked(pair, withWeightsAt(pair, at, weights));
    pair.locked = mix.locked;
    return pair;
}

Mix withShare(const Mix& mix, std::size_t source, double x, double share)
{
    if (source >= mix.weights.size() || mix.locked[source]) return mix;
    const double at = clampedToRun(x);
    std::vector<double> weights = MixEvaluator(mix).weightsAt(at);
    double total = sumOf(weights);
    double fixed = 0;
    double others = 0;
    double payers = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (mix.locked[i]) fixed += weights[i];
        if (mix.locked[i] || i == source) continue;
        others += weights[i];
        ++payers;
    }
    if (payers == 0) return mix; // nobody to trade with
    if (total <= 0) total = 1;
    const double wanted = std::clamp(share * total, 0.0, std::max(total - fixed, 0.0));
    if (wanted == weights[source]) return mix;
    const double left = std::max(total - fixed - wanted, 0.0);
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (!mix.locked[i] && i != source) weights[i] = others > 0 ? weights[i] * (left / others) : left / payers;
    weights[source] = wanted;
    return holdingLocked(mix, withWeightsAt(mix, at, weights));
}

Mix withShares(const Mix& mix, double x, const std::vector<double>& shares)
{
    if (shares.size() != mix.weights.size()) return mix;
    const double at = clampedToRun(x);
    std::vector<double> weights = MixEvaluator(mix).weightsAt(at);
    double total = sumOf(weights);
    if (total <= 0) total = 1;
    double left = total;
    double wanted = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (mix.locked[i])
            left -= weights[i];
        else
            wanted += std::max(shares[i], 0.0);
    }
    if (!(wanted > 0) || left <= 0) return mix;
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (!mix.locked[i]) weights[i] = std::max(shares[i], 0.0) / wanted * left;
    return holdingLocked(mix, withWeightsAt(mix, at, weights));
}

Mix equalised(const Mix& mix, double x)
{
    const double at = clampedToRun(x);
    std::vector<double> weights = MixEvaluator(mix).weightsAt(at);
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (!mix.locked[i]) {
            sum += weights[i];
            ++count;
        }
    if (count < 2) return mix;
    std::fill(weights.begin(), weights.end(), sum > 0 ? sum / count : 1.0);
    return holdingLocked(mix, withWeightsAt(mix, at, weights));
}

Mix soloed(const Mix& mix, std::size_t source, double x)
{
    return withShare(mix, source, x, 1);
}

Mix fadedIn(const Mix& mix, std::size_t source, double x)
{
    if (source >= mix.weights.size() || mix.locked[source] || !(x > schedule::kMinimumKeyDistance)) return mix;
    Mix next = mix;
    Curve& curve = next.weights[source];
    const std::size_t index = keyAt(curve, clampedToRun(x));
    curve.keys[index].left = {};
    curve.keys.erase(curve.keys.begin(), curve.keys.begin() + static_cast<std::ptrdiff_t>(index));
    curve.keys.insert(curve.keys.begin(), Key{.x = 0, .y = 0, .interpolation = Interpolation::Linear});
    return next;
}

Mix fadedOut(const Mix& mix, std::size_t source, double x)
{
    if (source >= mix.weights.size() || mix.locked[source] || !(x < 1 - schedule::kMinimumKeyDistance)) return mix;
    Mix next = mix;
    Curve& curve = next.weights[source];
    const std::size_t index = keyAt(curve, clampedToRun(x));
    curve.keys.resize(index + 1);
    curve.keys.back().interpolation = Interpolation::Linear;
    curve.keys.back().right = {};
    curve.keys.push_back({.x = 1, .y = 0, .interpolation = Interpolation::Linear});
    return next;
}

Mix withWeight(const Mix& mix, std::size_t source, const Curve& weight)
{
    Mix next = mix;
    if (source < next.weights.size() && !next.locked[source]) next.weights[source] = weight;
    return next;
}

} // namespace gradus::viewmodels
