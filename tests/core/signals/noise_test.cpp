// SPDX-License-Identifier: GPL-3.0-or-later
// Estimates of noise against simulations whose noise is known, Dawid and Skene's own data, and synthetic noise.
#include "signals/aggregate.h"
#include "signals/binomial_bounds.h"
#include "signals/cross_fit.h"
#include "signals/dawid_skene.h"
#include "signals/mix_noise.h"
#include "signals/noise_estimates.h"
#include "signals/source_worth.h"
#include "signals/synthetic_noise.h"
#include "simulation.h"

#include "support/suite.h"

#include "base/rng.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace gradus;
using namespace gradus::signals;
using namespace gradus::signals::tests;

namespace {

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

bool says(const std::string& sentence, const char* part)
{
    return sentence.find(part) != std::string::npos && sentence.back() == '.';
}

/// Dawid and Skene (1979), table 1: 45 patients, seven readings each, observer 1 three times and 2 to 5 once.
VoteTable anaesthetists()
{
    const char* const rows[] = {"1111111", "3334334", "1122122", "2223121", "2223222", "2223322", "1222111", "3333433",
                                "2222223", "2322223", "4444444", "2223343", "1111111", "2223212", "1211111", "1112111",
                                "1111111", "1111111", "2222221", "2221322", "2222222", "2222221", "2223222", "2212222",
                                "1111111", "1111111", "2322222", "1111111", "1111111", "1121121", "1111111", "3333233",
                                "1111111", "2222222", "2223232", "4334343", "2212232", "2323233", "3333432", "1111111",
                                "1111111", "1212111", "2322222", "1211111", "2222222"};
    VoteTable table{4, 45, {}};
    for (const char* name : {"1, first", "1, second", "1, third", "2", "3", "4", "5"})
        table.sources.push_back({name, {}, {}, 1, {}});
    for (const char* row : rows)
        for (std::size_t j = 0; j < 7; ++j)
            table.sources[j].labels.push_back(row[j] - '1');
    return table;
}

/// What the pool says of the anchors as it stands, though it was fitted on them.
MixNoise asFitted(const Simulation& s, const Pooled& pooled, std::uint64_t seed)
{
    return mixNoise(Aggregate::Majority, s.table, pooled, s.anchors, seed, 200);
}

Simulation teacherOnNoise(std::size_t items)
{
    return independentSources(gradus::tests::propertySeed(), items, 0, 4, {0.7});
}

} // namespace

class NoiseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dawidSkene_onItsOwnData()
    {
        DawidSkeneOptions options;
        options.smoothing = 0;
        options.groups = {0, 0, 0, 1, 2, 3, 4};
        const DawidSkeneFit fit = fitDawidSkene(anaesthetists(), options);
        std::printf("anaesthetists: prevalences %.4f %.4f %.4f %.4f after %d iterations\n", fit.prior[0], fit.prior[1],
                    fit.prior[2], fit.prior[3], fit.iterations);
        QVERIFY(fit.converged);
        // The same EM written independently, 1000 steps from the same start; rounded, .40 .42 .11 .07.
        const double prior[] = {0.399555, 0.421983, 0.111795, 0.066667};
        const double observer1[] = {0.8895, 0.1105, 0,      0, 0.0706, 0.8764, 0.0530, 0,
                                    0,      0.3388, 0.6612, 0, 0,      0,      0.5556, 0.4444};
        const double observer5[] = {1, 0, 0, 0, 0.1590, 0.7345, 0.1064, 0, 0, 0.2091, 0.7909, 0, 0, 0, 0.3333, 0.6667};
        for (std::size_t k = 0; k < 4; ++k)
            QVERIFY(near(fit.prior[k], prior[k], 1e-5));
        for (std::size_t at = 0; at < 16; ++at) {
            QVERIFY(near(fit.confusion[0][at], observer1[at], 1e-4));
            QVERIFY(near(fit.confusion[4][at], observer5[at], 1e-4));
        }
    }
    void clopperPearson_isExact()
    {
        QVERIFY(near(clopperPearsonUpper(20, 200), 0.1419, 5e-4));
        QVERIFY(near(clopperPearsonUpper(0, 59), 1 - std::pow(0.05, 1.0 / 59), 1e-9)); // the rule of three
        QVERIFY(near(clopperPearsonLower(59, 59), std::pow(0.05, 1.0 / 59), 1e-9));
        QCOMPARE(clopperPearsonLower(0, 9), 0.0);
        QCOMPARE(clopperPearsonUpper(9, 9), 1.0);
        QCOMPARE(clopperPearsonUpper(0, 0), 1.0);
        // Definition: at the upper bound, 20 or fewer of 200 has probability .05.
        const double p = clopperPearsonUpper(20, 200);
        double tail = 0;
        double term = std::pow(1 - p, 200);
        for (int k = 0; k <= 20; ++k) {
            tail += term;
            term *= (200 - k) / (k + 1.0) * p / (1 - p);
        }
        QVERIFY(near(tail, 0.05, 1e-9));
    }
    void anchors_countWrongLabels()
    {
        SourceVotes source{"judge", std::vector<int>(200, 0), {}, 1, {}};
        Anchors anchors;
        for (std::size_t i = 0; i < 200; ++i) {
            anchors.items.push_back(i);
            anchors.truth.push_back(i < 20 ? 1 : 0);
        }
        const NoiseEstimate noise = anchorNoise(source, anchors);
        QCOMPARE(noise.estimate, 0.1);
        QVERIFY(near(noise.upper, 0.14, 0.005));
        QVERIFY(noise.lower > 0.06 && noise.lower < 0.1);
        QCOMPARE(noise.n, 200LL);
        QVERIFY(says(anchorNoise(source, {}).refusal, "\"judge\" labels no anchor"));
    }
    void judge_isCorrectedForItsOwnErrors()
    {
        // True noise .2, sensitivity .9, specificity .8: flagged .2 x .9 + .8 x .2 = .34.
        QVERIFY(near(judgedNoise(340, 1000, 0.9, 0.8).estimate, 0.2, 1e-12));
        QCOMPARE(judgedNoise(10, 1000, 0.9, 0.8).estimate, 0.0);
        QVERIFY(says(judgedNoise(10, 100, 0.5, 0.5).refusal, "chance"));
    }
    void moments_findTheNoiseOfIndependents()
    {
        const std::vector<double> accuracies{0.9, 0.8, 0.7, 0.6};
        const Simulation s = independentSources(gradus::tests::propertySeed(), 20000, 0, 2, accuracies);
        const auto estimates = agreementNoise(s.table, 1, 100);
        for (std::size_t j = 0; j < accuracies.size(); ++j) {
            QVERIFY(estimates[j].refusal.empty());
            QVERIFY(near(estimates[j].estimate, 1 - accuracies[j], 0.025));
            QVERIFY(estimates[j].lower <= estimates[j].estimate && estimates[j].estimate <= estimates[j].upper);
            QVERIFY(estimates[j].upper - estimates[j].lower < 0.08);
        }
        QCOMPARE(agreementNoise(s.table, 1, 20)[0].upper, agreementNoise(s.table, 1, 20)[0].upper);
    }
    void moments_refuseWhatTheyCannotDo()
    {
        const Simulation two = independentSources(1, 100, 0, 2, {0.9, 0.8});
        QVERIFY(says(agreementNoise(two.table, 1)[0].refusal, "at least three sources, the table has 2"));
        QVERIFY(says(dawidSkeneNoise(two.table)[1].refusal, "at least three sources"));
        const Simulation four = independentSources(1, 100, 0, 4, {0.9, 0.8, 0.7});
        QVERIFY(says(agreementNoise(four.table, 1)[0].refusal, "two classes"));
    }
    void dawidSkene_findsTheNoiseOfIndependents()
    {
        const std::vector<double> accuracies{0.9, 0.8, 0.7, 0.6};
        const Simulation s = independentSources(gradus::tests::propertySeed(), 4000, 0, 3, accuracies);
        const auto estimates = dawidSkeneNoise(s.table);
        for (std::size_t j = 0; j < accuracies.size(); ++j)
            QVERIFY(near(estimates[j].estimate, 1 - accuracies[j], 0.04));
    }
    void confidentLearning_countsOffTheDiagonal()
    {
        // Perfect probabilities: the joint is the confusion itself.
        Rng rng(gradus::tests::propertySeed(), "confident");
        std::vector<int> labels;
        std::vector<float> probabilities;
        double wrong = 0;
        for (int i = 0; i < 3000; ++i) {
            const int truth = static_cast<int>(rng.below(3));
            const bool errs = rng.uniform() < 0.25;
            labels.push_back(errs ? (truth + 1) % 3 : truth);
            wrong += errs ? 1.0 / 3000 : 0;
            for (int k = 0; k < 3; ++k)
                probabilities.push_back(k == truth ? 0.9F : 0.05F);
        }
        const NoiseEstimate noise = confidentNoise(labels, probabilities, 3);
        QVERIFY(near(noise.estimate, wrong, 0.002));
        QVERIFY(noise.lower < noise.estimate && noise.estimate < noise.upper);
        QVERIFY(says(confidentNoise(labels, {}, 3).refusal, "cross-validated probabilities"));
    }
    void confidentLearning_refusesAModelThatLearntNothing()
    {
        // Labels without an error, and probabilities that are drawn: the method alone would say one half.
        Rng rng(gradus::tests::propertySeed(), "confident/nothing");
        std::vector<int> labels;
        std::vector<float> probabilities;
        for (int i = 0; i < 400; ++i) {
            labels.push_back(i % 5 == 0 ? 1 : 0);
            const auto p = static_cast<float>(rng.uniform());
            probabilities.insert(probabilities.end(), {p, 1 - p});
        }
        QVERIFY(says(confidentNoise(labels, probabilities, 2).refusal, "no more than their commonest class"));
    }
    void lossMixture_findsTheUpperMode()
    {
        Rng rng(gradus::tests::propertySeed(), "losses");
        std::vector<double> losses;
        std::vector<double> one;
        for (int i = 0; i < 4000; ++i) {
            losses.push_back(i < 1200 ? 3 + 0.5 * rng.normal() : 0.5 + 0.3 * rng.normal());
            one.push_back(rng.normal());
        }
        QVERIFY(near(lossMixtureNoise(losses).estimate, 0.3, 0.01));
        QVERIFY(says(lossMixtureNoise(one).refusal, "no two modes"));
        QVERIFY(says(lossMixtureNoise(std::vector<double>(50, 1.0)).refusal, "no two modes"));
        QVERIFY(says(lossMixtureNoise(std::vector<double>(5, 1.0)).refusal, "at least 20"));
    }
    void disagreement_isAnAlarmByItsRule()
    {
        const auto estimate = [](const char* method, double low, double high) {
            return NoiseEstimate{method, (low + high) / 2, low, high, 200, {}};
        };
        NoiseEstimate silent = estimate("loss-mixture", 0, 0);
        silent.refusal = "no two modes";
        const auto apart =
            disagreementAlarm(std::vector{estimate("anchors", 0.25, 0.4), estimate("confident", 0.02, 0.06), silent});
        QVERIFY(apart && says(*apart, "Shared bias: confident") && says(*apart, "25.0 %"));
        // Bounds that touch are no alarm, and neither is an estimator that is above the anchors.
        QVERIFY(!disagreementAlarm(std::vector{estimate("anchors", 0.25, 0.4), estimate("confident", 0.2, 0.26)}));
        QVERIFY(!disagreementAlarm(std::vector{estimate("anchors", 0.05, 0.1), estimate("confident", 0.2, 0.26)}));
        // Without anchors nobody knows which is right.
        const auto open =
            disagreementAlarm(std::vector{estimate("confident", 0.02, 0.06), estimate("loss-mixture", 0.2, 0.3)});
        QVERIFY(open && says(*open, "nobody knows which is right") && says(*open, "confident") &&
                says(*open, "loss-mixture"));
        QVERIFY(!disagreementAlarm(std::vector{estimate("confident", 0.02, 0.06), silent}));
        QVERIFY(!disagreementAlarm(std::vector{estimate("anchors", 0.25, 0.4), silent}));
        QVERIFY(!disagreementAlarm({}));
    }
    void sharedBias_isHeardOnTheClique()
    {
        const Simulation s = cliqueAmongIndependents(gradus::tests::propertySeed(), 4000, 200);
        const auto moments = agreementNoise(s.table, 1, 50);
        const auto em = dawidSkeneNoise(s.table);
        const NoiseEstimate anchors = anchorNoise(s.table.sources[0], s.anchors);
        std::printf("a weak source of the clique: anchors %.3f in %.3f to %.3f, agreement %.3f, Dawid-Skene %.3f\n",
                    anchors.estimate, anchors.lower, anchors.upper, moments[0].estimate, em[0].estimate);
        const auto alarm = sharedBiasAlarm(anchors, std::vector{moments[0], em[0]});
        QVERIFY(alarm && says(*alarm, "Shared bias"));
        const Simulation fair = independentSources(3, 4000, 200, 2, {0.8, 0.75, 0.7, 0.8});
        QVERIFY(!sharedBiasAlarm(anchorNoise(fair.table.sources[0], fair.anchors),
                                 std::vector{agreementNoise(fair.table, 1, 50)[0], dawidSkeneNoise(fair.table)[0]}));
        QVERIFY(!sharedBiasAlarm(anchorNoise(s.table.sources[0], {}), em));
    }
    void mixNoise_isCalibratedAndBounded()
    {
        int covered = 0;
        int naiveCovered = 0;
        const int seeds = 20;
        double error = 0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const Simulation s = cliqueAmongIndependents(seed, 4000, 200);
            const Pooled pooled = aggregate(Aggregate::AnchoredPool, s.table, s.anchors).value();
            const MixNoise noise = mixNoise(Aggregate::AnchoredPool, s.table, pooled, s.anchors, seed, 200);
            const MixNoise naive = asFitted(s, pooled, seed);
            naiveCovered += 1 - shareRight(pooled.labels, s.truth) <= naive.upper ? 1 : 0;
            const double truth = 1 - shareRight(pooled.labels, s.truth);
            covered += truth <= noise.upper ? 1 : 0;
            error += (noise.calibrated - truth) / seeds;
            QVERIFY(noise.upper >= noise.calibrated);
        }
        std::printf("noise of the mix: mean error %.4f, upper bound covers %d of %d, without cross-fitting %d\n", error,
                    covered, seeds, naiveCovered);
        QVERIFY(covered >= 17);
        QVERIFY(std::abs(error) < 0.02);
    }
    void everyPoolThatLearnsFromAnchors_isJudgedOnOthers()
    {
        // Weights of many poor sources fit thirty anchors by chance: on these the pool seems better than it is.
        const int seeds = 40;
        double error = 0;
        double asSeen = 0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const Simulation s = independentSources(seed, 3000, 30, 2, std::vector<double>(20, 0.52));
            const Pooled pooled = aggregate(Aggregate::Weighted, s.table, s.anchors).value();
            const double truth = 1 - shareRight(pooled.labels, s.truth);
            error += (mixNoise(Aggregate::Weighted, s.table, pooled, s.anchors, seed, 20).calibrated - truth) / seeds;
            asSeen += (asFitted(s, pooled, seed).calibrated - truth) / seeds;
        }
        std::printf("noise of the weighted pool: mean error %.4f, on the anchors it was fitted on %.4f\n", error,
                    asSeen);
        QVERIFY(asSeen < -0.05);
        QVERIFY(std::abs(error) < 0.03);
        // Snorkel's prior is counted on the anchors: of each fold on those of the others.
        const Simulation s = independentSources(7, 400, 30, 3, {0.8, 0.75, 0.7});
        const Pooled pooled = aggregate(Aggregate::Snorkel, s.table, s.anchors).value();
        const std::vector<double> rows = posteriorsOnAnchors(Aggregate::Snorkel, s.table, pooled, s.anchors);
        QCOMPARE(rows.size(), std::size_t{90});
        Anchors others;
        for (std::size_t a = 0; a < 30; ++a)
            if (a % 5 != 3) {
                others.items.push_back(s.anchors.items[a]);
                others.truth.push_back(s.anchors.truth[a]);
            }
        const Pooled without = aggregate(Aggregate::Snorkel, s.table, others).value();
        for (std::size_t a = 3; a < 30; a += 5)
            for (std::size_t k = 0; k < 3; ++k)
                QCOMPARE(rows[a * 3 + k], static_cast<double>(without.posterior[s.anchors.items[a] * 3 + k]));
    }
    void mixNoise_withoutAnchorsOrErrors()
    {
        const Simulation s = independentSources(2, 500, 40, 2, {1.0, 1.0});
        const Pooled pooled = aggregate(Aggregate::AnchoredPool, s.table, s.anchors).value();
        QVERIFY(near(mixNoise(Aggregate::AnchoredPool, s.table, pooled, s.anchors, 1).upper, clopperPearsonUpper(0, 40),
                     1e-12));
        const MixNoise blind = mixNoise(Aggregate::AnchoredPool, s.table, pooled, {}, 1);
        QCOMPARE(blind.calibrated, blind.raw);
        QCOMPARE(blind.upper, 1.0);
        QVERIFY(says(blind.degraded, "No anchors"));
    }
    void worth_findsTheIndependentSources()
    {
        const Simulation s = cliqueAmongIndependents(gradus::tests::propertySeed(), 2000, 300);
        const auto worths = sourceWorth(s.table, s.anchors).value();
        const auto steps = marginalBenefit(s.table, s.anchors).value();
        for (const SourceWorth& worth : worths)
            std::printf("%-9s saves %+.4f [%+.4f, %+.4f] nats, N_eff %+.2f\n", worth.name.c_str(),
                        worth.lossSaved.value, worth.lossSaved.low, worth.lossSaved.high, worth.effectiveSources);
        for (const MarginalBenefit& step : steps)
            std::printf("then %-9s saves %+.4f [%+.4f, %+.4f], NLL %.4f, N_eff %.2f\n", step.name.c_str(),
                        step.lossSaved.value, step.lossSaved.low, step.lossSaved.high, step.loss,
                        step.effectiveSources);
        for (std::size_t strong = 3; strong < 5; ++strong) {
            QVERIFY(worths[strong].lossSaved.low > 0);
            for (std::size_t weak = 0; weak < 3; ++weak) {
                QVERIFY(worths[strong].lossSaved.value > worths[weak].lossSaved.value);
                QVERIFY(worths[strong].effectiveSources > worths[weak].effectiveSources);
            }
        }
        QCOMPARE(steps.size(), std::size_t{5});
        QVERIFY(steps[0].name.starts_with("strong") && steps[1].name.starts_with("strong"));
        QVERIFY(steps[4].effectiveSources < 4);
        const Simulation few = cliqueAmongIndependents(1, 100, 9);
        QVERIFY(says(sourceWorth(few.table, few.anchors).error().message, "at least 10 anchors, there are 9"));
    }
    void aCopy_isWorthNothing()
    {
        Simulation s = independentSources(6, 800, 100, 3, {0.8, 0.7});
        s.table = withAddedCopies(s.table, 0, 1);
        const auto worths = sourceWorth(s.table, s.anchors).value();
        QCOMPARE(worths[0].lossSaved.value, 0.0);
        QCOMPARE(worths[2].lossSaved.value, 0.0);
        QVERIFY(worths[1].lossSaved.value > 0);
    }
    void syntheticNoise_isNested()
    {
        const Simulation s = teacherOnNoise(1000);
        Rng rng(gradus::tests::propertySeed(), "teacher");
        NoiseRequest request;
        request.classes = 4;
        request.seed = gradus::tests::propertySeed();
        for (int row = 0; row < 4; ++row)
            for (int column = 0; column < 4; ++column)
                request.matrix.push_back(row == column ? 0.4 : 0.2);
        for (std::size_t i = 0; i < 1000; ++i) {
            const double right = rng.uniform();
            for (int k = 0; k < 4; ++k)
                request.teacher.push_back(static_cast<float>(k == s.truth[i] ? right : (1 - right) / 3));
        }
        for (const NoiseKind kind : {NoiseKind::UniformAll, NoiseKind::WrongOnly, NoiseKind::ClassConditional,
                                     NoiseKind::TeacherLowest, NoiseKind::TeacherErrors}) {
            request.kind = kind;
            NoisyLabels before;
            for (const double rate : {0.0, 0.2, 0.4, 0.8, 1.0}) {
                request.rate = rate;
                const NoisyLabels noisy = corrupt(s.truth, request).value();
                QCOMPARE(noisy.redrawn.size(), static_cast<std::size_t>(std::llround(rate * 1000)));
                QCOMPARE(noisy.wrong, differing(noisy.labels, s.truth));
                QVERIFY(std::includes(noisy.redrawn.begin(), noisy.redrawn.end(), before.redrawn.begin(),
                                      before.redrawn.end()));
                for (const std::size_t i : before.redrawn)
                    QCOMPARE(noisy.labels[i], before.labels[i]);
                before = noisy;
            }
        }
    }
    void syntheticNoise_hasItsRate()
    {
        const Simulation s = teacherOnNoise(20000);
        NoiseRequest request{NoiseKind::WrongOnly, 0.3, 4, 5, {}, {}};
        QCOMPARE(corrupt(s.truth, request)->wrong, std::size_t{6000});
        request.kind = NoiseKind::UniformAll;
        QVERIFY(near(double(corrupt(s.truth, request)->wrong) / 20000, 0.3 * 3 / 4, 0.01));
        request.kind = NoiseKind::ClassConditional; // class 0 always becomes 1, the others stay
        request.matrix = {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        request.rate = 1;
        const NoisyLabels mapped = corrupt(s.truth, request).value();
        for (std::size_t i = 0; i < s.truth.size(); ++i)
            QCOMPARE(mapped.labels[i], std::max(1, s.truth[i]));
        QCOMPARE(uninformativeRate(4), 0.75);
        QCOMPARE(uninformativeRate(2), 0.5);
    }
    void syntheticNoise_followsTheTeacher()
    {
        const std::vector<int> truth{0, 0, 0, 0};
        NoiseRequest request{NoiseKind::TeacherLowest, 0.5, 3, 9, {}, {}};
        request.teacher = {0.9F, 0.1F, 0, 0.1F, 0.2F, 0.7F, 0.5F, 0.5F, 0, 0.2F, 0.8F, 0};
        const NoisyLabels noisy = corrupt(truth, request).value();
        QCOMPARE(noisy.redrawn, (std::vector<std::size_t>{1, 3}));
        QCOMPARE(noisy.labels, (std::vector<int>{0, 2, 0, 1}));
        // In proportion: of two sorts of items, doubted at .8 and .2, the first is drawn about four times as often.
        const std::vector<int> many(10000, 0);
        NoiseRequest drawn{NoiseKind::TeacherErrors, 0.05, 2, 9, {}, {}};
        for (std::size_t i = 0; i < many.size(); ++i) {
            drawn.teacher.push_back(i % 2 ? 0.2F : 0.8F);
            drawn.teacher.push_back(i % 2 ? 0.8F : 0.2F);
        }
        const auto redrawn = corrupt(many, drawn)->redrawn;
        const auto doubted = std::count_if(redrawn.begin(), redrawn.end(), [](std::size_t i) { return i % 2 == 1; });
        QVERIFY(near(double(doubted) / double(redrawn.size()), 0.8, 0.06));
    }
    void syntheticNoise_refusesBadRequests()
    {
        const std::vector<int> truth{0, 1, 1};
        const auto refusal = [&](NoiseRequest request) { return corrupt(truth, request).error().message; };
        QVERIFY(says(refusal({NoiseKind::UniformAll, 1.2, 2, 1, {}, {}}), "outside 0 to 1"));
        QVERIFY(says(refusal({NoiseKind::UniformAll, 0.2, 1, 1, {}, {}}), "two classes"));
        QVERIFY(says(refusal({NoiseKind::ClassConditional, 0.2, 2, 1, {1, 1, 0, 1}, {}}), "noise matrix"));
        QVERIFY(says(refusal({NoiseKind::TeacherLowest, 0.2, 2, 1, {}, {1, 0}}), "each of the 3 items"));
        const std::vector<int> outside{0, 2};
        QVERIFY(says(corrupt(outside, {NoiseKind::WrongOnly, 0.2, 2, 1, {}, {}}).error().message, "the label 2"));
    }
};
GRADUS_SUITE(NoiseTest)
#include "noise_test.moc"
