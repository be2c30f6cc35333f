// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/typed_key.h"

#include "base/text.h"

#include <QCoreApplication>

#include <cmath>

namespace gradus::viewmodels {

namespace {

constexpr double kRounding = 1e-9; ///< of a bound: texts are shorter than doubles

QString words(const char* text)
{
    return QCoreApplication::translate("gradus::viewmodels::TypedKey", text);
}

/// The bound that value lies beyond.
std::optional<double> beyond(double value, double low, double high)
{
    const auto slack = [](double bound) { return kRounding * std::abs(bound); };
    if (value < low - slack(low)) return low;
    if (value > high + slack(high)) return high;
    return std::nullopt;
}

QString written(double value)
{
    return QString::fromStdString(numberText(value));
}

/// Short enough to be read: bounds of places are sums of thousandths.
QString placeNumber(const RunAxis& axis, double x)
{
    return written(std::round(axis.shown(x) * 1e6) / 1e6);
}

QString placeText(const RunAxis& axis, double x)
{
    return placeNumber(axis, x) + (axis.unit() == RunUnit::Fraction ? QStringLiteral(" %") : QString());
}

} // namespace

QString KeyRefusal::fixText() const
{
    return words("Use %1").arg(nearestShown);
}

std::optional<KeyRefusal> refusalOf(const schedule::Curve& curve, int index, double x, double y,
                                    const LaneBounds& bounds, const RunAxis& axis)
{
    const auto [low, high] = freeRange(curve, index, bounds.keyDistance);
    if (!isPinned(curve, index) && low <= high)
        if (const auto bound = beyond(x, low, high))
            return KeyRefusal{.isPlace = true,
                              .sentence = words("%1 is beyond the next key: this one may stand at %2 to %3 of the run.")
                                              .arg(placeText(axis, x), placeNumber(axis, low), placeText(axis, high)),
                              .nearest = *bound,
                              .nearestText = placeNumber(axis, *bound),
                              .nearestShown = placeText(axis, *bound)};
    if (const auto bound = beyond(y, bounds.minimumY, bounds.maximumY))
        return KeyRefusal{.isPlace = false,
                          .sentence =
                              (*bound == bounds.minimumY ? words("%1 is less than %2, the least this lane takes.")
                                                         : words("%1 is more than %2, the most this lane takes."))
                                  .arg(written(y), written(*bound)),
                          .nearest = *bound,
                          .nearestText = written(*bound),
                          .nearestShown = written(*bound)};
    return std::nullopt;
}

} // namespace gradus::viewmodels
