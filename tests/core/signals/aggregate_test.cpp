// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling: copies of a source move nothing, a clique does not win, bad tables are refused, every degraded mode is
// named.
#include "signals/aggregate.h"
#include "signals/anchored_pool.h"
#include "signals/dawid_skene.h"
#include "simulation.h"

#include "support/suite.h"

#include "base/rng.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

using namespace gradus;
using namespace gradus::signals;
using namespace gradus::signals::tests;

namespace {

constexpr std::array kAll{Aggregate::Majority, Aggregate::Weighted, Aggregate::DawidSkene,
                          Aggregate::Glad,     Aggregate::Snorkel,  Aggregate::AnchoredPool};

Pooled pooledBy(Aggregate method, const Simulation& simulation)
{
    return aggregate(method, simulation.table, simulation.anchors).value();
}

double accuracyOf(Aggregate method, const Simulation& simulation)
{
    return shareRight(pooledBy(method, simulation).labels, simulation.truth);
}

std::string refusal(const VoteTable& table, const Anchors& anchors = {})
{
    const auto pooled = aggregate(Aggregate::AnchoredPool, table, anchors);
    return pooled ? std::string() : pooled.error().message;
}

bool says(const std::string& sentence, const char* part)
{
    return sentence.find(part) != std::string::npos && sentence.back() == '.';
}

VoteTable small()
{
    return {2, 4, {{"a", {0, 1, 1, 0}, {}, 1, {}}, {"b", {0, 1, 0, kAbstain}, {}, 1, {}}}};
}

} // namespace

class AggregateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names_areParsed()
    {
        QVERIFY(aggregateOf("majority") == Aggregate::Majority);
        QVERIFY(aggregateOf("weighted") == Aggregate::Weighted);
        QVERIFY(aggregateOf("dawid-skene") == Aggregate::DawidSkene);
        QVERIFY(aggregateOf("glad") == Aggregate::Glad);
        QVERIFY(aggregateOf("snorkel") == Aggregate::Snorkel);
        QVERIFY(aggregateOf("anchored-pool") == Aggregate::AnchoredPool);
        QVERIFY(!aggregateOf("vote"));
    }
    void majority_sharesATieEvenly()
    {
        const VoteTable table{3, 3, {{"a", {0, 2, kAbstain}, {}, 1, {}}, {"b", {1, 2, kAbstain}, {}, 1, {}}}};
        const Pooled pooled = aggregate(Aggregate::Majority, table, {}).value();
        const std::vector<float> expected{0.5F, 0.5F, 0, 0, 0, 1, 1 / 3.0F, 1 / 3.0F, 1 / 3.0F};
        QCOMPARE(pooled.posterior, expected);
        QCOMPARE(pooled.labels, (std::vector<int>{0, 2, 0}));
    }
    void weighted_isTheLogOddsOfShrunkAccuracy()
    {
        const Anchors anchors{{0, 1, 2, 3}, {0, 1, 1, 0}}; // a: 4 of 4, b: 2 of 3; mean (6 + 1) / (7 + 2)
        const Pooled pooled = aggregate(Aggregate::Weighted, small(), anchors).value();
        const double a = (4 + 6 * 7.0 / 9) / 10;
        const double b = (2 + 6 * 7.0 / 9) / 9;
        QVERIFY(std::abs(pooled.weights[0] - std::log(a / (1 - a))) < 1e-12);
        QVERIFY(std::abs(pooled.weights[1] - std::log(b / (1 - b))) < 1e-12);
        const double q = 1 / (1 + std::exp(pooled.weights[1] - pooled.weights[0])); // item 2: a says 1, b says 0
        QVERIFY(std::abs(pooled.posterior[5] - q) < 1e-6);
    }
    void copies_changeNoLabelOfTheAnchoredPool()
    {
        std::printf("copies added of one source, labels changed of 1000 (anchored | majority | Dawid-Skene)\n");
        std::size_t changedByVotes = 0;
        std::size_t changedByEm = 0;
        for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}})
            for (const std::size_t anchors : {std::size_t{0}, std::size_t{100}})
                for (const int added : {1, 3, 10}) {
                    const Simulation once = independentSources(seed, 1000, anchors, 3, {0.85, 0.7, 0.65, 0.6, 0.55});
                    Simulation cloned = once;
                    cloned.table = withAddedCopies(once.table, 4, added);
                    const Pooled before = pooledBy(Aggregate::AnchoredPool, once);
                    const Pooled after = pooledBy(Aggregate::AnchoredPool, cloned);
                    QCOMPARE(differing(before.labels, after.labels), std::size_t{0});
                    QCOMPARE(before.posterior, after.posterior); // bit for bit
                    const auto changed = [&](Aggregate method) {
                        return differing(pooledBy(method, once).labels, pooledBy(method, cloned).labels);
                    };
                    const std::size_t votes = changed(Aggregate::Majority);
                    const std::size_t em = changed(Aggregate::DawidSkene);
                    std::printf("seed %llu, %3zu anchors, %2d added: 0 | %3zu | %3zu\n",
                                static_cast<unsigned long long>(seed), anchors, added, votes, em);
                    QVERIFY(votes + em > 0); // one copy is enough to move a rule that counts heads
                    if (added == 10) {
                        changedByVotes += votes;
                        changedByEm += em;
                    }
                }
        QVERIFY(changedByVotes > 0);
        QVERIFY(changedByEm > 0);
    }
    void copiesOfProbabilities_changeNothingEither()
    {
        for (std::uint64_t seed = 0; seed < 30; ++seed) {
            const Simulation once = randomTable(gradus::tests::propertySeed() + seed);
            Simulation cloned = once;
            cloned.table = withAddedCopies(once.table, seed % once.table.sources.size(), 3);
            QCOMPARE(pooledBy(Aggregate::AnchoredPool, once).posterior,
                     pooledBy(Aggregate::AnchoredPool, cloned).posterior);
        }
    }
    void copies_shareOneWeight()
    {
        const Simulation once = independentSources(4, 400, 50, 2, {0.8, 0.7});
        const Pooled before = pooledBy(Aggregate::AnchoredPool, once);
        const Pooled after =
            aggregate(Aggregate::AnchoredPool, withAddedCopies(once.table, 0, 3), once.anchors).value();
        QVERIFY(std::abs(after.weights[0] - before.weights[0] / 4) < 1e-12);
        QVERIFY(std::abs(after.weights[1] - before.weights[1]) < 1e-12);
    }
    void clique_losesToTheAnchoredPool()
    {
        std::printf("n = 4000, 3 x .62 sharing 90 %% of error draws, 2 x .80 alone, 200 anchors\n"
                    "seed   best   majority  Dawid-Skene  GLAD   Snorkel  LLR    pool, no discount  pool\n");
        std::array<double, 8> mean{};
        const int seeds = 8;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const Simulation s = cliqueAmongIndependents(seed, 4000, 200);
            std::array<double, 8> row{};
            for (const SourceVotes& source : s.table.sources)
                row[0] = std::max(row[0], shareRight(source.labels, s.truth));
            row[1] = accuracyOf(Aggregate::Majority, s);
            row[2] = accuracyOf(Aggregate::DawidSkene, s);
            row[3] = accuracyOf(Aggregate::Glad, s);
            row[4] = accuracyOf(Aggregate::Snorkel, s);
            row[5] = accuracyOf(Aggregate::Weighted, s);
            PoolOptions plain;
            plain.discount = false;
            row[6] = shareRight(poolAnchored(s.table, s.anchors, plain).labels, s.truth);
            row[7] = accuracyOf(Aggregate::AnchoredPool, s);
            std::printf("%4llu  ", static_cast<unsigned long long>(seed));
            for (std::size_t c = 0; c < row.size(); ++c) {
                std::printf(" %.3f  ", row[c]);
                mean[c] += row[c] / seeds;
            }
            std::printf("\n");
            QVERIFY(row[2] < row[1]);
            QVERIFY(row[1] < row[5]);
            QVERIFY(row[1] < row[7]);
        }
        std::printf("mean  ");
        for (const double m : mean)
            std::printf(" %.3f  ", m);
        std::printf("\n");
        // The notes' figures, .03 either way.
        const std::array<std::pair<std::size_t, double>, 5> notes{
            {{0, 0.804}, {1, 0.661}, {2, 0.623}, {6, 0.831}, {7, 0.837}}};
        for (const auto& [column, figure] : notes)
            QVERIFY2(std::abs(mean[column] - figure) < 0.03,
                     qPrintable(QString("%1: %2").arg(column).arg(mean[column])));
    }
    void discount_paysWithFewAnchors()
    {
        PoolOptions plain;
        plain.discount = false;
        for (const std::size_t anchors : {std::size_t{20}, std::size_t{50}, std::size_t{100}, std::size_t{200}}) {
            double with = 0;
            double without = 0;
            for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                const Simulation s = cliqueAmongIndependents(seed, 4000, anchors);
                with += shareRight(poolAnchored(s.table, s.anchors).labels, s.truth) / 20;
                without += shareRight(poolAnchored(s.table, s.anchors, plain).labels, s.truth) / 20;
            }
            std::printf("%3zu anchors: pool %.3f, without discount %.3f (20 seeds)\n", anchors, with, without);
            // Measured: a clear gain at 20 anchors; from 50 on, anchors alone tell the clique's accuracy well enough
            // and chance correlations of the two good sources cost up to half a point.
            if (anchors == 20) QVERIFY(with > without + 0.01);
            QVERIFY(with > without - 0.01);
        }
    }
    void independents_suitDawidSkeneAndThePool()
    {
        const Simulation s = independentSources(5, 4000, 200, 2, {0.85, 0.7, 0.65, 0.6, 0.55});
        for (const Aggregate method : kAll)
            std::printf("independent unequal, method %d: %.3f\n", static_cast<int>(method), accuracyOf(method, s));
        QVERIFY(std::abs(accuracyOf(Aggregate::Majority, s) - 0.803) < 0.03);
        QVERIFY(std::abs(accuracyOf(Aggregate::DawidSkene, s) - 0.855) < 0.03);
        QVERIFY(std::abs(accuracyOf(Aggregate::AnchoredPool, s) - 0.855) < 0.03);
        QVERIFY(accuracyOf(Aggregate::Snorkel, s) > accuracyOf(Aggregate::Majority, s));
    }
    void withoutAnchors_theCliqueIsStillDiscounted()
    {
        Simulation s = cliqueAmongIndependents(6, 4000, 0);
        const Pooled pooled = pooledBy(Aggregate::AnchoredPool, s);
        QVERIFY(says(pooled.degraded, "No anchors"));
        for (std::size_t weak = 0; weak < 3; ++weak)
            for (std::size_t strong = 3; strong < 5; ++strong)
                QVERIFY(pooled.weights[weak] < pooled.weights[strong]);
        const double votes = accuracyOf(Aggregate::Majority, s);
        std::printf("no anchors: pool %.3f, majority %.3f\n", shareRight(pooled.labels, s.truth), votes);
        QVERIFY(shareRight(pooled.labels, s.truth) > votes);
    }
    void overconfidentProbabilities_areCooled()
    {
        Simulation s = independentSources(7, 2000, 200, 2, {0.7});
        for (const int label : s.table.sources[0].labels) {
            s.table.sources[0].probabilities.push_back(label == 0 ? 0.999F : 0.001F);
            s.table.sources[0].probabilities.push_back(label == 0 ? 0.001F : 0.999F);
        }
        const std::vector<std::size_t> chosen{0};
        const AnchoredPoolFit fit = fitAnchoredPool(s.table, s.anchors, chosen);
        // log(.999/.001) / T = log(.7/.3): T = 8.2, pulled towards 1.
        QVERIFY(fit.members[0].temperature > 4 && fit.members[0].temperature < 14);
        const Pooled pooled = pooledBy(Aggregate::AnchoredPool, s);
        const double sure = *std::max_element(pooled.posterior.begin(), pooled.posterior.end());
        QVERIFY(sure > 0.6 && sure < 0.85);
    }
    void confusion_isShrunkByHand()
    {
        // Source a on anchors 0..3 with truth 0 1 1 1: labels 0 1 1 0. Family: a 3 of 4, b (0 1 0 -) 2 of 3.
        const VoteTable table = small();
        const Anchors anchors{{0, 1, 2, 3}, {0, 1, 1, 1}};
        const std::vector<std::size_t> chosen{0, 1};
        const AnchoredPoolFit fit = fitAnchoredPool(table, anchors, chosen);
        const double family = (5 + 1.0) / (7 + 2);
        const auto a = std::find_if(fit.members.begin(), fit.members.end(),
                                    [](const PoolMember& member) { return member.copies.front() == 0; });
        QVERIFY(std::abs(a->confusion[0] - (1 + 6 * family) / 7) < 1e-12);
        QVERIFY(std::abs(a->confusion[2] - (1 + 6 * (1 - family)) / 9) < 1e-12);
        QVERIFY(std::abs(a->confusion[3] - (2 + 6 * family) / 9) < 1e-12);
        QVERIFY(std::abs(fit.prior[1] - (3 + 5.0) / 14) < 1e-12);
    }
    void weightZero_dropsASource()
    {
        Simulation s = independentSources(8, 300, 40, 3, {0.8, 0.7, 0.6, 0.4});
        Simulation without = s;
        without.table.sources.pop_back();
        s.table.sources.back().weight = 0;
        for (const Aggregate method : kAll) {
            QCOMPARE(pooledBy(method, s).posterior, pooledBy(method, without).posterior);
            QCOMPARE(pooledBy(method, s).weights.back(), 0.0);
        }
    }
    void posteriors_areDistributionsAndIgnoreTheOrderOfSources()
    {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const Simulation s = randomTable(gradus::tests::propertySeed() + 1000 + seed);
            Simulation turned = s;
            std::reverse(turned.table.sources.begin(), turned.table.sources.end());
            const auto width = static_cast<std::size_t>(s.table.classes);
            for (const Aggregate method : kAll) {
                const Pooled pooled = pooledBy(method, s);
                const Pooled again = pooledBy(method, turned);
                QCOMPARE(pooled.posterior.size(), s.table.items * width);
                QCOMPARE(pooled.labels.size(), s.table.items);
                QCOMPARE(pooled.weights.size(), s.table.sources.size());
                for (std::size_t i = 0; i < s.table.items; ++i) {
                    double sum = 0;
                    for (std::size_t k = 0; k < width; ++k) {
                        const float p = pooled.posterior[i * width + k];
                        QVERIFY(std::isfinite(p) && p >= 0);
                        QVERIFY(std::abs(p - again.posterior[i * width + k]) <= 1e-6F);
                        sum += p;
                    }
                    QVERIFY(std::abs(sum - 1) < 1e-5);
                }
                for (std::size_t j = 0; j < pooled.weights.size(); ++j) {
                    QVERIFY(std::isfinite(pooled.weights[j]) && pooled.weights[j] >= 0);
                    QVERIFY(std::abs(pooled.weights[j] - again.weights[pooled.weights.size() - 1 - j]) <= 1e-6);
                }
            }
        }
    }
    void badTables_areRefusedInOneSentence()
    {
        QVERIFY(says(refusal({2, 4, {}}), "no sources"));
        VoteTable table = small();
        table.sources[1].labels.assign(4, kAbstain);
        QVERIFY(says(refusal(table), "\"b\" abstains on every item"));
        table = small();
        table.sources[1].name = "a";
        QVERIFY(says(refusal(table), "Two sources are named \"a\""));
        table = small();
        table.sources[0].labels[2] = 2;
        QVERIFY(says(refusal(table), "item 2 the label 2, outside 0 to 1"));
        table.sources[0].labels[2] = -2;
        QVERIFY(says(refusal(table), "outside 0 to 1"));
        table = small();
        table.sources[0].labels.pop_back();
        QVERIFY(says(refusal(table), "3 labels for 4 items"));
        table = small();
        table.sources[0].weight = 1.5;
        QVERIFY(says(refusal(table), "weight outside 0 to 1"));
        table.sources[0].weight = table.sources[1].weight = 0;
        QVERIFY(says(refusal(table), "weight 0"));
        table = small();
        table.sources[0].probabilities = {1, 0, 0, 1};
        QVERIFY(says(refusal(table), "4 probabilities for 4 items of 2 classes"));
        table.sources[0].probabilities = {1, 0, 0, 1, 0.5F, 0.4F, 1, 0};
        QVERIFY(says(refusal(table), "item 2 that are not a distribution"));
        table = small();
        table.classes = 1;
        QVERIFY(says(refusal(table), "at least two"));
        QVERIFY(says(refusal(small(), {{0, 1}, {0}}), "2 items but 1 truths"));
        QVERIFY(says(refusal(small(), {{7}, {0}}), "item 7"));
        QVERIFY(says(refusal(small(), {{0}, {5}}), "truth 5"));
        QVERIFY(says(refusal(small(), {{0, 0}, {1, 1}}), "repeats item 0"));
        QVERIFY(checkVotes(small(), {}).ok());
    }
    void degradedModes_areNamed()
    {
        const Anchors anchors{{0, 1}, {0, 1}};
        const auto degraded = [&](Aggregate method, const Anchors& some) {
            return aggregate(method, small(), some).value().degraded;
        };
        QVERIFY(says(degraded(Aggregate::Snorkel, anchors), "at least three sources"));
        QCOMPARE(aggregate(Aggregate::Snorkel, small(), {}).value().posterior,
                 aggregate(Aggregate::Majority, small(), {}).value().posterior);
        QVERIFY(says(degraded(Aggregate::DawidSkene, anchors), "fewer than three sources"));
        QVERIFY(says(degraded(Aggregate::Glad, anchors), "fewer than three sources"));
        QVERIFY(says(degraded(Aggregate::Weighted, {}), "majority"));
        QVERIFY(says(degraded(Aggregate::AnchoredPool, {}), "No anchors"));
        QVERIFY(says(degraded(Aggregate::AnchoredPool, {{3}, {0}}), "1 source"));
        for (const Aggregate method : {Aggregate::Majority, Aggregate::Weighted, Aggregate::AnchoredPool})
            QVERIFY(degraded(method, anchors).empty());
    }
};
GRADUS_SUITE(AggregateTest)
#include "aggregate_test.moc"
