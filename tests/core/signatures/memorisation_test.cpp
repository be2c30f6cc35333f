// SPDX-License-Identifier: GPL-3.0-or-later
// Memorisation by planted canaries: on simulated models whose true state is known, and by hand.
#include "signatures/memorisation.h"

#include "base/rng.h"

#include "support/suite.h"
#include "tally.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::signatures;
using gradus::tests::isHonestRefusal;
using gradus::tests::Tally;

namespace {

/// A binary model's confidence in the drawn answer, as logits around `shift`.
CanaryScores scored(int count, double shift, Rng& rng)
{
    CanaryScores scores;
    for (int i = 0; i < count; ++i) {
        const double logit = shift + rng.normal();
        scores.logs.push_back(-std::log1p(std::exp(-logit)));
        scores.hits.push_back(logit > 0 ? 1 : 0);
    }
    return scores;
}

} // namespace

class MemorisationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void simulatedRuns_areToldApart()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "memorisation");
        Tally tally(+1);
        for (int i = 0; i < 60; ++i) {
            const int count = 50 + static_cast<int>(rng.below(151));
            // Healthy: what was taught is favoured by nothing to a quarter of a deviation, as any fit does (area up to
            // .57). Failing: by three quarters (mild, .70) to three (strong, .98).
            const double fit = 0.25 * rng.uniform();
            tally.add(false, memorisation({scored(count, fit, rng), scored(count, 0, rng)}));
            const double memory = 0.75 + 2.25 * rng.uniform();
            tally.add(true, memorisation({scored(count, memory, rng), scored(count, 0, rng)}));
        }
        tally.print("memorisation", seed);
        // The lower end of the exact 95 % interval of what was measured (60 of 60).
        QVERIFY(tally.detectionRate() >= 0.94);
        QVERIFY(tally.falseAlarmRate() <= 0.10);
        QVERIFY(tally.area() > 0.95);
    }
    void exposure_isThatOfTheRankAmongTheKeptBack()
    {
        // Seven kept back: a planted one above all of them has rank 1 and log2(8) = 3 bits, one below all rank 8 and 0.
        const CanaryScores keptBack{{-1, -2, -3, -4, -5, -6, -7}, {0, 0, 0, 0, 0, 0, 0}};
        const auto bits = exposures({{-0.5, -8, -3.5, -4}, {1, 0, 0, 0}}, keptBack);
        QCOMPARE(bits[0], 3.0);
        QCOMPARE(bits[1], 0.0);
        QCOMPARE(bits[2], 1.0);                                      // rank 4
        QVERIFY(std::abs(bits[3] - (3 - std::log2(4.5))) < 1e-12);   // tied with the fourth
        QVERIFY(std::abs(exposureByChance(1) - 0.5) < 1e-12);        // ranks 1 and 2 of 2: 1 bit or none
        QVERIFY(std::abs(exposureByChance(100000) - 1.4427) < 1e-3); // towards 1 / ln 2
    }
    void everySentence_saysWhatWasAnsweredAndWhatToDo()
    {
        Rng rng(1, "memorisation/sentence");
        const Verdict fired = memorisation({scored(100, 4, rng), scored(100, 0, rng)});
        QVERIFY(fired.fired);
        QCOMPARE(fired.kind, std::string("signature.memorisation"));
        QVERIFY2(fired.sentence.find("answered as drawn") != std::string::npos &&
                     fired.sentence.find("held-out items alone") != std::string::npos,
                 fired.sentence.c_str());
        const Verdict quiet = memorisation({scored(100, 0, rng), scored(100, 0, rng)});
        QVERIFY(!quiet.fired && quiet.sentence.starts_with("No sign of memorisation"));
    }
    void whatHasNoAnswer_isSaid()
    {
        Rng rng(1, "memorisation/bad");
        const CanaryScores some = scored(30, 0, rng);
        CanaryScores few = scored(19, 0, rng);
        QVERIFY(isHonestRefusal(memorisation({}), "0 canaries"));
        QVERIFY(isHonestRefusal(memorisation({few, some}), "fewer than 20"));
        CanaryScores broken = some;
        broken.logs[3] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(isHonestRefusal(memorisation({broken, some}), "not a number"));
        broken = some;
        broken.hits.pop_back();
        QVERIFY(isHonestRefusal(memorisation({some, broken}), "miscounted"));
    }
};
GRADUS_SUITE(MemorisationTest)
#include "memorisation_test.moc"
