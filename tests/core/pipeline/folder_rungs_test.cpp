// SPDX-License-Identifier: GPL-3.0-or-later
// Rungs that are parts of one model folder: its first layers, or an adapter on it.
#include "engine/language_model.h"
#include "folder_bench.h"
#include "models/model_folder.h"
#include "support/suite.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

std::vector<std::string> saidOf(const Recorder& recorder, const std::string& kind)
{
    std::vector<std::string> sentences;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kind) sentences.push_back(event.sentence);
    return sentences;
}

const events::GenerationRecord& newest(const Recorder& recorder)
{
    return recorder.generations.back();
}

std::string bytesOf(const std::filesystem::path& file, const std::string& tensor)
{
    const auto opened = must(models::SafetensorsFile::open(file));
    const models::TensorEntry* entry = opened.find(tensor);
    if (entry == nullptr) return {};
    const auto bytes = opened.bytes(*entry);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Stops a run at its n-th step.
class Stopper final : public events::EventSink
{
public:
    Stopper(Recorder& to, StopFlag& stop, int steps) : m_to(to), m_stop(stop), m_left(steps) {}
    void point(const events::MetricPoint& point) override
    {
        if (point.series == "train/loss" && --m_left == 0) m_stop.request();
        m_to.point(point);
    }
    void stage(const events::StageEvent& event) override { m_to.stage(event); }
    void generation(const events::GenerationRecord& record) override { m_to.generation(record); }
    void event(const events::RunEvent& event) override { m_to.event(event); }
    void progress(const events::Progress& progress) override { m_to.progress(progress); }
    void votes(const events::VoteRecord& votes) override { m_to.votes(votes); }
    void episode(const events::EpisodeRecord& episode) override { m_to.episode(episode); }

private:
    Recorder& m_to;
    StopFlag& m_stop;
    int m_left;
};

} // namespace

class FolderRungsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    std::string m_folder;

    std::string refusal(const std::vector<spec::FolderRung>& rungs)
    {
        spec::RunSpec run = folderRun(m_folder, "fixed");
        run.experiment.ladder.models = rungs;
        try {
            const FolderBench bench(run);
        } catch (const std::exception& fault) {
            return fault.what();
        }
        return "";
    }
    /// Whole, and stopped in the second generation and taken up again: the weights of that generation.
    std::array<std::string, 2> hashes(const spec::RunSpec& settings)
    {
        std::array<std::string, 2> all;
        for (const bool stopped : {false, true}) {
            spec::RunSpec run = settings;
            FolderBench bench(run);
            if (stopped) {
                StopFlag stop;
                Stopper stopper(bench.recorder, stop, 16 + 9); // the first generation has 16 steps
                const auto context = bench.context(stopper, stop);
                if (runProgressive(context, {.finished = {}}).ok()) return {"it was not", "stopped"};
            }
            Past past{.finished = bench.recorder.generations};
            must(runProgressive(bench.context(), past));
            all[stopped ? 1 : 0] = newest(bench.recorder).checkpointHash;
        }
        return all;
    }

private Q_SLOTS:
    void initTestCase() { m_folder = putFolder(m_scratch.filePath("big").toStdString(), models::Family::Llama, 1); }

    void theFirstLayers_areTheFolderCutShort()
    {
        const engine::HeadShape head{.bias = false};
        const auto part = must(engine::TunedModel::fromFolder(m_folder, head, {}, 1, 2));
        QCOMPARE(part.shape().layers, 2);
        QVERIFY(part.shape() == folderShape(models::Family::Llama, 2));
        const std::vector<engine::Tokens> texts{{5, 9, 100, 7}, {1, 2, 3}};
        const auto features = must(part.features({{texts[0]}, {texts[1]}}));
        // The folder's own stream after two layers, under its final norm, whose weights are 1 in a random model.
        const auto whole = must(engine::LanguageModel::open(m_folder));
        const auto states = must(whole.lastStates(texts, {2}));
        const auto width = static_cast<std::size_t>(kFolderWidth);
        for (std::size_t row = 0; row < texts.size(); ++row) {
            double squares = 0;
            for (std::size_t i = 0; i < width; ++i)
                squares += std::pow(states[row * width + i], 2);
            const double scale = 1 / std::sqrt(squares / kFolderWidth + 1e-6);
            for (std::size_t i = 0; i < width; ++i)
                QVERIFY(std::abs(features.values[row * width + i] - states[row * width + i] * scale) < 1e-4);
        }
        // As a language model it speaks with these layers, and what it saves is a folder of its own.
        const auto speaker = must(engine::LanguageModel::ofTuned(part, m_folder));
        const std::filesystem::path saved = m_scratch.filePath("short").toStdString();
        QVERIFY(speaker.save(saved).ok());
        QCOMPARE(must(models::readModelShape(saved)).layers, 2);
        QVERIFY(engine::LanguageModel::open(saved).ok());
    }

    void parts_areRungsByWhatIsTrained()
    {
        spec::RunSpec run = folderRun(m_folder, "fixed");
        run.experiment.ladder.models = {{.folder = m_folder, .adapterRank = 2},
                                        {.folder = m_folder, .adapterRank = 8},
                                        {.folder = m_folder, .layers = 3},
                                        {.folder = m_folder}};
        FolderBench bench(run);
        const StageContext context = bench.context();
        const auto names = context.ladder.names();
        QCOMPARE(names, (std::vector<std::string>{"big, adapter of rank 2", "big, adapter of rank 8",
                                                  "big, 3 of 4 layers", "big"}));
        const auto& rungs = context.ladder.rungs();
        QCOMPARE(rungs[1].capacity, std::log10(static_cast<double>(rungs[1].shape.adapterParameters(8))));
        QCOMPARE(std::string(rungs[1].capacityProxy), std::string(kAdapterProxy));
        QCOMPARE(rungs[1].parameters, rungs[3].parameters); // it answers with all of them
        QCOMPARE(rungs[2].capacity, std::log10(static_cast<double>(rungs[2].parameters)));
        QVERIFY(must(context.ladder.baseHash(2, {}, {})) != must(context.ladder.baseHash(3, {}, {})));
        QCOMPARE(must(context.ladder.baseHash(0, {}, {})), must(context.ladder.baseHash(3, {}, {})));
    }

    void adapterParameters_areThoseThatAnAdapterHas_data()
    {
        QTest::addColumn<int>("family");
        QTest::newRow("Llama") << static_cast<int>(models::Family::Llama);
        QTest::newRow("NeoX") << static_cast<int>(models::Family::NeoX);
    }
    void adapterParameters_areThoseThatAnAdapterHas()
    {
        QFETCH(int, family);
        const auto kind = static_cast<models::Family>(family);
        const std::string folder = putFolder(m_scratch.filePath("counted").toStdString(), kind, 2);
        spec::RunSpec run = folderRun(folder, "fixed");
        run.experiment.ladder.generations = 1;
        run.experiment.ladder.models = {{.folder = folder, .adapterRank = 3}};
        run.experiment.training.epochs = 1;
        FolderBench bench(run);
        must(runProgressive(bench.context(), {.finished = {}}));
        const auto file =
            must(models::SafetensorsFile::open(bench.path("run/generation-1-adapter/adapter_model.safetensors")));
        std::int64_t count = 0;
        for (const models::TensorEntry& entry : file.header().tensors)
            if (entry.name.find("lora_") != std::string::npos) count += entry.shape[0] * entry.shape[1];
        QCOMPARE(count, folderShape(kind).adapterParameters(3));
    }

    void aGap_snapsToADepthRung()
    {
        spec::RunSpec run = folderRun(m_folder, "fixed");
        run.experiment.gap.value = 0.01;
        FolderBench bench(run);
        must(runProgressive(bench.context(), {.finished = {}}));
        const auto decided = saidOf(bench.recorder, "gap.decision");
        QCOMPARE(decided.size(), std::size_t{1});
        QVERIFY2(decided[0].find("rung big, 2 of 4 layers is the nearest above big, 1 of 4 layers") !=
                     std::string::npos,
                 decided[0].c_str());
        const events::GenerationRecord& record = newest(bench.recorder);
        QCOMPARE(record.rung, std::string("big, 2 of 4 layers"));
        QCOMPARE(record.parameters, folderShape(models::Family::Llama, 2).parameters());
        QCOMPARE(record.capacity, std::log10(static_cast<double>(record.parameters)));
        const auto made = must(engine::TunedModel::load(bench.path("run/generation-2/weights.safetensors")));
        QCOMPARE(made.shape().layers, 2);
    }

    void aJumpThatLost_isTriedAgainThroughADepthRung()
    {
        spec::RunSpec run = folderRun(m_folder, "jump");
        run.experiment.gap.gate = "anchors";
        run.experiment.training.epochs = 6;
        spec::SignalSource wrong; // whatever rung is taught by it, it loses
        wrong.name = "labels";
        wrong.kind = "synthetic";
        wrong.noise = "wrong-only";
        wrong.rate = 1;
        run.experiment.signals.sources = {wrong};
        run.experiment.signals.aggregate = "majority";
        FolderBench bench(run, 60);
        must(runProgressive(bench.context(), {.finished = {}}));
        QCOMPARE(saidOf(bench.recorder, "generation.rolled_back").size(), std::size_t{2});
        const auto decided = saidOf(bench.recorder, "gap.decision");
        QCOMPARE(decided.size(), std::size_t{3});
        QVERIFY2(decided[1].find("rung big, 2 of 4 layers is the largest below big, which failed its gate") !=
                     std::string::npos,
                 decided[1].c_str());
        std::vector<std::string> tried;
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.generation == 2 && record.lastStep) tried.push_back(record.rung);
        QCOMPARE(tried, (std::vector<std::string>{"big", "big, 2 of 4 layers"}));
    }

    void anAdapter_leavesTheFoldersOwnWeightsAsTheyAre()
    {
        spec::RunSpec run = folderRun(m_folder, "fixed");
        run.experiment.ladder.models = {{.folder = m_folder, .adapterRank = 1}, {.folder = m_folder, .adapterRank = 4}};
        run.experiment.training.bodyScale = 1;
        FolderBench bench(run);
        must(runProgressive(bench.context(), {.finished = {}}));
        QCOMPARE(newest(bench.recorder).rung, std::string("big, adapter of rank 4"));
        const std::filesystem::path base = std::filesystem::path(m_folder) / "model.safetensors";
        const std::string made = bench.path("run/generation-2/weights.safetensors");
        for (const char* kept : {"model.embed_tokens.weight", "model.layers.3.mlp.up_proj.weight", "model.norm.weight"})
            QVERIFY2(!bytesOf(base, kept).empty() && bytesOf(base, kept) == bytesOf(made, kept), kept);
        const std::string moved = "model.layers.3.self_attn.q_proj.weight";
        QVERIFY(bytesOf(base, moved) != bytesOf(made, moved));
    }

    void stopAndResume_makeTheSameWeights_data()
    {
        QTest::addColumn<bool>("adapter");
        QTest::newRow("depth") << false;
        QTest::newRow("adapter") << true;
    }
    void stopAndResume_makeTheSameWeights()
    {
        QFETCH(bool, adapter);
        spec::RunSpec run = folderRun(m_folder, "fixed");
        run.experiment.gap.value = 0.01;
        run.experiment.training.checkpointEvery = 3;
        if (adapter)
            run.experiment.ladder.models = {{.folder = m_folder, .adapterRank = 1},
                                            {.folder = m_folder, .adapterRank = 4}};
        const auto [whole, resumed] = hashes(run);
        QVERIFY(!whole.empty());
        QCOMPARE(resumed, whole);
    }

    void partsThatTheFolderLacks_areRefused()
    {
        const spec::FolderRung whole{.folder = m_folder};
        const auto says = [](const std::string& sentence, const char* words) {
            return sentence.find(words) != std::string::npos;
        };
        std::string said = refusal({{.folder = m_folder, .layers = 4}, whole});
        QVERIFY2(says(said, "has 4 layers, and its first 4 are wanted; use 1 to 3"), said.c_str());
        said = refusal({{.folder = m_folder, .layers = 9}, whole});
        QVERIFY2(says(said, "use 1 to 3"), said.c_str());
        said = refusal({{.folder = m_folder, .adapterRank = 17}, whole});
        QVERIFY2(says(said, "whose width is 16; use 1 to 16"), said.c_str());
        said = refusal({{.folder = m_folder, .layers = 2}, {.folder = m_folder, .adapterRank = 2}});
        QVERIFY2(says(said, "weak to strong, but big, adapter of rank 2"), said.c_str());
    }
};
GRADUS_SUITE(FolderRungsTest)
#include "folder_rungs_test.moc"
