// SPDX-License-Identifier: GPL-3.0-or-later
// Self-enhancement of a model folder: prompts and pairs from preference data, rounds that are measured, and what is
// refused. GRADUS_TEST_MODELS names a folder with stories260k-llama, which is then used beside a random model.
#include "base/files.h"
#include "engine/language_model.h"
#include "pipeline/answer_form.h"
#include "pipeline/self_enhancement.h"
#include "pipeline/self_lesson.h"
#include "pipeline/writing_audit.h"
#include "small_runs.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTest>

#include <filesystem>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;
using nlohmann::json;

namespace {

/// Pairs that differ in the words of their answers.
std::string rows(int from, int count)
{
    std::string text;
    for (int i = from; i < from + count; ++i)
        text += json{{"prompt", "Once there was a child with " + std::to_string(i) + " toys."},
                     {"chosen", "The child played with a red ball and was happy " + std::to_string(i % 7) + "."},
                     {"rejected", "No no no no it was bad and sad " + std::to_string(i % 5) + "."}}
                    .dump() +
                "\n";
    return text;
}

/// A file task and a ladder of one folder.
class TextBench final
{
public:
    explicit TextBench(spec::RunSpec& run, std::string folder = {}) : m_run(run)
    {
        const auto write = [&](const char* name, int from, int count) {
            must(writeFileAtomically(path(name), rows(from, count)));
            return path(name);
        };
        run.experiment.experiment.procedure = spec::kSelfEnhancement;
        run.experiment.task.name = "preferences";
        run.experiment.task.teacherData = write("teacher.jsonl", 0, 40);
        run.experiment.task.studentData = write("student.jsonl", 100, 60);
        run.experiment.task.testData = write("test.jsonl", 300, 30);
        run.experiment.ladder.family = "models";
        run.experiment.ladder.models = {{.folder = folder.empty() ? randomFolder() : std::move(folder)}};
        run.experiment.ladder.start = 0;
        m_task = must(data::openTask(run.experiment));
        m_ladder.emplace(must(Ladder::open(run.experiment, *m_task, path("models"))));
        m_meter.emplace(recorder, run.experiment.ladder.generations);
        engine::useThreads(1);
    }
    StageContext context()
    {
        return {.spec = m_run,
                .task = *m_task,
                .ladder = *m_ladder,
                .folder = path("run"),
                .sink = recorder,
                .stop = m_stop,
                .settle = [] { return Result<void>(); },
                .meter = *m_meter};
    }
    std::string path(const QString& name) const { return m_folder.filePath(name).toStdString(); }

    Recorder recorder;

private:
    std::string randomFolder() const
    {
        const std::filesystem::path made = path("writer");
        must(engine::LanguageModel::initialise(models::rungShape(16, 1, 600, 128), 1).value().save(made));
        std::filesystem::copy_file(tests::sourceDir() / "tests/data/tokenizers/llama2/tokenizer.json",
                                   made / "tokenizer.json");
        return made.string();
    }

    QTemporaryDir m_folder;
    spec::RunSpec& m_run;
    std::unique_ptr<data::Task> m_task;
    std::optional<Ladder> m_ladder;
    std::optional<ProgressMeter> m_meter;
    StopFlag m_stop;
};

spec::RunSpec textRun(const std::string& reward)
{
    spec::RunSpec run;
    run.seed = 2;
    run.experiment.ladder.generations = 3;
    run.experiment.task.testItems = 0;
    run.experiment.task.maxTokens = 96;
    run.experiment.training.labels = 20;
    run.experiment.training.batch = 8;
    run.experiment.self.reward = reward;
    run.experiment.self.samples = 3;
    run.experiment.self.offline = 30;
    run.experiment.self.answerTokens = 24;
    run.experiment.self.probes = 8;
    run.experiment.self.learningRate = 3e-3;
    run.experiment.self.epochs = 6;
    return run;
}

} // namespace

class TextRoundsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theForm_readsPromptsAndPairsOffPreferenceData()
    {
        spec::RunSpec run = textRun("implicit");
        TextBench bench(run);
        const StageContext context = bench.context();
        const auto form = must(answerForm(context, 0));
        QVERIFY(!form->checks());
        const data::ItemSet test = context.task.test();
        const auto prompts = form->prompts(test);
        const auto pairs = form->pairs(test);
        QCOMPARE(prompts.size(), test.items.size());
        QCOMPARE(pairs.prompts.size(), test.items.size());
        const auto tokenizer = must(text::Tokenizer::open(context.ladder.at(0).folder));
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            QVERIFY(prompts[i] == pairs.prompts[i]);
            const std::string prompt = tokenizer.decode(prompts[i]);
            QVERIFY2(prompt.ends_with("Assistant:"), prompt.c_str()); // not a word of the answer
            const std::string chosen = tokenizer.decode(pairs.chosen[i]);
            const std::string rejected = tokenizer.decode(pairs.rejected[i]);
            QVERIFY2(chosen.find("The child") != std::string::npos, chosen.c_str());
            QVERIFY2(rejected.find("No no") != std::string::npos, rejected.c_str());
            QVERIFY(pairs.chosen[i].size() <= 24 && pairs.rejected[i].size() <= 24);
        }
        QCOMPARE(form->ends().maxNewTokens, 24);
    }

    void anAnswerThatLeavesNoRoom_isRefused()
    {
        spec::RunSpec run = textRun("implicit");
        TextBench bench(run);
        run.experiment.self.answerTokens = 94;
        const auto form = answerForm(bench.context(), 0);
        QVERIFY(!form.ok());
        QCOMPARE(form.error().key, std::string("self.answer_tokens"));
    }

    void rounds_areMeasuredAndLearn_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("reward");
        QTest::newRow("random model, implicit") << ""
                                                << "implicit";
        QTest::newRow("random model, likelihood") << ""
                                                  << "likelihood";
        const QString models = qEnvironmentVariable("GRADUS_TEST_MODELS");
        if (!models.isEmpty())
            QTest::newRow("stories260k") << models + "/stories260k-llama"
                                         << "implicit";
    }
    void rounds_areMeasuredAndLearn()
    {
        QFETCH(QString, folder);
        QFETCH(QString, reward);
        spec::RunSpec run = textRun(reward.toStdString());
        TextBench bench(run, folder.toStdString());
        const auto done = runSelfEnhancement(bench.context(), {.finished = {}});
        QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
        std::vector<events::GenerationRecord> finished;
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.lastStep) finished.push_back(record);
        QCOMPARE(finished.size(), std::size_t{3});
        for (const events::GenerationRecord& record : finished) {
            QVERIFY(record.utility && record.utility->n == 30);
            QVERIFY(!record.checkpointHash.empty());
        }
        QVERIFY(finished[0].checkpointHash != finished[1].checkpointHash);
        QVERIFY2(finished.back().utility->value > 0.8, "truth prefers one kind of words in every pair");
        for (const char* series :
             {"entropy/token", "diversity/distinct2", "diversity/self_bleu", "diversity/vendi", "writing/length"}) {
            const auto told = std::count_if(bench.recorder.points.begin(), bench.recorder.points.end(),
                                            [&](const events::MetricPoint& point) { return point.series == series; });
            QVERIFY2(told == 3, series);
        }
        // Nobody checks a text's end.
        QCOMPARE(bench.recorder.last("writing/working_right"), -1.0);
        QCOMPARE(bench.recorder.last("self/preference_right"), -1.0);
        int lessons = 0;
        for (const events::RunEvent& event : bench.recorder.said) {
            if (event.kind != kSelfPairsEvent) continue;
            ++lessons;
            QVERIFY(event.sentence.find("right end") == std::string::npos);
            const json details = json::parse(event.detailsJson);
            QCOMPARE(details["prompts"].get<int>(), 20);
            QVERIFY(details["offline_pairs"].get<int>() > 0); // replay
            QVERIFY(details["chosen_length"].get<double>() > 0);
        }
        QCOMPARE(lessons, 2);
    }

    void aFinishedRound_isReadBackBitEqual()
    {
        spec::RunSpec run = textRun("implicit");
        TextBench bench(run);
        QVERIFY(runSelfEnhancement(bench.context(), {.finished = {}}).ok());
        std::vector<events::GenerationRecord> finished;
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.lastStep) finished.push_back(record);
        std::filesystem::remove_all(std::filesystem::path(bench.path("run")) / "generation-3");
        bench.recorder.generations.clear();
        Past past{.finished = {finished[0], finished[1]}};
        QVERIFY(runSelfEnhancement(bench.context(), past).ok());
        QCOMPARE(bench.recorder.generations.back().generation, 3);
        QCOMPARE(bench.recorder.generations.back().checkpointHash, finished[2].checkpointHash);
    }

    void pairsWithoutAPrompt_areRefused()
    {
        spec::RunSpec run = textRun("implicit");
        TextBench bench(run);
        data::ItemSet bare;
        bare.items = {{.sequences = {}, .texts = {"yes", "no"}, .truth = 0}};
        const StageContext context = bench.context();
        const auto form = must(answerForm(context, 0));
        QVERIFY(form->prompts(bare).empty());
        QVERIFY(form->pairs(bare).prompts.empty());
    }
};
GRADUS_SUITE(TextRoundsTest)
#include "text_rounds_test.moc"
