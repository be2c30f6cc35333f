// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus model tune` as a user starts it: stopped by Ctrl+C and killed, it goes on and ends in the same bytes.
#include "engine/language_model.h"
#include "program.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <limits>

using namespace gradus;
using namespace gradus::tests;

class TuneVerbTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    QStringList tune(const QString& output, const QStringList& more = {}) const
    {
        return QStringList{"model",    "tune", "model",   "--data", "rows.jsonl", "-o",  output,         "--lr", "1e-2",
                           "--epochs", "40",   "--batch", "4",      "--held-out", "0.2", "--eval-every", "50"} +
               QStringList{"--checkpoint-every", "20"} + more;
    }
    QByteArray bytes(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Starts it and sends the signal once it has told of a step: its exit code, or minus the signal that ended it.
    int interrupted(const QString& output, int signal, QByteArray& said) const
    {
        QProcess process;
        startGradus(process, m_folder.path(), tune(output));
        process.setReadChannel(QProcess::StandardError);
        while (!said.contains("step ") && process.waitForReadyRead(60000))
            said += process.readAllStandardError();
        QTest::qWait(300);
        signalProgram(process, signal);
        process.waitForFinished(60000);
        said += process.readAllStandardError();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -signal;
    }

    /// Turns the file's last weight into none.
    static void spoil(const QString& path)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() - 4));
        const float none = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(file.write(reinterpret_cast<const char*>(&none), 4), qint64(4));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        const auto model = m_folder.filePath("model").toStdString();
        QVERIFY(engine::LanguageModel::initialise(models::rungShape(32, 2, 421, 64), 3).value().save(model).ok());
        const std::filesystem::path tokenizers = tests::sourceDir() / "tests/data/tokenizers";
        std::filesystem::copy_file(tokenizers / "smollm/tokenizer.json",
                                   std::filesystem::path(model) / "tokenizer.json");
        QByteArray rows;
        for (int i = 0; i < 120; ++i)
            rows += "{\"prompt\": \"what follows " + QByteArray::number(i) + ": \", \"completion\": \"" +
                    QByteArray::number(i + 1) + "\"}\n";
        writeText(m_folder.filePath("rows.jsonl"), rows);
    }

    void stoppedAndKilled_itEndsInTheSameBytes()
    {
        const Outcome whole = runGradus(m_folder.path(), tune("whole"));
        QVERIFY2(whole.exitCode == 0, whole.err.constData());
        QVERIFY2(whole.out.contains("before   loss") && whole.out.contains("held-out rows"), whole.out.constData());

        QByteArray said;
        QCOMPARE(interrupted("parts", SIGINT, said), 130);
        QVERIFY2(said.contains("the same command goes on from"), said.constData());
        said.clear();
        QCOMPARE(interrupted("parts", SIGKILL, said), -SIGKILL);
        QVERIFY2(said.contains("Resumed after step"), said.constData());
        const Outcome rest = runGradus(m_folder.path(), tune("parts"));
        QVERIFY2(rest.exitCode == 0, rest.err.constData());
        QVERIFY2(rest.err.contains("Resumed after step"), rest.err.constData());
        QVERIFY(!bytes("whole/model.safetensors").isEmpty());
        QVERIFY(bytes("whole/model.safetensors") == bytes("parts/model.safetensors"));
        QVERIFY(!QFile::exists(m_folder.filePath("parts/checkpoints")));
    }
    void publishedRows_areLearntThroughAnAdapterAndAskedAgain()
    {
        QByteArray rows;
        QByteArray problems;
        for (int i = 0; i < 12; ++i) {
            rows += "{\"context\": \"c" + QByteArray::number(i) + "\", \"question\": \"q\", \"answer0\": \"w\", " +
                    "\"answer1\": \"x\", \"answer2\": \"y\", \"answer3\": \"z\", \"label\": 2}\n";
            problems += "{\"question\": \"q" + QByteArray::number(i) + "\", \"answer\": \"#### 3\"}\n";
        }
        writeText(m_folder.filePath("cosmos.jsonl"), rows);
        writeText(m_folder.filePath("words.jsonl"), problems);
        const Outcome tuned =
            runGradus(m_folder.path(), {"model", "tune", "model", "--data", "cosmos.jsonl", "--task", "cosmosqa", "-o",
                                        "cosmos-adapter", "--lora", "4", "--max-steps", "3", "--held-out", "0"});
        QVERIFY2(tuned.exitCode == 0, tuned.err.constData());
        QVERIFY2(tuned.err.contains("Memory: about 0.0") && tuned.err.contains("right answer that is learnt"),
                 tuned.err.constData());
        const Outcome alone = runGradus(m_folder.path(), {"model", "eval", "cosmos-adapter", "--data", "cosmos.jsonl"});
        QVERIFY2(alone.exitCode == 2 && alone.err.contains("with --adapter"), alone.err.constData());
        const Outcome asked = runGradus(m_folder.path(), {"model", "eval", "model", "--adapter", "cosmos-adapter",
                                                          "--data", "cosmos.jsonl", "--json"});
        QVERIFY2(asked.exitCode == 0 && asked.out.contains("\"accuracy\""), asked.err.constData());
        const Outcome words =
            runGradus(m_folder.path(), {"model", "eval", "model", "--adapter", "cosmos-adapter", "--task", "gsm8k",
                                        "--data", "words.jsonl", "--limit", "1", "--max-new-tokens", "4", "--json"});
        QVERIFY2(words.exitCode == 0, words.err.constData());
        const QStringList written{"model",    "generate",         "model", "--prompt", "Context: c1",
                                  "--greedy", "--max-new-tokens", "4",     "--json"};
        const Outcome plain = runGradus(m_folder.path(), written);
        const Outcome adapted = runGradus(m_folder.path(), written + QStringList{"--adapter", "cosmos-adapter"});
        QVERIFY2(adapted.exitCode == 0 && plain.exitCode == 0, adapted.err.constData());
        QVERIFY(adapted.out != plain.out);
        const Outcome seen = runGradus(
            m_folder.path(), {"data", "preview", "words.jsonl", "--task", "gsm8k", "--model", "model", "--items", "1"});
        QVERIFY2(seen.exitCode == 0 && seen.out.contains("Answer:⟦ #### 3⟧"), seen.out.constData());
    }
    void preview_tunesNothing()
    {
        const Outcome shown = runGradus(m_folder.path(), tune("none", {"--preview", "1"}));
        QVERIFY2(shown.exitCode == 0, shown.err.constData());
        QVERIFY2(shown.out.contains("what follows") && shown.out.contains("\u27E6"), shown.out.constData());
        QVERIFY(!QFile::exists(m_folder.filePath("none")));
    }
    void rewardModelsFolder_scoresPairsAsItsTuningSaidItDoes()
    {
        QByteArray pairs;
        for (int i = 0; i < 60; ++i) {
            const QByteArray number = QByteArray::number(i);
            pairs += "{\"prompt\": \"after " + number + ": \", \"chosen\": \"" + QByteArray::number(i + 1) +
                     "\", \"rejected\": \"" + QByteArray::number(i + 7) + " or so\", \"subset\": \"" +
                     (i % 3 == 0 ? "llmbar-natural" : "hep-cpp") + "\"}\n";
        }
        writeText(m_folder.filePath("pairs.jsonl"), pairs);
        const QStringList score{"model", "score"};
        const Outcome headless =
            runGradus(m_folder.path(), score + QStringList{m_folder.filePath("model"), "pairs.jsonl"});
        QCOMPARE(headless.exitCode, 2);
        QVERIFY2(headless.err.contains("has no score.weight"), headless.err.constData());

        for (const QStringList& how : {QStringList{}, QStringList{"--lora", "4"}}) {
            const QString output = how.isEmpty() ? "reward" : "adapter";
            const Outcome tuned =
                runGradus(m_folder.path(), QStringList{"model", "tune", m_folder.filePath("model"), "--method",
                                                       "reward", "--data", "pairs.jsonl", "--eval", "pairs.jsonl",
                                                       "--epochs", "2", "--lr", "3e-3", "-o", output} +
                                               how);
            QVERIFY2(tuned.exitCode == 0, tuned.err.constData());
            const QByteArray last = bytes(output + "/metrics.jsonl").trimmed().split('\n').back();
            const double said = QJsonDocument::fromJson(last)["after"]["accuracy"]["value"].toDouble(-1);
            const QStringList model =
                how.isEmpty() ? QStringList{output} : QStringList{m_folder.filePath("model"), "--adapter", output};
            const Outcome scored =
                runGradus(m_folder.path(), score + model + QStringList{"pairs.jsonl", "-o", output + ".scores.jsonl"});
            QVERIFY2(scored.exitCode == 0, scored.err.constData());
            double right = 0;
            const QByteArrayList lines = bytes(output + ".scores.jsonl").trimmed().split('\n');
            QCOMPARE(lines.size(), 60);
            for (int i = 0; i < 60; ++i) {
                const QJsonObject row = QJsonDocument::fromJson(lines[i]).object();
                QCOMPARE(row["line"].toInt(), i + 1);
                QCOMPARE(row["subset"].toString(), QString(i % 3 == 0 ? "llmbar-natural" : "hep-cpp"));
                QCOMPARE(row["result"].toDouble() > 0.5, row["preference"].toDouble() > 0.5);
                right += row["result"].toDouble();
            }
            QVERIFY2(std::abs(right / 60 - said) < 1e-12, tuned.out + scored.out);
            QVERIFY2(scored.out.contains("of 60 pairs right"), scored.out.constData());
        }
    }
    void benchTune_measuresAShapeWithoutAFolder()
    {
        QStringList words{"bench", "tune",    "--model", "tiny",     "--batch", "3",     "--sequence",
                          "24",    "--steps", "2",       "--warmup", "1",       "--json"};
        for (const QStringList& more :
             {QStringList{}, QStringList{"--rank", "4"}, QStringList{"--precision", "bf16", "--recompute"},
              QStringList{"--fewest", "0.3"}}) {
            const Outcome outcome = runGradus(m_folder.path(), words + more);
            QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
            const QJsonObject said = QJsonDocument::fromJson(outcome.out).object();
            QCOMPARE(said["parameters"].toInt(), 429184);
            QCOMPARE(said["taught"].toInt(), more.contains("--rank") ? 7168 : 429184);
            QVERIFY(said["tokens_per_second"].toDouble() > 0);
            QVERIFY(said["last_loss"].toDouble() > 5 && said["last_loss"].toDouble() < 9); // log 512 is 6.2
        }
        const Outcome unknown = runGradus(m_folder.path(), {"bench", "tune", "--model", "gpt-9"});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(unknown.err.contains("qwen2.5-0.5b"), unknown.err.constData());
    }
    void deviceThatIsNotThere_isRefusedBeforeARun()
    {
        if (runGradus(m_folder.path(), {"doctor"}).out.contains("cuda:0")) QSKIP("this machine has a GPU");
        const Outcome made = runGradus(m_folder.path(), {"new", "progressive"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const Outcome run = runGradus(
            m_folder.path(), {"run", "progressive.toml", "--set", "compute.device=\"cuda\"", "--store", "no.db"});
        writeText(m_folder.filePath("cuda.toml"), bytes("progressive.toml") + "\n[compute]\ndevice = \"cuda\"\n");
        const Outcome checked = runGradus(m_folder.path(), {"check", "cuda.toml"});
        for (const Outcome& refused : {run, checked}) {
            QVERIFY2(refused.exitCode == 2 && !refused.crashed, refused.err.constData());
            QVERIFY2(refused.err.contains("The device cuda is not there"), refused.err.constData());
        }
        QVERIFY(!QFile::exists(m_folder.filePath("no.db")));
        const Outcome written = runGradus(
            m_folder.path(), {"model", "generate", m_folder.filePath("model"), "--prompt", "a", "--device", "cuda"});
        QCOMPARE(written.exitCode, 2);
        QVERIFY2(written.err.contains("The device cuda is not there"), written.err.constData());
    }
    void weightsThatAreNoNumbers_endARunWithAnEventAndAnswerNothing()
    {
        const std::filesystem::path base = m_folder.filePath("spoiled").toStdString();
        for (const int width : {16, 32}) {
            const auto folder = base / std::to_string(width);
            QVERIFY(
                engine::LanguageModel::initialise(models::rungShape(width, 1, 421, 64), 3).value().save(folder).ok());
            std::filesystem::copy_file(m_folder.filePath("model/tokenizer.json").toStdString(),
                                       folder / "tokenizer.json");
            spoil(QString::fromStdString((folder / "model.safetensors").string()));
        }
        const Outcome written =
            runGradus(m_folder.path(), {"model", "generate", "spoiled/16", "--prompt", "one", "--max-new-tokens", "2"});
        QCOMPARE(written.exitCode, 1);
        QVERIFY2(written.err.contains("not a number") && written.out.isEmpty(), written.err.constData());

        QByteArray pairs;
        for (int i = 0; i < 40; ++i)
            pairs +=
                "{\"prompt\": \"is it " + QByteArray::number(i) + "?\", \"chosen\": \"yes\", \"rejected\": \"no\"}\n";
        writeText(m_folder.filePath("pairs.jsonl"), pairs);
        writeText(m_folder.filePath("held.jsonl"), QByteArray(pairs).replace("is it", "were they"));
        writeText(m_folder.filePath("more.jsonl"), QByteArray(pairs).replace("is it", "was it"));
        writeText(m_folder.filePath("spoiled.toml"),
                  "[experiment]\nname = \"spoiled\"\nprocedure = \"weak-to-strong\"\nseeds = [1]\n"
                  "[ladder]\nfamily = [\"spoiled/16\", \"spoiled/32\"]\ngenerations = 2\nstart = 0\n"
                  "[task]\nname = \"preferences\"\nteacher_data = \"pairs.jsonl\"\nstudent_data = "
                  "\"more.jsonl\"\ntest_data = \"held.jsonl\"\n"
                  "test_items = 0\n[training]\nlabels = 20\nteacher_labels = 20\nbody_scale = 0.5\n");
        const Outcome run = runGradus(m_folder.path(), {"run", "spoiled.toml", "--store", "spoiled.db"});
        QVERIFY2(run.exitCode == 1, run.err.constData());
        QVERIFY2(run.err.contains("at step 1 the loss is not a number; no checkpoint had been written yet"),
                 run.err.constData());
        const Outcome events = runGradus(
            m_folder.path(), {"store", "sql", "SELECT kind, sentence FROM event", "--json", "--store", "spoiled.db"});
        QVERIFY2(events.out.contains("run.failed") && events.out.contains("Training diverged"), events.out.constData());
    }
    void wildNumbers_areRefusedBeforeAFileIsOpened()
    {
        // Folder and file are not there: whoever opened one would say so.
        const QStringList nowhere{"model", "tune", "nowhere", "--data", "nowhere.jsonl", "-o", "refused"};
        const auto refuse = [&](const char* option, const char* value, const QStringList& more) {
            const Outcome outcome =
                runGradus(m_folder.path(), nowhere + QStringList{QString(option) + "=" + value} + more);
            QVERIFY2(outcome.exitCode == 2 && outcome.err.startsWith(option), outcome.err.constData());
            QVERIFY2(outcome.err.contains("is no number") && !outcome.err.contains("nowhere"), outcome.err.constData());
        };
        for (const char* option :
             {"--lr", "--held-out", "--warmup", "--weight-decay", "--clip", "--lora-alpha", "--beta", "--smoothing"})
            for (const char* value : {"nan", "inf", "1e30", "-1"})
                refuse(option, value, {});
        refuse("--lr", "-nan", {"--preview", "1"});
        for (const QStringList& more :
             {QStringList{"--decay", "wavy"}, QStringList{"--preview", "1", "--decay", "wavy"}}) {
            const Outcome outcome = runGradus(m_folder.path(), nowhere + more);
            QVERIFY2(outcome.exitCode == 2 && outcome.err.contains("\"wsd\""), outcome.err.constData());
        }
        const Outcome cold =
            runGradus(m_folder.path(), {"model", "generate", "nowhere", "--prompt", "a", "--temperature", "nan"});
        QVERIFY2(cold.exitCode == 2 && cold.err.contains("temperature"), cold.err.constData());
    }
    void badInput_isOneSentence_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("says");
        QTest::newRow("task") << QStringList{"--task", "gsm8k"} << "--column question=";
        QTest::newRow("method") << QStringList{"--method", "ppo"} << "use sft, reward, dpo or classify";
        QTest::newRow("device") << QStringList{"--device", "cuda:9"} << "cuda:9 is not there";
        QTest::newRow("precision") << QStringList{"--precision", "fp8"} << "use fp32 or bf16";
        QTest::newRow("decay") << QStringList{"--decay", "wavy"} << "\"wsd\"";
        QTest::newRow("role") << QStringList{"--column", "answer=completion"} << "no role \"answer\"";
        QTest::newRow("pairs") << QStringList{"--method", "dpo"} << "chosen";
        QTest::newRow("chat") << QStringList{"--as-chat"} << "chat template";
    }
    void badInput_isOneSentence()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, says);
        const Outcome outcome = runGradus(m_folder.path(), tune("refused", more));
        QVERIFY2(outcome.exitCode == 2 && !outcome.crashed, outcome.err.constData());
        QVERIFY2(QString::fromUtf8(outcome.err).contains(says), outcome.err.constData());
        QVERIFY(!QFile::exists(m_folder.filePath("refused/config.json")));
    }
};

GRADUS_SUITE(TuneVerbTest)
#include "tune_verb_test.moc"
