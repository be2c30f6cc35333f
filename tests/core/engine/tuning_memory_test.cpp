// SPDX-License-Identifier: GPL-3.0-or-later
// What tuning is said to need, and what is said where it did not fit.
#include "engine/folder_tuning.h"
#include "engine/tuning.h"
#include "engine/tuning_memory.h"
#include "models/model_folder.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <c10/util/Exception.h>

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::engine;

namespace {

const std::filesystem::path kQwen = tests::sourceDir() / "tests/data/models/qwen2";

} // namespace

class TuningMemoryTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    StopFlag m_never;

    FolderTuning job() const
    {
        FolderTuning made;
        made.folder = kQwen;
        made.output = m_scratch.filePath("tuned").toStdString();
        return made;
    }

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void lackOfMemory_isSaidWithTheEstimate()
    {
        const auto runsOut = [] { TORCH_CHECK_WITH(OutOfMemoryError, false, "64 GiB were asked for"); };
        TuningListener listener;
        listener.onStep = [&](const TuningStep&) { runsOut(); };
        const FolderTuning made = job();
        const auto tuned = tuneFolder(
            made, std::vector<TaughtExample>(8, {.sequences = {{.tokens = {3, 2, 4, 4, 4, 4}, .taught = {{2, 6}}}}}),
            {}, m_never, listener);
        QVERIFY(!tuned.ok());
        const auto shape = models::readModelShape(kQwen).value();
        const std::string estimate = memoryText(memoryOf(made, shape, 6));
        QVERIFY2(tuned.error().message.find("ran out of memory; it was estimated at " + estimate) != std::string::npos,
                 tuned.error().message.c_str());
        QVERIFY(tuned.error().message.find("--batch or --max-tokens, --recompute, an adapter (--lora)") !=
                std::string::npos);
        auto rung = TunedModel::initialise(models::rungShape(32, 1, 40, 32), {.classes = 2}, 1);
        QVERIFY(rung.ok());
        LabelledItems items{.items = {{{1, 2, 3}}, {{4, 5, 6}}}, .targets = {1, 0, 0, 1}, .classes = 2};
        const auto said = rung->tune(items, {}, m_never, [&](const StepReport&) { runsOut(); });
        QVERIFY(!said.ok());
        QVERIFY2(said.error().message.find("ran out of memory; one step was estimated at about 0.00 GiB (") !=
                     std::string::npos,
                 said.error().message.c_str());
    }
    void memory_isCountedByWhatIsTuned()
    {
        const auto shape = models::readModelShape(kQwen).value();
        const auto parameters = static_cast<double>(shape.parameters());
        FolderTuning made = job();
        const TuningMemory whole = memoryOf(made, shape, 100);
        QCOMPARE(whole.weights + whole.update, 16 * parameters); // a weight, its gradient and two moments
        made.precision = Precision::Brain16;
        QCOMPARE(memoryOf(made, shape, 100).weights + memoryOf(made, shape, 100).update, 20 * parameters);
        made.precision = Precision::Single;
        made.rank = 2;
        QVERIFY(memoryOf(made, shape, 100).update < whole.update / 2);
        QCOMPARE(memoryOf(made, shape, 100).activations, whole.activations);
        made.recompute = true;
        QVERIFY(memoryOf(made, shape, 100).activations < whole.activations);
        made.batch *= 2;
        made.recompute = false;
        QCOMPARE(memoryOf(made, shape, 50).activations, whole.activations);
    }
};
GRADUS_SUITE(TuningMemoryTest)
#include "tuning_memory_test.moc"
