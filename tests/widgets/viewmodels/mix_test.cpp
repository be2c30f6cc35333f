// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rng.h"
#include "spec/experiment.h"
#include "support/suite.h"
#include "viewmodels/mix.h"
#include "viewmodels/schedule_document.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace gradus;
using namespace gradus::viewmodels;
using schedule::Curve;
using schedule::Interpolation;

namespace {

const std::string kText = "# mine\n"
                          "[experiment]\n"
                          "name = \"mixed\"\n"
                          "[ladder]\n"
                          "generations = 4\n"
                          "[[signals.source]]\n"
                          "name = \"past\" # first\n"
                          "kind = \"model\"\n"
                          "[[signals.source]]\n"
                          "name = \"elders\"\n"
                          "kind = \"ensemble\"\n"
                          "[[signals.source]]\n"
                          "name = \"truth\"\n"
                          "kind = \"truth\"\n"
                          "weight = 0.5 # half\n";

Mix evenMix(std::size_t sources)
{
    return {std::vector<Curve>(sources, Curve{{{.x = 0, .y = 1}}}), std::vector<bool>(sources, false)};
}

Mix randomMix(Rng& rng, bool linear)
{
    Mix mix = evenMix(2 + rng.below(5));
    for (std::size_t i = 0; i < mix.weights.size(); ++i) {
        mix.locked[i] = rng.below(4) == 0;
        Curve curve;
        const int keys = 1 + static_cast<int>(rng.below(4));
        for (int k = 0; k < keys; ++k)
            curve.keys.push_back(
                {.x = (k + 0.8 * rng.uniform()) / keys,
                 .y = rng.uniform(),
                 .interpolation = linear ? Interpolation::Linear : static_cast<Interpolation>(rng.below(4))});
        mix.weights[i] = curve;
    }
    return mix;
}

Mix randomEdit(Rng& rng, const Mix& mix, double x)
{
    const std::size_t source = rng.below(mix.weights.size());
    switch (rng.below(4)) {
    case 0:
        return withTrade(mix, source, rng.below(mix.weights.size()), x, rng.uniform() - 0.5);
    case 1:
        return withShare(mix, source, x, rng.uniform());
    case 2:
        return equalised(mix, x);
    default:
        return soloed(mix, source, x);
    }
}

double sumOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-9;
}

} // namespace

class MixTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void evenWeights_areEvenShares()
    {
        const auto shares = sharesAt(evenMix(4), 0.3);
        for (const double share : shares)
            QCOMPARE(share, 0.25);
    }
    void boundary_tradesBetweenTheTwoAlone()
    {
        const Mix mix = withTrade(evenMix(4), 1, 2, 0.5, 0.1);
        const auto shares = sharesAt(mix, 0.5);
        QVERIFY(near(shares[0], 0.25));
        QVERIFY(near(shares[1], 0.35));
        QVERIFY(near(shares[2], 0.15));
        QVERIFY(near(shares[3], 0.25));
        QVERIFY(near(sharesAt(mix, 0)[1], 0.25));
        QVERIFY(near(sharesAt(mix, 0.25)[1], 0.30));
        // A source has no less than nothing to give.
        QVERIFY(near(sharesAt(withTrade(mix, 1, 2, 0.5, 0.9), 0.5)[1], 0.5));
    }
    void share_isTakenFromAllInProportion()
    {
        Mix mix = evenMix(3);
        mix.weights[2].keys[0].y = 0.5;
        const auto shares = sharesAt(withShare(mix, 0, 0.5, 0.7), 0.5);
        QVERIFY(near(shares[0], 0.7));
        QVERIFY(near(shares[1], 0.2));
        QVERIFY(near(shares[2], 0.1));
    }
    void lockedSource_isNotTradedWith()
    {
        Mix mix = evenMix(3);
        mix.locked[1] = true;
        QVERIFY(withTrade(mix, 0, 1, 0.5, 0.1) == mix);
        QVERIFY(withTrade(mix, 1, 2, 0.5, 0.1) == mix);
        QVERIFY(withShare(mix, 1, 0.5, 0.9) == mix);
        QVERIFY(near(sharesAt(soloed(mix, 0, 0.5), 0.5)[0], 2.0 / 3));
        QVERIFY(near(sharesAt(equalised(soloed(mix, 0, 0.5), 0.5), 0.5)[2], 1.0 / 3));
    }
    /// It drifted: each moved source bends as far as its own next keys, and the sum with them.
    void lockedShare_holdsBetweenKeysToo()
    {
        for (const Interpolation kind : {Interpolation::Linear, Interpolation::Monotone}) {
            Mix mix = evenMix(3);
            mix.weights[0].keys = {{.x = 0, .y = 0.4, .interpolation = kind},
                                   {.x = 0.3, .y = 0.6, .interpolation = kind},
                                   {.x = 1, .y = 0.5, .interpolation = kind}};
            mix.weights[1].keys = {{.x = 0, .y = 0.5, .interpolation = kind},
                                   {.x = 0.8, .y = 0.3, .interpolation = kind},
                                   {.x = 1, .y = 0.6, .interpolation = kind}};
            mix.weights[2].keys = {{.x = 0, .y = 0.5, .interpolation = kind},
                                   {.x = 1, .y = 0.7, .interpolation = kind}};
            mix.locked[2] = true;
            const Mix edits[] = {withShare(mix, 0, 0.5, 0.5), withTrade(mix, 0, 1, 0.5, 0.15), equalised(mix, 0.5),
                                 soloed(mix, 1, 0.5)};
            for (const Mix& edited : edits) {
                QVERIFY(edited.weights != mix.weights);
                double worst = 0;
                for (int i = 0; i <= 1000; ++i)
                    worst = std::max(worst, std::abs(sharesAt(edited, i / 1000.0)[2] - sharesAt(mix, i / 1000.0)[2]));
                QVERIFY2(worst < (kind == Interpolation::Linear ? 1e-6 : 5e-3), qPrintable(QString::number(worst)));
            }
        }
    }

    void fades_riseFromAndFallToNothing()
    {
        const Mix in = fadedIn(evenMix(2), 0, 0.5);
        QCOMPARE(sharesAt(in, 0)[0], 0.0);
        QVERIFY(near(sharesAt(in, 0.5)[0], 0.5));
        QVERIFY(near(sharesAt(in, 0.9)[0], 0.5));
        const Mix out = fadedOut(evenMix(2), 1, 0.5);
        QVERIFY(near(sharesAt(out, 0.2)[1], 0.5));
        QCOMPARE(sharesAt(out, 1)[1], 0.0);
        QVERIFY(fadedIn(evenMix(2), 0, 0) == evenMix(2));
        QVERIFY(fadedOut(evenMix(2), 0, 1) == evenMix(2));
    }
    void randomEdits_sumToOneAndLeaveLockedOnesAlone()
    {
        Rng rng(tests::propertySeed(), "mix edits");
        int moved = 0;
        for (int round = 0; round < 3000; ++round) {
            const Mix before = randomMix(rng, false);
            const double x = rng.uniform();
            const Mix after = randomEdit(rng, before, x);
            const auto was = sharesAt(before, x);
            const auto is = sharesAt(after, x);
            moved += before == after ? 0 : 1;
            for (std::size_t i = 0; i < was.size(); ++i) {
                QVERIFY(schedule::validate(after.weights[i]));
                if (before.locked[i]) QVERIFY2(near(was[i], is[i]), qPrintable(QString::number(round)));
            }
            for (int at = 0; at <= 40; ++at) {
                const auto shares = sharesAt(after, at / 40.0);
                const double sum = sumOf(shares);
                QVERIFY(near(sum, 1) || sum == 0);
                const auto weights = MixEvaluator(after).weightsAt(at / 40.0);
                for (std::size_t i = 0; i < weights.size(); ++i) {
                    QVERIFY2(weights[i] >= 0 && weights[i] <= 1, qPrintable(QString::number(weights[i], 'g', 17)));
                }
            }
        }
        QVERIFY(moved > 1500);
    }
    void lockedWeights_areScaledByOneFactorAtMost()
    {
        Rng rng(tests::propertySeed(), "locked weights");
        for (int round = 0; round < 500; ++round) {
            const Mix before = randomMix(rng, true);
            const Mix after = randomEdit(rng, before, rng.uniform());
            double factor = 0;
            for (std::size_t i = 0; i < before.weights.size(); ++i) {
                if (!before.locked[i]) continue;
                QCOMPARE(after.weights[i].keys.size(), before.weights[i].keys.size());
                for (std::size_t k = 0; k < before.weights[i].keys.size(); ++k) {
                    const double ratio = after.weights[i].keys[k].y / before.weights[i].keys[k].y;
                    if (factor == 0) factor = ratio;
                    QVERIFY(near(ratio, factor) && ratio <= 1);
                }
            }
        }
    }
    void key_movesNoShareOfLinearWeights()
    {
        Rng rng(tests::propertySeed(), "mix keys");
        for (int round = 0; round < 300; ++round) {
            const Mix before = randomMix(rng, true);
            const Mix after = withMixKey(before, rng.uniform());
            for (int at = 0; at <= 20; ++at)
                for (std::size_t i = 0; i < before.weights.size(); ++i)
                    QVERIFY(near(sharesAt(before, at / 20.0)[i], sharesAt(after, at / 20.0)[i]));
        }
    }
    void pointNearAKey_isThatKey()
    {
        const Mix mix = withTrade(evenMix(2), 0, 1, 0.5, 0.1);
        QCOMPARE(mixKeyNear(mix, 0.505, 0.01), 0.5);
        QCOMPARE(mixKeyNear(mix, 0.6, 0.01), 0.6);
        QCOMPARE(mixKeyNear(mix, -3, 0.01), 0.0);
    }
    void drawnMix_isOneStep_undoneToTheByte_andTheWorkersNumbers()
    {
        ScheduleDocument document;
        QVERIFY(document.setText(kText));
        QCOMPARE(document.sourceLists().size(), std::size_t{1});
        Mix mix = evenMix(3);
        mix.weights[2].keys[0].y = 0.5;
        mix = withShare(withTrade(mix, 0, 1, 0.5, 0.2), 2, 1, 0.6);
        QVERIFY(document.setWeights(0, mix.weights, "Mix"));
        QCOMPARE(document.undoStack().count(), 1);
        const auto parsed = spec::parseExperiment(document.text(), "test");
        QVERIFY(parsed);
        for (int generation = 2; generation <= 4; ++generation) {
            const auto weights = MixEvaluator(mix).weightsAt((generation - 2) / 2.0);
            for (std::size_t i = 0; i < 3; ++i)
                QCOMPARE(spec::weightAt(parsed->signals.sources[i], generation, 4), weights[i]);
        }
        QVERIFY(document.text().starts_with("# mine\n"));
        QVERIFY(document.text().find("# first\n") != std::string::npos);
        QVERIFY(document.text().ends_with(" # half\n"));
        document.undoStack().undo();
        QVERIFY(document.text() == kText);
    }
    void mixThatTheExperimentRefuses_isASentence()
    {
        ScheduleDocument document;
        QVERIFY(document.setText(kText));
        QSignalSpy refused(&document, &ScheduleDocument::editRefused);
        QVERIFY(!document.setWeights(0, std::vector<Curve>(3, Curve{{{.x = 0, .y = 0}}}), "Mix"));
        QCOMPARE(refused.count(), 1);
        QVERIFY(document.text() == kText);
    }
};
GRADUS_SUITE(MixTest)
#include "mix_test.moc"
