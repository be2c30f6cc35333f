// SPDX-License-Identifier: GPL-3.0-or-later
// Non-saliency on simulated generations whose true gain is known, and on lists without an answer.
#include "signatures/non_saliency.h"

#include "base/rng.h"

#include "support/suite.h"
#include "tally.h"

#include <QTest>

#include <limits>

using namespace gradus;
using namespace gradus::signatures;
using gradus::tests::isHonestRefusal;
using gradus::tests::Tally;

namespace {

constexpr std::size_t kItems = 2000;

double between(Rng& rng, double low, double high)
{
    return low + (high - low) * rng.uniform();
}

/// Labels 0 (truth) or 1; right on a share of the items.
std::vector<int> first(double accuracy, Rng& rng)
{
    std::vector<int> labels(kItems);
    for (int& label : labels)
        label = rng.uniform() < accuracy ? 0 : 1;
    return labels;
}

/// The successor loses 8 % of what was right and repairs what gives the wanted gain; accuracy is the predecessor's.
std::vector<int> next(const std::vector<int>& labels, double accuracy, double gain, Rng& rng)
{
    const double repaired = (gain + 0.08 * accuracy) / (1 - accuracy);
    std::vector<int> after(labels);
    for (int& label : after)
        label = label == 0 ? (rng.uniform() < 0.08 ? 1 : 0) : (rng.uniform() < repaired ? 0 : 1);
    return after;
}

SaliencyInput run(double gain, bool ceilings, Rng& rng)
{
    SaliencyInput input;
    input.truth.assign(kItems, 0);
    input.before = first(0.7, rng);
    input.now = next(input.before, 0.7, gain, rng);
    input.capacityBefore = 4.5;
    input.capacityNow = 5;
    if (ceilings) {
        input.ceilingBefore = first(0.8, rng);
        input.ceilingNow = next(input.ceilingBefore, 0.8, 0.08, rng);
    }
    return input;
}

} // namespace

class NonSaliencyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void simulatedRuns_areToldApart()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "saliency");
        Tally tally(-1);
        for (int i = 0; i < 60; ++i) {
            // Failing: nothing gained, to six points lost. Healthy: four to fifteen points gained.
            tally.add(true, nonSaliency(run(between(rng, -0.055, 0), i % 2 == 0, rng)));
            tally.add(false, nonSaliency(run(between(rng, 0.04, 0.15), i % 2 == 0, rng)));
        }
        tally.print("non-saliency", seed);
        // The lower end of the exact 95 % interval of what was measured (60 of 60).
        QVERIFY(tally.detectionRate() >= 0.94);
        QVERIFY(tally.falseAlarmRate() <= 0.10);
        QVERIFY(tally.area() > 0.8);
    }
    void smallGains_areOftenMissedAndSaidSo()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "saliency/small");
        int fired = 0;
        for (int i = 0; i < 50; ++i)
            fired += nonSaliency(run(0.015, i % 2 == 0, rng)).fired ? 1 : 0;
        std::printf("a true gain of 1.5 points on 2000 items: fired %d of 50\n", fired);
    }
    void ceilings_outrankParameterCounts()
    {
        Rng rng(gradus::tests::propertySeed(), "saliency/ceilings");
        SaliencyInput input = run(0, true, rng);
        input.now = input.before;
        QVERIFY(nonSaliency(input).fired);
        input.ceilingNow = input.ceilingBefore; // truth gains nothing either
        QVERIFY(!nonSaliency(input).fired);
        QVERIFY(nonSaliency(input).sentence.find("did not grow") != std::string::npos);
        input.ceilingBefore.clear();
        input.ceilingNow.clear();
        QVERIFY(nonSaliency(input).fired);
        QVERIFY(nonSaliency(input).sentence.find("without ceilings of both") != std::string::npos);
        input.capacityNow = input.capacityBefore;
        QVERIFY(!nonSaliency(input).fired);
    }
    void probe_entersTheDiagnosis()
    {
        Rng rng(gradus::tests::propertySeed(), "saliency/probe");
        SaliencyInput input = run(0.1, true, rng);
        input.probeBefore = Estimate{0.2, 0.1, 0.3, 100};
        input.probeNow = Estimate{0.5, 0.4, 0.6, 100};
        QVERIFY(nonSaliency(input).sentence.find("reads 50.0 % of what can be learnt") != std::string::npos);
        input.probeNow->value = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(nonSaliency(input).sentence.find("probe") == std::string::npos);
    }
    void inputWithoutAnAnswer_saysWhy()
    {
        Rng rng(gradus::tests::propertySeed(), "saliency/bad");
        const SaliencyInput good = run(0.1, true, rng);
        SaliencyInput input;
        QVERIFY(isHonestRefusal(nonSaliency(input), "no held-out items"));
        input = good;
        input.now.pop_back();
        QVERIFY(isHonestRefusal(nonSaliency(input), "differ in length"));
        input = good;
        input.ceilingNow.clear();
        QVERIFY(isHonestRefusal(nonSaliency(input), "ceilings are not measured"));
        input = run(0.1, false, rng);
        input.capacityNow = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(isHonestRefusal(nonSaliency(input), "neither ceilings nor capacities"));
        input = {};
        input.truth = input.before = input.now = {0};
        QVERIFY(isHonestRefusal(nonSaliency(input), "only 1 held-out items"));
        input = {};
        input.truth.assign(40, 0);
        input.before = input.now = input.truth;
        for (std::size_t i = 0; i < 20; ++i)
            (i % 2 == 0 ? input.before : input.now)[i] = 1;
        input.capacityNow = 1;
        QVERIFY(isHonestRefusal(nonSaliency(input), "too few to tell"));
    }
};
GRADUS_SUITE(NonSaliencyTest)
#include "non_saliency_test.moc"
