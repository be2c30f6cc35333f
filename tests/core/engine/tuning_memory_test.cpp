// SPDX-License-Identifier: GPL-3.0-or-later
// What tuning is said to need, and what is said where it did not fit.
#include "engine/folder_tuning.h"
#include "engine/language_model.h"
#include "engine/tuning.h"
#include "engine/tuning_bench.h"
#include "engine/tuning_memory.h"
#include "engine/tuning_time.h"
#include "models/model_folder.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>

using namespace gradus;
using namespace gradus::engine;

namespace {

const std::filesystem::path kQwen = tests::sourceDir() / "tests/data/models/qwen2";

/// libtorch's memory on the CPU, counted while one of these lives.
class Counted final : public c10::Allocator
{
public:
    Counted() : m_before(c10::GetCPUAllocator())
    {
        s_live = s_most = 0;
        c10::SetCPUAllocator(this);
    }
    ~Counted() override { c10::SetCPUAllocator(m_before); }

    c10::DataPtr allocate(std::size_t bytes) override
    {
        auto* whole = static_cast<std::byte*>(std::aligned_alloc(kHead, (bytes / kHead + 2) * kHead));
        if (whole == nullptr) throw std::bad_alloc();
        std::memcpy(whole, &bytes, sizeof(bytes));
        s_live += static_cast<std::int64_t>(bytes);
        s_most = std::max(s_most, s_live);
        return {whole + kHead, whole, &giveBack, c10::Device(c10::kCPU)};
    }
    void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }
    static std::int64_t most() { return s_most; }

private:
    static constexpr std::size_t kHead = 64; ///< holds the size, and keeps what follows aligned
    static void giveBack(void* whole)
    {
        std::size_t bytes = 0;
        std::memcpy(&bytes, whole, sizeof(bytes));
        s_live -= static_cast<std::int64_t>(bytes);
        std::free(whole);
    }

    c10::Allocator* m_before;
    static inline std::int64_t s_live = 0;
    static inline std::int64_t s_most = 0;
};

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
    void recomputedLayers_keepOneLayersActivations()
    {
        models::ModelShape shape = models::rungShape(32, 12, 40, 256);
        FolderTuning made = job();
        made.folder = m_scratch.filePath("deep").toStdString();
        QVERIFY(LanguageModel::initialise(shape, 1)->save(made.folder).ok());
        made.maxSteps = 1;
        const TaughtSequence text{.tokens = std::vector<std::int32_t>(256, 7), .taught = {{1, 256}}};
        double taken[2] = {};
        for (const bool recompute : {false, true}) {
            made.recompute = recompute;
            made.output = m_scratch.filePath(recompute ? "again" : "kept").toStdString();
            const Counted counted;
            const auto tuned = tuneFolder(made, std::vector<TaughtExample>(8, {.sequences = {text}}), {}, m_never, {});
            QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
            const double said = memoryOf(made, shape, 256).sum();
            taken[recompute ? 1 : 0] = static_cast<double>(Counted::most());
            QVERIFY2(std::abs(said / taken[recompute ? 1 : 0] - 1) < 0.3,
                     qPrintable(QString("said %1, taken %2").arg(said).arg(Counted::most())));
        }
        QVERIFY2(taken[1] < 0.4 * taken[0], qPrintable(QString("%1 of %2").arg(taken[1]).arg(taken[0])));
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
    void aTrial_countsWhatTheJobDoesAndWritesNothing()
    {
        FolderTuning made = job();
        made.output = m_scratch.filePath("tried").toStdString();
        made.checkpoints = made.output / "checkpoints";
        made.epochs = 3;
        made.evaluateEvery = 4;
        made.batch = 3;
        std::vector<TaughtExample> rows;
        for (int i = 0; i < 20; ++i) {
            const std::vector<std::int32_t> tokens(static_cast<std::size_t>(4 + i), 5);
            rows.push_back({.sequences = {{.tokens = tokens, .taught = {{1, 4 + i}}}}});
        }
        for (const TuningMethod method : {TuningMethod::Sft, TuningMethod::Preference}) {
            made.method = method;
            if (method == TuningMethod::Preference)
                for (TaughtExample& row : rows)
                    row.sequences.push_back({.tokens = {3, 4, 5}, .taught = {{1, 3}}});
            const std::vector<TaughtExample> some(rows.begin(), rows.begin() + 3);
            const auto time = tryTuning(made, ListedExamples(rows), some, m_never);
            QVERIFY2(time.ok(), time ? "" : time.error().message.c_str());
            QVERIFY(!std::filesystem::exists(made.output));
            QVERIFY(time->step > 0 && time->evaluation > 0 && time->loading > 0);
            QCOMPARE(time->preparing > 0, method == TuningMethod::Preference);
            std::int64_t evaluations = 0;
            TuningListener listener;
            listener.onEvaluation = [&](const TuningEvaluation&) { ++evaluations; };
            const auto tuned = tuneFolder(made, rows, some, m_never, listener);
            QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
            QCOMPARE(time->steps, tuned->totalSteps);
            QCOMPARE(time->evaluations, evaluations);
            std::filesystem::remove_all(made.output);
        }
        StopFlag stop;
        stop.request();
        QVERIFY(tryTuning(made, ListedExamples(rows), {}, stop).error().kind == ErrorKind::Stopped);
    }

    /// What an H200 gave libtorch at most (resources/docs/results.md, On a GPU), in bf16.
    void aGpusMemory_isWhatOneTook_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("rank");
        QTest::addColumn<int>("sequence");
        QTest::addColumn<int>("batch");
        QTest::addColumn<double>("fewest");
        QTest::addColumn<double>("taken");
        QTest::newRow("0.5B") << "qwen2.5-0.5b" << 0 << 1024 << 16 << 1.0 << 24.7;
        QTest::newRow("0.5B, long") << "qwen2.5-0.5b" << 0 << 4096 << 4 << 1.0 << 24.7;
        QTest::newRow("1.5B") << "qwen2.5-1.5b" << 0 << 1024 << 16 << 1.0 << 55.8;
        QTest::newRow("1.5B, long") << "qwen2.5-1.5b" << 0 << 4096 << 4 << 1.0 << 55.8;
        QTest::newRow("1.5B, many lengths") << "qwen2.5-1.5b" << 0 << 1024 << 16 << 0.2 << 43.5;
        QTest::newRow("0.5B, adapter") << "qwen2.5-0.5b" << 16 << 1024 << 16 << 1.0 << 14.0;
        QTest::newRow("0.5B, adapter, long") << "qwen2.5-0.5b" << 16 << 4096 << 4 << 1.0 << 14.0;
        QTest::newRow("1.5B, adapter") << "qwen2.5-1.5b" << 16 << 1024 << 16 << 1.0 << 28.6;
        QTest::newRow("1.5B, adapter, long") << "qwen2.5-1.5b" << 16 << 4096 << 4 << 1.0 << 28.6;
        QTest::newRow("7B, adapter") << "qwen2.5-7b" << 16 << 1024 << 8 << 1.0 << 41.3;
        QTest::newRow("7B, adapter, long") << "qwen2.5-7b" << 16 << 4096 << 2 << 1.0 << 41.3;
        QTest::newRow("7B, four rows") << "qwen2.5-7b" << 0 << 1024 << 4 << 1.0 << 122.0;
        QTest::newRow("7B, six rows") << "qwen2.5-7b" << 0 << 1024 << 6 << 1.0 << 131.1;
    }
    void aGpusMemory_isWhatOneTook()
    {
        QFETCH(QString, model);
        QFETCH(int, rank);
        QFETCH(int, sequence);
        QFETCH(int, batch);
        QFETCH(double, fewest);
        QFETCH(double, taken);
        TuningBenchOptions options{.model = model.toStdString(), .device = "cuda", .precision = Precision::Brain16};
        options.rank = rank;
        options.sequence = sequence;
        options.batch = batch;
        options.fewest = fewest;
        const auto shape = benchShape(options.model, sequence);
        QVERIFY(shape.ok());
        const double said = benchMemory(options, *shape).sum() / (1 << 30);
        qInfo("said %.1f GiB, taken %.1f, %+.1f %%", said, taken, 100 * (said / taken - 1));
        QVERIFY2(std::abs(said / taken - 1) < 0.04, qPrintable(QString("said %1 GiB").arg(said)));
        // Layers that are computed again, and sums over passes, are counted too.
        options.recompute = true;
        QVERIFY(benchMemory(options, *shape).sum() / (1 << 30) < said);
        FolderTuning whole;
        whole.device = "cuda";
        whole.precision = Precision::Brain16;
        whole.rank = rank;
        const double tokens = static_cast<double>(sequence) * batch;
        const double once = memoryOfPasses(whole, *shape, tokens).sum();
        whole.accumulate = 2;
        const double tuned = static_cast<double>(rank > 0 ? shape->adapterParameters(rank) : shape->parameters());
        QVERIFY(std::abs(memoryOfPasses(whole, *shape, tokens).sum() - once - 4 * tuned) < 1e6);
    }
};
GRADUS_SUITE(TuningMemoryTest)
#include "tuning_memory_test.moc"
