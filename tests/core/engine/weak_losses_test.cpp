// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/weak_losses.h"

#include "engine/tuning.h"
#include "support/suite.h"
#include "toy_items.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

namespace {

void compare(const std::vector<float>& made, const std::vector<float>& expected)
{
    QCOMPARE(made.size(), expected.size());
    for (std::size_t i = 0; i < made.size(); ++i)
        QVERIFY2(std::abs(made[i] - expected[i]) < 1e-6F,
                 qPrintable(QString("%1: %2, not %3").arg(i).arg(made[i]).arg(expected[i])));
}

} // namespace

class WeakLossesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void crossEntropy_leavesTheTeachersLabels()
    {
        compare(weakTargets({}, std::vector<float>{0.3F, 0.7F}, std::vector<float>{0.9F, 0.1F}, 2, 0.5), {0.3F, 0.7F});
    }
    void confidence_keepsTheTeachersClassBalance()
    {
        // The teacher's mean of class 1 is 0.5 of 4: the two items that the student finds likeliest get class 1,
        // although only one of them is above one half.
        const std::vector<float> weak{0.5F, 0.5F, 0.2F, 0.8F, 0.8F, 0.2F, 0.5F, 0.5F};
        const std::vector<float> own{0.6F, 0.4F, 0.7F, 0.3F, 0.1F, 0.9F, 0.9F, 0.1F};
        const WeakLoss loss{.kind = WeakLoss::Kind::Confidence, .weight = 0.5, .warmup = 0.2};
        compare(weakTargets(loss, weak, own, 2, 1.0), {0.25F, 0.75F, 0.6F, 0.4F, 0.4F, 0.6F, 0.75F, 0.25F});
        compare(weakTargets(loss, weak, own, 2, 0.1), {0.375F, 0.625F, 0.4F, 0.6F, 0.6F, 0.4F, 0.625F, 0.375F});
        compare(weakTargets(loss, weak, own, 2, 0.0), weak);
    }
    void confidence_withThreeClassesIsTheArgmax()
    {
        const WeakLoss loss{.kind = WeakLoss::Kind::Confidence, .weight = 0.6, .warmup = 0};
        compare(weakTargets(loss, std::vector<float>{1, 0, 0}, std::vector<float>{0.2F, 0.3F, 0.5F}, 3, 0),
                {0.4F, 0, 0.6F});
    }
    void product_multipliesBothOpinions()
    {
        const WeakLoss loss{.kind = WeakLoss::Kind::Product};
        compare(weakTargets(loss, std::vector<float>{0.25F, 0.75F, 1, 0}, std::vector<float>{0.5F, 0.5F, 0, 1}, 2, 1),
                {0.25F, 0.75F, 1, 0}); // the second pair exclude one another
        const WeakLoss sharper{.kind = WeakLoss::Kind::Product, .selfExponent = 2, .weakExponent = 1};
        compare(weakTargets(sharper, std::vector<float>{0.5F, 0.5F}, std::vector<float>{0.2F, 0.8F}, 2, 1),
                {0.04F / 0.68F, 0.64F / 0.68F});
    }
    void window_leavesOutWhatTheStudentIsSureOf()
    {
        const WeakLoss loss{.kind = WeakLoss::Kind::Window, .window = 0.15};
        compare(weakTargets(loss, std::vector<float>{1, 0, 1, 0}, std::vector<float>{0.4F, 0.6F, 0.2F, 0.8F}, 2, 1),
                {1, 0, 0.2F, 0.8F});
    }
    void forward_isThePosteriorOfTheTruth()
    {
        // Label 1 where class 0 is true: .4; where class 1 is true: .9. Own .5 and .5: 4 to 9.
        const WeakLoss loss{.kind = WeakLoss::Kind::Forward, .noise = {0.6, 0.4, 0.1, 0.9}};
        compare(weakTargets(loss, std::vector<float>{0, 1}, std::vector<float>{0.5F, 0.5F}, 2, 1),
                {4.0F / 13, 9.0F / 13});
        compare(weakTargets(loss, std::vector<float>{0.5F, 0.5F}, std::vector<float>{0.5F, 0.5F}, 2, 1),
                {0.5F * (6.0F / 7 + 4.0F / 13), 0.5F * (1.0F / 7 + 9.0F / 13)});
        const WeakLoss certain{.kind = WeakLoss::Kind::Forward, .noise = {1, 0, 0, 1}};
        compare(weakTargets(certain, std::vector<float>{0.3F, 0.7F}, std::vector<float>{0.9F, 0.1F}, 2, 1),
                {0.3F, 0.7F}); // without noise, cross-entropy
        compare(weakTargets(certain, std::vector<float>{0, 1}, std::vector<float>{1, 0}, 2, 1), {0, 1});
    }
    void generalised_weighsALabelByTheOwnOpinionOfIt()
    {
        const WeakLoss loss{.kind = WeakLoss::Kind::Generalised, .q = 0.5};
        compare(weakTargets(loss, std::vector<float>{1, 0}, std::vector<float>{0.25F, 0.75F}, 2, 1),
                {0.5F + 0.5F * 0.25F, 0.5F * 0.75F});
    }
    void noiseRobustLosses_haveTheirPublishedGradients()
    {
        // By central differences of the losses as they are published, against softmax - target.
        Rng rng(propertySeed(), "noise-robust losses");
        for (int trial = 0; trial < 200; ++trial) {
            const int classes = 2 + static_cast<int>(rng.below(4));
            const auto k = static_cast<std::size_t>(classes);
            std::vector<double> logits;
            std::vector<float> weak;
            std::vector<double> noise;
            for (std::size_t i = 0; i < k; ++i)
                logits.push_back(4 * rng.uniform() - 2);
            for (const double share : shares(rng, k))
                weak.push_back(static_cast<float>(share));
            for (std::size_t row = 0; row < k; ++row)
                for (const double share : shares(rng, k))
                    noise.push_back(share);
            const double q = 0.05 + 0.95 * rng.uniform();
            const auto forward = [&](const std::vector<double>& z) {
                const auto p = softmaxOf(z);
                double loss = 0;
                for (std::size_t label = 0; label < k; ++label) {
                    double made = 0;
                    for (std::size_t i = 0; i < k; ++i)
                        made += p[i] * noise[i * k + label];
                    loss -= static_cast<double>(weak[label]) * std::log(made);
                }
                return loss;
            };
            const auto generalised = [&](const std::vector<double>& z) {
                const auto p = softmaxOf(z);
                double loss = 0;
                for (std::size_t i = 0; i < k; ++i)
                    loss += static_cast<double>(weak[i]) * (1 - std::pow(p[i], q)) / q;
                return loss;
            };
            const auto own = softmaxOf(logits);
            const std::vector<float> ownFloat(own.begin(), own.end());
            const auto agree = [&](const WeakLoss& loss, const auto& published) {
                const auto target = weakTargets(loss, weak, ownFloat, classes, 1);
                for (std::size_t i = 0; i < k; ++i) {
                    auto above = logits;
                    auto below = logits;
                    above[i] += 1e-5;
                    below[i] -= 1e-5;
                    const double slope = (published(above) - published(below)) / 2e-5;
                    QVERIFY2(std::abs(slope - (own[i] - static_cast<double>(target[i]))) < 1e-5,
                             qPrintable(QString("%1 and %2").arg(slope).arg(own[i] - static_cast<double>(target[i]))));
                }
            };
            agree({.kind = WeakLoss::Kind::Forward, .noise = noise}, forward);
            agree({.kind = WeakLoss::Kind::Generalised, .q = q}, generalised);
        }
    }
    void forwardCorrection_learnsWhatNoisyLabelsHide()
    {
        // Nine of twenty labels of class 0 say class 1 and none the other way: by the labels as they are, class 1 is
        // the answer far too often.
        const LabelledItems clean = classifyItems(512, 1);
        LabelledItems noisy = clean;
        Rng rng(7, "one-sided noise");
        for (std::size_t i = 0; i < noisy.items.size(); ++i)
            if (noisy.targets[2 * i] > 0.5F && rng.uniform() < 0.45)
                std::swap(noisy.targets[2 * i], noisy.targets[2 * i + 1]);
        const double plain = shareRight(noisy, {}, clean);
        const double corrected =
            shareRight(noisy, {.kind = WeakLoss::Kind::Forward, .noise = {0.55, 0.45, 0, 1}}, clean);
        QVERIFY2(corrected > plain + 0.02, qPrintable(QString("%1 and %2").arg(corrected).arg(plain)));
    }
    void noise_mustBeRowsOfProbabilities()
    {
        const LabelledItems items = classifyItems(16, 1);
        for (const std::vector<double>& noise :
             {std::vector<double>{}, {1, 0, 0}, {0.5, 0.6, 0, 1}, {1.5, -0.5, 0, 1}, {NAN, 0, 0, 1}}) {
            TunedModel model = TunedModel::initialise(toyShape(), {}, 1).value();
            const auto tuned =
                model.tune(items, optionsWith({.kind = WeakLoss::Kind::Forward, .noise = noise}), StopFlag(), {});
            QVERIFY(!tuned);
            QCOMPARE(tuned.error().kind, ErrorKind::BadInput);
        }
        compare({0.75F, 0.25F / 2, 0.25F / 2}, [] {
            const auto even = evenNoise(0.25, 3);
            return std::vector<float>(even.begin(), even.begin() + 3);
        }());
    }
    void everyRow_sumsToOne()
    {
        Rng rng(propertySeed(), "weak losses");
        for (int trial = 0; trial < 500; ++trial) {
            const int classes = 2 + static_cast<int>(rng.below(3));
            std::vector<float> tables[2];
            for (auto& table : tables)
                for (int i = 0; i < 7; ++i) {
                    std::vector<double> row;
                    double sum = 0;
                    for (int k = 0; k < classes; ++k)
                        sum += row.emplace_back(rng.uniform() + 1e-3);
                    for (const double value : row)
                        table.push_back(static_cast<float>(value / sum));
                }
            for (const auto kind : {WeakLoss::Kind::Confidence, WeakLoss::Kind::Product, WeakLoss::Kind::Window,
                                    WeakLoss::Kind::Forward, WeakLoss::Kind::Generalised}) {
                const auto made = weakTargets({.kind = kind, .noise = evenNoise(0.3, classes)}, tables[0], tables[1],
                                              classes, rng.uniform());
                for (std::size_t i = 0; i < made.size(); i += static_cast<std::size_t>(classes)) {
                    double sum = 0;
                    for (int k = 0; k < classes; ++k)
                        sum += made[i + static_cast<std::size_t>(k)];
                    QVERIFY(std::abs(sum - 1) < 1e-5);
                }
            }
        }
    }
    void names_areThoseOfTheFile()
    {
        for (const char* name : {"cross-entropy", "confidence", "product", "window", "forward", "generalised"})
            QVERIFY(weakLossOf(name));
        QVERIFY(!weakLossOf("focal"));
    }
    void everyLoss_trains()
    {
        LabelledItems items = classifyItems(128, 1);
        for (float& target : items.targets) // a teacher that is sure of nothing
            target = target > 0.5F ? 0.8F : 0.2F;
        const double plain = lastLoss(items, WeakLoss::Kind::CrossEntropy);
        QVERIFY(plain < 0.6);
        for (const auto kind : {WeakLoss::Kind::Confidence, WeakLoss::Kind::Product}) {
            const double shaped = lastLoss(items, kind);
            QVERIFY(std::isfinite(shaped) && shaped != plain);
        }
    }

private:
    static std::vector<double> shares(Rng& rng, std::size_t count)
    {
        std::vector<double> row;
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            sum += row.emplace_back(rng.uniform() + 0.05);
        for (double& share : row)
            share /= sum;
        return row;
    }
    static std::vector<double> softmaxOf(std::vector<double> logits)
    {
        double sum = 0;
        for (double& value : logits)
            sum += value = std::exp(value);
        for (double& value : logits)
            value /= sum;
        return logits;
    }
    static TuningOptions optionsWith(const WeakLoss& loss)
    {
        return {.epochs = 6,
                .learningRate = 5e-3,
                .loss = loss,
                .checkpointFolder = {},
                .adapterFolder = {},
                .jobHash = {},
                .beforeCheckpoint = {}};
    }
    /// Of the clean items, by a model that learnt the noisy ones.
    static double shareRight(const LabelledItems& noisy, const WeakLoss& loss, const LabelledItems& clean)
    {
        TunedModel model = TunedModel::initialise(toyShape(), {}, 1).value();
        if (!model.tune(noisy, optionsWith(loss), StopFlag(), {})) return NAN;
        const auto said = model.predict(clean.items).value();
        double right = 0;
        for (std::size_t i = 0; i < clean.items.size(); ++i)
            right += (said[2 * i] > said[2 * i + 1]) == (clean.targets[2 * i] > 0.5F);
        return right / static_cast<double>(clean.items.size());
    }
    static double lastLoss(const LabelledItems& items, WeakLoss::Kind kind)
    {
        TunedModel model = TunedModel::initialise(toyShape(), {}, 1).value();
        const TuningOptions options = optionsWith({.kind = kind});
        double last = -1;
        if (!model.tune(items, options, StopFlag(), [&](const StepReport& report) { last = report.loss; })) return NAN;
        return last;
    }
};
GRADUS_SUITE(WeakLossesTest)
#include "weak_losses_test.moc"
