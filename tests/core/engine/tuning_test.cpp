// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning.h"

#include "support/suite.h"
#include "toy_items.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <thread>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

class TuningTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path path(const char* name) const { return m_dir.path().toStdString() + "/" + name; }
    StopFlag m_never;

    static models::Family family()
    {
        QFETCH_GLOBAL(int, family);
        return static_cast<models::Family>(family);
    }
    static TunedModel fresh(HeadKind kind, std::uint64_t seed = 1, Readout readout = Readout::LastToken)
    {
        return TunedModel::initialise(toyShape(family()), {.kind = kind, .classes = 2, .readout = readout}, seed)
            .value();
    }
    static TuningOptions quick(int epochs)
    {
        return {.epochs = epochs,
                .batch = 32,
                .learningRate = 5e-3,
                .checkpointFolder = {},
                .adapterFolder = {},
                .jobHash = "job",
                .beforeCheckpoint = {}};
    }

private Q_SLOTS:
    void initTestCase_data() { addFamilies(); }
    void initTestCase() { useThreads(1); }

    void classify_learnsTheRule()
    {
        TunedModel model = fresh(HeadKind::Classify);
        const LabelledItems train = classifyItems(256, 1);
        double firstLoss = 0;
        double lastLoss = 0;
        QVERIFY(model.tune(train, quick(6), m_never, [&](const StepReport& report) {
            if (report.step == 1) firstLoss = report.loss;
            lastLoss = report.loss;
            QCOMPARE(report.totalSteps, 48);
            QVERIFY(report.tokensPerSecond > 0);
        }));
        QVERIFY(std::abs(firstLoss - std::log(2.0)) < 0.15); // fresh heads are near even
        QVERIFY(lastLoss < 0.3);
        const LabelledItems test = classifyItems(256, 2);
        QVERIFY(accuracy(model.predict(test.items).value(), test.targets) > 0.95);
    }
    void compare_learnsAPreference()
    {
        TunedModel model = fresh(HeadKind::Compare, 1, Readout::Mean);
        QVERIFY(model.tune(compareItems(512, 1), quick(12), m_never, {}));
        const LabelledItems test = compareItems(256, 2);
        const double share = accuracy(model.predict(test.items).value(), test.targets);
        QVERIFY2(share > 0.9, qPrintable(QString::number(share)));
    }
    void softLabels_areReproducedAsProbabilities()
    {
        LabelledItems items = classifyItems(256, 1);
        for (float& target : items.targets)
            target = target > 0.5F ? 0.8F : 0.2F;
        TunedModel model = fresh(HeadKind::Classify);
        QVERIFY(model.tune(items, quick(10), m_never, {}));
        const std::vector<float> probabilities = model.predict(items.items).value();
        double error = 0;
        for (std::size_t i = 0; i < items.targets.size(); ++i)
            error += std::abs(probabilities[i] - items.targets[i]) / static_cast<double>(items.targets.size());
        QVERIFY2(error < 0.08, qPrintable(QString::number(error)));
    }
    void frozenBody_staysAsItWasAndTheHeadLearns()
    {
        QVERIFY(fresh(HeadKind::Classify).save(path("frozen")).ok());
        TunedModel model = TunedModel::load(path("frozen")).value();
        TuningOptions options = quick(20);
        options.bodyScale = 0;
        options.learningRate = 0.05;
        const LabelledItems items = classifyItems(256, 1);
        QVERIFY(model.tune(items, options, m_never, {}));
        const double share = accuracy(model.predict(items.items).value(), items.targets);
        QVERIFY2(share > 0.75, qPrintable(QString::number(share))); // random features know something, not all

        // The same body under another fresh head must still give what it gave before.
        QVERIFY(model.save(path("probed")).ok());
        const HeadShape head{.kind = HeadKind::Compare, .classes = 2};
        const LabelledItems pairs = compareItems(20, 3);
        const auto before = TunedModel::fromBody(path("frozen"), toyShape(family()), head, 9)->predict(pairs.items);
        const auto after = TunedModel::fromBody(path("probed"), toyShape(family()), head, 9)->predict(pairs.items);
        QCOMPARE(before.value(), after.value());
    }
    void prediction_doesNotDependOnNeighboursOrPadding()
    {
        const LabelledItems items = classifyItems(40, 5);
        for (const Readout readout : {Readout::LastToken, Readout::Mean}) {
            const TunedModel model = fresh(HeadKind::Classify, 3, readout);
            const std::vector<float> together = model.predict(items.items).value();
            for (std::size_t i = 0; i < items.items.size(); ++i) {
                const std::vector<float> alone = model.predict({items.items[i]}).value();
                QVERIFY(std::abs(alone[0] - together[2 * i]) < 1e-5F);
                QVERIFY(std::abs(together[2 * i] + together[2 * i + 1] - 1) < 1e-5F);
            }
        }
    }
    void predictionsDuringTuning_changeNothing()
    {
        const LabelledItems items = classifyItems(64, 1);
        TunedModel silent = fresh(HeadKind::Classify);
        TunedModel asked = fresh(HeadKind::Classify);
        QVERIFY(silent.tune(items, quick(2), m_never, {}));
        QVERIFY(asked.tune(items, quick(2), m_never, [&](const StepReport&) { QVERIFY(asked.predict(items.items)); }));
        QCOMPARE(silent.save(path("silent")).value(), asked.save(path("asked")).value());
    }
    void twoTunesInParallelThreads_equalTheSameTunesAlone()
    {
        const auto run = [&](std::uint64_t seed, const char* name) {
            useThreads(1);
            TunedModel model = fresh(HeadKind::Classify, seed);
            TuningOptions options = quick(3);
            options.seed = seed;
            if (!model.tune(classifyItems(160, seed), options, m_never, {})) return std::string("failed");
            return model.save(path(name)).value();
        };
        const std::string first = run(1, "a");
        const std::string second = run(2, "b");
        std::string firstBeside;
        std::string secondBeside;
        std::thread one([&] { firstBeside = run(1, "c"); });
        std::thread other([&] { secondBeside = run(2, "d"); });
        one.join();
        other.join();
        QVERIFY(first != second);
        QCOMPARE(firstBeside, first);
        QCOMPARE(secondBeside, second);
    }
    void saved_loadsToTheSameOpinion()
    {
        const TunedModel model = fresh(HeadKind::Compare, 4);
        QVERIFY(model.save(path("saved")).ok());
        const TunedModel loaded = TunedModel::load(path("saved")).value();
        const LabelledItems items = compareItems(30, 1);
        QCOMPARE(loaded.predict(items.items).value(), model.predict(items.items).value());
        QVERIFY(loaded.shape() == toyShape(family()));
    }
    void bodyOfAnotherShape_isRefused()
    {
        QVERIFY(fresh(HeadKind::Classify).save(path("body")).ok());
        models::ModelShape other = toyShape(family());
        if (other.attends())
            other.keyValueHeads = other.heads; // same width, other heads
        else
            other = toyShape(); // same width, another architecture
        const auto result = TunedModel::fromBody(path("body"), other, {}, 1);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::BadInput);
        QVERIFY(!TunedModel::fromBody(path("absent"), toyShape(family()), {}, 1));
        QVERIFY(!TunedModel::fromBody(path("body"), models::rungShape(16, 3, kToyVocabulary, 16, family()), {}, 1));
    }
    void badItems_areNamed_data()
    {
        QTest::addColumn<int>("what");
        for (int i = 0; i < 8; ++i)
            QTest::addRow("%d", i) << i;
    }
    void badItems_areNamed()
    {
        QFETCH(int, what);
        LabelledItems items = classifyItems(8, 1);
        TuningOptions options = quick(1);
        switch (what) {
        case 0:
            items.items[3][0].push_back(kToyVocabulary);
            break;
        case 1:
            items.items[3][0].clear();
            break;
        case 2:
            items.items[3][0].assign(17, 1);
            break;
        case 3:
            items.items[3].push_back({1});
            break;
        case 4:
            items.targets.pop_back();
            break;
        case 5:
            items.targets[6] = std::numeric_limits<float>::quiet_NaN();
            break;
        case 6:
            options.decay = "cosin";
            break;
        case 7:
            items = {};
            break;
        }
        TunedModel model = fresh(HeadKind::Classify);
        const auto result = model.tune(items, options, m_never, {});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::BadInput);
        if (what < 4) QVERIFY(result.error().message.find("Item 4") != std::string::npos);
    }
    void hugeRate_isReportedAsDivergence()
    {
        TunedModel model = fresh(HeadKind::Classify);
        TuningOptions options = quick(50);
        options.learningRate = 1e30;
        options.warmup = 0;
        const auto result = model.tune(classifyItems(64, 1), options, m_never, {});
        QVERIFY(!result);
        QVERIFY(result.error().message.find("diverged") != std::string::npos);
        QVERIFY(result.error().message.find("no checkpoint had been written yet") != std::string::npos);
    }
    void divergence_leavesTheLastGoodCheckpoint()
    {
        // A rate that goes through the roof in the third step: the weights of step 3 are finite still and those of step
        // 4 would not be.
        const QTemporaryDir folder;
        TuningOptions options = quick(8);
        options.warmup = 0;
        options.decay = "drawn";
        options.drawnDecay = [](double progress) { return progress < 0.3 ? 1e-3 : 1e30; };
        options.checkpointEvery = 1;
        options.checkpointFolder = folder.filePath("checkpoints").toStdString();
        std::int64_t last = 0;
        TunedModel model = fresh(HeadKind::Classify);
        const auto result =
            model.tune(classifyItems(64, 1), options, m_never, [&](const StepReport& report) { last = report.step; });
        QVERIFY(!result);
        QVERIFY(last > 2);
        QVERIFY2(result.error().message.find("checkpoint is that of step " + std::to_string(last) + " in ") !=
                     std::string::npos,
                 result.error().message.c_str());
    }
    void modelThatSaysNoNumbers_isNamedAndNotRead()
    {
        TuningOptions options = quick(1);
        options.learningRate = 1e60; // the only step's loss is fine, and what it makes of the weights is not
        options.warmup = 0;
        TunedModel model = fresh(HeadKind::Classify);
        const LabelledItems items = classifyItems(32, 1);
        QVERIFY(model.tune(items, options, m_never, {}));
        const auto said = model.predict(items.items);
        QVERIFY(!said);
        QVERIFY(said.error().message.find("not a number") != std::string::npos);
    }
    void clipping_bindsWhereTheGradientIsLonger()
    {
        const LabelledItems items = classifyItems(64, 1);
        const auto tuned = [&](double clip) {
            TuningOptions options = quick(4);
            options.clip = clip;
            TunedModel model = fresh(HeadKind::Classify);
            if (!model.tune(items, options, m_never, {})) return std::vector<float>{};
            return model.predict(items.items).value();
        };
        QCOMPARE(tuned(1e9), tuned(0)); // to the last bit
        QVERIFY(tuned(1e-9) != tuned(0));
    }
    void pretraining_learnsAndIsRepeatable()
    {
        // The next token is the present one plus one; every other position asks for nothing.
        const BatchSource source = [](std::int64_t step) {
            Rng rng(1, "pretrain/" + std::to_string(step));
            PretrainBatch batch;
            for (int i = 0; i < 32; ++i) {
                batch.inputs.push_back(randomTokens(rng, 6));
                Tokens targets(6, -1);
                for (std::size_t t = 0; t < 6; t += 2)
                    targets[t] = (batch.inputs.back()[t] + 1) % kToyVocabulary;
                batch.targets.push_back(std::move(targets));
            }
            return batch;
        };
        const PretrainOptions options{.steps = 80, .batch = 32, .learningRate = 1e-2};
        double loss = 0;
        const auto keep = [&](const StepReport& report) { loss = report.loss; };
        const std::string first = pretrainBody(toyShape(family()), options, source, path("p1"), m_never, keep).value();
        QVERIFY2(loss < 0.3, qPrintable(QString::number(loss)));
        QCOMPARE(pretrainBody(toyShape(family()), options, source, path("p2"), m_never, {}).value(), first);
        QVERIFY(TunedModel::fromBody(path("p1"), toyShape(family()), {}, 1));

        PretrainOptions half = options;
        half.halfPrecisionFile = true;
        QVERIFY(pretrainBody(toyShape(family()), half, source, path("p4"), m_never, {}));
        QVERIFY(std::filesystem::file_size(path("p4")) < std::filesystem::file_size(path("p1")) * 3 / 4);
        const LabelledItems items = classifyItems(20, 1);
        const auto exact = TunedModel::fromBody(path("p1"), toyShape(family()), {}, 1)->predict(items.items).value();
        const auto rounded = TunedModel::fromBody(path("p4"), toyShape(family()), {}, 1)->predict(items.items).value();
        for (std::size_t i = 0; i < exact.size(); ++i)
            QVERIFY(std::abs(exact[i] - rounded[i]) < 0.01F);

        const BatchSource bad = [](std::int64_t) { return PretrainBatch{{{1, 2}}, {{1, kToyVocabulary}}}; };
        QVERIFY(!pretrainBody(toyShape(family()), options, bad, path("p3"), m_never, {}));
        QVERIFY(!std::filesystem::exists(path("p3")));
    }
};
GRADUS_SUITE(TuningTest)
#include "tuning_test.moc"
