// SPDX-License-Identifier: GPL-3.0-or-later
// Curves over capacity by least squares, and what they say of a capacity that nobody has measured. Pure; any thread.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "forecast/capacity_curve.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gradus::forecast {

/// y of capacity c = log10 N, with z = a + b (c - mean c). Imitation is fitted as 1 - y.
enum class Form
{
    Power,      ///< y = 1 - e^z: the error is a power of N
    Saturating, ///< y = top - e^z, top below 1
    Logistic,   ///< y = floor + (1 - floor) / (1 + e^-z)
};
const char* nameOf(Form form); ///< "power law", "saturating", "logistic"

/// One form fitted to one curve.
struct FittedForm
{
    Form form = Form::Logistic;
    double level = 0;    ///< a
    Estimate slope;      ///< b a decade of parameters, 90 % interval
    double top = 1;      ///< of Saturating: the best of the profile
    double residual = 0; ///< root mean square of y
    double weight = 0;   ///< of its share in the forecast, over all forms 1
};

inline constexpr std::size_t kLeastRungs = 3; ///< that a curve is fitted to
inline constexpr double kForecastLevel = 0.9; ///< of every interval here

/// All forms at once. A forecast is their mixture: each form weighs as its likelihood (the tops of Saturating share one
/// form's weight, as a profile); its parameters are drawn from their normal approximation with a variance of t law that
/// counts the measured errors of the rungs as two more observations, and the noise of a new rung is added. Slopes have
/// a weak prior of 5 a decade. No curve knows of skills that
/// appear between rungs: back_test.h widens intervals by what other curves needed. Values stay in [0, 1].
class CapacityFit final
{
public:
    /// Refused with fewer than kLeastRungs distinct capacities: the sentence says how to get more.
    static Result<CapacityFit> to(const CapacityCurve& curve);

    const std::vector<FittedForm>& forms() const { return m_forms; }
    double lastCapacity() const { return m_last; }
    /// Median and 90 % prediction interval of a rung's figure; n: rungs behind it.
    Estimate at(double capacity, std::uint64_t seed = 1, int draws = 4000) const;

private:
    struct Component
    {
        Form form = Form::Logistic;
        double top = 1;
        double a = 0, b = 0;
        double aa = 0, ab = 0, bb = 0; ///< covariance of (a, b) over the variance of a rung
        double variance = 0;           ///< of a rung
        double weight = 0;
        double squares = 0; ///< residual sum of squares
    };

    double valueOf(const Component& component, double z) const;
    Component fitted(Form form, double top, const std::vector<double>& y, const CapacityCurve& curve,
                     double measured) const;
    void summarise();

    bool m_mirrored = false; ///< fitted as 1 - y
    double m_floor = 0;
    double m_centre = 0;
    double m_last = 0;
    double m_degrees = 1;
    std::size_t m_rungs = 0;
    std::vector<Component> m_components;
    std::vector<FittedForm> m_forms;
};

} // namespace gradus::forecast
