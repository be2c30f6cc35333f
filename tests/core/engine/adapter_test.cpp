// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders under a task's head, tuned whole or through an adapter.
#include "base/files.h"
#include "engine/language_model.h"
#include "engine/tuning.h"
#include "support/suite.h"
#include "toy_items.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

namespace {

models::ModelShape llamaShape(models::Family family)
{
    models::ModelShape shape = toyShape();
    shape.modelType = family == models::Family::NeoX ? "gpt_neox" : "llama";
    shape.family = family;
    shape.qkvBias = shape.outputBias = family == models::Family::NeoX;
    if (family == models::Family::NeoX) {
        shape.keyValueHeads = shape.heads;
        shape.rotaryShare = 0.5;
        shape.tiedEmbeddings = false;
    }
    return shape;
}

} // namespace

class AdapterTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    const LabelledItems m_items = classifyItems(128, 1);

    std::filesystem::path path(const char* name) const { return m_scratch.filePath(name).toStdString(); }
    std::filesystem::path folder(models::Family family) const
    {
        const auto made = path(family == models::Family::NeoX ? "neox" : "llama");
        if (!std::filesystem::exists(made)) (void)LanguageModel::initialise(llamaShape(family), 1).value().save(made);
        return made;
    }
    static TuningOptions options(const std::filesystem::path& adapter, const std::filesystem::path& checkpoints)
    {
        return {.epochs = 3,
                .batch = 16,
                .learningRate = 2e-2,
                .checkpointEvery = checkpoints.empty() ? 0 : 5,
                .checkpointFolder = checkpoints,
                .adapterFolder = adapter,
                .jobHash = "job",
                .beforeCheckpoint = {}};
    }
    static TunedModel opened(const std::filesystem::path& folder, int rank)
    {
        auto model = TunedModel::fromFolder(folder, {.bias = false}, {.rank = rank, .alpha = 8}, 1);
        if (!model) qFatal("%s", model.error().message.c_str());
        return std::move(*model);
    }

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void adapters_learnAndLeaveTheBodyAlone_data()
    {
        QTest::addColumn<bool>("neox");
        QTest::newRow("llama") << false;
        QTest::newRow("neox") << true;
    }
    void adapters_learnAndLeaveTheBodyAlone()
    {
        QFETCH(bool, neox);
        const auto from = folder(neox ? models::Family::NeoX : models::Family::Llama);
        const std::string before = readFile(from / "model.safetensors").value();
        TunedModel model = opened(from, 4);
        double first = 0;
        double last = 0;
        const auto adapter = path(neox ? "neox-adapter" : "llama-adapter");
        QVERIFY(model.tune(m_items, options(adapter, {}), StopFlag(), [&](const StepReport& report) {
            if (report.step == 1) first = report.loss;
            last = report.loss;
        }));
        QVERIFY2(last < 0.7 * first, qPrintable(QString("%1 -> %2").arg(first).arg(last)));
        QVERIFY(std::filesystem::exists(adapter / "adapter_model.safetensors"));
        QVERIFY(readFile(adapter / "adapter_config.json").value().find("\"LORA\"") != std::string::npos);
        QCOMPARE(readFile(from / "model.safetensors").value(), before);

        // Folded into the weights, saved and read back, it says the same.
        const auto said = model.predict(m_items.items).value();
        QVERIFY(model.save(path("merged.safetensors")));
        QCOMPARE(TunedModel::load(path("merged.safetensors")).value().predict(m_items.items).value(), said);
    }

    void stoppedAdapter_resumesBitEqual()
    {
        const auto from = folder(models::Family::Llama);
        TunedModel whole = opened(from, 4);
        QVERIFY(whole.tune(m_items, options({}, path("ck-whole")), StopFlag(), {}));
        {
            TunedModel part = opened(from, 4);
            StopFlag stop;
            const auto result = part.tune(m_items, options({}, path("ck")), stop, [&](const StepReport& report) {
                if (report.step == 11) stop.request();
            });
            QVERIFY(!result && result.error().kind == ErrorKind::Stopped);
        }
        TunedModel resumed = opened(from, 4);
        QVERIFY(resumed.tune(m_items, options({}, path("ck")), StopFlag(), {}));
        QCOMPARE(resumed.save(path("a.safetensors")).value(), whole.save(path("b.safetensors")).value());
    }

    void wholeFolders_areTunedToo()
    {
        TunedModel model = opened(folder(models::Family::NeoX), 0);
        double last = 1;
        QVERIFY(model.tune(m_items, options(path("none"), {}), StopFlag(),
                           [&](const StepReport& report) { last = report.loss; }));
        QVERIFY(last < 0.5);
        QVERIFY(!std::filesystem::exists(path("none")));
    }

    void missingFolder_isBadInput()
    {
        const auto model = TunedModel::fromFolder(path("nowhere"), {}, {}, 1);
        QVERIFY(!model && model.error().kind == ErrorKind::BadInput);
    }
};
GRADUS_SUITE(AdapterTest)
#include "adapter_test.moc"
