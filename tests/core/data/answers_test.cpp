// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of several sources out of tables: columns, files joined by a key, numbers, verdicts, and what is refused.
#include "data/answers.h"

#include "base/files.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::data;

namespace {

using Words = std::vector<std::string>;

/// What each source says, "-" where it says nothing.
Words said(const AnswerTable& table, const std::vector<int>& labels)
{
    Words words;
    for (const int label : labels)
        words.push_back(label < 0 ? "-" : table.answers.at(static_cast<std::size_t>(label)));
    return words;
}

} // namespace

class AnswersTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path write(const std::string& name, const std::string& text)
    {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name;
        if (!writeFileAtomically(path, text)) qFatal("cannot write");
        return path;
    }

private Q_SLOTS:
    void lastNumber_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("number");
        QTest::newRow("worked") << "16 - 3 = <<16-3=13>>13 eggs\nA: 18"
                                << "18";
        QTest::newRow("thousands") << "that is $1,234.50."
                                   << "1234.5";
        QTest::newRow("shortest") << "A: 77.00"
                                  << "77";
        QTest::newRow("negative") << "the change is -5"
                                  << "-5";
        QTest::newRow("a difference is no sign") << "it is 16-3"
                                                 << "3";
        QTest::newRow("full stop") << "He has 3."
                                   << "3";
        QTest::newRow("zero") << "-0"
                              << "0";
        QTest::newRow("none") << "no idea"
                              << "none";
        QTest::newRow("empty") << ""
                               << "none";
    }
    void lastNumber()
    {
        QFETCH(QString, text);
        QFETCH(QString, number);
        QCOMPARE(QString::fromStdString(data::lastNumber(text.toStdString()).value_or("none")), number);
    }
    void worked_solutionsInsideJson()
    {
        const auto file = write("s.jsonl", R"({"q": "a", "truth": "A: 18", "x": {"text": "so 18.0"}, "y.z": "A: 1,8"})"
                                           "\n"
                                           R"({"q": "b", "truth": "A: 5", "x": {"text": "none"}, "y.z": "A: 5"})"
                                           "\n"
                                           R"({"q": "c", "truth": "A: 5", "x": {"other": 1}})"
                                           "\n");
        const auto table = readAnswers(
            {.files = {file}, .sources = {"x.text", "y.z"}, .truth = "truth", .comparison = Comparison::Number});
        QVERIFY2(table.ok(), table ? "" : table.error().message.c_str());
        QCOMPARE(table->names, (Words{"x.text", "y.z"}));
        QCOMPARE(said(*table, table->labels[0]), (Words{"18", "-", "-"}));
        QCOMPARE(said(*table, table->labels[1]), (Words{"18", "5", "-"}));
        QCOMPARE(said(*table, table->truth), (Words{"18", "5", "5"}));
        QCOMPARE(table->unread, std::size_t{1});
    }
    void files_areJoinedByTheirKey()
    {
        const auto first = write("gpt.csv", "id,label\n1,yes\n2, no\n");
        const auto second = write("llama.csv", "id,label\n3,yes\n2,refuses\n");
        const auto truth = write("truth.csv", "label,id\nno,2\nyes,1\nyes,9\n");
        const auto table = readAnswers({.files = {first, second},
                                        .sources = {"label"},
                                        .truth = "label",
                                        .truthFile = truth,
                                        .key = "id",
                                        .sameAs = {{"refuses", "no"}}});
        QVERIFY2(table.ok(), table ? "" : table.error().message.c_str());
        QCOMPARE(table->names, (Words{"gpt", "llama"}));
        QCOMPARE(said(*table, table->labels[0]), (Words{"yes", "no", "-"}));
        QCOMPARE(said(*table, table->labels[1]), (Words{"-", "no", "yes"}));
        QCOMPARE(said(*table, table->truth), (Words{"yes", "no", "-"}));
    }
    void verdicts_areRightOrWrong()
    {
        const auto file = write("v.jsonl", "{\"a\": true, \"b\": 0}\n{\"a\": \"No\", \"b\": null}\n");
        const auto table = readAnswers({.files = {file}, .sources = {"a", "b"}, .comparison = Comparison::Verdict});
        QCOMPARE(table->answers, (Words{"right", "wrong"}));
        QCOMPARE(said(*table, table->labels[0]), (Words{"right", "wrong"}));
        QCOMPARE(said(*table, table->labels[1]), (Words{"wrong", "-"}));
        QCOMPARE(said(*table, table->truth), (Words{"right", "right"}));
    }
    void badInput_isOneSentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("sources");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("says");
        QTest::newRow("column") << "a,b\n1,2\n"
                                << QStringList{"a", "c"} << ""
                                << "no column \"c\", only a, b";
        QTest::newRow("path") << "a,b\n1,2\n"
                              << QStringList{"a", "c.d.e"} << ""
                              << "no column \"c.d.e\"";
        QTest::newRow("empty path") << "a,b\n1,2\n"
                                    << QStringList{"a", ""} << ""
                                    << "no column \"\"";
        QTest::newRow("one source") << "a,b\n1,2\n"
                                    << QStringList{"a"} << ""
                                    << "There are 1 sources";
        QTest::newRow("twice") << "a,b\n1,2\n"
                               << QStringList{"a", "a"} << ""
                               << "Two sources are named \"a\"";
        QTest::newRow("no verdict") << "a,b\n1,maybe\n"
                                    << QStringList{"a", "b"} << ""
                                    << "line 2, \"b\", says \"maybe\"";
        QTest::newRow("repeated") << "a,b\n1,2\n1,3\n"
                                  << QStringList{"a", "b"} << "a"
                                  << "line 3 repeats the key \"1\"";
    }
    void badInput_isOneSentence()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, sources);
        QFETCH(QString, key);
        QFETCH(QString, says);
        AnswerColumns columns{.files = {write("bad.csv", text.toStdString())},
                              .sources = {},
                              .key = key.toStdString(),
                              .comparison = Comparison::Verdict};
        for (const QString& source : sources)
            columns.sources.push_back(source.toStdString());
        const auto table = readAnswers(columns);
        QVERIFY(!table.ok());
        QVERIFY(table.error().kind == ErrorKind::BadInput);
        QVERIFY2(QString::fromStdString(table.error().message).contains(says), table.error().message.c_str());
    }
    void realSolutions_matchThePublishedVerdicts()
    {
        const QByteArray data = qgetenv("GRADUS_TEST_DATA");
        const auto file = std::filesystem::path(data.toStdString()) / "gsm8k" / "model_solutions.jsonl";
        if (data.isEmpty() || !std::filesystem::exists(file)) QSKIP("GRADUS_TEST_DATA names no folder with gsm8k");
        const Words models{"6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"};
        AnswerColumns answers{
            .files = {file}, .sources = {}, .truth = "ground_truth", .comparison = Comparison::Number};
        AnswerColumns verdicts{.files = {file}, .sources = {}, .comparison = Comparison::Verdict};
        for (const std::string& model : models) {
            answers.sources.push_back(model + ".solution");
            verdicts.sources.push_back(model + ".is_correct");
        }
        const auto read = readAnswers(answers);
        const auto judged = readAnswers(verdicts);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QVERIFY2(judged.ok(), judged ? "" : judged.error().message.c_str());
        QCOMPARE(read->truth.size(), std::size_t{500});
        int different = 0;
        for (std::size_t j = 0; j < models.size(); ++j)
            for (std::size_t i = 0; i < read->truth.size(); ++i)
                different += (read->labels[j][i] == read->truth[i]) != (judged->labels[j][i] == 0) ? 1 : 0;
        QVERIFY2(different <= 4, qPrintable(QString::number(different))); // of 2,000
    }
};
GRADUS_SUITE(AnswersTest)
#include "answers_test.moc"
