// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/capacity_fit.h"

#include "base/rng.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <Eigen/Dense>
#include <boost/math/distributions/chi_squared.hpp>

namespace gradus::forecast {

namespace {

constexpr int kTops = 12;              ///< of the saturating form's profile
constexpr double kLeastError = 0.005;  ///< standard error of a rung: no seed is measured better than its items allow
constexpr double kMeasuredDegrees = 2; ///< observations that the rungs' measured errors count for
constexpr double kSlopeScale = 5;      ///< a decade
constexpr double kLevelScale = 10;
constexpr int kSteps = 50;

/// z of a y that is kept off the ends, where it would be infinite.
double linked(Form form, double y, double floor, double top)
{
    if (form == Form::Logistic) {
        const double share = std::clamp((y - floor) / (1 - floor), 0.02, 0.98);
        return std::log(share / (1 - share));
    }
    return std::log(std::max(top - y, 1e-3));
}

/// dy / dz.
double slopeAt(Form form, double z, double floor)
{
    if (form != Form::Logistic) return -std::exp(std::min(z, 50.0));
    const double share = 1 / (1 + std::exp(-z));
    return (1 - floor) * share * (1 - share);
}

} // namespace

const char* nameOf(Figure figure)
{
    switch (figure) {
    case Figure::Ceiling:
        return "ceiling";
    case Figure::Utility:
        return "utility";
    case Figure::Imitation:
        return "imitation";
    }
    return "";
}

const char* nameOf(Form form)
{
    switch (form) {
    case Form::Power:
        return "power law";
    case Form::Saturating:
        return "saturating";
    case Form::Logistic:
        return "logistic";
    }
    return "";
}

double CapacityFit::valueOf(const Component& component, double z) const
{
    if (component.form == Form::Logistic) return m_floor + (1 - m_floor) / (1 + std::exp(-z));
    return component.top - std::exp(std::min(z, 50.0));
}

/// Levenberg and Marquardt on (a, b), from the straight line through the linked values.
CapacityFit::Component CapacityFit::fitted(Form form, double top, const std::vector<double>& y,
                                           const CapacityCurve& curve, double measured) const
{
    const auto n = static_cast<Eigen::Index>(y.size());
    Component made{.form = form, .top = top};
    Eigen::MatrixXd design(n, 2);
    Eigen::VectorXd z(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        design(i, 0) = 1;
        design(i, 1) = curve.points[static_cast<std::size_t>(i)].capacity - m_centre;
        z(i) = linked(form, y[static_cast<std::size_t>(i)], m_floor, top);
    }
    Eigen::Vector2d theta = design.colPivHouseholderQr().solve(z);
    theta(1) = std::clamp(theta(1), -2 * kSlopeScale, 2 * kSlopeScale);
    const double variance = measured * measured;
    const Eigen::Vector2d prior(1 / (kLevelScale * kLevelScale), 1 / (kSlopeScale * kSlopeScale));
    const auto squaresAt = [&](const Eigen::Vector2d& at) {
        double sum = 0;
        for (Eigen::Index i = 0; i < n; ++i) {
            const double off = y[static_cast<std::size_t>(i)] - valueOf(made, design.row(i).dot(at));
            sum += off * off;
        }
        return sum;
    };
    const auto costAt = [&](const Eigen::Vector2d& at) {
        return squaresAt(at) + variance * (prior.array() * at.array().square()).sum();
    };
    Eigen::Matrix2d curvature = Eigen::Matrix2d::Identity();
    double damping = 1e-3;
    double cost = costAt(theta);
    for (int step = 0; step < kSteps; ++step) {
        Eigen::MatrixXd jacobian(n, 2);
        Eigen::VectorXd off(n);
        for (Eigen::Index i = 0; i < n; ++i) {
            const double at = design.row(i).dot(theta);
            jacobian.row(i) = slopeAt(form, at, m_floor) * design.row(i);
            off(i) = y[static_cast<std::size_t>(i)] - valueOf(made, at);
        }
        curvature = jacobian.transpose() * jacobian;
        curvature.diagonal() += variance * prior;
        const Eigen::Vector2d gradient =
            jacobian.transpose() * off - variance * (prior.array() * theta.array()).matrix();
        Eigen::Matrix2d damped = curvature;
        damped.diagonal() *= 1 + damping;
        const Eigen::Vector2d next = theta + damped.ldlt().solve(gradient);
        const double reached = costAt(next);
        if (std::isfinite(reached) && reached <= cost) {
            theta = next;
            const bool settled = cost - reached < 1e-14;
            cost = reached;
            damping = std::max(damping / 10, 1e-9);
            if (settled) break;
        } else {
            damping *= 10;
            if (damping > 1e12) break;
        }
    }
    const Eigen::Matrix2d covariance = curvature.inverse();
    made.a = theta(0);
    made.b = theta(1);
    made.aa = covariance(0, 0);
    made.ab = covariance(0, 1);
    made.bb = covariance(1, 1);
    made.squares = squaresAt(theta);
    made.variance = (made.squares + kMeasuredDegrees * variance) / m_degrees;
    made.weight = std::pow(made.squares + static_cast<double>(n) * variance, -static_cast<double>(n) / 2);
    return made;
}

void CapacityFit::summarise()
{
    double sum = 0;
    for (const Component& component : m_components)
        sum += component.weight;
    const double quantile = evals::studentQuantile(0.5 + kForecastLevel / 2, m_degrees);
    for (const Form form : {Form::Power, Form::Saturating, Form::Logistic}) {
        const Component* best = nullptr;
        FittedForm made{.form = form, .slope = {}};
        for (Component& component : m_components) {
            if (component.form != form) continue;
            made.weight += component.weight / sum;
            if (best == nullptr || component.weight > best->weight) best = &component;
        }
        made.level = best->a;
        const double half = quantile * std::sqrt(best->variance * best->bb);
        made.slope = {best->b, best->b - half, best->b + half, static_cast<long long>(m_rungs)};
        made.top = best->top;
        made.residual = std::sqrt(best->squares / static_cast<double>(m_rungs));
        m_forms.push_back(made);
    }
    for (Component& component : m_components)
        component.weight /= sum;
}

Result<CapacityFit> CapacityFit::to(const CapacityCurve& curve)
{
    std::set<double> capacities;
    for (const CapacityPoint& point : curve.points)
        capacities.insert(point.capacity);
    if (capacities.size() < kLeastRungs)
        return badInput("The " + std::string(nameOf(curve.figure)) + " of \"" + curve.name + "\" is known at " +
                        std::to_string(capacities.size()) + " capacities and a curve needs " +
                        std::to_string(kLeastRungs) +
                        ": run more generations with small gaps, as the template `scaling` does.");
    CapacityFit fit;
    fit.m_mirrored = curve.figure == Figure::Imitation;
    fit.m_floor = std::clamp(curve.floor, 0.0, 0.95);
    fit.m_rungs = curve.points.size();
    fit.m_degrees = static_cast<double>(fit.m_rungs) - 2 + kMeasuredDegrees;
    fit.m_last = *capacities.rbegin();
    std::vector<double> y;
    double highest = 0;
    double measured = 0;
    for (const CapacityPoint& point : curve.points) {
        y.push_back(fit.m_mirrored ? 1 - point.value : point.value);
        highest = std::max(highest, y.back());
        fit.m_centre += point.capacity / static_cast<double>(fit.m_rungs);
        measured += point.error * point.error / static_cast<double>(fit.m_rungs);
    }
    measured = std::max(std::sqrt(measured), kLeastError);
    for (int k = 1; k < kTops; ++k) {
        const double top = highest + (1 - highest) * k / kTops;
        fit.m_components.push_back(fit.fitted(Form::Saturating, top, y, curve, measured));
        fit.m_components.back().weight /= kTops - 1;
    }
    fit.m_components.push_back(fit.fitted(Form::Power, 1, y, curve, measured));
    fit.m_components.push_back(fit.fitted(Form::Logistic, 1, y, curve, measured));
    fit.summarise();
    return fit;
}

Estimate CapacityFit::at(double capacity, std::uint64_t seed, int draws) const
{
    Rng rng(seed, "forecast/draws");
    const double x = capacity - m_centre;
    const boost::math::chi_squared chi(m_degrees);
    std::vector<double> values;
    for (int draw = 0; draw < draws; ++draw) {
        double u = rng.uniform();
        std::size_t pick = 0;
        while (pick + 1 < m_components.size() && u >= m_components[pick].weight)
            u -= m_components[pick++].weight;
        const Component& component = m_components[pick];
        const double spread = std::sqrt(component.variance * m_degrees /
                                        boost::math::quantile(chi, std::clamp(rng.uniform(), 1e-6, 1 - 1e-6)));
        const double z = component.a + component.b * x;
        const double error = std::sqrt(std::max(0.0, component.aa + 2 * x * component.ab + x * x * component.bb));
        const double value = valueOf(component, z + spread * error * rng.normal()) + spread * rng.normal();
        values.push_back(std::clamp(m_mirrored ? 1 - value : value, 0.0, 1.0));
    }
    std::ranges::sort(values);
    const auto quantile = [&](double q) {
        return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
    };
    return {quantile(0.5), quantile((1 - kForecastLevel) / 2), quantile((1 + kForecastLevel) / 2),
            static_cast<long long>(m_rungs)};
}

} // namespace gradus::forecast
