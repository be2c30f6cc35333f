// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of training data in every form that a file may have.
#include "base/files.h"
#include "data/training_rows.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::data;

class TrainingRowsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;

    Result<TrainingRows> read(const std::string& text, TrainingFile request, const char* name = "rows.jsonl") const
    {
        request.file = m_scratch.filePath(name).toStdString();
        if (auto written = writeFileAtomically(request.file, text); !written) return written.error();
        return readTrainingRows(request);
    }
    static QString words(const TrainingText& text)
    {
        if (text.turns.empty()) return QString::fromStdString(text.prompt + "|" + text.response);
        QString all;
        for (std::size_t i = 0; i < text.turns.size(); ++i)
            all += (i == text.context ? "|" : "") +
                   QString::fromStdString("[" + text.turns[i].speaker + " " + text.turns[i].text + "]");
        return all;
    }

private Q_SLOTS:
    void writing_isReadInEveryForm_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<bool>("asChat");
        QTest::addColumn<QString>("expected");
        QTest::newRow("text") << R"({"text": "once"})" << false << "|once";
        QTest::newRow("prompt and completion") << R"({"prompt": "a ", "completion": "b"})" << false << "a |b";
        QTest::newRow("as chat") << R"({"prompt": "a", "completion": "b"})" << true << "[Human a]|[Assistant b]";
        QTest::newRow("messages")
            << R"({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]})"
            << false << "|[System s][Human u][Assistant a]";
        QTest::newRow("from and value")
            << R"({"messages": [{"from": "human", "value": "u"}, {"from": "gpt", "value": "a"}]})" << false
            << "|[Human u][Assistant a]";
        QTest::newRow("messages after messages")
            << R"({"prompt": [{"role": "user", "content": "u"}], "completion": [{"role": "assistant", "content": "a"}]})"
            << false << "[Human u]|[Assistant a]";
    }
    void writing_isReadInEveryForm()
    {
        QFETCH(QString, row);
        QFETCH(bool, asChat);
        QFETCH(QString, expected);
        const auto rows = read(row.toStdString() + "\n", {.asChat = asChat});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(rows->rows.size(), std::size_t{1});
        QCOMPARE(words(rows->rows[0].texts[0]), expected);
    }
    void publishedForms_areWrittenAsTheyAreAsked_data()
    {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("expected");
        const QString cosmos = R"({"context": "c", "question": "q", "answer0": "w", "answer1": "x", )"
                               R"("answer2": "y", "answer3": "z", "label": 2})";
        QTest::newRow("cosmosqa") << "cosmosqa" << cosmos << "Context: c\nQuestion: q\nAnswer:| y";
        QTest::newRow("cosmosqa-choices") << "cosmosqa-choices" << cosmos << "Context: c\nQuestion: q\nAnswer:| y";
        QTest::newRow("gsm8k") << "gsm8k"
                               << R"({"question": "how many", "answer": "three\n#### 3"})"
                               << "Question: how many\nAnswer:| three\n#### 3";
        QTest::newRow("humaneval")
            << "humaneval"
            << R"row({"task_id": "h/1", "prompt": "def f():\n", "canonical_solution": "    return 1\n"})row"
            << "def f():\n|    return 1\n";
        QTest::newRow("mbpp")
            << "mbpp"
            << R"row({"task_id": 2, "text": "Add.", "code": "def f(a):\r\n  return a", "test_list": ["assert f(1) == 1"]})row"
            << "\"\"\"\nAdd.\nassert f(1) == 1\n\"\"\"\n|def f(a):\n  return a";
        QTest::newRow("mbpp, sanitised")
            << "mbpp"
            << R"row({"prompt": "Add.", "code": "def f(a): pass", "test_list": ["assert f(1)"]})row"
            << "\"\"\"\nAdd.\nassert f(1)\n\"\"\"\n|def f(a): pass";
    }
    void publishedForms_areWrittenAsTheyAreAsked()
    {
        QFETCH(QString, task);
        QFETCH(QString, row);
        QFETCH(QString, expected);
        const auto rows = read(row.toStdString() + "\n", {.task = task.toStdString()});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(rows->rows.size(), std::size_t{1});
        QCOMPARE(words(rows->rows[0].texts[0]), expected);
    }
    void publishedFormsThatAreNot_areRefused()
    {
        const auto says = [&](const std::string& task, const std::string& row, TrainingShape shape) {
            const auto rows = read(row + "\n", {.shape = shape, .task = task});
            return rows ? std::string() : rows.error().message;
        };
        const auto writing = TrainingShape::Writing;
        QVERIFY(says("preferences", R"({"text": "x"})", writing).find("sft takes cosmosqa") != std::string::npos);
        QVERIFY(says("mbpp", R"row({"text": "t", "code": "c", "test_list": "assert"})row", writing)
                    .find("no list of tests") != std::string::npos);
        QVERIFY(says("mbpp", R"row({"code": "c", "test_list": ["assert 1"]})row", writing).find("neither") !=
                std::string::npos);
        QVERIFY(says("gsm8k", R"({"question": "q"})", writing).find("--column answer=") != std::string::npos);
        const auto choices = says("cosmosqa-choices", R"({"context": "c"})", TrainingShape::Classes);
        QVERIFY2(choices.find("--method sft") != std::string::npos, choices.c_str());
    }
    void columns_mayHaveOtherNames()
    {
        const auto rows = read("question,answer\nhow many,3\n",
                               {.columns = {{"prompt", "question"}, {"completion", "answer"}}}, "rows.csv");
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(words(rows->rows[0].texts[0]), QString("how many|3"));
        QCOMPARE(rows->rows[0].group, std::string("how many"));
    }
    void pairs_shareWhatIsGiven_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<QString>("rejected");
        QTest::newRow("prompt") << R"({"prompt": "p ", "chosen": "good", "rejected": "bad"})"
                                << "p |good"
                                << "p |bad";
        QTest::newRow("dialogues of one text")
            << R"({"chosen": "\n\nHuman: q\n\nAssistant: yes", "rejected": "\n\nHuman: q\n\nAssistant: yet no"})"
            << "\n\nHuman: q\n\nAssistant:| yes"
            << "\n\nHuman: q\n\nAssistant:| yet no";
        QTest::newRow("shared beginning") << R"({"chosen": "the day", "rejected": "the night"})"
                                          << "the |day"
                                          << "the |night";
        QTest::newRow("one begins the other") << R"({"chosen": "the", "rejected": "the day"})"
                                              << "th|e"
                                              << "th|e day";
        QTest::newRow("one begins the other inside of a character") << R"({"chosen": "aä", "rejected": "aäb"})"
                                                                    << "a|ä"
                                                                    << "a|äb";
        QTest::newRow("not inside of a character") << R"({"chosen": "xä", "rejected": "xö"})"
                                                   << "x|ä"
                                                   << "x|ö";
        QTest::newRow("messages")
            << R"({"chosen": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}], "rejected": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "b"}]})"
            << "[Human u]|[Assistant a]"
            << "[Human u]|[Assistant b]";
        QTest::newRow("messages beside a prompt")
            << R"({"prompt": "u", "chosen": {"from": "gpt", "value": "a"}, "rejected": {"from": "gpt", "value": "b"}})"
            << "[Human u]|[Assistant a]"
            << "[Human u]|[Assistant b]";
    }
    void pairs_shareWhatIsGiven()
    {
        QFETCH(QString, row);
        QFETCH(QString, chosen);
        QFETCH(QString, rejected);
        const auto rows = read(row.toStdString() + "\n", {.shape = TrainingShape::Pairs});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(words(rows->rows[0].texts[0]), chosen);
        QCOMPARE(words(rows->rows[0].texts[1]), rejected);
    }
    void softPreferencesAndEqualPairs()
    {
        const auto rows = read("{\"chosen\": \"a\", \"rejected\": \"b\", \"preference\": 0.7}\n"
                               "{\"chosen\": \"a\", \"rejected\": \"a\", \"preference\": 0.5}\n",
                               {.shape = TrainingShape::Pairs});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(rows->rows.size(), std::size_t{1});
        QCOMPARE(rows->leftOut, std::size_t{1});
        QCOMPARE(rows->rows[0].preference, 0.7);
    }
    void templates_turnTheBetterTextToTheFront()
    {
        std::string text;
        for (int i = 0; i < 12; ++i)
            text += "{\"prompt\": \"p" + std::to_string(i) + "\", \"chosen\": \"good\", \"rejected\": \"bad\"}\n";
        const auto rows = read(text, {.shape = TrainingShape::Pairs, .task = "preferences"});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(rows->rows.size(), std::size_t{12});
        for (const TrainingRow& row : rows->rows) {
            QCOMPARE(row.texts[0].response, std::string(" good"));
            QVERIFY(row.texts[1].prompt.ends_with("\n\nAssistant:"));
        }
    }
    void labels_areClassesOrProbabilities()
    {
        const auto rows = read("{\"text\": \"a\", \"label\": 2}\n{\"text\": \"b\", \"label\": 0.25}\n"
                               "{\"text\": \"c\", \"label\": [0.5, 0.25, 0.25]}\n{\"text\": \"d\", \"label\": true}\n",
                               {.shape = TrainingShape::Classes});
        QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
        QCOMPARE(rows->classes, 3);
        QCOMPARE(rows->rows[0].classes, (std::vector<double>{0, 0, 1}));
        QCOMPARE(rows->rows[1].classes, (std::vector<double>{0.75, 0.25, 0}));
        QCOMPARE(rows->rows[2].classes, (std::vector<double>{0.5, 0.25, 0.25}));
        QCOMPARE(rows->rows[3].classes, (std::vector<double>{0, 1, 0}));
    }
    void badRows_areOneSentence_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("says");
        const int writing = static_cast<int>(TrainingShape::Writing);
        const int pairs = static_cast<int>(TrainingShape::Pairs);
        const int classes = static_cast<int>(TrainingShape::Classes);
        QTest::newRow("no role") << writing << R"({"words": "a"})"
                                 << "sft needs messages, or prompt and completion";
        QTest::newRow("no messages") << writing << R"({"messages": "a"})"
                                     << "line 1: \"messages\" is no list of messages";
        QTest::newRow("nothing to learn") << writing << R"({"prompt": "a", "completion": ""})"
                                          << "holds no usable row";
        QTest::newRow("one response") << pairs << R"({"chosen": "a"})"
                                      << "rejected";
        QTest::newRow("preference") << pairs << R"({"chosen": "a", "rejected": "b", "preference": 2})"
                                    << "line 1: the preference \"2\" is no probability";
        QTest::newRow("label") << classes << R"({"text": "a", "label": "often"})"
                               << "line 1: the label \"often\" is no class";
        QTest::newRow("negative") << classes << R"({"text": "a", "label": -1})"
                                  << "is no class";
        QTest::newRow("sum") << classes << R"({"text": "a", "label": [0.5, 0.6]})"
                             << "is no class";
    }
    void badRows_areOneSentence()
    {
        QFETCH(int, shape);
        QFETCH(QString, row);
        QFETCH(QString, says);
        const auto rows = read(row.toStdString() + "\n", {.shape = static_cast<TrainingShape>(shape)});
        QVERIFY(!rows.ok());
        QVERIFY2(QString::fromStdString(rows.error().message).contains(says), rows.error().message.c_str());
    }
    void labelThatMakesTooManyClasses_isRefusedWithItsLine()
    {
        std::string text = "{\"text\": \"a\", \"label\": 65000}\n";
        for (int i = 0; i < 5000; ++i)
            text += "{\"text\": \"b\", \"label\": 0}\n";
        const auto rows = read(text, {.shape = TrainingShape::Classes});
        QVERIFY(!rows.ok());
        QVERIFY2(rows.error().message.find("65001 classes of 5001 rows") != std::string::npos,
                 rows.error().message.c_str());
        QCOMPARE(rows.error().line, 1);
    }
    void unknownRolesAndTemplatesOfAnotherKind_areNamed()
    {
        const std::string pair = "{\"chosen\": \"a\", \"rejected\": \"b\"}\n";
        const auto role = read(pair, {.shape = TrainingShape::Pairs, .columns = {{"better", "chosen"}}});
        QVERIFY(!role.ok());
        QVERIFY2(role.error().message.find("no role \"better\"") != std::string::npos, role.error().message.c_str());
        const auto chat = read(pair, {.shape = TrainingShape::Pairs, .task = "preferences", .asChat = true});
        QVERIFY(!chat.ok() && chat.error().message.find("none of them as chat") != std::string::npos);
        const auto form = read(pair, {.shape = TrainingShape::Pairs, .task = "labelled-texts"});
        QVERIFY(!form.ok());
        QVERIFY2(form.error().message.find("this method cannot learn from") != std::string::npos,
                 form.error().message.c_str());
    }
};

GRADUS_SUITE(TrainingRowsTest)
#include "training_rows_test.moc"
