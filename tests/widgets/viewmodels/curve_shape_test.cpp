// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rng.h"
#include "schedule/presets.h"
#include "support/suite.h"
#include "viewmodels/arithmetic.h"
#include "viewmodels/curve_shape.h"
#include "viewmodels/easing.h"
#include "viewmodels/lane_span.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::viewmodels;
using schedule::Curve;
using schedule::Interpolation;

namespace {

Curve four()
{
    return {{{.x = 0, .y = 0.3}, {.x = 0.4, .y = 0.5}, {.x = 0.7, .y = 0.62}, {.x = 1, .y = 0.9}}};
}

/// The function that an easing is named after.
double named(const QString& name, double s)
{
    const QString family = name.section(' ', 0, 0);
    const auto in = [&](double t) {
        if (family == "sine") return 1 - std::cos(t * 1.5707963267948966);
        if (family == "quad") return t * t;
        if (family == "cubic") return t * t * t;
        if (family == "quart") return t * t * t * t;
        if (family == "quint") return t * t * t * t * t;
        if (family == "expo") return (std::exp2(10 * t) - 1) / 1023;
        return 1 - std::sqrt(std::max(0.0, 1 - t * t)); // circ
    };
    if (name == "linear") return s;
    if (name == "smoothstep") return s * s * (3 - 2 * s);
    if (name.endsWith("in-out")) return s < 0.5 ? in(2 * s) / 2 : 1 - in(2 - 2 * s) / 2;
    return name.endsWith("out") ? 1 - in(1 - s) : in(s);
}

} // namespace

class CurveShapeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scaling_keepsPivotOrderAndBounds()
    {
        const Curve scaled = scaledKeys(four(), {1, 2}, 0.4, 0.5, 1.5, 2, {.minimumY = 0.001, .maximumY = 4.0});
        QCOMPARE(scaled.keys[1].x, 0.4);
        QVERIFY(std::abs(scaled.keys[2].x - 0.85) < 1e-12);
        QVERIFY(std::abs(scaled.keys[2].y - 0.74) < 1e-12);
        // However far it is asked to go: no key passes another, an end or a bound.
        Rng rng(tests::propertySeed(), "scale");
        for (int round = 0; round < 300; ++round) {
            const LaneBounds bounds{.minimumY = 0.001, .maximumY = 4.0};
            const double fx = 20 * rng.uniform() - 5;
            const double fy = 40 * rng.uniform() - 20;
            const Curve any = scaledKeys(four(), {0, 1, 2, 3}, rng.uniform(), rng.uniform(), fx, fy, bounds);
            QVERIFY(schedule::validate(any).ok());
            QCOMPARE(any.keys.front().x, 0.0);
            QCOMPARE(any.keys.back().x, 1.0);
            for (std::size_t i = 0; i < any.keys.size(); ++i) {
                QVERIFY(any.keys[i].y >= bounds.minimumY - 1e-9 && any.keys[i].y <= bounds.maximumY + 1e-9);
                if (i > 0) QVERIFY(any.keys[i].x - any.keys[i - 1].x >= bounds.keyDistance - 1e-12);
            }
        }
    }
    void bend_passesThroughThePointerAndLeavesTheKeys()
    {
        for (const double y : {0.32, 0.36, 0.4, 0.46, 0.49}) {
            const Curve bent = bentSegment(four(), 0, 0.2, y);
            QVERIFY2(std::abs(schedule::Evaluator(bent)(0.2) - y) < 1e-6, qPrintable(QString::number(y)));
            QCOMPARE(bent.keys[0].y, 0.3);
            QCOMPARE(bent.keys[1].y, 0.5);
            QVERIFY(bent.keys[1].interpolation == Interpolation::Monotone);
        }
        // Beyond what a bend can reach it stops at its keys.
        const auto far = schedule::Evaluator(bentSegment(four(), 0, 0.2, 3)).sample(0, 0.4, 400);
        QVERIFY(*std::max_element(far.begin(), far.end()) <= 0.5);
        for (std::size_t i = 1; i < far.size(); ++i)
            QVERIFY(far[i] >= far[i - 1] - 1e-12);
    }
    void holdsAndLevelSegments_areRaised()
    {
        Curve hold = four();
        hold.keys[1].interpolation = Interpolation::Constant;
        const Curve raised = draggedSegment(hold, 1, 0.5, 0.5, 0.6, {.minimumY = 0.001, .maximumY = 4.0});
        QVERIFY(std::abs(raised.keys[1].y - 0.6) < 1e-12);
        QCOMPARE(raised.keys[2].y, 0.62);
        Curve level = four();
        level.keys[2].y = 0.5;
        const Curve both = draggedSegment(level, 1, 0.5, 0.5, 0.6, {.minimumY = 0.001, .maximumY = 4.0});
        QVERIFY(std::abs(both.keys[1].y - 0.6) < 1e-12 && std::abs(both.keys[2].y - 0.6) < 1e-12);
    }
    void easings_followTheFunctionsTheyAreNamedAfter()
    {
        for (const Easing& easing : easings()) {
            if (easing.name == "hold") continue;
            const schedule::Evaluator evaluate(unitCurve(easing));
            double worst = 0;
            for (int i = 0; i <= 1000; ++i)
                worst = std::max(worst, std::abs(evaluate(i / 1000.0) - named(easing.name, i / 1000.0)));
            const bool exact = easing.name == "linear" || easing.name == "smoothstep" || easing.name == "quad in" ||
                               easing.name == "quad out" || easing.name == "cubic in" || easing.name == "cubic out";
            QVERIFY2(worst < (exact ? 1e-9 : 0.035), qPrintable(easing.name + ' ' + QString::number(worst)));
        }
    }
    void easings_areTypedByNameAndByNumbers()
    {
        for (const Easing& easing : easings())
            QVERIFY(typedEasing(easing.name.toUpper()) == easing);
        const auto typed = typedEasing(" cubic-bezier( 0.4,-0.5, 0.6 ,1.5 ) ");
        QVERIFY(typed && typed->x1 == 0.4 && typed->y1 == -0.5 && typed->x2 == 0.6 && typed->y2 == 1.5);
        QVERIFY(typedEasing("0.4, 0, 0.6, 1").has_value());
        for (const char* wrong : {"", "swoosh", "cubic-bezier(0.4, 0, 0.6)", "cubic-bezier(1.4, 0, 0.6, 1)",
                                  "cubic-bezier(nan, 0, 0.6, 1)", "cubic-bezier(0.4, 1e400, 0.6, 1)"})
            QVERIFY2(!typedEasing(wrong), wrong);
        const Curve eased = withEasing(four(), {1}, *typedEasing("0.25, 0.1, 0.5, 1"));
        QCOMPARE(easingText(eased, 1), QStringLiteral("cubic-bezier(0.25, 0.1, 0.5, 1)"));
        QVERIFY(easingText(four(), 3).isEmpty());
    }
    void presets_areValidStayBetweenTheirValuesAndFollowTheirFunctions()
    {
        for (int i = 0; i <= static_cast<int>(schedule::Preset::WarmupStableDecay); ++i)
            for (const auto& [first, last] : {std::pair{0.3, 0.9}, std::pair{0.9, 0.3}}) {
                const Curve curve = schedule::presetCurve(static_cast<schedule::Preset>(i), first, last);
                QVERIFY2(schedule::validate(curve).ok(), qPrintable(QString::number(i)));
                QVERIFY(curve.keys.front().x == 0 && curve.keys.back().x == 1 && curve.keys.front().y == first);
                for (const double y : schedule::Evaluator(curve).sample(0, 1, 2001))
                    QVERIFY2(y >= 0.3 - 1e-9 && y <= 0.9 + 1e-9, qPrintable(QString::number(i)));
            }
        const auto follows = [](schedule::Preset preset, double first, double last, auto function) {
            const schedule::Evaluator evaluate(schedule::presetCurve(preset, first, last));
            double worst = 0;
            for (int i = 0; i <= 1000; ++i)
                worst = std::max(worst, std::abs(evaluate(i / 1000.0) - function(i / 1000.0)));
            return worst;
        };
        QVERIFY(follows(schedule::Preset::Polynomial, 0, 1, [](double x) { return 1 - (1 - x) * (1 - x); }) < 1e-9);
        QVERIFY(follows(schedule::Preset::Cosine, 0, 1,
                        [](double x) { return (1 - std::cos(3.141592653589793 * x)) / 2; }) < 0.002);
        const double root =
            follows(schedule::Preset::InverseSqrt, 0, 1, [](double x) { return 1.5 * (1 - 1 / std::sqrt(1 + 8 * x)); });
        QVERIFY2(root < 0.02, qPrintable(QString::number(root)));
    }
    void arithmetic_isReadAsWritten()
    {
        QCOMPARE(arithmetic("0.3*2").value(), 0.6);
        QCOMPARE(arithmetic(" (1 + 2) / 4 - .25 ").value(), 0.5);
        QCOMPARE(arithmetic("-2 * -3").value(), 6.0);
        QCOMPARE(arithmetic("2 - 3 - 4").value(), -5.0);
        QCOMPARE(arithmetic("1e-5").value(), 1e-5);
        for (const char* wrong : {"", "1/0", "1 2", "(1", "1)", "two", "inf", "nan", "1e999", "--", "*2"})
            QVERIFY2(!arithmetic(wrong), wrong);
        std::string deep(1000, '(');
        deep += '1';
        deep.append(1000, ')');
        QVERIFY(!arithmetic(deep));
    }
    void span_staysInTheRunAndZoomsAboutAPlace()
    {
        LaneSpan span;
        QSignalSpy changed(&span, &LaneSpan::rangeChanged);
        span.setRange(0.6, 0.2);
        QCOMPARE(span.low(), 0.2);
        span.pan(0.9);
        QVERIFY(std::abs(span.low() - 0.6) < 1e-12 && std::abs(span.high() - 1) < 1e-12);
        span.setRange(0.2, 0.6);
        span.zoom(0.3, 2);
        QVERIFY(std::abs(span.low() - 0.25) < 1e-12 && std::abs(span.high() - 0.45) < 1e-12);
        span.zoom(0.3, 1e9);
        QVERIFY(std::abs(span.high() - span.low() - kLeastSpan) < 1e-12);
        span.setRange(std::nan(""), 1);
        span.showAll();
        const auto count = changed.count();
        span.showAll();
        QCOMPARE(changed.count(), count);
        span.setPlayhead(7);
        QCOMPARE(span.playhead().value(), 1.0);
    }
};
GRADUS_SUITE(CurveShapeTest)
#include "curve_shape_test.moc"
