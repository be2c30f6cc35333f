// SPDX-License-Identifier: GPL-3.0-or-later
// The probe on features of known content, against its own optimality condition, and on features without an answer.
#include "signatures/linear_probe.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace gradus;
using namespace gradus::signatures;

namespace {

struct Made
{
    std::vector<float> features;
    std::vector<int> labels;
    int width = 0;
    int classes = 0;
    ProbeData data() const { return {features, width, labels, classes}; }
};

/// Balanced classes; class k's mean is `strength` along feature k.
Made make(int rows, int width, int classes, double strength, const char* purpose)
{
    Rng rng(tests::propertySeed(), purpose);
    Made made{{}, {}, width, classes};
    for (int i = 0; i < rows; ++i) {
        made.labels.push_back(i % classes);
        for (int f = 0; f < width; ++f)
            made.features.push_back(static_cast<float>(rng.normal() + (f == i % classes ? strength : 0)));
    }
    return made;
}

} // namespace

class LinearProbeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fit_isStationary()
    {
        // One standardised feature: mean((p - y) x) + ridge w/N = 0 for the weight, mean(p - y) = 0 for the bias.
        const std::vector<float> features{-3, -1, 0, 1, 2, 4};
        const std::vector<int> labels{0, 0, 1, 0, 1, 1};
        std::vector<std::int64_t> rows(6);
        std::iota(rows.begin(), rows.end(), 0);
        const LinearProbe probe({features, 1, labels, 2}, rows, {});
        const double mean = 0.5;
        double spread = 0;
        for (const float x : features)
            spread += (x - mean) * (x - mean) / 6;
        spread = std::sqrt(spread);
        double bias = 0;
        double slope = 0;
        const auto logOdds = [&](double x) {
            const auto row = static_cast<float>(x);
            const auto logs = probe.logProbabilities({&row, 1});
            return logs[1] - logs[0];
        };
        for (std::size_t i = 0; i < 6; ++i) {
            const double residual = 1 / (1 + std::exp(-logOdds(features[i]))) - labels[i];
            bias += residual;
            slope += residual * (features[i] - mean) / spread;
        }
        // The two classes' weights are opposite, so each is half of the log-odds' slope.
        const double weight = (logOdds(mean + spread) - logOdds(mean)) / 2;
        QVERIFY(std::abs(bias) < 1e-4);
        QVERIFY(std::abs(slope + weight) < 1e-4);
    }
    void separableClasses_areReadAndNoiseIsNot()
    {
        const Made clear = make(400, 20, 4, 4, "probe/clear");
        const ProbeReading reading = crossValidated(clear.data());
        QVERIFY(reading.accuracy->value > 0.95);
        QCOMPARE(reading.majority, 0.25);
        QCOMPARE(reading.outOfFold.size(), std::size_t{1600});
        const ProbeReading noise = crossValidated(make(400, 20, 4, 0, "probe/noise").data());
        QVERIFY(noise.accuracy->low < 0.25 && noise.accuracy->high < 0.35);
    }
    void choices_areReadWithinTheirItems()
    {
        // Four texts an item. What an item's texts share says nothing and is far larger than what marks the right one.
        const auto made = [](double strength, const char* purpose) {
            Rng rng(tests::propertySeed(), purpose);
            std::pair<std::vector<float>, std::vector<int>> choice;
            for (int item = 0; item < 200; ++item) {
                choice.second.push_back(static_cast<int>(rng.below(4)));
                const double shared = 20 * rng.normal();
                for (int text = 0; text < 4; ++text)
                    for (int f = 0; f < 10; ++f)
                        choice.first.push_back(static_cast<float>(
                            shared + rng.normal() + (f == 0 && text == choice.second.back() ? strength : 0)));
            }
            return choice;
        };
        const auto [features, labels] = made(4, "probe/choice");
        const ProbeReading reading = crossValidatedChoice({features, 10, 4, labels});
        QVERIFY(reading.accuracy && reading.accuracy->n == 200);
        QVERIFY2(reading.accuracy->value > 0.9, qPrintable(QString::number(reading.accuracy->value)));
        QVERIFY(reading.majority >= 0.25 && reading.majority < 0.4);
        QCOMPARE(reading.outOfFold.size(), std::size_t{800});
        const auto [noise, any] = made(0, "probe/choice/noise");
        const ProbeReading none = crossValidatedChoice({noise, 10, 4, any});
        QVERIFY(none.accuracy->low < 0.25 && none.accuracy->high < 0.40);
        QVERIFY(
            crossValidatedChoice({features, 10, 4, std::span(labels).first(199)}).refusal.find("differ in length") !=
            std::string::npos);
        QVERIFY(!crossValidatedChoice({std::span(features).first(9 * 40), 10, 4, std::span(labels).first(9)}).accuracy);
    }
    void accuracy_nearsBayes()
    {
        // Two classes 2 apart along each of two axes: Bayes accuracy Phi(sqrt(2)) = 0.921.
        const ProbeReading reading = crossValidated(make(2000, 10, 2, 2, "probe/bayes").data());
        QVERIFY2(std::abs(reading.accuracy->value - 0.921) < 0.025,
                 qPrintable(QString::number(reading.accuracy->value)));
    }
    void reading_isRepeatable()
    {
        const Made made = make(200, 8, 3, 1, "probe/again");
        QVERIFY(crossValidated(made.data()).outOfFold == crossValidated(made.data()).outOfFold);
    }
    void salience_isZeroAtTheMajorityAndOneAtTheCeiling()
    {
        const Estimate ceiling{0.9, 0.88, 0.92, 1000};
        QVERIFY(std::abs(salience({0.5, 0.45, 0.55, 400}, 0.5, ceiling)->value) < 1e-12);
        QVERIFY(std::abs(salience({0.9, 0.85, 0.95, 400}, 0.5, ceiling)->value - 1) < 1e-12);
        QVERIFY(std::abs(salience({0.7, 0.66, 0.74, 400}, 0.5, ceiling)->low - 0.4) < 1e-12);
        QVERIFY(!salience({0.7, 0.6, 0.8, 400}, 0.89, ceiling));
    }
    void curve_risesWithLabels()
    {
        const LabelCurve curve = labelCurve(make(1300, 16, 2, 1.5, "probe/curve").data());
        QCOMPARE(curve.labels, (std::vector<int>{16, 32, 64, 128, 256, 512, 1024}));
        QVERIFY(curve.accuracy.back().value > curve.accuracy.front().value + 0.03);
        QVERIFY(curve.area->value > curve.accuracy.front().value && curve.area->value < curve.accuracy.back().value);
        QVERIFY(curve.area->low <= curve.area->value && curve.area->value <= curve.area->high);
        QCOMPARE(labelCurve(make(100, 4, 2, 1, "probe/brief").data()).labels, (std::vector<int>{16, 32, 64}));
    }
    void probe_isQuickAtTheSizeOfAModel()
    {
        const Made made = make(1000, 256, 4, 1, "probe/quick");
        QElapsedTimer timer;
        timer.start();
        QVERIFY(crossValidated(made.data()).accuracy.has_value());
        std::printf("1000 x 256, 4 classes, 5 folds: %lld ms\n", static_cast<long long>(timer.elapsed()));
        QVERIFY(timer.elapsed() < 20000LL * tests::kPatience);
    }
    void inputWithoutAnAnswer_saysWhy()
    {
        Made made = make(40, 3, 2, 1, "probe/bad");
        QVERIFY(crossValidated({}).refusal.find("at least one feature") != std::string::npos);
        QVERIFY(crossValidated({made.features, 4, made.labels, 2}).refusal.find("differ in length") !=
                std::string::npos);
        QVERIFY(crossValidated({{}, 1, {}, 2}).refusal.find("0 rows") != std::string::npos);
        std::vector<int> labels(40, 1);
        QVERIFY(crossValidated({made.features, 3, labels, 2}).refusal.find("the same") != std::string::npos);
        labels[0] = 2;
        QVERIFY(crossValidated({made.features, 3, labels, 2}).refusal.find("range") != std::string::npos);
        QVERIFY(labelCurve(make(30, 3, 2, 1, "probe/few").data()).refusal.find("40 rows") != std::string::npos);
        made.features[5] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(crossValidated(made.data()).refusal.find("not a number") != std::string::npos);
        QVERIFY(!crossValidated(made.data()).accuracy);
    }
    void constantFeature_isIgnored()
    {
        Made made = make(100, 3, 2, 3, "probe/constant");
        for (std::size_t i = 2; i < made.features.size(); i += 3)
            made.features[i] = 7;
        QVERIFY(crossValidated(made.data()).accuracy->value > 0.9);
    }
};
GRADUS_SUITE(LinearProbeTest)
#include "linear_probe_test.moc"
