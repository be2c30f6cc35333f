// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/curve.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::schedule;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Curve curveOf(std::vector<std::pair<double, double>> points, Interpolation interpolation)
{
    Curve curve;
    for (const auto& [x, y] : points)
        curve.keys.push_back({.x = x, .y = y, .interpolation = interpolation});
    return curve;
}

} // namespace

class CurveTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names_areReadBack()
    {
        for (const auto kind :
             {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone, Interpolation::Bezier})
            QCOMPARE(interpolationFromName(nameOf(kind)).value(), kind);
        QVERIFY(interpolationFromName("liner").error().message.find("\"linear\"") != std::string::npos);
        QCOMPARE(interpolationFromName("liner").error().kind, ErrorKind::BadInput);
    }
    void oneKey_holdsEverywhere()
    {
        const Evaluator evaluator(curveOf({{0.5, 2}}, Interpolation::Monotone));
        QCOMPARE(evaluator(-10), 2.0);
        QCOMPARE(evaluator(0.5), 2.0);
        QCOMPARE(evaluator(10), 2.0);
    }
    void beyondTheEnds_theValueHolds()
    {
        const Evaluator evaluator(curveOf({{0.2, 1}, {0.8, 3}}, Interpolation::Linear));
        QCOMPARE(evaluator(0), 1.0);
        QCOMPARE(evaluator(1), 3.0);
        QCOMPARE(evaluator(-std::numeric_limits<double>::infinity()), 1.0);
        QVERIFY(std::isnan(evaluator(kNan)));
    }
    void constant_jumpsAtTheNextKey()
    {
        const Evaluator evaluator(curveOf({{0, 1}, {0.5, 2}, {1, 3}}, Interpolation::Constant));
        QCOMPARE(evaluator(std::nextafter(0.5, 0)), 1.0);
        QCOMPARE(evaluator(0.5), 2.0);
    }
    void linear_isTheStraightLine()
    {
        const Evaluator evaluator(curveOf({{0, 0.25}, {1, 0.75}}, Interpolation::Linear));
        QCOMPARE(evaluator(0.5), 0.5);
        QCOMPARE(evaluator(0.25), 0.375);
    }
    void monotone_matchesTheHandComputedHermite()
    {
        // Secants 1 and 3, slopes 1, 2, 3 (2 <= 3 x 1). First segment at its middle: (y0 + y1)/2 + (m0 - m1) h/8.
        const Evaluator evaluator(curveOf({{0, 0}, {1, 1}, {2, 4}}, Interpolation::Monotone));
        QCOMPARE(evaluator(0.5), 0.5 + (1.0 - 2.0) / 8);
        QCOMPARE(evaluator(1.5), 2.5 + (2.0 - 3.0) / 8);
        QCOMPARE(evaluator(1), 1.0);
    }
    void monotone_isFlatAtATurningPoint()
    {
        const Evaluator evaluator(curveOf({{0, 0}, {1, 1}, {2, 0}}, Interpolation::Monotone));
        QVERIFY(evaluator(0.999) <= 1.0);
        QVERIFY(1 - evaluator(0.999) < 1e-5); // a kink would differ by 1e-3
    }
    void bezierWithThirds_isTheCubicInX()
    {
        Curve curve = curveOf({{0, 0}, {1, 1}}, Interpolation::Bezier);
        curve.keys[0].right = {1.0 / 3, 0};
        curve.keys[1].left = {-1.0 / 3, 0};
        const Evaluator evaluator(curve); // smoothstep 3x^2 - 2x^3
        for (const double x : {0.1, 0.25, 0.5, 0.9})
            QVERIFY(std::abs(evaluator(x) - (3 * x * x - 2 * x * x * x)) < 1e-15);
    }
    void bezierWithVerticalTangent_isSolvedAtEveryPoint()
    {
        Curve curve = curveOf({{0, 0}, {1, 1}}, Interpolation::Bezier);
        curve.keys[0].right = {1, 0};
        curve.keys[1].left = {-1, 0};
        const Evaluator evaluator(curve);
        QCOMPARE(evaluator(0.5), 0.5);
        double last = 0;
        for (const double y : evaluator.sample(0, 1, 1001)) {
            QVERIFY(y >= last - 1e-15);
            last = y;
        }
    }
    void handleThatWouldTurnBack_isShortenedAlongItsDirection()
    {
        Curve curve = curveOf({{0, 0}, {1, 0}}, Interpolation::Bezier);
        curve.keys[0].right = {4, 8};
        QCOMPARE(segmentsOf(curve)[0].y[1], 2.0);
        QCOMPARE(segmentsOf(curve)[0].u1, 1.0);
    }
    void validate_namesTheKeyAndTheCure()
    {
        const auto message = [](const Curve& curve) {
            const auto result = validate(curve);
            return result.ok() ? std::string() : result.error().message;
        };
        QCOMPARE(message(curveOf({{0, 1}, {1, 2}}, Interpolation::Linear)), std::string());
        QVERIFY(message({}).find("no keys") != std::string::npos);
        QVERIFY(message(curveOf({{0, 1}, {0, 2}}, Interpolation::Linear)).find("Key 2") != std::string::npos);
        QVERIFY(message(curveOf({{0.5, 1}, {0.2, 2}}, Interpolation::Linear)).find("increasing") != std::string::npos);
        QVERIFY(!validate(curveOf({{0, kNan}}, Interpolation::Linear)));
        QVERIFY(!validate(curveOf({{std::numeric_limits<double>::infinity(), 0}}, Interpolation::Linear)));
        QVERIFY(!validate(curveOf({{0, 1e200}}, Interpolation::Linear)));
        QVERIFY(!validate(curveOf({{0, 1}, {1e-12, 2}}, Interpolation::Linear)));
        Curve curve = curveOf({{0, 1}, {1, 2}}, Interpolation::Bezier);
        curve.keys[0].right.dx = -0.1;
        QVERIFY(message(curve).find("right handle") != std::string::npos);
        curve.keys[0].right.dx = 0;
        curve.keys[1].left.dx = 0.1;
        QVERIFY(message(curve).find("left handle") != std::string::npos);
    }
    void insert_onAKeyThatIsThereReturnsIt()
    {
        Curve curve = curveOf({{0, 1}, {0.5, 2}, {1, 3}}, Interpolation::Monotone);
        const Curve same = curve;
        QCOMPARE(insertOnCurve(curve, 0.5 + 0.5 * kMinimumKeyDistance), 1);
        QCOMPARE(insertOnCurve(curve, kNan), -1);
        QCOMPARE(curve, same);
    }
    void insert_beyondTheEndsContinuesTheHeldValue()
    {
        for (const auto kind :
             {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone, Interpolation::Bezier}) {
            Curve curve = curveOf({{0.2, 1}, {0.5, 3}, {0.8, 4}}, kind);
            const Evaluator before(curve);
            QCOMPARE(insertOnCurve(curve, 0), 0);
            QCOMPARE(insertOnCurve(curve, 1), 4);
            QVERIFY(validate(curve).ok());
            const Evaluator after(curve);
            for (int i = 0; i <= 1000; ++i)
                QVERIFY(std::abs(before(i * 1e-3) - after(i * 1e-3)) < 1e-14);
        }
    }
    void insert_convertsTheMonotoneNeighboursAndNoMore()
    {
        Curve curve = curveOf({{0, 0}, {0.2, 1}, {0.4, 3}, {0.6, 4}, {0.8, 9}, {1, 9.5}}, Interpolation::Monotone);
        QCOMPARE(insertOnCurve(curve, 0.5), 3);
        QCOMPARE(curve.keys.size(), 7U);
        const auto kind = [&](std::size_t i) { return curve.keys[i].interpolation; };
        QCOMPARE(kind(0), Interpolation::Monotone);
        for (const std::size_t i : {1U, 2U, 3U, 4U})
            QCOMPARE(kind(i), Interpolation::Bezier);
        QCOMPARE(kind(5), Interpolation::Monotone);
    }
};
GRADUS_SUITE(CurveTest)
#include "curve_test.moc"
