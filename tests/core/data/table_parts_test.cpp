// SPDX-License-Identifier: GPL-3.0-or-later
// A file in parts is the file: the same rows, columns, lines and complaints, wherever it is cut.
#include "data/table_parts.h"
#include "data/training_rows.h"
#include "support/suite.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::data;

class TablePartsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::filesystem::path written(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("cannot write %s", name);
        return file.fileName().toStdString();
    }
    static Table joined(const std::filesystem::path& path, std::size_t partBytes, int& parts)
    {
        Table all;
        parts = 0;
        const auto read = eachPart(path, partBytes, [&](const Table& part) -> Result<void> {
            ++parts;
            all.columns = part.columns;
            all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
            return {};
        });
        if (!read) qFatal("%s", read.error().message.c_str());
        return all;
    }

private Q_SLOTS:
    void parts_areTheWholeFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QByteArray lines = "\xEF\xBB\xBF";
        QByteArray records = "\xEF\xBB\xBFtext,\"the, label\"\r\n";
        for (int i = 0; i < 200; ++i) {
            const QByteArray number = QByteArray::number(i);
            lines += i % 17 == 0 ? " \n" : "";
            lines += i < 150 ? "{\"b\": \"row " + number + "\", \"a\": " + number + "}\r\n"
                             : "{\"late\": [" + number + "], \"a\": null}\n";
            records += i % 3 == 0 ? "\"quoted \"\"" + number + "\"\",\nover, two lines\"," + number + "\r\n"
                                  : "plain " + number + ",\"" + number + "\"\n";
        }
        QTest::newRow("JSON Lines") << "rows.jsonl" << lines;
        QTest::newRow("JSON Lines without a last line end") << "rows.ndjson" << lines + "{\"a\": 7}";
        QTest::newRow("CSV") << "rows.csv" << records;
        QTest::newRow("CSV without a last line end") << "last.csv" << records + "x,y";
        QByteArray late = records;
        late.insert(3, QByteArray("\n").repeated(30) + "\r\n");
        QTest::newRow("CSV after empty lines") << "late.csv" << late;
        QTest::newRow("CSV after empty lines, no mark") << "later.csv" << late.mid(3);
    }
    void parts_areTheWholeFile()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        const auto path = written(name.toUtf8().constData(), text);
        const Table whole = readTable(path).value();
        for (const std::size_t partBytes : {1UL, 7UL, 100UL, 1000UL, 4096UL, 1UL << 20}) {
            int parts = 0;
            const Table made = joined(path, partBytes, parts);
            QVERIFY(partBytes > 1000 || parts > 3);
            QVERIFY(partBytes < (1UL << 20) || parts == 1);
            QVERIFY(made.columns == whole.columns);
            QCOMPARE(made.rows.size(), whole.rows.size());
            for (std::size_t i = 0; i < whole.rows.size(); ++i) {
                QVERIFY(made.rows[i].cells == whole.rows[i].cells);
                QCOMPARE(made.rows[i].line, whole.rows[i].line);
            }
        }
    }
    void whatIsWrong_isSaidAsOfTheWholeFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        const QByteArray rows = QByteArray("{\"a\": 1}\n").repeated(50);
        QTest::newRow("JSON") << "bad.jsonl" << rows + "{\"a\": \n" + rows;
        QTest::newRow("no object") << "list.jsonl" << rows + "\n[1]\n";
        QTest::newRow("blank") << "blank.jsonl" << QByteArray("\n").repeated(50);
        const QByteArray records = "a,b\n" + QByteArray("1,\"2\n3\"\n").repeated(50);
        QTest::newRow("fields") << "short.csv" << records + "1\n" + records;
        QTest::newRow("open quote") << "open.csv" << records + "1,\"2\n";
        QTest::newRow("twice") << "twice.csv" << QByteArray("a,a\n") + QByteArray("1,2\n").repeated(50);
    }
    void whatIsWrong_isSaidAsOfTheWholeFile()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        const auto path = written(name.toUtf8().constData(), text);
        const auto whole = readTable(path);
        QVERIFY(!whole);
        const auto parts = eachPart(path, 40, [](const Table&) { return Result<void>(); });
        QVERIFY(!parts);
        QCOMPARE(parts.error().line, whole.error().line);
        if (whole.error().line > 0) QCOMPARE(parts.error().message, whole.error().message);
        const auto absent = eachPart(path.string() + ".none.csv", 40, [](const Table&) { return Result<void>(); });
        QVERIFY(!absent);
    }
    void trainingRows_comeInTheFilesOrderWithAllTheirClasses()
    {
        QByteArray text;
        for (int i = 0; i < 300; ++i)
            text += "{\"text\": \"" + QByteArray(i % 7 == 0 ? "" : "row ") + (i % 7 == 0 ? "" : QByteArray::number(i)) +
                    "\", \"label\": " + QByteArray::number(i == 290 ? 4 : i % 2) + "}\n";
        const TrainingFile file{.file = written("classes.jsonl", text), .shape = TrainingShape::Classes};
        const TrainingRows whole = readTrainingRows(file).value();
        std::size_t at = 0;
        std::size_t leftOut = 0;
        int classes = 0;
        const auto read = eachTrainingPart(file, 500, [&](TrainingRows&& part) -> Result<void> {
            for (const TrainingRow& row : part.rows) {
                if (row.line != whole.rows[at].line || row.texts[0].response != whole.rows[at].texts[0].response ||
                    row.group != whole.rows[at].group)
                    return badInput("another row");
                ++at;
            }
            leftOut += part.leftOut;
            classes = part.classes;
            return {};
        });
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(at, whole.rows.size());
        QCOMPARE(leftOut, whole.leftOut);
        QCOMPARE(classes, 5);
        QCOMPARE(whole.classes, 5);
    }
};
GRADUS_SUITE(TablePartsTest)
#include "table_parts_test.moc"
