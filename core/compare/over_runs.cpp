// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/over_runs.h"

#include "base/rng.h"
#include "compare/group_tests.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gradus::compare {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Bounds
{
    double low = kNaN;
    double high = kNaN;
};

std::vector<double> allSteps(std::span<const Trace> traces)
{
    std::vector<double> steps;
    for (const Trace& trace : traces)
        steps.insert(steps.end(), trace.x.begin(), trace.x.end());
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

/// What is known of the traces at x.
std::vector<double> valuesAt(std::span<const Trace> traces, double x, Between between)
{
    std::vector<double> values;
    values.reserve(traces.size());
    for (const Trace& trace : traces)
        if (const auto value = valueAt(trace, x, between)) values.push_back(*value);
    return values;
}

/// As many of the values, drawn with replacement.
std::vector<double> drawn(std::span<const double> values, Rng& rng)
{
    std::vector<double> draw(values.size());
    for (double& one : draw)
        one = values[rng.below(values.size())];
    return draw;
}

Bounds percentiles(std::vector<double> draws)
{
    std::sort(draws.begin(), draws.end());
    const auto at = [&](double q) {
        return draws[static_cast<std::size_t>(std::lround(q * static_cast<double>(draws.size() - 1)))];
    };
    return {at(0.025), at(0.975)};
}

Bounds bootstrapped(std::span<const double> values, const OverRunsOptions& options)
{
    Rng rng(options.seed, "bootstrap/runs");
    std::vector<double> centres;
    for (int i = 0; i < options.draws; ++i)
        centres.push_back(centreOf(drawn(values, rng), options.centre));
    return percentiles(std::move(centres));
}

Bounds bandOf(std::span<const double> values, const OverRunsOptions& options)
{
    if (values.size() < 2 || !fits(options.band, options.centre)) return {};
    switch (options.band) {
    case Band::None:
        return {};
    case Band::StudentT: {
        const Estimate mean = evals::meanWithInterval(values);
        return {mean.low, mean.high};
    }
    case Band::Bootstrap:
        return bootstrapped(values, options);
    case Band::Range: {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        return {*low, *high};
    }
    }
    return {};
}

Bounds bandOfDifference(std::span<const double> a, std::span<const double> b, const OverRunsOptions& options)
{
    if (a.size() < 2 || b.size() < 2 || !fits(options.band, options.centre)) return {};
    if (options.band == Band::StudentT) {
        const Estimate welch = welchDifference(a, b);
        return {welch.low, welch.high};
    }
    if (options.band != Band::Bootstrap) return {};
    Rng first(options.seed, "bootstrap/runs");
    Rng second(options.seed, "bootstrap/baseline");
    std::vector<double> differences;
    for (int i = 0; i < options.draws; ++i)
        differences.push_back(centreOf(drawn(a, first), options.centre) - centreOf(drawn(b, second), options.centre));
    return percentiles(std::move(differences));
}

void append(OverRuns& curve, double x, double centre, const Bounds& band, std::size_t n)
{
    curve.x.push_back(x);
    curve.centre.push_back(centre);
    curve.low.push_back(band.low);
    curve.high.push_back(band.high);
    curve.n.push_back(static_cast<int>(n));
}

} // namespace

std::optional<double> valueAt(const Trace& trace, double x, Between between)
{
    const auto after = std::upper_bound(trace.x.begin(), trace.x.end(), x);
    if (after == trace.x.begin()) return std::nullopt;
    const auto last = static_cast<std::size_t>(after - trace.x.begin()) - 1;
    if (std::isnan(trace.y[last])) return std::nullopt;
    if (trace.x[last] == x) return trace.y[last];
    if (after == trace.x.end()) return std::nullopt;
    if (between == Between::Hold) return trace.y[last];
    const double next = trace.y[last + 1];
    if (std::isnan(next)) return std::nullopt;
    return trace.y[last] + (next - trace.y[last]) * (x - trace.x[last]) / (trace.x[last + 1] - trace.x[last]);
}

double centreOf(std::span<const double> values, Centre centre)
{
    if (values.empty()) return kNaN;
    const auto n = static_cast<double>(values.size());
    if (centre == Centre::Mean) return std::accumulate(values.begin(), values.end(), 0.0) / n;
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    if (centre == Centre::Median) {
        const std::size_t middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
    // Value i owns the stretch [i, i + 1] of [0, n]; it weighs what of that lies in [n/4, 3n/4].
    double sum = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto from = static_cast<double>(i);
        sum += sorted[i] * std::max(0.0, std::min(from + 1, 0.75 * n) - std::max(from, 0.25 * n));
    }
    return sum / (n / 2);
}

bool fits(Band band, Centre centre)
{
    return band != Band::StudentT || centre == Centre::Mean;
}

OverRuns overRuns(std::span<const Trace> traces, const OverRunsOptions& options)
{
    OverRuns curve;
    for (const double x : allSteps(traces)) {
        const std::vector<double> values = valuesAt(traces, x, options.between);
        append(curve, x, centreOf(values, options.centre), bandOf(values, options), values.size());
    }
    return curve;
}

Trace difference(const Trace& first, const Trace& second, Between between)
{
    const Trace both[] = {first, second};
    Trace result;
    for (const double x : allSteps(both)) {
        const auto a = valueAt(first, x, between);
        const auto b = valueAt(second, x, between);
        result.x.push_back(x);
        result.y.push_back(a && b ? *a - *b : kNaN);
    }
    return result;
}

OverRuns unpairedDifference(std::span<const Trace> group, std::span<const Trace> baseline,
                            const OverRunsOptions& options)
{
    std::vector<Trace> all(group.begin(), group.end());
    all.insert(all.end(), baseline.begin(), baseline.end());
    OverRuns curve;
    for (const double x : allSteps(all)) {
        const std::vector<double> a = valuesAt(group, x, options.between);
        const std::vector<double> b = valuesAt(baseline, x, options.between);
        append(curve, x, centreOf(a, options.centre) - centreOf(b, options.centre), bandOfDifference(a, b, options),
               std::min(a.size(), b.size()));
    }
    return curve;
}

} // namespace gradus::compare
