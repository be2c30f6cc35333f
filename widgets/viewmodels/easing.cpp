// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/easing.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Interpolation;
using schedule::Key;

namespace {

/// A family by its "in" and "in-out"; "out" is "in" turned by half a turn. Powers up to the third are exact; the others
/// are least-squares fits with control points inside the unit square, so that no easing of the list overshoots.
struct Family
{
    const char* name;
    double in[4];
    double inOut[2]; ///< its second control point is the first one turned
};
constexpr Family kFamilies[] = {
    {"sine", {0.243, 0.007, 0.476, 0.155}, {0.364, 0.0}},  {"quad", {1.0 / 3, 0.0, 2.0 / 3, 1.0 / 3}, {0.484, 0.042}},
    {"cubic", {1.0 / 3, 0.0, 2.0 / 3, 0.0}, {0.660, 0.0}}, {"quart", {0.527, 0.0, 0.744, 0.014}, {0.775, 0.0}},
    {"quint", {0.651, 0.0, 0.793, 0.019}, {0.843, 0.0}},   {"expo", {0.693, 0.0, 0.852, 0.015}, {0.895, 0.0}},
    {"circ", {0.604, 0.009, 1.0, 0.491}, {0.938, 0.209}},
};

std::vector<Easing> makeEasings()
{
    std::vector<Easing> all{
        {QStringLiteral("linear"), Interpolation::Linear},
        {QStringLiteral("hold"), Interpolation::Constant},
        {QStringLiteral("smoothstep"), Interpolation::Bezier, 1.0 / 3, 0, 2.0 / 3, 1},
    };
    for (const Family& family : kFamilies) {
        const QString name = QString::fromLatin1(family.name);
        const auto& in = family.in;
        const auto& turn = family.inOut;
        all.push_back({name + QStringLiteral(" in"), Interpolation::Bezier, in[0], in[1], in[2], in[3]});
        all.push_back(
            {name + QStringLiteral(" out"), Interpolation::Bezier, 1 - in[2], 1 - in[3], 1 - in[0], 1 - in[1]});
        all.push_back(
            {name + QStringLiteral(" in-out"), Interpolation::Bezier, turn[0], turn[1], 1 - turn[0], 1 - turn[1]});
    }
    return all;
}

QString shortNumber(double value)
{
    return QString::number(std::round(value * 1000) / 1000 + 0.0);
}

} // namespace

const std::vector<Easing>& easings()
{
    static const std::vector<Easing> all = makeEasings();
    return all;
}

std::optional<Easing> typedEasing(const QString& text)
{
    const QString clean = text.trimmed().toLower();
    for (const Easing& easing : easings())
        if (easing.name == clean) return easing;
    static const QRegularExpression numbers(
        QStringLiteral("^(?:cubic-bezier)?\\s*\\(?\\s*([^,\\s()]+)[,\\s]+([^,\\s()]+)[,\\s]+([^,\\s()]+)[,\\s]+"
                       "([^,\\s()]+)\\s*\\)?$"));
    const auto match = numbers.match(clean);
    if (!match.hasMatch()) return std::nullopt;
    double value[4];
    for (int i = 0; i < 4; ++i) {
        bool isNumber = false;
        value[i] = match.captured(i + 1).toDouble(&isNumber);
        if (!isNumber || !std::isfinite(value[i]) || std::abs(value[i]) > 10) return std::nullopt;
    }
    if (value[0] < 0 || value[0] > 1 || value[2] < 0 || value[2] > 1) return std::nullopt;
    return Easing{{}, Interpolation::Bezier, value[0], value[1], value[2], value[3]};
}

QString easingText(const Curve& curve, int index)
{
    const auto left = static_cast<std::size_t>(index);
    if (index < 0 || left + 1 >= curve.keys.size()) return {};
    const schedule::Segment segment = schedule::segmentsOf(curve)[left];
    if (segment.interpolation == Interpolation::Linear) return QStringLiteral("linear");
    if (segment.interpolation == Interpolation::Constant) return QStringLiteral("hold");
    const double rise = segment.y[3] - segment.y[0];
    if (rise == 0) return {};
    return QStringLiteral("cubic-bezier(%1, %2, %3, %4)")
        .arg(shortNumber(segment.u1), shortNumber((segment.y[1] - segment.y[0]) / rise), shortNumber(segment.u2),
             shortNumber((segment.y[2] - segment.y[0]) / rise));
}

Curve withEasing(const Curve& curve, const KeyIndices& indices, const Easing& easing)
{
    Curve result = curve;
    for (const int index : indices) {
        const auto left = static_cast<std::size_t>(index);
        if (left + 1 >= result.keys.size()) continue;
        Key& a = result.keys[left];
        Key& b = result.keys[left + 1];
        a.interpolation = easing.interpolation;
        if (easing.interpolation != Interpolation::Bezier) continue;
        const double width = b.x - a.x;
        const double rise = b.y - a.y;
        a.right = {easing.x1 * width, easing.y1 * rise};
        b.left = {(easing.x2 - 1) * width, (easing.y2 - 1) * rise};
    }
    return result;
}

Curve unitCurve(const Easing& easing)
{
    return withEasing({{{.x = 0, .y = 0}, {.x = 1, .y = 1}}}, {0}, easing);
}

} // namespace gradus::viewmodels
