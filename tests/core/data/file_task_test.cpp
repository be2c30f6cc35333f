// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bag_of_words.h"
#include "data/picks.h"
#include "data/pretraining.h"
#include "data/raw_data.h"
#include "data/task.h"

#include "base/files.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

using namespace gradus;
using namespace gradus::data;

namespace {

std::string pairRow(int i)
{
    const std::string prompt = "\\n\\nHuman: question " + std::to_string(i) + "?\\n\\nAssistant: ";
    return "{\"chosen\":\"" + prompt + "a kind answer\",\"rejected\":\"" + prompt + "a rude reply\"}\n";
}

std::string pairRows(int first, int count)
{
    std::string rows;
    for (int i = 0; i < count; ++i)
        rows += pairRow(first + i);
    return rows;
}

std::string quizRows(int first, int count)
{
    std::string rows = "id,context,question,answer0,answer1,answer2,answer3,label\n";
    for (int i = first; i < first + count; ++i)
        rows += std::to_string(i) + ",\"Story " + std::to_string(i / 2) + ", told.\",Why " + std::to_string(i) +
                " ?,one,two,three,None of the above choices .," + std::to_string(i % 4) + "\n";
    return rows;
}

/// A line of JSON Lines, written with single quotes.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text + "\n";
}

bool mentions(const Error& error, const std::string& text)
{
    return error.kind == ErrorKind::BadInput && error.message.find(text) != std::string::npos;
}

} // namespace

class FileTaskTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string put(const std::string& name, const std::string& text) const
    {
        const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
        if (!writeFileAtomically(path, text)) qFatal("cannot write a test file");
        return path.string();
    }

    spec::Experiment preferences() const
    {
        spec::Experiment experiment;
        experiment.task.name = "preferences";
        experiment.task.teacherData = put("gt.jsonl", pairRows(0, 60));
        experiment.task.studentData = put("w2s.jsonl", pairRows(1000, 50));
        experiment.task.testData = put("test.jsonl", pairRows(2000, 40));
        experiment.task.testItems = 0;
        experiment.task.maxTokens = 64;
        experiment.ladder.vocabulary = 300;
        experiment.ladder.generations = 2;
        experiment.training.labels = 20;
        return experiment;
    }

    spec::Experiment quiz() const
    {
        spec::Experiment experiment = preferences();
        experiment.task.name = "cosmosqa";
        experiment.task.teacherData = put("train.csv", quizRows(0, 400));
        experiment.task.studentData.clear();
        experiment.task.testData = put("valid.csv", quizRows(5000, 200));
        return experiment;
    }

    static Error errorOf(const spec::Experiment& experiment)
    {
        const auto task = openTask(experiment);
        return task ? Error{.message = "no error"} : task.error();
    }

private Q_SLOTS:
    void preferences_areComparedInAnOrderThatTellsNothing()
    {
        const auto task = openTask(preferences());
        QVERIFY2(task.ok(), task ? "" : task.error().message.c_str());
        QVERIFY((*task)->read() == Read::Compare);
        const ItemSet pool = (*task)->pool(1, 0, 1);
        QCOMPARE(pool.items.size(), 60U);
        int second = 0;
        for (const Item& item : pool.items) {
            QCOMPARE(item.sequences.size(), 2U);
            second += item.truth;
        }
        QVERIFY(second > 12 && second < 48);
    }
    void preferencesTruth_pointsAtTheChosenText()
    {
        const spec::Experiment experiment = preferences();
        const auto form = templateOf("preferences");
        const auto raw = readRawData(*form, experiment);
        QVERIFY(raw.ok());
        for (const RawItem& item : raw->teacher)
            QVERIFY(item.texts[static_cast<std::size_t>(item.truth)].find("kind") != std::string::npos);
    }
    void preferences_readRenamedColumnsOfACsvFile()
    {
        spec::Experiment experiment = preferences();
        std::string csv = "better,worse\n";
        for (int i = 0; i < 30; ++i)
            csv += "\"good " + std::to_string(i) + "\",\"bad\nline\"\n";
        experiment.task.teacherData = put("renamed.csv", csv);
        experiment.task.studentData = put("renamed2.csv", csv);
        std::string held = "better,worse\n";
        for (int i = 100; i < 120; ++i)
            held += "good " + std::to_string(i) + ",bad\n";
        experiment.task.testData = put("renamed3.csv", held);
        experiment.task.columns = {{"chosen", "better"}, {"rejected", "worse"}};
        const auto task = openTask(experiment);
        QVERIFY2(task.ok(), task ? "" : task.error().message.c_str());
        experiment.task.columns = {{"chosen", "best"}, {"rejected", "worse"}};
        QVERIFY(mentions(errorOf(experiment), "only better, worse"));
        QCOMPARE(errorOf(experiment).key, std::string("task.columns"));
        experiment.task.columns = {{"selected", "better"}};
        QVERIFY(mentions(errorOf(experiment), "it uses chosen, rejected"));
    }
    void longTexts_areCutAtTheLeftAndCounted()
    {
        spec::Experiment experiment = preferences();
        const auto whole = openTask(experiment);
        experiment.task.maxTokens = 8;
        const auto cut = openTask(experiment);
        QVERIFY(whole.ok() && cut.ok());
        const ItemSet long1 = (*whole)->test();
        const ItemSet short1 = (*cut)->test();
        QCOMPARE(long1.truncatedShare, 0.0);
        QCOMPARE(short1.truncatedShare, 1.0);
        const auto& full = long1.items[0].sequences[0];
        const auto& end = short1.items[0].sequences[0];
        QCOMPARE(end.size(), 8U);
        QVERIFY(std::equal(end.begin(), end.end(), full.end() - 8));
        QCOMPARE(end.back(), (*cut)->vocabulary() - 1);
    }
    void tokenizer_isTrainedWithoutTheTestFile()
    {
        spec::Experiment experiment = preferences();
        const auto a = openTask(experiment);
        std::string odd = pairRows(2000, 40);
        for (int i = 0; i < 40; ++i)
            odd += "{\"chosen\":\"zzzz qqqq zzzz qqqq " + std::to_string(i) + "\",\"rejected\":\"zzzz\"}\n";
        experiment.task.testData = put("odd.jsonl", odd);
        const auto b = openTask(experiment);
        QVERIFY(a.ok() && b.ok());
        QCOMPARE((*a)->pool(1, 0, 1).fingerprint, (*b)->pool(1, 0, 1).fingerprint);
        QCOMPARE((*a)->pretrainingTexts(), (*b)->pretrainingTexts());
        QVERIFY((*a)->test().fingerprint != (*b)->test().fingerprint);
    }
    void pools_areRepeatableAndDisjointWhileTheFileLasts()
    {
        spec::Experiment experiment = preferences();
        experiment.ladder.generations = 4;
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        std::set<std::vector<std::int32_t>> seen;
        for (int generation = 2; generation <= 3; ++generation)
            for (const Item& item : (*task)->pool(generation, 20, 5).items)
                seen.insert(item.sequences[0]);
        QCOMPARE(seen.size(), 40U);
        QCOMPARE((*task)->pool(3, 20, 5).fingerprint, (*task)->pool(3, 20, 5).fingerprint);
        QVERIFY((*task)->pool(3, 20, 5).fingerprint != (*task)->pool(3, 20, 6).fingerprint);
        QVERIFY((*task)->note().find("share items") != std::string::npos); // 3 x 20 > 50
        QCOMPARE((*task)->test().fingerprint, (*openTask(experiment))->test().fingerprint);
    }
    void anchors_areTeacherRowsThatNothingIsTaughtBy()
    {
        for (const int asked : {10, 25, 1000}) {
            spec::Experiment experiment = preferences();
            experiment.signals.anchors = asked;
            const auto task = openTask(experiment);
            QVERIFY(task.ok());
            const ItemSet anchors = (*task)->anchors(asked, 3);
            QCOMPARE(anchors.items.size(), std::size_t(std::min(asked, 30))); // at most half of the 60 rows
            QCOMPARE(anchors.fingerprint, (*task)->anchors(asked, 3).fingerprint);
            std::set<std::vector<std::int32_t>> taught;
            for (const Item& item : (*task)->pool(1, 0, 3).items)
                taught.insert(item.sequences.begin(), item.sequences.end());
            for (const Item& item : anchors.items)
                for (const auto& sequence : item.sequences)
                    QVERIFY(!taught.contains(sequence));
            QVERIFY((*task)->note().find("kept back as anchors") != std::string::npos);
        }
    }
    void testItems_limitTheTestFile()
    {
        spec::Experiment experiment = preferences();
        experiment.task.testItems = 15;
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        QCOMPARE((*task)->test().items.size(), 15U);
    }
    void rowsOfTheTestFile_areLeftOutOfTrainingAndSaid()
    {
        spec::Experiment experiment = preferences();
        experiment.task.teacherData = put("leak.jsonl", pairRows(0, 30) + pairRows(2000, 5));
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        QCOMPARE((*task)->pool(1, 0, 1).items.size(), 30U);
        QVERIFY((*task)->note().find("5 rows of") != std::string::npos);
    }
    void equalTexts_areLeftOutAndSaid()
    {
        spec::Experiment experiment = preferences();
        experiment.task.teacherData =
            put("equal.jsonl", pairRows(0, 30) + "{\"chosen\":\"same\",\"rejected\":\"same\"}\n");
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        QVERIFY((*task)->note().find("1 row of") != std::string::npos);
    }
    void whatWasRead_isToldFileByFile()
    {
        spec::Experiment experiment = preferences();
        experiment.task.maxTokens = 8;
        experiment.task.teacherData =
            put("told.jsonl", pairRows(0, 30) + pairRows(2000, 5) + "{\"chosen\":\"same\",\"rejected\":\"same\"}\n");
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        const std::vector<ReadFile> files = filesOf(**task);
        QCOMPARE(files.size(), 3U);
        QCOMPARE(files[0].role, std::string("task.teacher_data"));
        QCOMPARE(files[0].rows, 36U);
        QCOMPARE(files[0].items, 30U);
        QCOMPARE(files[0].leftOut.size(), 2U); // ties, and those of the test file
        QCOMPARE(files[0].leftOut[0].count, 1U);
        QCOMPARE(files[0].leftOut[1].count, 5U);
        QCOMPARE(files[1].role, std::string("task.test_data"));
        QVERIFY(files[1].leftOut.empty());
        // The share is that of the pool that takes every item.
        QVERIFY(files[0].cutShare && *files[0].cutShare > 0);
        QCOMPARE(*files[0].cutShare, (*task)->pool(1, 0, 1).truncatedShare);
        QCOMPARE(*files[1].cutShare, (*task)->test().truncatedShare);
        // A rung that brings its own tokenizer: nobody here knows.
        experiment.ladder.models = {{"somewhere"}, {"elsewhere"}};
        const auto texts = openTask(experiment);
        QVERIFY(texts.ok());
        QVERIFY(!filesOf(**texts)[0].cutShare);
    }
    void aFileOfTies_isRefusedWithTheReason()
    {
        spec::Experiment experiment = preferences();
        std::string ties;
        for (int i = 0; i < 12; ++i)
            ties += "{\"chosen\":\"same " + std::to_string(i) + "\",\"rejected\":\"same " + std::to_string(i) + "\"}\n";
        experiment.task.teacherData = put("ties.jsonl", ties);
        const Error error = errorOf(experiment);
        QVERIFY(mentions(error, "ties.jsonl holds 0 usable rows of 12"));
        QVERIFY(mentions(error, "12 rows were left out because their two texts or scores are equal"));
        QCOMPARE(error.key, std::string("task.teacher_data"));
    }
    void cosmosqa_followsTheDocumentedRule()
    {
        const auto raw = readRawData(*templateOf("cosmosqa"), quiz());
        QVERIFY(raw.ok());
        int right = 0;
        for (const RawItem& item : raw->test) {
            const std::string& text = item.texts.front();
            QVERIFY(text.starts_with("Context: Story "));
            const std::string answer = text.substr(text.find("\nAnswer: ") + 9);
            const int row = std::stoi(text.substr(text.find("Why ") + 4));
            const std::array<std::string, 4> answers{"one", "two", "three", "None of the above choices ."};
            const bool isRight = answer == answers[static_cast<std::size_t>(row % 4)];
            if (row % 4 == 3) {
                QCOMPARE(item.truth, 0);
                QVERIFY(!isRight);
            } else {
                QCOMPARE(item.truth == 1, isRight);
            }
            right += item.truth;
        }
        QVERIFY(right > 50 && right < 100); // 150 rows toss a coin
    }
    void publishedShapes_openAsTasks()
    {
        std::string rows;
        std::string held;
        for (int i = 0; i < 90; ++i) {
            const std::string number = std::to_string(i);
            (i < 60 ? rows : held) +=
                json("{'prompt':'q" + number + "','chosen':[{'content':'q','role':'user'},{'content':'yes " + number +
                     "','role':'assistant'}],'rejected':[{'content':'q','role':'user'},{'content':'no " + number +
                     "','role':'assistant'}]}");
        }
        spec::Experiment experiment = preferences();
        experiment.task.name = "preferences";
        experiment.task.teacherData = put("uf.jsonl", rows);
        experiment.task.studentData.clear();
        experiment.task.testData = put("uf_test.jsonl", held);
        const auto task = openTask(experiment);
        QVERIFY2(task, task ? "" : task.error().message.c_str());
        QCOMPARE((*task)->test().items.size(), 30U);
        QVERIFY((*task)->read() == Read::Compare);
    }
    void splitFile_keepsAContextOnOneSide()
    {
        const auto raw = readRawData(*templateOf("cosmosqa"), quiz());
        QVERIFY(raw.ok());
        QCOMPARE(raw->teacher.size() + raw->student.size(), 400U);
        QVERIFY(raw->teacher.size() > 140 && raw->student.size() > 140);
        std::set<std::string> teachers;
        for (const RawItem& item : raw->teacher)
            teachers.insert(item.group);
        for (const RawItem& item : raw->student)
            QVERIFY(!teachers.contains(item.group));
        const auto task = openTask(quiz());
        QVERIFY(task.ok());
        QVERIFY((*task)->note().find("split by hash") != std::string::npos);
        QVERIFY((*task)->note().find("most frequent class") != std::string::npos);
    }
    void badLabel_isNamedWithFileAndLine()
    {
        spec::Experiment experiment = quiz();
        experiment.task.teacherData = put("label.csv", quizRows(0, 20) + "x,c,q,a,b,c,d,7\n");
        const Error error = errorOf(experiment);
        QVERIFY(mentions(error, "label.csv line 22"));
        QVERIFY(mentions(error, "\"7\""));
        QCOMPARE(error.key, std::string("task.teacher_data"));
    }
    void missingPieces_areNamedWithTheirKey()
    {
        spec::Experiment experiment = preferences();
        experiment.task.testData.clear();
        QCOMPARE(errorOf(experiment).key, std::string("task.test_data"));
        experiment = preferences();
        experiment.task.studentData = m_folder.path().toStdString() + "/nowhere.jsonl";
        QVERIFY(mentions(errorOf(experiment), "nowhere.jsonl"));
        QCOMPARE(errorOf(experiment).key, std::string("task.student_data"));
        experiment = preferences();
        experiment.task.teacherData = put("few.jsonl", pairRows(0, 3));
        QVERIFY(mentions(errorOf(experiment), "3 usable rows"));
        experiment = preferences();
        experiment.training.labels = 55;
        QVERIFY(mentions(errorOf(experiment), "asks for 55"));
        QCOMPARE(errorOf(experiment).key, std::string("training.labels"));
        experiment = preferences();
        experiment.task.name = "cosmosqq";
        QVERIFY(mentions(errorOf(experiment), "did you mean \"cosmosqa\""));
        experiment = preferences();
        experiment.ladder.vocabulary = 100;
        QCOMPARE(errorOf(experiment).key, std::string("ladder.vocabulary"));
        experiment = preferences();
        experiment.task.maxTokens = 2;
        QCOMPARE(errorOf(experiment).key, std::string("task.max_tokens"));
    }
    void openTask_opensTheBuiltInWorld()
    {
        spec::Experiment experiment;
        experiment.task.testItems = 30;
        const auto task = openTask(experiment);
        QVERIFY(task.ok());
        QCOMPARE((*task)->test().items.size(), 30U);
        experiment.training.labels = 1 << 30;
        QVERIFY(mentions(errorOf(experiment), "at most 100,000"));
        QCOMPARE(errorOf(experiment).key, std::string("training.labels"));
    }
    void pretrainingWindows_haveOneLengthAndAreUsedInTurn()
    {
        const auto task = openTask(preferences());
        QVERIFY(task.ok());
        const auto windows = (*task)->pretrainingTexts();
        QVERIFY(windows.size() > 4);
        std::multiset<std::vector<std::int32_t>> expected(windows.begin(), windows.end());
        std::multiset<std::vector<std::int32_t>> used;
        for (std::size_t step = 0; step < windows.size(); ++step) {
            const auto batch = languageModelBatch(windows, 3, static_cast<std::int64_t>(step), 1);
            const auto again = languageModelBatch(windows, 3, static_cast<std::int64_t>(step), 1);
            QCOMPARE(batch.inputs, again.inputs);
            used.insert(batch.inputs.front());
            QCOMPARE(batch.inputs[0].size(), 64U);
            for (std::size_t i = 0; i < 63; ++i)
                QCOMPARE(batch.targets[0][i], batch.inputs[0][i + 1]);
            QCOMPARE(batch.targets[0].back(), -1);
        }
        QVERIFY(used == expected);
        QVERIFY(languageModelBatch({}, 1, 0, 4).inputs.empty());
    }
    void bagOfWords_hasTheHandComputedWeight()
    {
        // One word "good" against "bad", n pairs: w = -w', and n sigmoid(-2w) = l2 w.
        const std::vector<TextPair> pairs(4, TextPair{"Good", "bad", 0});
        const BagOfWords model = BagOfWords::fit(pairs, 1.0);
        const double w = model.score("good", "bad") / 2;
        QVERIFY(std::abs(4 / (1 + std::exp(2 * w)) - w) < 1e-5);
        QVERIFY(std::abs(model.score("bad", "good") + 2 * w) < 1e-12);
        QCOMPARE(model.score("unknown", "words"), 0.0);
        QCOMPARE(model.score("\xE2\x80\x9CGOOD\xE2\x80\x9D!", "bad?"), 2 * w);
    }
    void bagOfWords_learnsAPreferenceTaskAndIsAbsentElsewhere()
    {
        const auto result = bagOfWordsResult(preferences(), 20, 1);
        QVERIFY(result.ok() && result->has_value());
        QCOMPARE((*result)->pairs, 20);
        QCOMPARE((*result)->tested, 40);
        QCOMPARE((*result)->right, 40);
        const auto none = bagOfWordsResult(spec::Experiment(), 20, 1);
        QVERIFY(none.ok() && !none->has_value());
    }
};
GRADUS_SUITE(FileTaskTest)
#include "file_task_test.moc"
