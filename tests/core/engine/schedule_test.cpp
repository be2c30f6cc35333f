// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batches.h"
#include "engine/rate_schedule.h"

#include "base/rng.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::engine;

class ScheduleTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rate_risesThenFallsAndNeverReachesZero()
    {
        for (const Decay decay : {Decay::Cosine, Decay::Linear, Decay::Constant})
            for (const std::int64_t total : {1, 2, 3, 100}) {
                double highest = 0;
                for (std::int64_t step = 1; step <= total; ++step) {
                    const double factor = rateFactor(step, total, 0.1, decay);
                    QVERIFY(factor > 0 && factor <= 1);
                    highest = std::max(highest, factor);
                }
                QCOMPARE(highest, 1.0);
            }
        QCOMPARE(rateFactor(5, 100, 0.1, Decay::Cosine), 0.5);
        QCOMPARE(rateFactor(56, 100, 0.1, Decay::Linear), 0.5);
        QVERIFY(std::abs(rateFactor(56, 100, 0.1, Decay::Cosine) - 0.5) < 1e-12);
        QCOMPARE(rateFactor(1, 100, 0.0, Decay::Constant), 1.0);
    }
    void drawnDecay_isTheCurveFromTheFirstStepAfterWarmUpToTheLast()
    {
        const auto at = [](double x) { return 1 - x * x; };
        const Decay decay(at);
        for (const double warmup : {0.0, 0.1}) {
            const std::int64_t rising = warmup > 0 ? 5 : 0;
            for (std::int64_t step = rising + 1; step <= 50; ++step)
                QCOMPARE(rateFactor(step, 50, warmup, decay),
                         at(static_cast<double>(step - rising - 1) / static_cast<double>(50 - rising - 1)));
            QCOMPARE(rateFactor(50, 50, warmup, decay), 0.0);
        }
        QCOMPARE(rateFactor(1, 1, 0, decay), 1.0);
        QVERIFY(!decayOf("drawn")); // without its function
        QVERIFY(decayOf("drawn", at).ok());
    }
    void decay_isKnownByNameOnly()
    {
        QCOMPARE(decayOf("linear").value().kind(), Decay::Linear);
        QVERIFY(!decayOf("Linear"));
    }
    void epoch_holdsEveryItemOnceAndRepeats()
    {
        Rng rng(tests::propertySeed(), "batches");
        for (int trial = 0; trial < 200; ++trial) {
            std::vector<std::int64_t> lengths(1 + rng.below(300));
            for (std::int64_t& length : lengths)
                length = static_cast<std::int64_t>(1 + rng.below(40));
            const auto size = static_cast<std::int64_t>(1 + rng.below(40));
            const auto batches = epochBatches(lengths, size, 5, trial);
            std::vector<std::int64_t> seen;
            for (const Batch& batch : batches) {
                QVERIFY(!batch.empty() && static_cast<std::int64_t>(batch.size()) <= size);
                seen.insert(seen.end(), batch.begin(), batch.end());
            }
            QCOMPARE(batches.size(),
                     (lengths.size() + static_cast<std::size_t>(size) - 1) / static_cast<std::size_t>(size));
            std::ranges::sort(seen);
            for (std::size_t i = 0; i < lengths.size(); ++i)
                QCOMPARE(seen[i], static_cast<std::int64_t>(i));
            QCOMPARE(seen.size(), lengths.size());
            QVERIFY(batches == epochBatches(lengths, size, 5, trial));
        }
        const std::vector<std::int64_t> same(100, 8);
        QVERIFY(epochBatches(same, 10, 5, 0) != epochBatches(same, 10, 5, 1));
        QVERIFY(epochBatches(same, 10, 5, 0) != epochBatches(same, 10, 6, 0));
    }
    void buckets_padLessThanChance()
    {
        Rng rng(1, "pad");
        std::vector<std::int64_t> lengths(1000);
        for (std::int64_t& length : lengths)
            length = static_cast<std::int64_t>(1 + rng.below(40));
        std::int64_t padded = 0;
        std::int64_t real = 0;
        for (const Batch& batch : epochBatches(lengths, 20, 1, 0)) {
            std::int64_t longest = 0;
            for (const std::int64_t i : batch) {
                longest = std::max(longest, lengths[static_cast<std::size_t>(i)]);
                real += lengths[static_cast<std::size_t>(i)];
            }
            padded += longest * static_cast<std::int64_t>(batch.size());
        }
        QVERIFY(static_cast<double>(padded) < 1.1 * static_cast<double>(real));
    }
    void predictionBatches_respectTheBudgetAndLoseNobody()
    {
        const std::vector<std::int64_t> lengths{50, 3, 3, 3, 200, 10};
        std::size_t seen = 0;
        for (const Batch& batch : budgetBatches(lengths, 60)) {
            std::int64_t longest = 0;
            for (const std::int64_t i : batch)
                longest = std::max(longest, lengths[static_cast<std::size_t>(i)]);
            QVERIFY(batch.size() == 1 || longest * static_cast<std::int64_t>(batch.size()) <= 60);
            seen += batch.size();
        }
        QCOMPARE(seen, lengths.size());
        QVERIFY(budgetBatches({}, 60).empty());
    }
};
GRADUS_SUITE(ScheduleTest)
#include "schedule_test.moc"
