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
            for (const auto kind : {WeakLoss::Kind::Confidence, WeakLoss::Kind::Product, WeakLoss::Kind::Window}) {
                const auto made = weakTargets({.kind = kind}, tables[0], tables[1], classes, rng.uniform());
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
        for (const char* name : {"cross-entropy", "confidence", "product", "window"})
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
    static double lastLoss(const LabelledItems& items, WeakLoss::Kind kind)
    {
        TunedModel model = TunedModel::initialise(toyShape(), {}, 1).value();
        TuningOptions options{.epochs = 6,
                              .learningRate = 5e-3,
                              .checkpointFolder = {},
                              .adapterFolder = {},
                              .jobHash = {},
                              .beforeCheckpoint = {}};
        options.loss.kind = kind;
        double last = -1;
        if (!model.tune(items, options, StopFlag(), [&](const StepReport& report) { last = report.loss; })) return NAN;
        return last;
    }
};
GRADUS_SUITE(WeakLossesTest)
#include "weak_losses_test.moc"
