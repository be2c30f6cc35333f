// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments on published data, a few steps of each, where GRADUS_TEST_DATA names the folder with the files; with
// a real model as student where GRADUS_TEST_MODEL names its folder, too.
#include "program.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace gradus::tests;

class RealDataTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// The first rows of a file, or all after them: one published file as a training and a test file.
    QString part(const QString& file, int rows, bool after) const
    {
        QFile from(file);
        if (!from.open(QIODevice::ReadOnly)) return {};
        QByteArray text;
        for (int row = 0; !from.atEnd(); ++row) {
            const QByteArray line = from.readLine();
            if ((row >= rows) == after) text += line;
        }
        const QString made = m_folder.filePath(QFileInfo(file).completeBaseName() + (after ? "_after." : "_first.") +
                                               QFileInfo(file).suffix());
        writeText(made, text);
        return made;
    }

    /// What `gradus new` writes, or one of the experiments beside it.
    static QString fileOf(const QString& experiment)
    {
        const QString written = gradus::tests::sourceFile("resources/templates/") + experiment + ".toml";
        return QFile::exists(written) ? written
                                      : gradus::tests::sourceFile("resources/experiments/") + experiment + ".toml";
    }

    void takesAFewStepsOfARealModel()
    {
        QFETCH(QString, experiment);
        QFETCH(QStringList, settings);
        QFETCH(int, rows);
        const QString data = qEnvironmentVariable("GRADUS_TEST_DATA");
        const QString model = qEnvironmentVariable("GRADUS_TEST_MODEL");
        if (data.isEmpty() || model.isEmpty())
            QSKIP("GRADUS_TEST_DATA and GRADUS_TEST_MODEL name no data and no model");
        const QString store = QString::fromUtf8(QTest::currentDataTag()).remove(',').replace(' ', '-') + ".db";
        QStringList arguments{"run", fileOf(experiment), "--store", m_folder.filePath(store), "--jobs", "1"};
        const QString folder = '"' + QDir(model).absolutePath() + '"';
        const QString ranks = "[{ folder = %1, adapter_rank = 2 }, { folder = %1, adapter_rank = 8 }]";
        settings << "ladder.family=" + (settings.contains("ladder.rungs=[]") ? ranks.arg(folder) : '[' + folder + ']')
                 << "experiment.seeds=[7]";
        for (QString setting : settings) {
            const qsizetype value = setting.indexOf('=') + 1;
            if (setting.contains("_data=")) setting.insert(value, QDir(data).absolutePath() + "/");
            arguments << "--set" << setting;
        }
        QProcess process; // a real model may take longer than other programs that tests run
        startGradus(process, m_folder.path(), arguments);
        QVERIFY2(process.waitForFinished(1'500'000), "the run did not end in 25 minutes");
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().right(2000).constData());
        const Outcome shown = runGradus(m_folder.path(), {"show", "--json", "--store", store});
        QCOMPARE(QJsonDocument::fromJson(shown.out).object()["rows"].toArray().size(), rows);
    }

private Q_SLOTS:
    void experiments_takeAFewStepsOnTheirFiles_data()
    {
        QTest::addColumn<QString>("experiment");
        QTest::addColumn<QStringList>("files"); ///< teacher, student (may be empty), test
        QTest::addColumn<int>("generations");
        QTest::addRow("CosmosQA, weak to strong")
            << "cosmosqa" << QStringList{"cosmosqa/train.csv", "", "cosmosqa/valid.csv"} << 2;
        QTest::addRow("HH, weak to strong")
            << "hh-harmless"
            << QStringList{"hh_harmless/train_gt.jsonl", "hh_harmless/train_w2s.jsonl", "hh_harmless/test.jsonl"} << 2;
        QTest::addRow("HH, annealed gaps")
            << "hh-harmless-gaps"
            << QStringList{"hh_harmless/train_gt.jsonl", "hh_harmless/train_w2s.jsonl", "hh_harmless/test.jsonl"} << 4;
        QTest::addRow("HH, one source or three")
            << "preference-diversity"
            << QStringList{"hh_harmless/train_gt.jsonl", "hh_harmless/train_w2s.jsonl", "hh_harmless/test.jsonl"} << 2;
        QTest::addRow("GSM8K solutions, weak to strong")
            << "gsm8k" << QStringList{"gsm8k/model_solutions.jsonl", "", "gsm8k/model_solutions.jsonl"} << 2;
        QTest::addRow("mixed preferences, weak to strong")
            << "dpo-mixed" << QStringList{"dpo_mixed/train.jsonl", "", "dpo_mixed/train.jsonl"} << 2;
        QTest::addRow("LLMBar, weak to strong")
            << "llmbar"
            << QStringList{"llmbar/adversarial_neighbor.jsonl", "llmbar/adversarial_gptinst.jsonl",
                           "llmbar/natural.jsonl"}
            << 2;
    }
    void experiments_takeAFewStepsOnTheirFiles()
    {
        QFETCH(QString, experiment);
        QFETCH(QStringList, files);
        QFETCH(int, generations);
        const QString folder = qEnvironmentVariable("GRADUS_TEST_DATA");
        if (folder.isEmpty() || !QFile::exists(folder + "/" + files.front()))
            QSKIP("GRADUS_TEST_DATA names no folder with these files");
        for (QString& file : files)
            if (!file.isEmpty()) file = QDir(folder).absoluteFilePath(file);
        if (files.front() == files.back()) files = {part(files.front(), 150, false), "", part(files.back(), 150, true)};

        QStringList arguments{"run", fileOf(experiment)};
        arguments << "--store" << m_folder.filePath(experiment + ".db") << "--jobs"
                  << "1";
        QStringList settings{"task.teacher_data=" + files[0],
                             "task.test_data=" + files[2],
                             "experiment.seeds=[7]",
                             "training.epochs=1",
                             "task.test_items=40",
                             "task.max_tokens=64"};
        // Conditions that differ in it keep their own number.
        if (experiment != "hh-harmless-gaps" && experiment != "preference-diversity") settings << "training.labels=32";
        if (experiment == "preference-diversity") // which judges 900 pairs a condition: smaller models do
            settings << "training.teacher_labels=64"
                     << "signals.anchors=20"
                     << "ladder.rungs=[[8,1],[16,1],[24,1]]";
        if (!files[1].isEmpty()) settings << "task.student_data=" + files[1];
        for (const QString& setting : settings)
            arguments << "--set" << setting;
        const Outcome outcome = runGradus(m_folder.path(), arguments);
        QVERIFY2(outcome.exitCode == 0, (outcome.err + outcome.out.right(2000)).constData());

        const Outcome shown = runGradus(m_folder.path(), {"show", "--json", "--store", experiment + ".db"});
        QCOMPARE(shown.exitCode, 0);
        int most = 0;
        for (const QJsonValue& row : QJsonDocument::fromJson(shown.out).object()["rows"].toArray()) {
            most = std::max(most, row.toObject()["generation"].toInt());
            const double utility = row.toObject()["utility"].toObject()["value"].toDouble(-1);
            QVERIFY2(utility > 0 && utility < 1, shown.out.constData());
        }
        QCOMPARE(most, generations);
    }
    void adaptersOfARealModel_teachEachOther_data()
    {
        QTest::addColumn<QString>("experiment");
        QTest::addColumn<QStringList>("settings");
        QTest::addColumn<int>("rows"); ///< of the result table
        // One small adapter of the model teaches a larger one.
        const QStringList climbing{"ladder.rungs=[]",   "training.epochs=1", "training.batch=4",
                                   "training.labels=8", "task.test_items=8", "task.max_tokens=48"};
        QTest::addRow("HH, weak to strong") << "hh-harmless"
                                            << climbing + QStringList{"task.teacher_data=hh_harmless/train_gt.jsonl",
                                                                      "task.student_data=hh_harmless/train_w2s.jsonl",
                                                                      "task.test_data=hh_harmless/test.jsonl"}
                                            << 2;
        QTest::addRow("LLMBar, weak to strong")
            << "llmbar"
            << climbing + QStringList{"task.teacher_data=llmbar/adversarial_neighbor.jsonl",
                                      "task.student_data=llmbar/adversarial_gptinst.jsonl",
                                      "task.test_data=llmbar/natural.jsonl"}
            << 2;
        QTest::addRow("CosmosQA, weak to strong")
            << "cosmosqa"
            << climbing + QStringList{"task.teacher_data=cosmosqa/train.csv", "task.test_data=cosmosqa/valid.csv"} << 2;
    }
    void adaptersOfARealModel_teachEachOther() { takesAFewStepsOfARealModel(); }
    // Longer than Qt allows a function where a processor is slow: QTEST_FUNCTION_TIMEOUT=1800000 gives it time.
    void foldersTakeAFewStepsOfARealModel_data()
    {
        QTest::addColumn<QString>("experiment");
        QTest::addColumn<QStringList>("settings");
        QTest::addColumn<int>("rows"); ///< of the result table
        const QStringList passages{"task.teacher_data=cosmosqa/train.csv", "task.test_data=cosmosqa/valid.csv",
                                   "training.epochs=1"};
        QTest::addRow("label noise") << "cosmosqa-noise"
                                     << passages + QStringList{"sweep.ladder.start=[0]", "training.labels=8",
                                                               "task.test_items=6", "task.max_tokens=48"}
                                     << 17; // kinds and rates of noise
        for (const char* prompts : {"plain", "chat"})
            QTest::addRow("debate, %s", prompts)
                << "debate-folder" << passages + QStringList{"debate.debater=0",    "debate.opponent=0",
                                                             "training.labels=4",   "task.test_items=3",
                                                             "task.max_tokens=160", QString("task.prompts=") + prompts}
                << 3; // protocols
        QTest::addRow("self-enhancement") << "self-enhancement-folder"
                                          << QStringList{"task.teacher_data=hh_harmless/train_gt.jsonl",
                                                         "task.student_data=hh_harmless/train_w2s.jsonl",
                                                         "task.test_data=hh_harmless/test.jsonl",
                                                         "task.test_items=4",
                                                         "task.max_tokens=64",
                                                         "ladder.generations=2",
                                                         "training.labels=3",
                                                         "training.batch=2",
                                                         "self.samples=2",
                                                         "self.answer_tokens=8",
                                                         "self.offline=4",
                                                         "self.probes=8",
                                                         "task.prompts=chat"}
                                          << 6; // three conditions, two generations each
    }
    void foldersTakeAFewStepsOfARealModel() { takesAFewStepsOfARealModel(); }
};
GRADUS_SUITE(RealDataTest)
#include "real_data_test.moc"
