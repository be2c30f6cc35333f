// SPDX-License-Identifier: GPL-3.0-or-later
// The classifier's collapse on simulated predictions whose true state is known, and on tables without an answer.
#include "signatures/label_collapse.h"

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

constexpr int kItems = 300;

double between(Rng& rng, double low, double high)
{
    return low + (high - low) * rng.uniform();
}

/// Balanced truth; sharpness scales the true class's logit, bias is added to class 0's throughout.
std::vector<float> predictions(int classes, double sharpness, double bias, Rng& rng)
{
    std::vector<float> table;
    for (int i = 0; i < kItems; ++i) {
        std::vector<double> logits;
        double sum = 0;
        for (int k = 0; k < classes; ++k) {
            logits.push_back(std::exp((k == i % classes ? sharpness : 0) + rng.normal() + (k == 0 ? bias : 0)));
            sum += logits.back();
        }
        for (const double logit : logits)
            table.push_back(static_cast<float>(logit / sum));
    }
    return table;
}

} // namespace

class LabelCollapseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void simulatedRuns_areToldApart()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "labels");
        Tally tally(-1);
        for (int i = 0; i < 60; ++i) {
            const int classes = i % 2 == 0 ? 2 : 4;
            const std::vector<float> before = predictions(classes, 1.5, 0, rng);
            // Failing: one class's logit raised by 1 (mild) to 5 (all but constant).
            const double bias = between(rng, 1, 5);
            tally.add(true, labelCollapse({before, predictions(classes, 1.5, bias, rng), classes, seed}));
            // Healthy: much surer than before, with a slight lean.
            const double lean = between(rng, -0.3, 0.3);
            const double sharpness = between(rng, 1, 4);
            tally.add(false, labelCollapse({before, predictions(classes, sharpness, lean, rng), classes, seed}));
        }
        tally.print("label collapse", seed);
        // The lower end of the exact 95 % interval of what was measured (45 of 60).
        QVERIFY(tally.detectionRate() >= 0.62);
        QVERIFY(tally.falseAlarmRate() <= 0.10);
        QVERIFY(tally.area() > 0.8);
    }
    void oneLabelAtAnEvenMean_stillFires()
    {
        std::vector<float> before;
        std::vector<float> now;
        for (int i = 0; i < 100; ++i) {
            for (const float p : {i % 2 == 0 ? 0.9F : 0.1F, i % 2 == 0 ? 0.1F : 0.9F})
                before.push_back(p);
            for (const float p : {0.55F, 0.45F})
                now.push_back(p);
        }
        const Verdict verdict = labelCollapse({before, now, 2, 1});
        QVERIFY(verdict.fired);
        QCOMPARE(verdict.value.value, -1.0);
        QVERIFY(verdict.statistic.find("labels given") != std::string::npos);
        QVERIFY(verdict.sentence.find("100.0 % of the items (50.0 % then)") != std::string::npos);
    }
    void inputWithoutAnAnswer_saysWhy()
    {
        Rng rng(gradus::tests::propertySeed(), "labels/bad");
        const std::vector<float> good = predictions(2, 1, 0, rng);
        QVERIFY(isHonestRefusal(labelCollapse({}), "fewer than two classes"));
        QVERIFY(isHonestRefusal(labelCollapse({{}, {}, 2, 0}), "no predictions"));
        QVERIFY(isHonestRefusal(labelCollapse({good, {0.5F, 0.5F}, 2, 0}), "differ in length"));
        QVERIFY(isHonestRefusal(labelCollapse({{0.5F, 0.5F}, {0.5F, 0.5F}, 2, 0}), "only 1 items"));
        std::vector<float> bad = good;
        bad[7] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(isHonestRefusal(labelCollapse({good, bad, 2, 0}), "not a number"));
        std::vector<float> constant;
        for (int i = 0; i < kItems; ++i)
            for (const float p : {1.0F, 0.0F})
                constant.push_back(p);
        QVERIFY(isHonestRefusal(labelCollapse({constant, good, 2, 0}), "nothing is left to collapse"));
    }
};
GRADUS_SUITE(LabelCollapseTest)
#include "label_collapse_test.moc"
