// SPDX-License-Identifier: GPL-3.0-or-later
// Preference losses against their published formulas, and that tuning on them moves what it should.
#include "engine/preference_losses.h"

#include "engine/tuning.h"
#include "support/suite.h"
#include "toy_items.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

class PreferenceTest : public QObject
{
    Q_OBJECT
    StopFlag m_never;

    static TunedModel fresh()
    {
        return TunedModel::initialise(toyShape(), {.kind = HeadKind::Classify, .classes = 2}, 1).value();
    }
    static TuningOptions quick(int epochs)
    {
        return {.epochs = epochs,
                .batch = 32,
                .learningRate = 5e-3,
                .checkpointFolder = {},
                .adapterFolder = {},
                .jobHash = {},
                .beforeCheckpoint = {}};
    }
    /// Prefers each item's class to the other one.
    static Preferences pairsOf(const LabelledItems& items)
    {
        Preferences pairs{.items = items.items, .chosen = {}, .rejected = {}};
        for (std::size_t i = 0; i < items.items.size(); ++i) {
            pairs.chosen.push_back(items.targets[2 * i + 1] > 0.5F ? 1 : 0);
            pairs.rejected.push_back(1 - pairs.chosen.back());
        }
        return pairs;
    }

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void losses_areThePublishedFormulas()
    {
        // -log s(z) computed to 15 places: z = 0.7 gives 0.403186048885458, z = -0.7 gives 1.103186048885458.
        const double held = 0.403186048885458;
        const double flipped = 1.103186048885458;
        const auto near = [](double a, double b) { return std::abs(a - b) < 1e-14; };
        QVERIFY(near(preferenceLoss({.kind = PreferenceLoss::Kind::Sigmoid, .smoothing = 0.2}, 0.7), held));
        QVERIFY(near(preferenceLoss({.kind = PreferenceLoss::Kind::Conservative, .smoothing = 0.2}, 0.7),
                     0.8 * held + 0.2 * flipped));
        QVERIFY(near(preferenceLoss({.kind = PreferenceLoss::Kind::Robust, .smoothing = 0.2}, 0.7),
                     (0.8 * held - 0.2 * flipped) / 0.6));
        QVERIFY(near(preferenceLoss({}, 0), std::log(2.0)));
        QVERIFY(std::isfinite(preferenceLoss({}, -800)) && near(preferenceLoss({}, 800), 0));
    }
    void robust_isUnbiasedUnderFlips()
    {
        // Averaged over preferences of which a share e is flipped, it is the clean loss.
        const PreferenceLoss robust{.kind = PreferenceLoss::Kind::Robust, .smoothing = 0.3};
        for (const double z : {-2.0, -0.1, 0.4, 3.0})
            QVERIFY(std::abs(0.7 * preferenceLoss(robust, z) + 0.3 * preferenceLoss(robust, -z) -
                             preferenceLoss({}, z)) < 1e-12);
    }
    void firstLoss_isLogTwoWhateverTheModel()
    {
        TunedModel model = fresh();
        const LabelledItems items = classifyItems(128, 1);
        QVERIFY(model.tune(items, quick(3), m_never, {}).ok());
        double first = -1;
        const auto onStep = [&](const StepReport& report) {
            if (report.step == 1) first = report.loss;
            QCOMPARE(report.totalSteps, 8);
        };
        QVERIFY(model.prefer(pairsOf(items), {}, quick(2), m_never, onStep).ok());
        QVERIFY(std::abs(first - std::log(2.0)) < 1e-6); // model and reference are one
    }
    void preferences_teachTheChosenClass()
    {
        for (const auto kind :
             {PreferenceLoss::Kind::Sigmoid, PreferenceLoss::Kind::Conservative, PreferenceLoss::Kind::Robust}) {
            TunedModel model = fresh();
            QVERIFY(
                model.prefer(pairsOf(classifyItems(256, 1)), {.kind = kind, .beta = 1}, quick(8), m_never, {}).ok());
            const LabelledItems test = classifyItems(256, 2);
            QVERIFY(accuracy(model.predict(test.items).value(), test.targets) > 0.9);
        }
    }
    void badPairs_areRefused()
    {
        TunedModel model = fresh();
        const LabelledItems items = classifyItems(8, 1);
        Preferences pairs = pairsOf(items);
        pairs.rejected[3] = pairs.chosen[3];
        const auto equal = model.prefer(pairs, {}, quick(1), m_never, {});
        QVERIFY(!equal && equal.error().message.find("pair 4") != std::string::npos);
        QVERIFY(!model.prefer({}, {}, quick(1), m_never, {}));
        pairs = pairsOf(items);
        QVERIFY(!model.prefer(pairs, {.beta = 0}, quick(1), m_never, {}));
        QVERIFY(!model.prefer(pairs, {.smoothing = 0.5}, quick(1), m_never, {}));
        QVERIFY(!preferenceLossOf("hinge"));
    }
    void stopped_saysSo()
    {
        TunedModel model = fresh();
        StopFlag stop;
        stop.request();
        const auto done = model.prefer(pairsOf(classifyItems(64, 1)), {}, quick(1), stop, {});
        QVERIFY(!done && done.error().kind == ErrorKind::Stopped);
    }
};
GRADUS_SUITE(PreferenceTest)
#include "preference_test.moc"
