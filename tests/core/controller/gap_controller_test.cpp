// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/gap_controller.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::controller;

namespace {

const std::vector<double> kCapacities{3.0, 3.5, 3.8, 4.4, 5.0, 5.3};
const std::vector<std::string> kNames{"8,1", "16,1", "16,2", "32,2", "48,3", "64,4"};

spec::Gap fixedGap(double value)
{
    spec::Gap gap;
    gap.controller = "fixed";
    gap.value = value;
    return gap;
}

GapState at(int generation, int generations, int rung)
{
    return {.generation = generation,
            .generations = generations,
            .rung = rung,
            .rungNames = kNames,
            .capacities = kCapacities};
}

} // namespace

class GapControllerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void snap_takesTheNearestRungAbove()
    {
        QCOMPARE(snapToLadder(kCapacities, 0, 0.5).value(), 1);
        QCOMPARE(snapToLadder(kCapacities, 0, 0.7).value(), 2); // 3.7 is nearer to 3.8 than to 3.5
        QCOMPARE(snapToLadder(kCapacities, 0, 99).value(), 5);
        QVERIFY(!snapToLadder(kCapacities, 5, 0.5));
    }
    void snap_alwaysClimbs()
    {
        QCOMPARE(snapToLadder(kCapacities, 2, 0.001).value(), 3); // a tiny wish still goes to the next rung
    }
    void snap_tieGoesToTheSmallerRung() { QCOMPARE(snapToLadder({0.0, 1.0, 2.0}, 0, 1.5).value(), 1); }
    void fixed_wantsTheSameEveryTime()
    {
        const auto controller = makeController(fixedGap(0.6));
        for (int i = 1; i < 4; ++i)
            QCOMPARE(controller->nextGap(at(i, 4, 0)).wanted, 0.6);
    }
    void schedule_readsTheCurveFromEndToEnd()
    {
        spec::Gap gap;
        gap.controller = "schedule";
        gap.curve.keys = {{.x = 0, .y = 0.3, .interpolation = schedule::Interpolation::Linear}, {.x = 1, .y = 0.9}};
        const auto controller = makeController(gap);
        QCOMPARE(controller->nextGap(at(1, 4, 0)).wanted, 0.3);
        QVERIFY(std::abs(controller->nextGap(at(2, 4, 1)).wanted - 0.6) < 1e-15);
        QCOMPARE(controller->nextGap(at(3, 4, 2)).wanted, 0.9);
        QCOMPARE(controller->nextGap(at(1, 2, 0)).wanted, 0.3); // the only gap of two generations
    }
    void decision_saysWhatWasTakenAndWhy()
    {
        const Decision decision = makeController(fixedGap(0.7))->nextGap(at(1, 4, 1));
        QCOMPARE(decision.rung.value(), 3);
        QVERIFY(std::abs(decision.taken - 0.9) < 1e-12);
        QCOMPARE(QString::fromStdString(decision.sentence),
                 QStringLiteral("Gap 0.90 taken (0.70 fixed): rung 32,2 is the nearest above 16,1."));
    }
    void endOfLadder_isSaidInWords()
    {
        const Decision decision = makeController(fixedGap(0.5))->nextGap(at(2, 4, 5));
        QVERIFY(!decision.rung);
        QVERIFY(decision.sentence.find("ladder ends at rung 64,4") != std::string::npos);
    }
    void snap_isNeverBeatenByAnotherRungAbove()
    {
        Rng rng(tests::propertySeed(), "snap");
        for (int i = 0; i < 2000; ++i) {
            const int rung = static_cast<int>(rng.below(5));
            const double wanted = rng.uniform() * 3;
            const int chosen = snapToLadder(kCapacities, rung, wanted).value();
            QVERIFY(chosen > rung);
            const auto distance = [&](int r) {
                return std::abs(kCapacities[static_cast<std::size_t>(r)] - kCapacities[static_cast<std::size_t>(rung)] -
                                wanted);
            };
            for (int other = rung + 1; other < 6; ++other)
                QVERIFY(distance(chosen) <= distance(other));
        }
    }
};
GRADUS_SUITE(GapControllerTest)
#include "gap_controller_test.moc"
