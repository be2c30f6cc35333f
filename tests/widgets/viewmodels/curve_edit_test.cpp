// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rng.h"
#include "schedule/presets.h"
#include "support/suite.h"
#include "viewmodels/curve_edit.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;
using namespace gradus::viewmodels;
using schedule::Curve;
using schedule::Interpolation;

namespace {

Curve fiveKeys(Interpolation kind = Interpolation::Monotone)
{
    Curve curve;
    const double y[] = {0.3, 0.36, 0.52, 0.9, 0.95};
    for (int i = 0; i < 5; ++i)
        curve.keys.push_back({i / 4.0, y[i], kind, {-0.05, -0.02}, {0.05, 0.03}});
    return curve;
}

double largestDifference(const Curve& a, const Curve& b)
{
    const schedule::Evaluator first(a);
    const schedule::Evaluator second(b);
    double largest = 0;
    for (int i = 0; i <= 2000; ++i)
        largest = std::max(largest, std::abs(first(i / 2000.0) - second(i / 2000.0)));
    return largest;
}

} // namespace

class CurveEditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pinnedKeys_moveUpAndDownOnly()
    {
        const Curve moved = movedKeys(fiveKeys(), {0, 4}, 0.1, 0.2, {.minimumY = 0.001, .maximumY = 4.0});
        QCOMPARE(moved.keys[0].x, 0.0);
        QCOMPARE(moved.keys[4].x, 1.0);
        QCOMPARE(moved.keys[0].y, 0.5);
    }
    void group_stopsAtTheFirstNeighbourTogether()
    {
        const LaneBounds bounds{.minimumY = 0.001, .maximumY = 4.0};
        const Curve moved = movedKeys(fiveKeys(), {1, 2}, 0.9, 0, bounds);
        QCOMPARE(moved.keys[2].x, 0.75 - bounds.keyDistance);
        QCOMPARE(moved.keys[2].x - moved.keys[1].x, 0.25);
    }
    void group_keepsItsShapeAtTheBounds()
    {
        const LaneBounds bounds{.minimumY = 0.1, .maximumY = 1.0, .keyDistance = 0.01};
        const Curve up = movedKeys(fiveKeys(), {2, 3}, 0, 5, bounds);
        QCOMPARE(up.keys[3].y, 1.0);
        QCOMPARE(up.keys[2].y, 0.62);
        const Curve down = movedKeys(fiveKeys(), {0, 3}, 0, -5, bounds);
        QCOMPARE(down.keys[0].y, 0.1);
        QCOMPARE(down.keys[3].y, 0.7);
    }
    void keysNearerThanTheEditorPutsThem_areNotThrownAround()
    {
        Curve curve = fiveKeys();
        curve.keys[2].x = curve.keys[1].x + 1e-5;
        const Curve moved = movedKeys(curve, {2}, -0.5, 0, {.minimumY = 0.001, .maximumY = 4.0});
        QVERIFY(moved.keys[2].x == curve.keys[2].x);
        QVERIFY(schedule::validate(movedKeys(curve, {1}, 0.5, 0, {.minimumY = 0.001, .maximumY = 4.0})));
    }
    void removal_sparesTheEnds()
    {
        const Curve rest = withoutKeys(fiveKeys(), {0, 1, 2, 4});
        QCOMPARE(rest.keys.size(), std::size_t{3});
        QCOMPARE(rest.keys.front().x, 0.0);
        QCOMPARE(rest.keys.back().x, 1.0);
        const Curve one{{{.x = 0.5, .y = 1}}};
        QVERIFY(withoutKeys(one, {0}) == one);
    }
    void toBezier_keepsMonotoneAndLinearShapes()
    {
        for (const Interpolation kind : {Interpolation::Monotone, Interpolation::Linear}) {
            const Curve curve = fiveKeys(kind);
            QVERIFY(largestDifference(curve, withInterpolation(curve, {0, 1, 2, 3, 4}, Interpolation::Bezier)) < 1e-12);
        }
    }
    void kinds_areReadOffTheHandlesTheyWrite()
    {
        const Curve curve = fiveKeys();
        for (const KeyKind kind : {KeyKind::Smooth, KeyKind::Flat, KeyKind::Corner}) {
            const Curve changed = withKind(curve, 2, kind);
            QVERIFY(schedule::validate(changed));
            QCOMPARE(kindOf(changed, 2), kind);
        }
        const Curve broken = withHandle(withKind(curve, 2, KeyKind::Smooth), 2, HandleSide::Left, {-0.1, 0.2}, false);
        QCOMPARE(kindOf(broken, 2), KeyKind::Broken);
    }
    void mirroredHandle_turnsItsTwinAndKeepsItsLength()
    {
        const Curve smooth = withKind(fiveKeys(), 2, KeyKind::Smooth);
        const double before = std::hypot(smooth.keys[2].left.dx, smooth.keys[2].left.dy);
        const Curve turned = withHandle(smooth, 2, HandleSide::Right, {0.05, 0.2}, true);
        QCOMPARE(kindOf(turned, 2), KeyKind::Smooth);
        QCOMPARE(std::hypot(turned.keys[2].left.dx, turned.keys[2].left.dy), before);
    }
    void handle_neverPointsToTheOtherSide()
    {
        const Curve curve = withHandle(fiveKeys(Interpolation::Bezier), 2, HandleSide::Right, {-0.3, 0.1}, false);
        QCOMPARE(curve.keys[2].right.dx, 0.0);
        QVERIFY(schedule::validate(curve));
    }
    void presets_startAndEndWhereTheCurveDid()
    {
        for (const schedule::Preset preset : {schedule::Preset::Linear, schedule::Preset::Cosine,
                                              schedule::Preset::Exponential, schedule::Preset::Sigmoid}) {
            const schedule::Evaluator evaluate(schedule::presetCurve(preset, 0.3, 0.9));
            QVERIFY(std::abs(evaluate(0) - 0.3) < 1e-12);
            QVERIFY(std::abs(evaluate(1) - 0.9) < 1e-12);
        }
        QVERIFY(schedule::Evaluator(schedule::presetCurve(schedule::Preset::Constant, 0.3, 0.9))(1) == 0.3);
    }
    void presets_followTheirFormula()
    {
        const schedule::Evaluator cosine(schedule::presetCurve(schedule::Preset::Cosine, 0.3, 0.9));
        const schedule::Evaluator exponential(schedule::presetCurve(schedule::Preset::Exponential, 0.3, 0.9));
        const schedule::Evaluator sigmoid(schedule::presetCurve(schedule::Preset::Sigmoid, 0.3, 0.9));
        const auto logistic = [](double x) { return 1 / (1 + std::exp(-10 * (x - 0.5))); };
        for (int i = 0; i <= 100; ++i) {
            const double x = i / 100.0;
            QVERIFY(std::abs(cosine(x) - (0.3 + 0.6 * (1 - std::cos(M_PI * x)) / 2)) < 0.001);
            QVERIFY(std::abs(exponential(x) - 0.3 * std::pow(3, x)) < 0.001);
            const double s = (logistic(x) - logistic(0)) / (logistic(1) - logistic(0));
            QVERIFY(std::abs(sigmoid(x) - (0.3 + 0.6 * s)) < 0.003);
        }
    }
    void randomEdits_leaveAValidCurveInsideItsBounds()
    {
        Rng rng(tests::propertySeed(), "curve edits");
        const LaneBounds bounds{.minimumY = 0.001, .maximumY = 4.0};
        for (int round = 0; round < 200; ++round) {
            Curve curve = fiveKeys(static_cast<Interpolation>(rng.below(4)));
            for (int edit = 0; edit < 20; ++edit) {
                const int index = static_cast<int>(rng.below(curve.keys.size()));
                switch (rng.below(6)) {
                case 0:
                    curve = movedKeys(curve, {index}, rng.normal(), rng.normal(), bounds);
                    break;
                case 1:
                    curve = withoutKeys(curve, {index});
                    break;
                case 2:
                    curve = withKind(curve, index, static_cast<KeyKind>(rng.below(4)));
                    break;
                case 3:
                    curve = keyPlaced(curve, index, rng.normal(), 3 * rng.normal(), bounds);
                    break;
                case 4:
                    schedule::insertOnCurve(curve, rng.uniform());
                    break;
                default:
                    curve = withInterpolation(curve, {index}, static_cast<Interpolation>(rng.below(4)));
                }
                const auto valid = schedule::validate(curve);
                QVERIFY2(valid, valid ? "" : valid.error().message.c_str());
                for (const schedule::Key& key : curve.keys)
                    QVERIFY(key.x >= 0 && key.x <= 1 && std::isfinite(key.y));
            }
        }
    }
};
GRADUS_SUITE(CurveEditTest)
#include "curve_edit_test.moc"
