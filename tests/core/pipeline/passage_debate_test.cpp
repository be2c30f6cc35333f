// SPDX-License-Identifier: GPL-3.0-or-later
// Debates of model folders about passages: what is quoted, what the judge reads, and that a run tells all of it.
#include "base/files.h"
#include "base/rng.h"
#include "data/reading.h"
#include "engine/language_model.h"
#include "pipeline/debate.h"
#include "pipeline/passage_debate.h"
#include "pipeline/procedure.h"
#include "small_runs.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "text/tokenizer.h"

#include <QTest>

#include <filesystem>
#include <numeric>
#include <set>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

std::string rows(int from, int count)
{
    std::string csv = "context,question,answer0,answer1,answer2,answer3,label\n";
    for (int i = from; i < from + count; ++i) {
        const std::string n = std::to_string(i);
        csv += "\"Tom had " + n +
               " toys. He gave a ball to Lily. The sun was warm. They went home.\",What did Tom give in " + n +
               " ?,A ball .,A red hat number " + n + " .,Nothing at all .,None of the above choices .,0\n";
    }
    return csv;
}

class PassageBench final
{
public:
    explicit PassageBench(const std::string& protocol)
    {
        const auto write = [&](const char* name, int from, int count) {
            must(writeFileAtomically(path(name), rows(from, count)));
            return path(name);
        };
        run.seed = 5;
        spec::Experiment& e = run.experiment;
        e.experiment.procedure = "debate";
        e.task.name = "cosmosqa-choices";
        e.task.teacherData = write("teacher.csv", 0, 40);
        e.task.studentData = write("student.csv", 100, 20);
        e.task.testData = write("test.csv", 200, 12);
        e.task.testItems = 0;
        e.task.maxTokens = 500;
        e.ladder.generations = 1;
        e.ladder.family = "models";
        e.ladder.models = {{.folder = folder("judge", 16, 1)}, {.folder = folder("debater", 16, 2)}};
        e.training.labels = 16;
        e.training.epochs = 1;
        e.training.batch = 8;
        e.debate.protocol = protocol;
        e.debate.judge = 0;
        e.debate.debater = e.debate.opponent = 1;
        e.debate.turns = 2;
        m_task = must(data::openTask(e));
        m_ladder.emplace(must(Ladder::open(e, *m_task, path("models"))));
        m_meter.emplace(recorder, 1);
        engine::useThreads(1);
    }
    StageContext context()
    {
        return {.spec = run,
                .task = *m_task,
                .ladder = *m_ladder,
                .folder = path("run"),
                .sink = recorder,
                .stop = stop,
                .settle = [] { return Result<void>(); },
                .meter = *m_meter};
    }
    std::string path(const QString& name) const { return m_folder.filePath(name).toStdString(); }

    spec::RunSpec run;
    Recorder recorder;
    StopFlag stop;

private:
    std::string folder(const char* name, int width, int layers) const
    {
        const std::filesystem::path made = path(name);
        must(engine::LanguageModel::initialise(models::rungShape(width, layers, 600, 512), 1).value().save(made));
        std::filesystem::copy_file(tests::sourceDir() / "tests/data/tokenizers/llama2/tokenizer.json",
                                   made / "tokenizer.json");
        return made.string();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<data::Task> m_task;
    std::optional<Ladder> m_ladder;
    std::optional<ProgressMeter> m_meter;
};

nlohmann::json figuresIn(const Recorder& recorder)
{
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kVerdictsEvent) return nlohmann::json::parse(event.detailsJson);
    return {};
}

} // namespace

class PassageDebateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSide_quotesWhatItBelievesSpeaksForIt()
    {
        const PassageBeliefs beliefs{.sentences = {0.1, -2.0, 3.0, 0.5}, .passage = 0};
        Rng rng(1, "quotes");
        QCOMPARE(sentencesToQuote(beliefs, true, 2, 1e-3, rng), (std::vector<std::size_t>{2, 3}));
        QCOMPARE(sentencesToQuote(beliefs, false, 2, 1e-3, rng), (std::vector<std::size_t>{1, 0}));
        QCOMPARE(sentencesToQuote(beliefs, true, 9, 1e-3, rng).size(), std::size_t{4});
        QVERIFY(sentencesToQuote(beliefs, true, 0, 1, rng).empty());
    }
    void quotes_areDrawnWithoutRepetitionWithTheirWeights()
    {
        // Weights 1 : e : e^2 at temperature 1.
        const PassageBeliefs beliefs{.sentences = {0, 1, 2}, .passage = 0};
        Rng rng(tests::propertySeed(), "drawn quotes");
        constexpr int kDraws = 20000;
        std::array<int, 3> first{};
        for (int i = 0; i < kDraws; ++i) {
            const auto picks = sentencesToQuote(beliefs, true, 3, 1, rng);
            QCOMPARE(std::set<std::size_t>(picks.begin(), picks.end()).size(), std::size_t{3});
            ++first[picks.front()];
        }
        const double sum = 1 + std::exp(1.0) + std::exp(2.0);
        for (std::size_t i = 0; i < 3; ++i) {
            const double p = std::exp(static_cast<double>(i)) / sum;
            const double error = std::sqrt(p * (1 - p) / kDraws);
            QVERIFY(std::abs(first[i] / double(kDraws) - p) < 5 * error);
        }
    }
    void theExpert_answersByTheWholePassage()
    {
        PassageBench bench("debate");
        const StageContext context = bench.context();
        const data::ItemSet held = context.task.test();
        const auto& items = held.items;
        const auto set = must(PassageDebate(context).prepared(held, "held-out"));
        QCOMPARE(set->size(), std::size_t{12});
        const std::string& folder = bench.run.experiment.ladder.models.back().folder;
        const auto model = must(engine::LanguageModel::open(folder));
        const auto tokenizer = must(text::Tokenizer::open(folder));
        const auto mean = [&](const std::string& prompt, const std::string& answer) {
            engine::Tokens tokens = tokenizer.encode(prompt, {.parseSpecialTokens = false});
            const engine::Tokens said =
                tokenizer.encode(" " + answer, {.addSpecialTokens = false, .parseSpecialTokens = false});
            tokens.insert(tokens.end(), said.begin(), said.end());
            const auto logs = must(model.score({tokens})).front().logProbabilities;
            return std::accumulate(logs.end() - static_cast<std::ptrdiff_t>(said.size()), logs.end(), 0.0) /
                   static_cast<double>(said.size());
        };
        for (std::size_t i = 0; i < set->size(); ++i) {
            const Posed posed = set->posed(i, false);
            const data::Item& item = items[i];
            const std::string prompt = item.texts.front().substr(0, item.texts.front().rfind("\nAnswer:") + 8);
            const double right = mean(prompt, posed.answers[static_cast<std::size_t>(posed.truth)]);
            const double wrong = mean(prompt, posed.answers[static_cast<std::size_t>(1 - posed.truth)]);
            QCOMPARE(set->expertIsRight(i), right > wrong);
        }
    }
    void theJudge_readsQuotesAndNotThePassage()
    {
        PassageBench bench("debate");
        const StageContext context = bench.context();
        const auto set = must(PassageDebate(context).prepared(context.task.test(), "held-out"));
        const auto tokenizer = must(text::Tokenizer::open(bench.run.experiment.ladder.models.front().folder));
        for (const bool honest : {true, false}) {
            const auto said = set->said(0, honest, false);
            QCOMPARE(said.size(), std::size_t{4});
            const std::string text = tokenizer.decode(set->read(0, honest, false).front());
            int quoted = 0;
            for (const std::string sentence :
                 {"Tom had 200 toys.", "He gave a ball to Lily.", "The sun was warm.", "They went home."}) {
                bool isSaid = false;
                for (const Said& quote : said)
                    isSaid = isSaid || quote.text == sentence;
                QCOMPARE(text.find("\"" + sentence + "\"") != std::string::npos, isSaid);
                quoted += isSaid ? 1 : 0;
            }
            QVERIFY(quoted >= 2 && text.find("Question: What did Tom give") != std::string::npos);
            // Turned round, the same is said for the same answers.
            const auto turned = set->said(0, honest, true);
            const Posed straight = set->posed(0, false);
            const Posed other = set->posed(0, true);
            std::multiset<std::string> before, after;
            for (const Said& quote : said)
                before.insert(straight.answers[static_cast<std::size_t>(quote.speaker)] + "|" + quote.text);
            for (const Said& quote : turned)
                after.insert(other.answers[static_cast<std::size_t>(quote.speaker)] + "|" + quote.text);
            QVERIFY(before == after);
        }
    }
    void everyProtocol_runsAndTellsItsFigures()
    {
        for (const char* protocol : {"debate", "consultancy", "direct"}) {
            PassageBench bench(protocol);
            const auto done = runProcedure(bench.context(), {});
            QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
            const nlohmann::json figures = figuresIn(bench.recorder);
            QCOMPARE(figures.at("accuracy").at("n").get<int>(), 12);
            QVERIFY(!figures.contains("decisive_honest"));
            const bool quotes = std::string(protocol) != "direct";
            QCOMPARE(bench.recorder.episodes.size(), quotes ? std::size_t{24} : std::size_t{0});
            for (const events::EpisodeRecord& episode : bench.recorder.episodes)
                QCOMPARE(episode.messages.size(), std::string(protocol) == "debate" ? std::size_t{9} : std::size_t{5});
            QCOMPARE(bench.recorder.generations.back().utility->n, 12);
            QVERIFY(!bench.recorder.generations.back().checkpointHash.empty());
        }
    }
    void whatTheJudgeMisses_isSaid()
    {
        PassageBench bench("debate");
        bench.run.experiment.debate.turns = 4;
        const StageContext context = bench.context();
        QCOMPARE(must(PassageDebate(context).prepared(context.task.test(), "held-out"))->note(), std::string());
        data::ItemSet set = context.task.test();
        set.items.front().texts = {"no", "form"};
        for (std::string& text : set.items.back().texts)
            text.insert(text.find("Tom had") + 8, std::string(3000, 'x'));
        const auto prepared = must(PassageDebate(context).prepared(set, "held-out"));
        QCOMPARE(prepared->size(), std::size_t{11});
        const std::string note = prepared->note();
        QVERIFY2(note.find("1 of 12 held-out items have no passage") == 0, note.c_str());
        QVERIFY2(note.find("Of 1 of 11 questions the judge misses the beginning") != std::string::npos, note.c_str());
    }
    void runs_areBitEqual()
    {
        PassageBench first("debate");
        PassageBench second("debate");
        QVERIFY(runProcedure(first.context(), {}).ok() && runProcedure(second.context(), {}).ok());
        QCOMPARE(figuresIn(second.recorder).dump(), figuresIn(first.recorder).dump());
        QCOMPARE(second.recorder.generations.back().checkpointHash, first.recorder.generations.back().checkpointHash);
    }
    void aStop_endsTheReading()
    {
        PassageBench bench("debate");
        bench.stop.request();
        const auto done = runProcedure(bench.context(), {});
        QVERIFY(!done.ok() && done.error().kind == ErrorKind::Stopped);
    }
};

GRADUS_SUITE(PassageDebateTest)
#include "passage_debate_test.moc"
