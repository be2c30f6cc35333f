// SPDX-License-Identifier: GPL-3.0-or-later
// Reports on sources against tables worked out by hand, against the plain formulas on random tables, and by coverage.
#include "signals/answer_pool.h"
#include "signals/rater_agreement.h"
#include "signals/source_report.h"
#include "simulation.h"

#include "support/suite.h"

#include "base/rng.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::signals;
using namespace gradus::signals::tests;

namespace {

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

using Labels = std::vector<int>;

/// Two sources with so many items in each cell of right and wrong; truth is 0, a wrong answer 1.
struct TwoSources
{
    Labels a, b, truth;
    void add(int count, int first, int second)
    {
        a.insert(a.end(), static_cast<std::size_t>(count), first);
        b.insert(b.end(), static_cast<std::size_t>(count), second);
        truth.insert(truth.end(), static_cast<std::size_t>(count), 0);
    }
};

VoteTable tableOf(std::vector<Labels> labels, int classes)
{
    VoteTable table{classes, labels.front().size(), {}};
    for (std::size_t j = 0; j < labels.size(); ++j)
        table.sources.push_back({.name = "s" + std::to_string(j),
                                 .labels = std::move(labels[j]),
                                 .probabilities = {},
                                 .weight = 1,
                                 .family = {}});
    return table;
}

Anchors allAnchors(const Labels& truth)
{
    Anchors anchors;
    for (std::size_t i = 0; i < truth.size(); ++i)
        anchors.items.push_back(i);
    anchors.truth = truth;
    return anchors;
}

} // namespace

class SourceReportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void phiOfTheGsm8kModels_byHand()
    {
        // 6b_finetuning and 175b_verification on the 1,319 published answers: wrong together 534, only the first 499,
        // only the second 43, neither 243. (534 243 - 499 43) / sqrt(1033 286 577 742) = 108305 / 355650.6 = 0.3045.
        TwoSources s;
        s.add(534, 1, 1);
        s.add(499, 1, 0);
        s.add(43, 0, 1);
        s.add(243, 0, 0);
        const auto phi = errorPhiEstimate(s.a, s.b, s.truth);
        QCOMPARE(phi->n, 1319LL);
        QVERIFY(near(phi->value, 108305.0 / std::sqrt(1033.0 * 286 * 577 * 742), 1e-12));
        QVERIFY(near(phi->value, 0.305, 0.0006));
        QVERIFY(phi->low > 0.25 && phi->low < 0.28 && phi->high > 0.33 && phi->high < 0.36);
    }
    void phiInterval_coversTheTruth()
    {
        // Errors share a cause: P(wrong) = .3 and .4, made together in .2 of items, so phi = .08 / sqrt(.0504).
        const double truth = 0.08 / std::sqrt(0.3 * 0.7 * 0.4 * 0.6);
        Rng rng(gradus::tests::propertySeed(), "phi coverage");
        int held = 0;
        for (int repeat = 0; repeat < 1000; ++repeat) {
            TwoSources s;
            for (int i = 0; i < 200; ++i) {
                const double u = rng.uniform();
                s.add(1, u < 0.3 ? 1 : 0, u < 0.2 || (u >= 0.3 && u < 0.5) ? 1 : 0);
            }
            const auto phi = errorPhiEstimate(s.a, s.b, s.truth);
            held += phi->low <= truth && truth <= phi->high ? 1 : 0;
        }
        QVERIFY2(held >= 930 && held <= 970, qPrintable(QString::number(held)));
    }
    void phiInterval_ofAnEmptyCellHasAWidth()
    {
        TwoSources s;
        s.add(10, 1, 1);
        s.add(20, 0, 0);
        const auto phi = errorPhiEstimate(s.a, s.b, s.truth);
        QCOMPARE(phi->value, 1.0);
        QVERIFY(phi->low < 0.97 && phi->high == 1.0);
        QVERIFY(!errorPhiEstimate(s.truth, s.b, s.truth));
    }
    void sameWrongAnswer_countsJointErrorsAlone()
    {
        // Wrong together on items 0, 1, 2; the same answer on 1 and 2.
        const auto same = sameWrongAnswer(Labels{1, 2, 3, 0, 1}, Labels{2, 2, 3, 1, kAbstain}, Labels{0, 0, 0, 0, 0});
        QCOMPARE(same->n, 3LL);
        QVERIFY(near(same->value, 2.0 / 3, 1e-12));
        QVERIFY(!sameWrongAnswer(Labels{0}, Labels{1}, Labels{0}));
    }
    void alphaAndFleiss_equalTheirFormulasOnRandomTables()
    {
        Rng rng(gradus::tests::propertySeed(), "alpha");
        for (int repeat = 0; repeat < 50; ++repeat) {
            const int classes = 2 + static_cast<int>(rng.below(4));
            const std::size_t raters = 2 + rng.below(4);
            std::vector<Labels> labels(raters, Labels(40));
            for (std::size_t i = 0; i < 40; ++i)
                for (Labels& one : labels)
                    one[i] =
                        rng.below(5) == 0 ? kAbstain : static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
            const auto alpha = krippendorffEstimate(tableOf(labels, classes));
            QVERIFY(near(alpha->value, *krippendorffAlpha(labels, classes), 1e-9));
            QVERIFY(alpha->low < alpha->value && alpha->value < alpha->high);

            Labels counts;
            for (std::size_t i = 0; i < 40; ++i) {
                Labels row(static_cast<std::size_t>(classes), 0);
                bool whole = true;
                for (const Labels& one : labels) {
                    whole = whole && one[i] != kAbstain;
                    if (one[i] != kAbstain) ++row[static_cast<std::size_t>(one[i])];
                }
                if (whole) counts.insert(counts.end(), row.begin(), row.end());
            }
            const auto kappa = fleissEstimate(tableOf(labels, classes));
            const auto plain = fleissKappa(counts, classes);
            if (kappa) QVERIFY(near(kappa->value, plain->kappa, 1e-9));
        }
    }
    void alphaInterval_coversTheTruth()
    {
        // Two raters who copy the item's fair coin with probability .6 and toss their own otherwise: alpha = .36.
        Rng rng(gradus::tests::propertySeed(), "alpha coverage");
        int held = 0;
        for (int repeat = 0; repeat < 500; ++repeat) {
            std::vector<Labels> labels(2, Labels(150));
            for (std::size_t i = 0; i < 150; ++i) {
                const int coin = static_cast<int>(rng.below(2));
                for (Labels& one : labels)
                    one[i] = rng.uniform() < 0.6 ? coin : static_cast<int>(rng.below(2));
            }
            const auto alpha = krippendorffEstimate(tableOf(labels, 2));
            held += alpha->low <= 0.36 && 0.36 <= alpha->high ? 1 : 0;
        }
        QVERIFY2(held >= 460 && held <= 490, qPrintable(QString::number(held)));
    }
    void answerWorth_byHand()
    {
        // Open answers: the first source is always right, the second never, and never says the same wrong number twice.
        Labels right(20);
        Labels wrong(20);
        for (int i = 0; i < 20; ++i) {
            right[static_cast<std::size_t>(i)] = i;
            wrong[static_cast<std::size_t>(i)] = 20 + i;
        }
        const auto worth = answerWorth(tableOf({right, wrong}, 40), allAnchors(right));
        QVERIFY(worth.ok());
        QVERIFY(near(worth->sizes[0].accuracy.value, 0.5, 1e-12)); // one of the two, whichever it is
        QVERIFY(near(worth->sizes[1].accuracy.value, 1.0, 1e-12)); // the pool knows whom to believe
        QVERIFY(near(worth->sizes[1].gain.value, 0.5, 1e-12));
        QVERIFY(near(worth->leavingOut[0].value, 1.0, 1e-12));
        QVERIFY(near(worth->leavingOut[1].value, 0.0, 1e-12));
    }
    void answerWorth_ofACopyIsNothing()
    {
        const Simulation s = independentSources(gradus::tests::propertySeed(), 1000, 1000, 4, {0.7});
        const auto worth = answerWorth(withAddedCopies(s.table, 0, 2), s.anchors);
        QVERIFY(near(worth->sizes[2].gain.value, 0, 1e-12));
        const Simulation apart = independentSources(gradus::tests::propertySeed(), 1000, 1000, 4, {0.7, 0.7, 0.7});
        QVERIFY(answerWorth(apart.table, apart.anchors)->sizes[2].gain.low > 0);
        QVERIFY(answerWorth(apart.table, apart.anchors)->sizes[2].accuracy.low > 0.78);
    }
    void aSourceWithoutAnAnchor_isNoIndependentOne()
    {
        Simulation s = independentSources(gradus::tests::propertySeed(), 2000, 100, 2, {0.8, 0.7});
        const auto two = sourceReport(s.table, {s.anchors, false, false});
        SourceVotes tosser{.name = "coin", .labels = {}, .probabilities = {}, .weight = 1, .family = {}};
        Rng rng(gradus::tests::propertySeed(), "coin");
        for (std::size_t i = 0; i < s.table.items; ++i)
            tosser.labels.push_back(static_cast<int>(rng.below(2)));
        for (const std::size_t item : s.anchors.items)
            tosser.labels[item] = kAbstain;
        s.table.sources.push_back(tosser);
        const auto three = sourceReport(s.table, {s.anchors, false, false});
        QCOMPARE(three->effective->mean.value, two->effective->mean.value);
        QCOMPARE(three->effective->spectral.value, two->effective->spectral.value);
        QVERIFY(std::ranges::any_of(three->notes, [](const std::string& note) {
            return note.find("Source \"coin\" labels no item whose truth is known") == 0;
        }));
        QCOMPARE(two->notes.size() + 1, three->notes.size());
        QCOMPARE(sourceWorth(s.table, s.anchors).value()[2].effectiveSources, 0.0);
    }
    void report_ofACliqueIsWorthLessThanItsNumber()
    {
        const Simulation s = cliqueAmongIndependents(gradus::tests::propertySeed(), 3000, 3000);
        const auto report = sourceReport(s.table, {s.anchors, false, false});
        QVERIFY(report.ok());
        QCOMPARE(report->sources.size(), std::size_t{5});
        QCOMPARE(report->pairs.size(), std::size_t{10});
        QVERIFY(report->pairs.front().phiEstimate->low > 0.5); // two of the clique
        QVERIFY(report->pairs.back().phiEstimate->high < 0.1); // the two independent ones
        QVERIFY(report->effective->mean.high < 4 && report->effective->mean.low > 1);
        QVERIFY(report->effective->spectral.low < report->effective->spectral.value);
        QCOMPARE(report->benefit.size(), std::size_t{5});
        QVERIFY(report->worth.has_value());
        QVERIFY(report->notes.empty());
    }
    void report_saysWhatVerdictsAndSilenceCannotTell()
    {
        const Simulation s = independentSources(gradus::tests::propertySeed(), 200, 200, 2, {0.7, 0.8});
        const auto verdicts = sourceReport(s.table, {s.anchors, true, false});
        QVERIFY(!verdicts->worth && verdicts->benefit.empty() && !verdicts->pairs[0].capa);
        QCOMPARE(verdicts->notes.size(), std::size_t{1});
        const auto blind = sourceReport(s.table, {});
        QVERIFY(!blind->sources[0].accuracy && !blind->pairs[0].phi && blind->krippendorff);
        QVERIFY(!blind->effective);
        QCOMPARE(blind->notes.size(), std::size_t{1});
        const auto open = sourceReport(s.table, {s.anchors, false, true});
        QVERIFY(open->worth && open->benefit.empty() && !open->pairs[0].capa && open->pairs[0].sameWrong);
        const auto alone = sourceReport(tableOf({Labels{0, 1}}, 2), {});
        QVERIFY(!alone && alone.error().kind == ErrorKind::BadInput);
    }
};
GRADUS_SUITE(SourceReportTest)
#include "source_report_test.moc"
