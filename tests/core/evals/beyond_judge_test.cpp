// SPDX-License-Identifier: GPL-3.0-or-later
// Judges without truth, measured on models whose accuracy at every difficulty is drawn from a known law.
#include "evals/beyond_judge.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::evals;

namespace {

/// Binary models whose accuracy at difficulty d is lawOf(capacity, d), erring independently unless `copies` repeat the
/// first model's answers.
GradedModels modelsOf(int ladders, int models, double (*lawOf)(double, int), Rng& rng, int copies = 0)
{
    GradedModels all;
    for (int d = 1; d <= 6; ++d)
        all.bins.push_back({d, std::vector<int>(400, 0)});
    for (int l = 0; l < ladders; ++l) {
        Bundle ladder{.seed = l, .members = {}};
        for (int m = 0; m < models; ++m) {
            GradedModel model{.name = "A" + std::to_string(m), .capacity = 3 + 0.5 * m, .labels = {}};
            for (const GradedBin& bin : all.bins) {
                std::vector<int> labels;
                for (std::size_t i = 0; i < bin.truth.size(); ++i)
                    labels.push_back(rng.uniform() < lawOf(model.capacity, bin.difficulty) ? 0 : 1);
                if (m > 0 && m <= copies)
                    labels = all.models[all.models.size() - static_cast<std::size_t>(m)].labels[model.labels.size()];
                model.labels.push_back(std::move(labels));
            }
            ladder.members.push_back(all.models.size());
            all.models.push_back(std::move(model));
        }
        all.ladders.push_back(std::move(ladder));
    }
    return all;
}

double smooth(double capacity, int difficulty)
{
    return 0.5 + 0.5 / (1 + std::exp(-(1.2 * (capacity - 3) + 1 - 0.5 * difficulty)));
}

double cliff(double capacity, int difficulty)
{
    return difficulty == 6 ? 0.5 : smooth(capacity, difficulty);
}

} // namespace

class BeyondJudgeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void surrogate_isCalibratedWhereHardFollowsEasy()
    {
        Rng rng(gradus::tests::propertySeed(), "surrogate");
        const auto judge = surrogateJudge(modelsOf(6, 5, smooth, rng));
        QVERIFY(judge.has_value());
        QCOMPARE(judge->models, 30);
        QVERIFY(judge->spearman->value > 0.8);
        QVERIFY(judge->calibratedError < 0.05);
        QVERIFY(judge->calibratedError <
                judge->rawError / 2); // hard items are harder: taken as it is, it promises more
        QVERIFY(judge->coverage > 0.75);
        QVERIFY(judge->slope->low < judge->slope->value && judge->slope->high > judge->slope->value);
    }
    void surrogate_neverCalibratesOnItsOwnSeed()
    {
        // Two seeds of three conditions: the first seed's hard items follow the easy ones, the other's turn them
        // round. Who calibrates within a seed foretells well; held out by seed, every promise is wrong.
        Rng rng(1, "seeds");
        GradedModels all = modelsOf(6, 4, smooth, rng);
        for (std::size_t l = 0; l < all.ladders.size(); ++l) {
            all.ladders[l].seed = static_cast<std::int64_t>(l / 3);
            if (l < 3) continue;
            for (const std::size_t m : all.ladders[l].members)
                for (int& label : all.models[m].labels.back())
                    label = 1 - label;
        }
        const auto judge = surrogateJudge(all);
        QCOMPARE(judge->groups, 2);
        QCOMPARE(judge->models, 24);
        QCOMPARE(judge->slope->n, 2);
        QVERIFY2(judge->calibratedError > 0.25, qPrintable(QString::number(judge->calibratedError)));
        QVERIFY(judge->slope->high - judge->slope->low > 2); // two seeds that contradict each other know no slope
    }
    void shared_firstModelIsOneObservation()
    {
        // Three conditions a seed begin with the same A1.
        Rng rng(1, "shared");
        GradedModels all = modelsOf(4, 5, smooth, rng);
        const std::size_t own = all.models.size();
        for (std::size_t l = 0; l < 4; ++l)
            for (int condition = 0; condition < 2; ++condition) {
                Bundle again = all.ladders[l];
                again.members.back() = all.models.size(); // another A5
                all.models.push_back(all.models[all.ladders[l].members[4]]);
                all.ladders.push_back(std::move(again));
            }
        QCOMPARE(all.models.size(), own + 8);
        const auto judge = surrogateJudge(all);
        QCOMPARE(judge->models, 28);
        QCOMPARE(judge->groups, 4);
        QCOMPARE(judge->spearman->n, 4);
        const auto peers = peerJudges(all, 1);
        QCOMPARE(peers[0].ladders, 12);
        QCOMPARE(peers[0].spearman->n, 4);
        const auto extrapolated = extrapolationJudge(all);
        QCOMPARE(extrapolated->cells, 60);
        QCOMPARE(extrapolated->coverage.n, 4);
        // Even under two names of seeds, ladders that share a model are one group.
        all.ladders.back().seed = 77;
        QCOMPARE(surrogateJudge(all)->groups, 4);
        // One seed has no interval and is asked of its other models.
        GradedModels one = modelsOf(2, 5, smooth, rng);
        one.ladders[1].seed = one.ladders[0].seed;
        const auto alone = surrogateJudge(one);
        QCOMPARE(alone->groups, 1);
        QCOMPARE(alone->slope->low, alone->slope->high);
    }
    void surrogate_ofACliffIsWorthless()
    {
        Rng rng(gradus::tests::propertySeed(), "cliff");
        const auto judge = surrogateJudge(modelsOf(6, 5, cliff, rng));
        QVERIFY(std::abs(judge->spearman->value) < 0.5);
        QVERIFY(judge->slope->value < 0.2);
        QVERIFY(!surrogateJudge(modelsOf(1, 3, smooth, rng)));
    }
    void extrapolation_followsTheTrendAndSaysWhenItBreaks()
    {
        Rng rng(gradus::tests::propertySeed(), "extrapolation");
        const auto held = extrapolationJudge(modelsOf(8, 5, smooth, rng));
        QCOMPARE(held->cells, 40);
        QVERIFY2(held->coverage.value > 0.8, qPrintable(QString::number(held->coverage.value)));
        QVERIFY(held->error < held->carriedError);
        QVERIFY(std::abs(held->signedError) < 0.03);
        const auto broken = extrapolationJudge(modelsOf(8, 5, cliff, rng));
        QVERIFY(broken->coverage.value < held->coverage.value);
        QVERIFY(broken->signedError > 0.05); // it promises what is not there
        QVERIFY(!extrapolationJudge(modelsOf(8, 1, smooth, rng)));
    }
    void extrapolation_neverSeesTheHardestBin()
    {
        Rng rng(1, "leak");
        GradedModels all = modelsOf(1, 4, smooth, rng);
        const auto before = extrapolationJudge(all);
        for (GradedModel& model : all.models)
            model.labels.back().assign(model.labels.back().size(), 1);
        const auto after = extrapolationJudge(all);
        // Real accuracy fell to 0: the promise did not move, so the mean excess grew by what was real before.
        double real = 0;
        Rng again(1, "leak");
        const GradedModels first = modelsOf(1, 4, smooth, again);
        for (std::size_t m = 0; m < 4; ++m)
            real += accuracyIn(first, m, 5).value / 4;
        QVERIFY(std::abs(after->signedError - before->signedError - real) < 1e-9);
    }
    void peers_rankIndependentModelsAndAreFooledByCopies()
    {
        Rng rng(gradus::tests::propertySeed(), "peers");
        const auto good = [](double capacity, int) { return 0.55 + 0.15 * (capacity - 3); };
        const auto fair = peerJudges(modelsOf(10, 5, good, rng), 1);
        QCOMPARE(fair.size(), std::size_t{3});
        QCOMPARE(fair[0].ladders, 10);
        QVERIFY(fair[0].spearman->value > 0.7);
        QVERIFY(fair[2].spearman->value > 0.3); // five people who know a quarter of the items
        // The two weakest say the same as the weakest: they agree with each other and are ranked above better ones.
        const auto fooled = peerJudges(modelsOf(10, 5, good, rng, 2), 1);
        QVERIFY(fooled[1].spearman->value < fair[1].spearman->value - 0.3);
        QVERIFY(fooled[1].topRight < fair[1].topRight);
        QVERIFY(peerJudges(modelsOf(2, 2, good, rng), 1).empty());
    }
    void kendall_byHand()
    {
        const std::vector<double> a{1, 2, 3, 4};
        const std::vector<double> b{1, 3, 2, 4}; // one pair of six is turned round
        QVERIFY(std::abs(*kendallTau(a, b) - 4.0 / 6) < 1e-12);
        const std::vector<double> tied{1, 1, 2, 2};
        QVERIFY(std::abs(*kendallTau(a, tied) - 4 / std::sqrt(24.0)) < 1e-12);
        QVERIFY(!kendallTau(a, std::vector<double>{1, 1, 1, 1}));
        QVERIFY(!kendallTau(a, std::vector<double>{1}));
    }
};
GRADUS_SUITE(BeyondJudgeTest)
#include "beyond_judge_test.moc"
