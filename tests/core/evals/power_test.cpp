// SPDX-License-Identifier: GPL-3.0-or-later
// Against the tables that everyone uses for the paired t test at 5 %, and a simulation.
#include "evals/power.h"

#include "base/rng.h"
#include "evals/statistics.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace gradus;
using namespace gradus::evals;

namespace {

class PowerTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairsNeeded_areThoseOfTheTables()
    {
        QCOMPARE(pairsNeeded(0.2, 1, 0.05), std::optional<long long>(199));
        QCOMPARE(pairsNeeded(0.5, 1, 0.05), std::optional<long long>(34));
        QCOMPARE(pairsNeeded(0.8, 1, 0.05), std::optional<long long>(15));
        QCOMPARE(pairsNeeded(-0.8, 1, 0.05), std::optional<long long>(15));
        QCOMPARE(pairsNeeded(0.01, 1, 0.05), std::nullopt);
        QCOMPARE(pairsNeeded(0, 1, 0.05), std::nullopt);
    }

    void detectable_isTheDifferenceThatNeedsAsManyPairs()
    {
        for (const long long n : {2, 3, 5, 10, 100}) {
            const double difference = detectableDifference(0.03, n, 0.05);
            QVERIFY(std::abs(pairedPower(difference / 0.03, n, 0.05) - kUsualPower) < 1e-6);
            QCOMPARE(pairsNeeded(difference * 1.0001, 0.03, 0.05), std::optional<long long>(n));
        }
        QCOMPARE(pairedPower(1000, 5, 0.05), 1.0);
        QVERIFY(std::abs(pairedPower(0, 5, 0.05) - 0.05) < 1e-9);
    }

    void power_isTheShareOfRejectionsInASimulation()
    {
        constexpr int kRepeats = 20000;
        Rng rng(20261129, "power");
        int rejected = 0;
        for (int i = 0; i < kRepeats; ++i) {
            std::vector<double> differences;
            for (int k = 0; k < 5; ++k)
                differences.push_back(1.2 + rng.normal());
            const Estimate mean = meanWithInterval(differences);
            rejected += mean.low > 0 || mean.high < 0 ? 1 : 0;
        }
        const double share = static_cast<double>(rejected) / kRepeats;
        QVERIFY2(std::abs(share - pairedPower(1.2, 5, 0.05)) < 0.012, qPrintable(QString::number(share)));
    }
};

} // namespace

GRADUS_SUITE(PowerTest)

#include "power_test.moc"
