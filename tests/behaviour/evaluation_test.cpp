// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that evaluate what was measured elsewhere: sources of answers, RewardBench files, forecasts.
#include "counted_sources.h"
#include "program.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus::tests;

namespace {

const QByteArray kLadder = R"([experiment]
name = "a short ladder"
[ladder]
generations = 4
start = 0
[task]
test_items = 200
[gap]
controller = "fixed"
value = 0.1
[training]
labels = 64
epochs = 1
)";

QJsonObject objectOf(const QByteArray& text)
{
    return QJsonDocument::fromJson(text).object();
}

/// A file of the user's real data, or nothing.
QString realData(const QString& name)
{
    const QString folder = qEnvironmentVariable("GRADUS_TEST_DATA");
    return folder.isEmpty() || !QFile::exists(folder + "/" + name) ? QString() : folder + "/" + name;
}

} // namespace

class EvaluationTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static void expectRefusal(const QString& folder, const QStringList& arguments, const char* mustSay)
    {
        const Outcome outcome = runGradus(folder, arguments);
        QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
        QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
    }

    /// Pairs of which a word tells the better one.
    static QByteArray pairs(int first, int count)
    {
        QByteArray rows;
        for (int i = first; i < first + count; ++i)
            rows += "{\"prompt\":\"question " + QByteArray::number(i) +
                    "\",\"chosen\":\"good good good\",\"rejected\":\"bad bad bad\",\"subset\":\"" +
                    (i % 2 == 0 ? "alpacaeval-easy" : "donotanswer") + "\"}\n";
        return rows;
    }

private Q_SLOTS:
    void aPool_takesAllDomainsOfOneFile()
    {
        const QTemporaryDir own;
        const QString folder = own.path();
        QByteArray file = kLadder;
        file.replace("a short ladder", "domains of one file").replace("\"fixed\"", "\"adaptive\"");
        writeText(folder + "/domains.toml", file + "[signals]\nanchors = 40\n");
        for (const char* task : {"code", "writing"}) {
            const Outcome ran =
                runGradus(folder, {"run", "domains.toml", "--set", QString("task.name=builtin:registers/") + task,
                                   "--set", "experiment.seeds=[1]", "--set", "ladder.rungs=[[8,1],[16,1],[16,2]]",
                                   "--set", "ladder.generations=2", "--store", "pool.db"});
            QVERIFY2(ran.exitCode == 0, ran.err.constData());
        }
        const Outcome all =
            runGradus(folder, {"pool", "--experiment", "domains of one file", "--json", "--store", "pool.db"});
        QVERIFY2(all.exitCode == 0, all.err.constData());
        QCOMPARE(objectOf(all.out)["domains"].toArray().size(), 2);
        QCOMPARE(runGradus(folder, {"pool", "--experiment", "no such", "--store", "pool.db"}).exitCode, 2);
    }
    void aRunOnPairs_scoresAFileAsARewardModel()
    {
        const QTemporaryDir folder; // other tests count the checkpoints of theirs
        writeText(folder.filePath("teacher.jsonl"), pairs(0, 200));
        writeText(folder.filePath("student.jsonl"), pairs(1000, 200));
        writeText(folder.filePath("test.jsonl"), pairs(2000, 60));
        writeText(folder.filePath("bench.jsonl"),
                  pairs(3000, 40) + R"({"prompt":"p","chosen":"same","rejected":"same","subset":"donotanswer"})" +
                      "\n");
        writeText(folder.filePath("pairs.toml"), R"([experiment]
name = "pairs"
procedure = "weak-to-strong"
[ladder]
family = "scratch"
generations = 2
rungs = [[16, 1], [32, 1]]
start = 0
vocabulary = 300
[task]
name = "rewardbench"
teacher_data = "teacher.jsonl"
student_data = "student.jsonl"
test_data = "test.jsonl"
max_tokens = 64
[gap]
controller = "fixed"
value = 1.0
[training]
labels = 0
epochs = 6
learning_rate = 1e-2
body_scale = 1.0
readout = "mean"
)");
        const Outcome preview = runGradus(folder.path(), {"data", "preview", "pairs.toml", "--json"});
        QVERIFY2(preview.exitCode == 0, preview.err.constData());
        QCOMPARE(objectOf(preview.out)["items"].toInt(), 200);
        const Outcome run = runGradus(folder.path(), {"run", "pairs.toml", "--store", "pairs.db"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const QJsonArray runs =
            QJsonDocument::fromJson(runGradus(folder.path(), {"list", "--store", "pairs.db", "--json"}).out).array();
        QCOMPARE(runs.size(), 1);
        const QString id = runs[0].toObject()["uuid"].toString();
        QVERIFY(!id.isEmpty());
        const Outcome scored = runGradus(
            folder.path(), {"model", "score", id, "bench.jsonl", "--store", "pairs.db", "-o", "scores.jsonl"});
        QVERIFY2(scored.exitCode == 0, scored.err.constData());
        QVERIFY2(scored.out.contains("1 row left out"), scored.out.constData());
        QFile file(folder.filePath("scores.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int rows = 0;
        int right = 0;
        for (const QByteArray& line : file.readAll().trimmed().split('\n')) {
            const QJsonObject row = objectOf(line);
            const double preference = row["preference"].toDouble(-1);
            QVERIFY(preference >= 0 && preference <= 1);
            QCOMPARE(row["result"].toDouble(), preference > 0.5 ? 1.0 : 0.0);
            QCOMPARE(row["line"].toInt(), ++rows);
            right += preference > 0.5 ? 1 : 0;
        }
        QCOMPARE(rows, 40);
        QVERIFY2(right >= 36, QByteArray::number(right).constData()); // one word tells
        const Outcome sections = runGradus(folder.path(), {"data", "rewardbench", "scores.jsonl", "--json"});
        QVERIFY2(sections.exitCode == 0, sections.err.constData());
        expectRefusal(folder.path(), {"model", "score", id, "bench.jsonl", "--store", "pairs.db", "--generation", "7"},
                      "no finished generation 7");
        expectRefusal(folder.path(),
                      {"model", "score", id, "bench.jsonl", "--store", "pairs.db", "--task", "cosmosqa-choices"},
                      "must compare the same number");
        expectRefusal(folder.path(), {"data", "preview", "bench.jsonl", "--column", "chosen=none"},
                      "no column \"none\"");
    }
    void sources_ofASmallTable()
    {
        QByteArray text = "truth,a,b\n";
        for (int i = 0; i < 40; ++i) // a is wrong on every 4th item, b on every 8th of these and nowhere else
            text += QByteArray("x,") + (i % 4 == 0 ? "y," : "x,") + (i % 8 == 0 ? "y\n" : "x\n");
        writeText(m_folder.filePath("small.csv"), text);
        const QStringList verb{"data", "sources", "small.csv", "--source", "a", "--source", "b", "--truth", "truth"};
        const Outcome made = runGradus(m_folder.path(), verb + QStringList{"--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QJsonObject report = objectOf(made.out);
        const QJsonObject pair = report["pairs"].toArray().at(0).toObject();
        // Wrong together 5, only a 5, only b 0, neither 30: (5 30 - 0) / sqrt(10 30 5 35).
        QVERIFY(qAbs(valueOf(pair["phi"]) - 150 / std::sqrt(10.0 * 30 * 5 * 35)) < 1e-12);
        QCOMPARE(pair["phi_of_largest"].toDouble(), 1.0);
        QCOMPARE(valueOf(pair["agreement"]), 35.0 / 40);
        QCOMPARE(report["nth_source"].toArray().size(), 2);
        const Outcome shown = runGradus(m_folder.path(), verb);
        QVERIFY(shown.out.contains("a / b") && shown.out.contains("Krippendorff"));
        const Outcome table = runGradus(m_folder.path(), verb + QStringList{"--as", "csv"});
        QVERIFY(table.out.contains("\nphi,a,b,0.6546"));
    }
    void sources_badInputIsOneSentence()
    {
        writeText(m_folder.filePath("bad.csv"), "a,b\nx,y\n");
        expectRefusal(m_folder.path(), {"data", "sources", "bad.csv", "--source", "a", "--source", "c"},
                      "no column \"c\"");
        expectRefusal(m_folder.path(), {"data", "sources", "bad.csv", "--source", "a"}, "at least two columns");
        expectRefusal(m_folder.path(), {"data", "sources", "none.csv", "--source", "a", "--source", "b"}, "none.csv");
    }
    void sources_ofTheGsm8kModels()
    {
        const QString file = realData("gsm8k/model_solutions.jsonl");
        if (file.isEmpty()) QSKIP("GRADUS_TEST_DATA names no folder with gsm8k");
        const auto asked = [&](const QStringList& how, const QString& field) {
            QStringList words{"data", "sources", file, "--json"};
            words << how;
            for (const char* model : {"6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"})
                words << "--source" << QString("%1.%2").arg(model, field);
            return runGradus(m_folder.path(), words);
        };
        const Outcome verdicts = asked({"--compare", "verdict"}, "is_correct");
        QVERIFY2(verdicts.exitCode == 0, verdicts.err.constData());
        const Outcome answers = asked({"--compare", "number", "--truth", "ground_truth"}, "solution");
        QVERIFY2(answers.exitCode == 0, answers.err.constData());
        if (objectOf(verdicts.out)["items"].toInt() == 500) {
            expectFourModels(objectOf(verdicts.out), objectOf(answers.out));
            return;
        }
        // The whole published file has 1,319 rows: 6b_finetuning and 175b_verification, which gives 0.305.
        for (const Outcome& made : {verdicts, answers}) {
            QCOMPARE(objectOf(made.out)["items"].toInt(), 1319);
            QVERIFY(qAbs(valueOf(objectOf(made.out)["pairs"].toArray().at(2)["phi"]) -
                         CountedPair{534, 499, 43, 243, 0}.phi()) < 1e-9);
        }
    }
    void sources_ofFiveModelsAndThreeAnnotators()
    {
        QStringList files;
        for (const char* model : {"gpt4", "llama2new", "llama2orig", "mistralguard", "mistralinstruct"})
            files << realData(QString("xstest/completions_%1.csv").arg(model));
        const QString pandalm = realData("pandalm/train.jsonl");
        if (files.contains(QString()) || pandalm.isEmpty()) QSKIP("GRADUS_TEST_DATA names no folder with them");
        const Outcome five =
            runGradus(m_folder.path(),
                      QStringList{"data", "sources"} + files +
                          QStringList{"--source", "final_label", "--key", "prompt", "--truth", "label", "--truth-file",
                                      realData("xstest/prompts.csv"), "--same", "safe=1_full_compliance", "--same",
                                      "unsafe=2_full_refusal", "--same", "3_partial_refusal=2_full_refusal", "--json"});
        QVERIFY2(five.exitCode == 0, five.err.constData());
        expectFiveModels(objectOf(five.out));
        const Outcome three =
            runGradus(m_folder.path(), {"data", "sources", pandalm, "--source", "annotator1", "--source", "annotator2",
                                        "--source", "annotator3", "--json"});
        QVERIFY2(three.exitCode == 0, three.err.constData());
        expectThreeAnnotators(objectOf(three.out));
    }
    void rewardBench_scoresAFile()
    {
        writeText(m_folder.filePath("scores.jsonl"),
                  "{\"subset\": \"alpacaeval-easy\", \"score_chosen\": 1.5, \"score_rejected\": [0.5]}\n"
                  "{\"subset\": \"alpacaeval-hard\", \"score_chosen\": -1, \"score_rejected\": 2}\n"
                  "{\"subset\": \"donotanswer\", \"score_chosen\": 3, \"score_rejected\": 3}\n");
        const Outcome made = runGradus(m_folder.path(), {"data", "rewardbench", "scores.jsonl", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QJsonObject score = objectOf(made.out);
        QVERIFY(qAbs(valueOf(score["sections"].toObject()["Chat"]) - 100.0 / 195) < 1e-12);
        QCOMPARE(valueOf(score["sections"].toObject()["Safety"]), 0.5);
        QVERIFY(score["overall"].isNull());
        QCOMPARE(score["ties"].toInt(), 1);
        const Outcome shown = runGradus(m_folder.path(), {"data", "rewardbench", "scores.jsonl"});
        QVERIFY(shown.out.contains("hep-cpp") && shown.out.contains("a tie counts one half"));
        writeText(m_folder.filePath("bad.csv"), "subset,result\nalpacaeval-easy,2\n");
        expectRefusal(m_folder.path(), {"data", "rewardbench", "bad.csv"}, "line 2 has the result 2");
        writeText(m_folder.filePath("bad.csv"), "group,result\nalpacaeval-easy,1\n");
        expectRefusal(m_folder.path(), {"data", "rewardbench", "bad.csv"}, "it needs subset");
    }
    void forecastAndBeyond_ofARealLadder()
    {
        writeText(m_folder.filePath("ladder.toml"), kLadder);
        const Outcome run = runGradus(m_folder.path(), {"run", "ladder.toml", "--store", "ladder.db"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome made =
            runGradus(m_folder.path(), {"forecast", "--store", "ladder.db", "--json", "--hour-price", "2"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QJsonObject report = objectOf(made.out);
        QVERIFY(report["is_forecast"].toBool());
        QCOMPARE(report["cells"].toArray().size(), 2); // the fourth rung of ceiling and utility; imitation has three
        QVERIFY(report["back_test"].toObject().contains("ceiling"));
        QVERIFY(report["plan"].toObject()["cost"].toDouble() > 0);
        QVERIFY(report["oversight_law"].toObject()["refusal"].toString().contains("steps"));
        for (const QStringList& verb : {QStringList{"forecast"}, QStringList{"beyond", "--items", "50"}}) {
            const Outcome page =
                runGradus(m_folder.path(), verb + QStringList{"--store", "ladder.db", "-o", "page.html"});
            QVERIFY2(page.exitCode == 0, page.err.constData());
            QFile file(m_folder.filePath("page.html"));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray html = file.readAll();
            QVERIFY(html.contains("<svg") && html.contains("All figures") && !html.contains("nan"));
            if (verb.front() == "forecast")
                QVERIFY(html.contains("a short ladder on builtin") && html.contains("a-short-ladder.toml"));
            expectRefusal(m_folder.path(), verb + QStringList{"--store", "ladder.db", "-o", "page.txt"},
                          "must end in .html");
        }
        const QList<QStringList> wrong{{"--gap", "-1"},       {"--gap", "0"},         {"--tokens", "-5"},
                                       {"--tokens", "nan"},   {"--hour-price", "-3"}, {"--target", "inf"},
                                       {"--hour-flop", "nan"}};
        for (const QStringList& option : wrong)
            expectRefusal(m_folder.path(), QStringList{"forecast", "--store", "ladder.db"} + option,
                          qPrintable(option.front() + " is "));
        const Outcome shown = runGradus(m_folder.path(), {"forecast", "--store", "ladder.db"});
        QVERIFY2(shown.out.contains("a short ladder on builtin:registers/code: 1 run in 1 condition, seed 1."),
                 shown.out.constData());
        // Imitation has three rungs: of it nothing could be held out, and nothing is said to be widened.
        QVERIFY2(shown.out.contains("forecasts of ceiling, utility below are widened, of imitation as fitted"),
                 shown.out.constData());
        QVERIFY2(shown.out.contains("forecast  10^5 "), shown.out.constData());
        QVERIFY(shown.out.contains("back-test"));

        const Outcome judged =
            runGradus(m_folder.path(), {"beyond", "--store", "ladder.db", "--items", "50", "--json"});
        QVERIFY2(judged.exitCode == 0, judged.err.constData());
        const QJsonObject beyond = objectOf(judged.out);
        QCOMPARE(beyond["models"].toArray().size(), 4);
        QCOMPARE(beyond["difficulties"].toArray().size(), 7);
        QCOMPARE(beyond["peer_review"].toArray().size(), 3);
        QCOMPARE(beyond["extrapolation"].toObject()["cells"].toInt(), 4);
        QVERIFY(beyond["surrogate"].toObject()["models"].toInt() == 4);
        // The same question twice has the same answer.
        QCOMPARE(runGradus(m_folder.path(), {"beyond", "--store", "ladder.db", "--items", "50", "--json"}).out,
                 judged.out);

        // The same run once more has the same weights and is no second ladder.
        QCOMPARE(runGradus(m_folder.path(), {"run", "ladder.toml", "--store", "ladder.db"}).exitCode, 0);
        const QJsonObject twice =
            objectOf(runGradus(m_folder.path(), {"beyond", "--store", "ladder.db", "--items", "50", "--json"}).out);
        QCOMPARE(twice["repeats"].toInt(), 1);
        QCOMPARE(twice["models"].toArray(), beyond["models"].toArray());

        // Weights that are not the run's own are not asked.
        const QStringList files = filesBelow(m_folder.path()).filter("generation-2/weights.safetensors");
        QCOMPARE(files.size(), 2);
        for (const QString& file : files) {
            QFile weights(m_folder.filePath(file));
            QVERIFY(weights.open(QIODevice::Append) && weights.write("x") == 1);
        }
        expectRefusal(m_folder.path(), {"beyond", "--store", "ladder.db"}, "does not hold the weights");
        for (const QString& file : files)
            QVERIFY(QFile::remove(m_folder.filePath(file)));
        expectRefusal(m_folder.path(), {"beyond", "--store", "ladder.db"}, "keep the checkpoints");
    }
    void beyond_countsASharedGenerationOnce()
    {
        // Conditions differ from the second generation on: A1 of a seed is the same bits in both.
        QByteArray text = kLadder;
        text.replace("name = \"a short ladder\"", "name = \"two gaps\"\nseeds = [1, 2]");
        text.replace("generations = 4", "generations = 2");
        writeText(m_folder.filePath("gaps.toml"), text + "[sweep]\n\"gap.value\" = [0.1, 1.5]\n");
        const Outcome run = runGradus(m_folder.path(), {"run", "gaps.toml", "--store", "gaps.db"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome judged = runGradus(m_folder.path(), {"beyond", "--store", "gaps.db", "--items", "50", "--json"});
        QVERIFY2(judged.exitCode == 0, judged.err.constData());
        const QJsonObject beyond = objectOf(judged.out);
        QCOMPARE(beyond["models"].toArray().size(), 6); // two of A1, four of A2
        QCOMPARE(beyond["shared"].toInt(), 2);
        QCOMPARE(beyond["ladders"].toArray().size(), 4);
        QCOMPARE(beyond["surrogate"].toObject()["groups"].toInt(), 2);
        const Outcome shown = runGradus(m_folder.path(), {"beyond", "--store", "gaps.db", "--items", "50"});
        QVERIFY2(shown.out.contains("2 generations hold the weights of another"), shown.out.constData());
        QVERIFY2(shown.out.contains("2 groups of ladders"), shown.out.constData());
    }
    void forecast_ofTooShortALadderIsRefusedWithTheCure()
    {
        QByteArray text = kLadder;
        text.replace("generations = 4", "generations = 3");
        writeText(m_folder.filePath("three.toml"), text);
        QCOMPARE(runGradus(m_folder.path(), {"run", "three.toml", "--store", "three.db"}).exitCode, 0);
        const Outcome untested = runGradus(m_folder.path(), {"forecast", "--store", "three.db"});
        QVERIFY2(untested.out.contains("No rung could be held out") && !untested.out.contains("widened"),
                 untested.out.constData());
        text.replace("generations = 3", "generations = 2");
        writeText(m_folder.filePath("short.toml"), text);
        QCOMPARE(runGradus(m_folder.path(), {"run", "short.toml", "--store", "short.db"}).exitCode, 0);
        expectRefusal(m_folder.path(), {"forecast", "--store", "short.db"}, "a curve needs 3");
        expectRefusal(m_folder.path(), {"forecast", "--store", "short.db", "--experiment", "other"},
                      "called \"other\"");
        expectRefusal(m_folder.path(), {"forecast", "--store", "none.db"}, "none.db");
    }
};
GRADUS_SUITE(EvaluationTest)
#include "evaluation_test.moc"
