// SPDX-License-Identifier: GPL-3.0-or-later
// One curve from the curves of several runs: centre, band and N at every step. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gradus::compare {

/// A metric of one run. x strictly increasing and finite; a NaN in y is a gap: nothing is known between its neighbours.
struct Trace
{
    std::vector<double> x, y; ///< equal lengths
};

/// What a metric does between two of its points.
enum class Between
{
    Line, ///< runs straight from one to the next: losses, accuracies
    Hold, ///< keeps the earlier value: gaps, weights
};

/// The run's value at x: nothing before its first and after its last point, and nothing in a gap.
std::optional<double> valueAt(const Trace& trace, double x, Between between);

enum class Centre
{
    Mean,
    Median,
    InterquartileMean, ///< mean of the middle half; where n/4 is no whole number the outer two of it count in part
};
/// NaN for no values.
double centreOf(std::span<const double> values, Centre centre);

enum class Band
{
    None,
    StudentT,  ///< 95 % t interval of the mean over runs; only the mean has one
    Bootstrap, ///< 95 % percentile interval of the centre, runs drawn with replacement
    Range,     ///< lowest and highest run
};
/// Whether this band can be drawn round this centre.
bool fits(Band band, Centre centre);

struct OverRunsOptions
{
    Between between = Between::Line;
    Centre centre = Centre::Mean;
    Band band = Band::StudentT;
    std::uint64_t seed = 1; ///< of the bootstrap; every step sees the same draws, so the band does not flicker
    int draws = 1000;
};

/// All of equal length. Where n is 0 centre is NaN; where n is below 2, or the band does not fit, low and high are NaN.
struct OverRuns
{
    std::vector<double> x, centre, low, high;
    std::vector<int> n; ///< runs that have a value at x

    friend bool operator==(const OverRuns&, const OverRuns&) = default;
};

/// At every x at which any of the traces has a point. Runs may log at different steps and end at different ones: each
/// counts wherever its own curve is known. The mean of lines is exact between the points as well.
OverRuns overRuns(std::span<const Trace> traces, const OverRunsOptions& options);

/// The first minus the second wherever both are known, at the points of either.
Trace difference(const Trace& first, const Trace& second, Between between);

/// Centre of the group minus centre of the baseline where runs of the two do not pair; n is the smaller of the two.
/// StudentT is Welch's interval; Bootstrap draws in either group; Range has no meaning here and leaves the band out.
OverRuns unpairedDifference(std::span<const Trace> group, std::span<const Trace> baseline,
                            const OverRunsOptions& options);

} // namespace gradus::compare
