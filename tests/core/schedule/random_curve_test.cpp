// SPDX-License-Identifier: GPL-3.0-or-later
// Properties of the evaluator over 10,000 random curves.
#include "schedule/sampled_csv.h"

#include "base/rng.h"
#include "base/text.h"

#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <sstream>

using namespace gradus;
using namespace gradus::schedule;

namespace {

constexpr int kCurves = 10000;

double anyValue(Rng& rng)
{
    const double sign = rng.below(4) == 0 ? -1 : 1;
    return sign * std::pow(10, rng.uniform() * 6 - 4);
}

/// 1 to 8 keys in [0, 1], distances from 2e-6 up, all interpolations, handles from none to longer than the segment.
Curve randomCurve(Rng& rng)
{
    Curve curve;
    double x = rng.below(2) == 0 ? 0 : rng.uniform() * 0.2;
    const auto flat = rng.below(4) == 0;
    for (std::uint64_t n = 1 + rng.below(8); n > 0; --n) {
        Key key{.x = x, .y = flat && !curve.keys.empty() ? curve.keys.back().y : anyValue(rng)};
        key.interpolation = static_cast<Interpolation>(rng.below(4));
        key.left = {-rng.uniform() * 0.3, rng.normal()};
        key.right = {rng.uniform() * 0.3, rng.normal()};
        if (rng.below(8) == 0) key.right = {};
        curve.keys.push_back(key);
        x += rng.below(10) == 0 ? 2e-6 : 1e-3 + rng.uniform() * 0.12;
    }
    return curve;
}

/// Largest control value: what "relative" is measured against.
double scaleOf(const Curve& curve)
{
    double scale = 0;
    for (const Key& key : curve.keys)
        scale = std::max(scale, std::abs(key.y));
    for (const Segment& segment : segmentsOf(curve))
        for (const double y : segment.y)
            scale = std::max(scale, std::abs(y));
    return scale;
}

std::uint64_t bits(double value)
{
    return std::bit_cast<std::uint64_t>(value);
}

} // namespace

class RandomCurveTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyValue_isFiniteAndRepeatableBitForBit()
    {
        Rng rng(tests::propertySeed(), "curves");
        for (int i = 0; i < kCurves; ++i) {
            const Curve curve = randomCurve(rng);
            QVERIFY(validate(curve).ok());
            const Evaluator evaluator(curve);
            const Evaluator again{Curve(curve)};
            const auto samples = evaluator.sample(-0.1, 1.1, 41);
            QCOMPARE(samples.size(), 41U);
            for (int k = 0; k < 41; ++k) {
                const double x = samplePosition(-0.1, 1.1, k, 41);
                const double value = samples[static_cast<std::size_t>(k)];
                QVERIFY(std::isfinite(value));
                QCOMPARE(bits(value), bits(again(x)));
                QCOMPARE(bits(value), bits(evaluator(x)));
            }
            for (const Key& key : curve.keys)
                QCOMPARE(bits(evaluator(key.x)), bits(key.y));
        }
    }
    void monotoneSegments_neverOvershootNorTurnBack()
    {
        Rng rng(tests::propertySeed(), "monotone");
        for (int i = 0; i < kCurves; ++i) {
            const Curve curve = randomCurve(rng);
            const Evaluator evaluator(curve);
            for (std::size_t k = 0; k + 1 < curve.keys.size(); ++k) {
                if (curve.keys[k].interpolation != Interpolation::Monotone) continue;
                const auto [low, high] = std::minmax(curve.keys[k].y, curve.keys[k + 1].y);
                const double direction = curve.keys[k + 1].y >= curve.keys[k].y ? 1 : -1;
                double last = curve.keys[k].y;
                for (const double y : evaluator.sample(curve.keys[k].x, curve.keys[k + 1].x, 33)) {
                    QVERIFY(y >= low && y <= high);
                    QVERIFY((y - last) * direction >= -1e-15 * (std::abs(low) + std::abs(high)));
                    last = y;
                }
            }
        }
    }
    void insertOnCurve_keepsTheShape()
    {
        Rng rng(tests::propertySeed(), "insert");
        for (int i = 0; i < kCurves; ++i) {
            Curve curve = randomCurve(rng);
            const Evaluator before(curve);
            const double scale = scaleOf(curve);
            const auto size = curve.keys.size();
            const int index = insertOnCurve(curve, rng.uniform());
            QVERIFY(index >= 0);
            QVERIFY(curve.keys.size() == size || curve.keys.size() == size + 1);
            const auto checked = validate(curve);
            QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());
            const Evaluator after(curve);
            for (int k = 0; k <= 200; ++k) {
                const double x = k / 200.0;
                // Where a Bezier stands almost upright one bit of x moves y by more than any tolerance: there the
                // value must lie between its neighbours a few bits of x away.
                const double steep =
                    std::max(std::abs(before(x + 4e-16) - before(x)), std::abs(before(x) - before(x - 4e-16)));
                QVERIFY(std::abs(after(x) - before(x)) <= 1e-12 * scale + 4 * steep);
            }
        }
    }
    void repeatedInsertion_keepsTheShape()
    {
        Rng rng(tests::propertySeed(), "insert many");
        for (int i = 0; i < 200; ++i) {
            Curve curve;
            for (int k = 0; k < 5; ++k)
                curve.keys.push_back({.x = k / 4.0, .y = rng.uniform()});
            const Evaluator before(curve);
            for (int k = 0; k < 40; ++k)
                insertOnCurve(curve, rng.uniform());
            const Evaluator after(curve);
            for (int k = 0; k <= 300; ++k)
                QVERIFY(std::abs(after(k / 300.0) - before(k / 300.0)) < 1e-12);
        }
    }
    void exportedTable_isBitEqualToTheEvaluator()
    {
        Rng rng(tests::propertySeed(), "csv");
        for (int i = 0; i < kCurves / 10; ++i) {
            const Curve curve = randomCurve(rng);
            const Evaluator evaluator(curve);
            std::istringstream csv(sampledCsv(curve, 50));
            std::string line;
            std::getline(csv, line);
            QCOMPARE(line, std::string("fraction,value"));
            int rows = 0;
            while (std::getline(csv, line)) {
                const auto comma = line.find(',');
                const double x = parseNumber(line.substr(0, comma)).value();
                QCOMPARE(bits(x), bits(samplePosition(0, 1, rows, 50)));
                QCOMPARE(bits(parseNumber(line.substr(comma + 1)).value()), bits(evaluator(x)));
                ++rows;
            }
            QCOMPARE(rows, 50);
        }
    }
};
GRADUS_SUITE(RandomCurveTest)
#include "random_curve_test.moc"
