// SPDX-License-Identifier: GPL-3.0-or-later
// Capacity, gap and noise told apart where they can be, and refused where they cannot.
#include "forecast/drivers.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::forecast;

class DriversTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void slopes_areFoundAgain()
    {
        Rng rng(gradus::tests::propertySeed(), "drivers");
        std::vector<TaughtGeneration> all;
        for (int run = 0; run < 30; ++run)
            for (int g = 0; g < 4; ++g) {
                TaughtGeneration one{.capacity = 3 + g * 0.5,
                                     .gap = 0.2 + rng.uniform(),
                                     .noise = 0.2 + 0.3 * rng.uniform(),
                                     .value = 0,
                                     .floor = 0.5,
                                     .run = run};
                const double odds = -2 + 0.6 * one.capacity - 0.4 * one.gap - 0.5 * one.noise / 0.1 * 0.5;
                one.value = 0.5 + 0.5 / (1 + std::exp(-(odds + 0.05 * rng.normal())));
                all.push_back(one);
            }
        const auto drivers = driversOf(all);
        QVERIFY2(drivers.ok(), drivers ? "" : drivers.error().message.c_str());
        QVERIFY(std::abs(drivers->capacity.value - 0.6) < 0.05);
        QVERIFY(std::abs(drivers->gap.value + 0.4) < 0.05);
        QVERIFY(std::abs(drivers->noise.value + 0.25) < 0.03);
        QVERIFY(drivers->gap.low < drivers->gap.value && drivers->gap.high < 0);
        QVERIFY(drivers->explained > 0.95);
    }
    void aLevelATask_keepsTasksFromPassingForASlope()
    {
        // The second task is harder and has the larger rungs: with one level for both, the two cancel, and hide that a
        // decade of capacity brings .6.
        Rng rng(gradus::tests::propertySeed(), "tasks");
        std::vector<TaughtGeneration> all;
        for (int run = 0; run < 40; ++run)
            for (int g = 0; g < 4; ++g) {
                const int task = run % 2;
                TaughtGeneration one{.capacity = 3 + task * 1.5 + g * 0.4,
                                     .gap = 0.2 + rng.uniform(),
                                     .noise = 0.2 + 0.3 * rng.uniform(),
                                     .value = 0,
                                     .floor = 0.14,
                                     .run = run,
                                     .task = task,
                                     .labels = 2.5 + 0.5 * (run % 3)};
                const double odds = -2 - 0.9 * task + 0.6 * one.capacity - 0.4 * one.gap - 2.5 * one.noise +
                                    0.3 * one.labels + 0.05 * rng.normal();
                one.value = 0.14 + 0.86 / (1 + std::exp(-odds));
                all.push_back(one);
            }
        const auto drivers = driversOf(all);
        QVERIFY2(drivers.ok(), drivers ? "" : drivers.error().message.c_str());
        QCOMPARE(drivers->tasks, std::size_t{2});
        QVERIFY2(std::abs(drivers->capacity.value - 0.6) < 0.05, qPrintable(QString::number(drivers->capacity.value)));
        QVERIFY(std::abs(drivers->gap.value + 0.4) < 0.05);
        QVERIFY(std::abs(drivers->noise.value + 0.25) < 0.03);
        QVERIFY(drivers->labels && std::abs(drivers->labels->value - 0.3) < 0.05);
        QVERIFY(drivers->labels->low > 0);
        // As one task.
        for (TaughtGeneration& one : all)
            one.task = 0;
        const auto mixed = driversOf(all);
        QVERIFY(mixed.ok() && mixed->capacity.value < 0.3);
        // One number of labels throughout is no driver, and the rest is as before.
        for (TaughtGeneration& one : all)
            one.labels = 3;
        QVERIFY(driversOf(all).ok() && !driversOf(all)->labels);
    }
    void onesThatGoTogether_areRefused()
    {
        std::vector<TaughtGeneration> all;
        for (int i = 0; i < 20; ++i)
            all.push_back(
                {.capacity = 3.0 + i % 4, .gap = 0.5, .noise = 0.1 * (i % 3), .value = 0.6, .floor = 0.5, .run = i});
        QVERIFY(driversOf(all).error().message.find("cannot be told apart") != std::string::npos);
        all.resize(5);
        QVERIFY(driversOf(all).error().message.find("there are 5") != std::string::npos);
    }
};
GRADUS_SUITE(DriversTest)
#include "drivers_test.moc"
