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

        QStringList arguments{"run", gradus::tests::sourceFile("resources/experiments/") + experiment + ".toml"};
        arguments << "--store" << m_folder.filePath(experiment + ".db") << "--jobs"
                  << "1";
        QStringList settings{"task.teacher_data=" + files[0],
                             "task.test_data=" + files[2],
                             "experiment.seeds=[7]",
                             "training.labels=32",
                             "training.epochs=1",
                             "task.test_items=40",
                             "task.max_tokens=64"};
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
    void noiseSensitivity_takesAFewStepsOfARealModel()
    {
        const QString data = qEnvironmentVariable("GRADUS_TEST_DATA");
        const QString model = qEnvironmentVariable("GRADUS_TEST_MODEL");
        if (data.isEmpty() || model.isEmpty())
            QSKIP("GRADUS_TEST_DATA and GRADUS_TEST_MODEL name no data and no model");
        const QString folder = QDir(model).absolutePath();
        QStringList arguments{"run",     gradus::tests::sourceFile("resources/experiments/cosmosqa-noise.toml"),
                              "--store", m_folder.filePath("noise.db"),
                              "--jobs",  "1"};
        for (const QString& setting :
             {"ladder.family=[\"" + folder + "\", \"" + folder + "\"]",
              "task.teacher_data=" + QDir(data).absoluteFilePath("cosmosqa/train.csv"),
              "task.test_data=" + QDir(data).absoluteFilePath("cosmosqa/valid.csv"), QString("sweep.ladder.start=[0]"),
              QString("experiment.seeds=[7]"), QString("training.labels=32"), QString("training.epochs=1"),
              QString("task.test_items=40"), QString("task.max_tokens=64")})
            arguments << "--set" << setting;
        const Outcome outcome = runGradus(m_folder.path(), arguments);
        QVERIFY2(outcome.exitCode == 0, (outcome.err + outcome.out.right(2000)).constData());
        const Outcome shown = runGradus(m_folder.path(), {"show", "--json", "--store", "noise.db"});
        QCOMPARE(QJsonDocument::fromJson(shown.out).object()["rows"].toArray().size(), 4); // noise rates
    }
};
GRADUS_SUITE(RealDataTest)
#include "real_data_test.moc"
