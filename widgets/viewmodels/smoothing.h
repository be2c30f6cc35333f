// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing of curves for the eye. What is logged, compared or exported as data is never smoothed.
#pragma once

#include <QString>
#include <QVector>

#include <span>

namespace gradus::viewmodels {

enum class SmoothingKind
{
    None,
    Ema,      ///< exponential moving average, debiased: the first points are not drawn towards 0
    TimeEma,  ///< the same, with the past fading by distance on the x axis instead of by point
    Gaussian, ///< centred, cut off at three standard deviations, weights of missing neighbours left out
    Mean,     ///< centred running mean, shorter at the ends
    Median,   ///< centred running median, shorter at the ends
};

inline constexpr double kHeaviest = 0.999;

/// How a curve is smoothed.
struct Smoothing
{
    SmoothingKind kind = SmoothingKind::None;
    double strength = 60; ///< 0 (nothing) to 100

    friend bool operator==(const Smoothing&, const Smoothing&) = default;
};

/// Weight of the past of the exponential kinds, in 0 to kHeaviest.
double weightOf(const Smoothing& smoothing);
/// Points of a window of the running kinds: odd, from 1; of Gaussian, 2 * 3 standard deviations + 1.
int windowOf(const Smoothing& smoothing);
/// What stands on a card and in an export: "EMA 0.60", "Gaussian, sd 15 points", "median of 31"; empty: not smoothed.
QString stampOf(const Smoothing& smoothing);

/// y smoothed; x and y have equal lengths and x increases. A value that is no number stays as it is, and nothing
/// reaches across it: where data has a gap, what is on the other side is not known here. Constant stretches come out
/// exactly as they went in.
QVector<double> smoothed(const QVector<double>& x, const QVector<double>& y, const Smoothing& smoothing);
/// The same in place, for a part of a curve: axisLength is the whole curve's.
void smooth(std::span<const double> x, std::span<double> y, const Smoothing& smoothing, double axisLength);

} // namespace gradus::viewmodels
