// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/roc.h"

#include "base/rng.h"
#include "evals/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace gradus::evals {

namespace {

/// Cases of one score, counted. Most suspicious first.
struct Step
{
    double positives = 0;
    double negatives = 0;
};

struct Curve
{
    std::vector<Step> steps;
    double positives = 0;
    double negatives = 0;
    bool whole() const { return positives > 0 && negatives > 0; }
};

/// The order of scores is found once; a bootstrap draw only changes how often each cluster counts.
class Sorted
{
public:
    explicit Sorted(std::span<const ScoredCase> cases)
    {
        std::vector<const ScoredCase*> order;
        for (const ScoredCase& one : cases)
            order.push_back(&one);
        std::stable_sort(order.begin(), order.end(),
                         [](const ScoredCase* a, const ScoredCase* b) { return a->score > b->score; });
        std::vector<int> names;
        for (const ScoredCase& one : cases)
            names.push_back(one.cluster);
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        m_clusters = names.size();
        for (const ScoredCase* one : order) {
            if (m_rows.empty() || one->score != m_score) ++m_steps;
            m_score = one->score;
            const auto place = std::lower_bound(names.begin(), names.end(), one->cluster);
            m_rows.push_back({m_steps - 1, static_cast<std::size_t>(place - names.begin()), one->positive});
        }
    }

    std::size_t clusters() const { return m_clusters; }

    Curve curve(const std::vector<double>& weights) const
    {
        Curve curve;
        curve.steps.resize(m_steps);
        for (const Row& row : m_rows) {
            const double weight = weights[row.cluster];
            (row.positive ? curve.steps[row.step].positives : curve.steps[row.step].negatives) += weight;
            (row.positive ? curve.positives : curve.negatives) += weight;
        }
        return curve;
    }

    Curve curve() const { return curve(std::vector<double>(m_clusters, 1)); }

private:
    struct Row
    {
        std::size_t step;
        std::size_t cluster;
        bool positive;
    };
    std::vector<Row> m_rows;
    std::size_t m_clusters = 0;
    std::size_t m_steps = 0;
    double m_score = 0;
};

double areaOf(const Curve& curve)
{
    if (!curve.whole()) return 0.5;
    double won = 0;
    double below = curve.negatives; // negatives with a lower score
    for (const Step& step : curve.steps) {
        below -= step.negatives;
        won += step.positives * (below + step.negatives / 2);
    }
    return won / (curve.positives * curve.negatives);
}

double hitsOf(const Curve& curve, double maxFalsePositives)
{
    if (!curve.whole()) return 0;
    double hits = 0;
    double alarms = 0;
    double best = 0;
    for (const Step& step : curve.steps) {
        hits += step.positives;
        alarms += step.negatives;
        if (alarms / curve.negatives > maxFalsePositives + 1e-12) break;
        best = hits / curve.positives;
    }
    return best;
}

double auditedOf(const Curve& curve, double budget, double baseRate)
{
    if (!curve.whole()) return 0;
    double left = budget;
    double read = 0;
    for (const Step& step : curve.steps) {
        const double share = step.positives / curve.positives;
        const double mass = baseRate * share + (1 - baseRate) * step.negatives / curve.negatives;
        if (mass <= 0) continue;
        const double taken = std::min(1.0, left / mass);
        read += taken * share;
        left -= taken * mass;
        if (left <= 0) break;
    }
    return std::min(1.0, read);
}

/// How often each cluster is drawn.
std::vector<double> drawn(std::size_t clusters, Rng& rng)
{
    std::vector<double> weights(clusters, 0);
    for (std::size_t i = 0; i < clusters; ++i)
        weights[rng.below(clusters)] += 1;
    return weights;
}

Estimate estimateOf(double value, std::vector<double> draws, std::size_t clusters)
{
    if (draws.empty()) return {value, value, value, static_cast<long long>(clusters)};
    std::sort(draws.begin(), draws.end());
    const auto at = [&](double share) {
        return draws[static_cast<std::size_t>(std::floor(share * static_cast<double>(draws.size() - 1) + 0.5))];
    };
    const auto n = static_cast<long long>(clusters);
    // Where every cluster agrees no draw differs, which is no certainty: Wilson's bounds of as many trials.
    if (value == 0 || value == 1) return proportion(value == 0 ? 0 : n, n);
    return {value, std::min(value, at(0.025)), std::max(value, at(0.975)), n};
}

} // namespace

double rocArea(std::span<const ScoredCase> cases)
{
    return areaOf(Sorted(cases).curve());
}

double truePositiveRate(std::span<const ScoredCase> cases, double maxFalsePositives)
{
    return hitsOf(Sorted(cases).curve(), maxFalsePositives);
}

double auditedShare(std::span<const ScoredCase> cases, double budget, double baseRate)
{
    return auditedOf(Sorted(cases).curve(), budget, baseRate);
}

Estimate clusteredShare(std::span<const ScoredCase> cases, int draws, std::uint64_t seed)
{
    const Sorted sorted(cases);
    const auto shareOf = [](const Curve& curve) {
        const double all = curve.positives + curve.negatives;
        return all > 0 ? curve.positives / all : 0.0;
    };
    std::vector<double> shares;
    Rng rng(seed, "share bootstrap");
    for (int draw = 0; sorted.clusters() > 0 && draw < draws; ++draw)
        shares.push_back(shareOf(sorted.curve(drawn(sorted.clusters(), rng))));
    return estimateOf(shareOf(sorted.curve()), std::move(shares), sorted.clusters());
}

RocQuality rocQuality(std::span<const ScoredCase> cases, const RocOptions& options)
{
    const Sorted sorted(cases);
    const Curve all = sorted.curve();
    std::vector<double> areas;
    std::vector<double> ones;
    std::vector<double> fives;
    std::vector<double> audits;
    Rng rng(options.seed, "roc bootstrap");
    // A few clusters may leave a draw without one of the kinds; so many misses mean that no draw would have both.
    for (int tries = 0; all.whole() && static_cast<int>(areas.size()) < options.draws && tries < 4 * options.draws;
         ++tries) {
        const Curve curve = sorted.curve(drawn(sorted.clusters(), rng));
        if (!curve.whole()) continue;
        areas.push_back(areaOf(curve));
        ones.push_back(hitsOf(curve, 0.01));
        fives.push_back(hitsOf(curve, 0.05));
        audits.push_back(auditedOf(curve, options.budget, options.baseRate));
    }
    const std::size_t n = sorted.clusters();
    return {.area = estimateOf(areaOf(all), std::move(areas), n),
            .atOnePercent = estimateOf(hitsOf(all, 0.01), std::move(ones), n),
            .atFivePercent = estimateOf(hitsOf(all, 0.05), std::move(fives), n),
            .audited = estimateOf(auditedOf(all, options.budget, options.baseRate), std::move(audits), n),
            .positives = static_cast<long long>(all.positives),
            .negatives = static_cast<long long>(all.negatives)};
}

} // namespace gradus::evals
