// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/data_preview.h"
#include "run/data_read.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/rng.h"
#include "data/bpe.h"
#include "data/task.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::run;

class DataPreviewTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::filesystem::path put(const std::string& name, const std::string& text) const
    {
        const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
        if (!writeFileAtomically(path, text)) qFatal("cannot write a test file");
        return path;
    }

    static std::string pairs(int first, int count)
    {
        std::string rows;
        for (int i = first; i < first + count; ++i)
            rows += "{\"prompt\":\"question " + std::to_string(i / 2) + "\",\"chosen\":\"a kind answer " +
                    std::to_string(i) + "\",\"rejected\":\"" +
                    (i % 10 == 9 ? "a kind answer " + std::to_string(i) : "no") + "\"}\n";
        return rows;
    }

private Q_SLOTS:
    void aRunsHistory_namesFilesByTheirBytesNotTheirFolders()
    {
        const std::string text = pairs(0, 20);
        const std::filesystem::path path = put("told.jsonl", text);
        std::map<std::string, std::string> hashes;
        const data::ReadFile file{.role = "task.teacher_data",
                                  .path = path.string(),
                                  .rows = 20,
                                  .items = 18,
                                  .leftOut = {{2, "row", "ties"}}};
        const auto read = dataRead({file}, hashes);
        QVERIFY(read.ok());
        QCOMPARE(read->front().file, std::string("told.jsonl"));
        QCOMPARE(read->front().sha256, sha256(text));
        QCOMPARE(read->front().used, std::int64_t{18});
        QCOMPARE(read->front().leftOut.front().count, std::int64_t{2});
        // Asked of again, the file is not read again.
        std::filesystem::remove(path);
        QVERIFY(dataRead({file}, hashes).ok());
        hashes.clear();
        QVERIFY(!dataRead({file}, hashes).ok());
    }
    void file_isCountedWholeAndShownInPart()
    {
        const auto preview = previewFile({.file = put("a.jsonl", pairs(0, 40)), .items = 2});
        QVERIFY2(preview.ok(), preview ? "" : preview.error().message.c_str());
        QCOMPARE(preview->items, 36U);
        QCOMPARE(preview->leftOut, 4U);
        QCOMPARE(preview->groups, 20U);
        QCOMPARE(preview->truths[0] + preview->truths[1], 36U);
        QCOMPARE(preview->first.size(), 2U);
        const PreviewItem& item = preview->first[0];
        QCOMPARE(item.texts[static_cast<std::size_t>(item.truth)].text,
                 std::string("\n\nHuman: question 0\n\nAssistant: a kind answer 0"));
        QVERIFY(preview->readers.empty());
        const auto parts = previewFile({.file = put("a.jsonl", pairs(0, 40)), .items = 2, .partBytes = 300});
        QVERIFY2(parts.ok(), parts ? "" : parts.error().message.c_str());
        QCOMPARE(parts->items, preview->items);
        QCOMPARE(parts->leftOut, preview->leftOut);
        QCOMPARE(parts->groups, preview->groups);
        QVERIFY(parts->truths == preview->truths);
        QCOMPARE(parts->first[1].texts[0].text, preview->first[1].texts[0].text);
    }
    void tokenizer_countsWhatItCuts()
    {
        std::vector<std::string> texts;
        std::vector<std::string_view> views;
        for (int i = 0; i < 40; ++i)
            texts.push_back(pairs(i, 1));
        views.assign(texts.begin(), texts.end());
        const auto bpe = data::Bpe::train(views, 280);
        const auto tokenizer = put("tokenizer.json", bpe.toJson());
        const auto preview = previewFile(
            {.file = put("a.jsonl", pairs(0, 40)), .models = {tokenizer.string()}, .maxTokens = 10, .items = 40});
        QVERIFY2(preview.ok(), preview ? "" : preview.error().message.c_str());
        QCOMPARE(preview->readers.size(), 1U);
        std::size_t cut = 0;
        std::size_t longest = 0;
        for (const PreviewItem& item : preview->first)
            for (const PreviewText& text : item.texts) {
                const auto ids = bpe.encode(text.text);
                QCOMPARE(text.tokens[0], ids.size());
                longest = std::max(longest, ids.size());
                cut += ids.size() > 10 ? 1 : 0;
                if (ids.size() > 10) QVERIFY(text.text.ends_with(text.kept) && bpe.encode(text.kept).size() <= 10);
            }
        QVERIFY(cut > 0);
        QCOMPARE(preview->readers[0].cut, cut);
        QCOMPARE(preview->readers[0].longest, longest);
        QCOMPARE(preview->readers[0].texts, 72U);
    }
    void experiment_isReadAsItsRunReadsIt()
    {
        spec::Experiment experiment;
        experiment.task.name = "preferences";
        experiment.task.teacherData = put("teacher.jsonl", pairs(0, 60)).string();
        experiment.task.studentData = put("student.jsonl", pairs(1000, 60)).string();
        experiment.task.testData = put("test.jsonl", pairs(2000, 40)).string();
        experiment.task.maxTokens = 16;
        experiment.training.labels = 0;
        experiment.ladder.vocabulary = 300;
        const auto preview = previewExperiment(experiment, 1);
        QVERIFY2(preview.ok(), preview ? "" : preview.error().message.c_str());
        const auto task = data::openTask(experiment);
        QVERIFY(task.ok());
        const data::ItemSet pool = (*task)->pool(1, 0, 1);
        QCOMPARE(preview->items, pool.items.size());
        QCOMPARE(static_cast<double>(preview->readers[0].cut) / static_cast<double>(preview->readers[0].texts),
                 pool.truncatedShare);
    }
    void badRequests_areRefused()
    {
        const auto file = put("a.jsonl", pairs(0, 20));
        QVERIFY(!previewFile({.file = file, .task = "preferense"}).ok());
        QVERIFY(!previewFile({.file = file, .columns = {{"chosen", "nothing"}}}).ok());
        QVERIFY(!previewFile({.file = file, .models = {"/nonexistent"}}).ok());
        const auto world = previewExperiment({}, 1);
        QVERIFY(!world.ok() && world.error().message.find("reads no files") != std::string::npos);
    }
};
GRADUS_SUITE(DataPreviewTest)
#include "data_preview_test.moc"
