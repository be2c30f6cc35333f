// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/smoothing.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

namespace gradus::viewmodels {

namespace {

/// The past of one point fades to the weight over this share of the x axis, as it does at 1,000 evenly spaced points.
constexpr double kPointsOfAxis = 1000;

/// A stretch without gaps. Values are taken from its first one: sums of equal values are then exact.
struct Stretch
{
    std::span<const double> x;
    std::span<const double> y;
    std::span<double> out;
};

void exponential(const Stretch& one, const std::function<double(std::size_t)>& weightBefore)
{
    const double origin = one.y.front();
    double sum = 0;
    double mass = 0;
    for (std::size_t i = 0; i < one.y.size(); ++i) {
        const double weight = i == 0 ? 0 : weightBefore(i);
        sum = sum * weight + (one.y[i] - origin);
        mass = mass * weight + 1;
        one.out[i] = origin + sum / mass;
    }
}

/// Four sums at a time: one alone would wait for each addition.
double dot(const double* a, const double* b, std::ptrdiff_t count)
{
    double sum[4] = {};
    std::ptrdiff_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (std::ptrdiff_t lane = 0; lane < 4; ++lane)
            sum[lane] += a[i + lane] * b[i + lane];
    for (; i < count; ++i)
        sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void gaussian(const Stretch& one, int reach)
{
    const double sd = std::max(reach / 3.0, 1e-9);
    std::vector<double> kernel(2 * static_cast<std::size_t>(reach) + 1); // its middle is the point itself
    for (int i = -reach; i <= reach; ++i)
        kernel[static_cast<std::size_t>(i + reach)] = std::exp(-0.5 * std::pow(i / sd, 2));
    const std::vector<double> ones(kernel.size(), 1.0);
    const double whole = dot(kernel.data(), ones.data(), 2 * std::ptrdiff_t{reach} + 1);
    const double origin = one.y.front();
    std::vector<double> above(one.y.begin(), one.y.end());
    for (double& value : above)
        value -= origin;
    const auto size = static_cast<std::ptrdiff_t>(above.size());
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, i - reach);
        const std::ptrdiff_t count = std::min(size, i + reach + 1) - first;
        const double* weights = kernel.data() + (first - i + reach);
        const double mass = count == 2 * std::ptrdiff_t{reach} + 1 ? whole : dot(weights, ones.data(), count);
        one.out[static_cast<std::size_t>(i)] = origin + dot(weights, above.data() + first, count) / mass;
    }
}

void runningMean(const Stretch& one, int reach)
{
    const double origin = one.y.front();
    std::vector<double> sums(one.y.size() + 1, 0.0);
    for (std::size_t i = 0; i < one.y.size(); ++i)
        sums[i + 1] = sums[i] + (one.y[i] - origin);
    const auto side = static_cast<std::size_t>(reach);
    for (std::size_t i = 0; i < one.y.size(); ++i) {
        const std::size_t first = i > side ? i - side : 0;
        const std::size_t end = std::min(one.y.size(), i + side + 1);
        one.out[i] = origin + (sums[end] - sums[first]) / static_cast<double>(end - first);
    }
}

void runningMedian(const Stretch& one, int reach)
{
    const auto side = static_cast<std::size_t>(reach);
    std::vector<double> window; // sorted
    std::size_t end = 0;
    for (std::size_t i = 0; i < one.y.size(); ++i) {
        for (; end < std::min(one.y.size(), i + side + 1); ++end)
            window.insert(std::upper_bound(window.begin(), window.end(), one.y[end]), one.y[end]);
        if (i > side) window.erase(std::lower_bound(window.begin(), window.end(), one.y[i - side - 1]));
        const std::size_t middle = window.size() / 2;
        one.out[i] = window.size() % 2 == 1 ? window[middle] : std::midpoint(window[middle - 1], window[middle]);
    }
}

void smoothStretch(const Stretch& one, const Smoothing& smoothing, double axisLength)
{
    const int reach = windowOf(smoothing) / 2;
    const double weight = weightOf(smoothing);
    switch (smoothing.kind) {
    case SmoothingKind::None:
        return;
    case SmoothingKind::Ema:
        return exponential(one, [weight](std::size_t) { return weight; });
    case SmoothingKind::TimeEma:
        return exponential(one, [&](std::size_t i) {
            return std::pow(weight, (one.x[i] - one.x[i - 1]) / axisLength * kPointsOfAxis);
        });
    case SmoothingKind::Gaussian:
        return gaussian(one, reach);
    case SmoothingKind::Mean:
        return runningMean(one, reach);
    case SmoothingKind::Median:
        return runningMedian(one, reach);
    }
}

QString words(const char* text)
{
    return QCoreApplication::translate("Smoothing", text);
}

} // namespace

double weightOf(const Smoothing& smoothing)
{
    return std::clamp(smoothing.strength / 100, 0.0, kHeaviest);
}

int windowOf(const Smoothing& smoothing)
{
    const int strength = static_cast<int>(std::clamp(std::round(smoothing.strength), 0.0, 100.0));
    return smoothing.kind == SmoothingKind::Gaussian ? 6 * (strength / 2) + 1 : 2 * strength + 1;
}

QString stampOf(const Smoothing& smoothing)
{
    const double past = weightOf(smoothing);
    const QString weight = QString::number(past, 'f', std::round(past * 100) == past * 100 ? 2 : 3);
    switch (smoothing.kind) {
    case SmoothingKind::None:
        return {};
    case SmoothingKind::Ema:
        return words("EMA %1").arg(weight);
    case SmoothingKind::TimeEma:
        return words("time-weighted EMA %1").arg(weight);
    case SmoothingKind::Gaussian:
        return words("Gaussian, sd %1 points").arg(windowOf(smoothing) / 6);
    case SmoothingKind::Mean:
        return words("mean of %1").arg(windowOf(smoothing));
    case SmoothingKind::Median:
        return words("median of %1").arg(windowOf(smoothing));
    }
    return {};
}

void smooth(std::span<const double> x, std::span<double> y, const Smoothing& smoothing, double axisLength)
{
    if (smoothing.kind == SmoothingKind::None) return;
    const std::vector<double> raw(y.begin(), y.end());
    const std::span<const double> ys(raw);
    for (std::size_t begin = 0; begin < ys.size();) {
        if (!std::isfinite(ys[begin])) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < ys.size() && std::isfinite(ys[end]))
            ++end;
        const std::size_t length = end - begin;
        smoothStretch({x.subspan(begin, length), ys.subspan(begin, length), y.subspan(begin, length)}, smoothing,
                      std::max(axisLength, 1e-300));
        begin = end;
    }
}

QVector<double> smoothed(const QVector<double>& x, const QVector<double>& y, const Smoothing& smoothing)
{
    QVector<double> result = y;
    if (y.isEmpty() || x.size() != y.size()) return result;
    smooth(std::span(x.constData(), static_cast<std::size_t>(x.size())),
           std::span(result.data(), static_cast<std::size_t>(result.size())), smoothing, x.back() - x.front());
    return result;
}

} // namespace gradus::viewmodels
