// SPDX-License-Identifier: GPL-3.0-or-later
// Agreement measures against textbook tables and against their formulas computed a second way.
#include "signals/agreement.h"
#include "signals/isotonic.h"
#include "signals/redundancy.h"
#include "simulation.h"

#include "support/suite.h"

#include "base/rng.h"

#include <QTest>

#include <algorithm>
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

} // namespace

class AgreementTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void phi_isPearsonOfErrors()
    {
        // Errors of a: 1 1 0 0 0, of b: 1 0 1 0 0. n11 1, n10 1, n01 1, n00 2: (2 - 1) / sqrt(2 3 2 3) = 1/6.
        const Labels truth{0, 0, 0, 0, 0};
        const auto phi = errorPhi(Labels{1, 1, 0, 0, 0}, Labels{1, 0, 1, 0, 0}, truth);
        QVERIFY(near(phi->phi, 1.0 / 6, 1e-12));
        QVERIFY(near(phi->largest, 1, 1e-12));
        // Unequal rates: b errs inside a's errors only, so phi is as large as it can be, and below 1.
        const auto nested = errorPhi(Labels{1, 1, 0, 0, 0}, Labels{1, 0, 0, 0, kAbstain}, truth);
        QCOMPARE(nested->n, 4LL);
        QVERIFY(nested->phi < 1);
        QVERIFY(near(nested->ratio, 1, 1e-12));
        QVERIFY(!errorPhi(truth, Labels{1, 0, 1, 0, 0}, truth));
    }
    void cohen_matchesTheTextbook()
    {
        // Grant proposals: both yes 20, both no 15, a alone 5, b alone 10: p_o .7, p_e .5, kappa .4.
        Labels a;
        Labels b;
        const auto add = [&](int count, int first, int second) {
            a.insert(a.end(), static_cast<std::size_t>(count), first);
            b.insert(b.end(), static_cast<std::size_t>(count), second);
        };
        add(20, 1, 1);
        add(5, 1, 0);
        add(10, 0, 1);
        add(15, 0, 0);
        const auto kappa = cohenKappa(a, b, 2);
        QVERIFY(near(kappa->observed, 0.7, 1e-12));
        QVERIFY(near(kappa->expected, 0.5, 1e-12));
        QVERIFY(near(kappa->kappa, 0.4, 1e-12));
    }
    void errorConsistency_byHand()
    {
        // a right 3 of 4, b right 2 of 4, both right or both wrong on 3: c_exp = .75 .5 + .25 .5 = .5.
        const auto kappa = errorConsistency(Labels{0, 0, 0, 1}, Labels{0, 0, 1, 2}, Labels{0, 0, 0, 0});
        QVERIFY(near(kappa->observed, 0.75, 1e-12));
        QVERIFY(near(kappa->kappa, 0.5, 1e-12));
    }
    void capa_equalsItsFormulaOnRandomTables()
    {
        Rng rng(gradus::tests::propertySeed(), "capa");
        for (int repeat = 0; repeat < 50; ++repeat) {
            const int classes = 2 + static_cast<int>(rng.below(5));
            const auto width = static_cast<std::size_t>(classes);
            const std::size_t n = 1 + rng.below(40);
            std::vector<float> tables[2];
            Labels labels[2];
            Labels truth;
            for (std::size_t i = 0; i < n; ++i) {
                truth.push_back(static_cast<int>(rng.below(width)));
                for (int side = 0; side < 2; ++side) {
                    labels[side].push_back(static_cast<int>(rng.below(width)));
                    std::vector<double> row(width);
                    double sum = 0;
                    for (double& p : row)
                        sum += p = rng.uniform() + 1e-3;
                    for (const double p : row)
                        tables[side].push_back(static_cast<float>(p / sum));
                }
            }
            // A second way: full joint loops, with the chance term averaged item by item as the paper writes it.
            double observed = 0;
            double accuracy[2] = {0, 0};
            double share = 0;
            double sameLabel = 0;
            double right[2] = {0, 0};
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t k = 0; k < width; ++k)
                    for (std::size_t l = 0; l < width; ++l)
                        if (k == l)
                            observed += double(tables[0][i * width + k]) * double(tables[1][i * width + l]) / double(n);
                for (int side = 0; side < 2; ++side) {
                    accuracy[side] += double(tables[side][i * width + std::size_t(truth[i])]) / double(n);
                    right[side] += (labels[side][i] == truth[i] ? 1.0 : 0.0) / double(n);
                }
                sameLabel += (labels[0][i] == labels[1][i] ? 1.0 : 0.0) / double(n);
                share += 1.0 / (classes - 1) / double(n);
            }
            const auto kappaOf = [&](double seen, double p, double q) {
                const double expected = p * q + (1 - p) * (1 - q) * share;
                return (seen - expected) / (1 - expected);
            };
            QVERIFY(near(capa(tables[0], tables[1], truth, classes)->kappa, kappaOf(observed, accuracy[0], accuracy[1]),
                         1e-9));
            const auto oneHot = capaOfLabels(labels[0], labels[1], truth, classes);
            if (right[0] * right[1] < 1) QVERIFY(near(oneHot->kappa, kappaOf(sameLabel, right[0], right[1]), 1e-9));
        }
    }
    void capa_countsWhichWrongAnswer()
    {
        const Labels truth{0, 0, 0, 0};
        const auto same = capaOfLabels(Labels{0, 0, 1, 1}, Labels{0, 0, 1, 1}, truth, 3);
        const auto other = capaOfLabels(Labels{0, 0, 1, 1}, Labels{0, 0, 2, 2}, truth, 3);
        QVERIFY(near(same->kappa, 1, 1e-12));
        QVERIFY(other->kappa < same->kappa);
        QCOMPARE(errorConsistency(Labels{0, 0, 1, 1}, Labels{0, 0, 2, 2}, truth)->kappa, 1.0);
    }
    void fleiss_matchesTheTextbook()
    {
        // Ten subjects, fourteen raters, five categories: kappa = 0.210.
        const Labels counts{0, 0, 0, 0, 14, 0, 2, 6, 4, 2, 0, 0, 3, 5, 6, 0, 3, 9, 2, 0, 2, 2, 8, 1, 1,
                            7, 7, 0, 0, 0,  3, 2, 6, 3, 0, 2, 5, 3, 2, 2, 6, 5, 2, 1, 0, 0, 2, 2, 3, 7};
        const auto kappa = fleissKappa(counts, 5);
        QVERIFY(near(kappa->observed, 0.378, 5e-4));
        QVERIFY(near(kappa->expected, 0.213, 5e-4));
        QVERIFY(near(kappa->kappa, 0.210, 5e-4));
    }
    void krippendorff_matchesTheTextbook()
    {
        // Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: 4 observers, 12 units, alpha
        // .743.
        const int x = kAbstain;
        const std::vector<Labels> raters{{0, 1, 2, 2, 1, 0, 3, 0, 1, x, x, x},
                                         {0, 1, 2, 2, 1, 1, 3, 0, 1, 4, x, 2},
                                         {x, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, x},
                                         {0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, x}};
        QVERIFY(near(*krippendorffAlpha(raters, 5), 0.743, 5e-4));
        QVERIFY(!krippendorffAlpha({{0, 0}, {0, 0}}, 2));
    }
    void effectiveSources_ofCopiesAndStrangers()
    {
        SourceMatrix strangers(4);
        QCOMPARE(effectiveSources(strangers), 4.0);
        QCOMPARE(effectiveSourcesSpectral(strangers), 4.0);
        SourceMatrix copies(4);
        std::fill(copies.values.begin(), copies.values.end(), 1.0);
        QCOMPARE(effectiveSources(copies), 1.0);
        QCOMPARE(effectiveSourcesSpectral(copies), 1.0);
        // Two copies and a stranger: eigenvalues 2, 1, 0 give 9/5; mean correlation 1/3 gives 3/(5/3).
        SourceMatrix mixed(3);
        mixed.set(0, 1, 1);
        QVERIFY(near(effectiveSourcesSpectral(mixed), 1.8, 1e-12));
        QVERIFY(near(effectiveSources(mixed), 1.8, 1e-12));
        QCOMPARE(redundancyDiscount(mixed, {1, 1, 1}), (std::vector<double>{0.5, 0.5, 1}));
        QCOMPARE(redundancyDiscount(mixed, {1, 0.25, 1}), (std::vector<double>{0.8, 0.5, 1}));
    }
    void errorCorrelation_seesTheClique()
    {
        const Simulation s = cliqueAmongIndependents(gradus::tests::propertySeed(), 4000, 1000);
        const SourceMatrix phi = errorCorrelation(s.table, s.anchors);
        QVERIFY(near(phi.at(0, 1), 0.81, 0.08)); // both follow the shared draw with .9 x .9
        QVERIFY(near(phi.at(0, 4), 0, 0.12));
        QVERIFY(near(phi.at(3, 4), 0, 0.12));
    }
    void isotonic_poolsAdjacentViolators()
    {
        const std::vector<double> x{3, 1, 2, 4, 2};
        const std::vector<double> y{0, 0, 1, 5, 3};
        const IsotonicFit fit = fitIsotonic(x, y); // x 2 has mean 2, x 3 has 0: together (1 + 3 + 0) / 3
        QCOMPARE(fit.start, (std::vector<double>{1, 2, 4}));
        QVERIFY(near(fit.at(2), 4.0 / 3, 1e-12));
        QVERIFY(near(fit.at(3.5), 4.0 / 3, 1e-12));
        QCOMPARE(fit.at(-7), 0.0);
        QCOMPARE(fit.at(9), 5.0);
        QCOMPARE(fitIsotonic({}, {}).at(1), 0.0);
    }
};
GRADUS_SUITE(AgreementTest)
#include "agreement_test.moc"
