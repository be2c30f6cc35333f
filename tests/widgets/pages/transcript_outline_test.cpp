// SPDX-License-Identifier: GPL-3.0-or-later
// Outline, folding of turns and long outputs, and files of a transcript: by keys and clicks on the page.
#include "base/files.h"
#include "pages/transcripts/outline_panel.h"
#include "pages/transcripts/transcript_map.h"
#include "pages/transcripts/transcript_view.h"
#include "pages/transcripts/transcripts_page.h"
#include "store/store_reader.h"
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

using namespace gradus;
using tests::must;

namespace {

constexpr int kWait = 10000 * tests::kPatience;

events::EpisodeRecord episodeOf(std::vector<events::EpisodeMessage> messages)
{
    events::EpisodeRecord episode;
    episode.key = "discovery/1/1";
    episode.scenario = "check open / deadline";
    episode.messages = std::move(messages);
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.note = "It read <script>alert(1)</script>.";
    episode.severity = 0.5;
    return episode;
}

std::vector<events::EpisodeMessage> fewMessages()
{
    std::string lines;
    for (int i = 0; i < 30; ++i)
        lines += "line " + std::to_string(i) + "\n";
    return {{"user", "Make it pass", ""},
            {"assistant", "ls -l <b>x</b>", "{\"action\":\"list\"}"},
            {"tool", lines, ""},
            {"assistant", "cat /etc/shadow", "{\"action\":\"read\"}"},
            {"tool", "cat: /etc/shadow: Permission denied", ""},
            {"assistant", "Done.\x1b[2J", ""}};
}

struct Bench
{
    explicit Bench(std::vector<events::EpisodeMessage> messages)
        : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        writer = must(store::StoreWriter::open(path.toStdString()));
        run = tests::addSampleExperiment(*writer, "with episodes", {}, {1}, 2).front();
        tests::writeFinishedRun(*writer, {.runId = run, .generations = 2, .stepsPerGeneration = 50, .seed = 1});
        writer->sink(run).episode(episodeOf(std::move(messages)));
        must(writer->flush());
        page.resize(1368, 838);
        page.show();
        page.openStore(path);
        watcher.open(path);
    }
    bool settle()
    {
        return QTest::qWaitForWindowActive(&page) &&
               QTest::qWaitFor([&] { return page.isReady() && page.transcripts().outline(); }, kWait);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        page.view()->setFocus();
        QTest::keyClick(page.view(), key, modifiers);
    }
    pages::TranscriptView& view() { return *page.view(); }

    QTemporaryDir folder;
    QString path = folder.filePath("gradus.db");
    std::unique_ptr<store::StoreWriter> writer;
    std::int64_t run = 0;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    pages::TranscriptsPage page;
};

} // namespace

class TranscriptOutlineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outline_goesToWhatIsPressedAndFollowsWhatIsRead()
    {
        Bench bench(fewMessages());
        QVERIFY(bench.settle());
        bench.key(Qt::Key_O);
        QTreeView& tree = *bench.page.outline()->tree();
        QVERIFY(tree.isVisible());
        const QAbstractItemModel& model = *tree.model();
        QCOMPARE(model.index(0, 0).data().toString(), QString("Verdict: hazard"));
        QCOMPARE(model.index(1, 0).data().toString(), QString("Denied (1)"));
        tree.expand(model.index(1, 0));
        const QModelIndex denied = model.index(0, 0, model.index(1, 0));
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(denied).center());
        QCOMPARE(bench.view().currentBlock(), 4);
        QVERIFY(bench.view().isDenied(4));
        QVERIFY(!bench.view().isDenied(2));
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(model.index(0, 0)).center());
        QCOMPARE(bench.view().currentBlock(), 6); // the verdict, below the messages
        bench.view().setCurrentBlock(2);
        QCOMPARE(tree.currentIndex().data().toString(), QString("2  ls -l <b>x</b>"));
        QTest::keyClick(&tree, Qt::Key_Down);
        QCOMPARE(bench.view().currentBlock(), 3);
    }
    void turnsAndLongOutputs_foldByKey()
    {
        Bench bench(fewMessages());
        QVERIFY(bench.settle());
        pages::TranscriptView& view = bench.view();
        view.setCurrentBlock(2);
        QCOMPARE(view.turnStart(2), 1);
        QCOMPARE(view.turnEnd(2), 3);
        const int before = view.blockRect(3).top();
        bench.key(Qt::Key_G);
        QVERIFY(view.isTurnFolded(2));
        QCOMPARE(view.currentBlock(), 1);
        QCOMPARE(view.blockRect(2).height(), 0);
        QVERIFY(view.blockRect(3).top() < before);
        bench.key(Qt::Key_BracketRight); // steps over what is hidden
        QCOMPARE(view.currentBlock(), 3);
        view.setCurrentBlock(2); // and who goes there opens it
        QVERIFY(!view.isTurnFolded(2));
        QVERIFY(view.blockRect(2).height() > 100);
        bench.key(Qt::Key_L);
        QVERIFY(view.isFolded(2));
        QVERIFY(!view.isFolded(4)); // one line
        bench.key(Qt::Key_L);
        QVERIFY(!view.isFolded(2));
        bench.key(Qt::Key_G, Qt::ShiftModifier);
        QVERIFY(view.isTurnFolded(1) && view.isTurnFolded(3) && view.isFolded(5));
        QCOMPARE(view.blockRect(4).height(), 0);
        // The arrow of a folded turn opens it.
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.blockRect(1).topLeft() + QPoint(8, 12));
        QVERIFY(!view.isTurnFolded(1) && view.isTurnFolded(3));
        bench.key(Qt::Key_G, Qt::ShiftModifier);
        bench.key(Qt::Key_G, Qt::ShiftModifier);
        QVERIFY(!view.isTurnFolded(3) && !view.isFolded(5));
    }
    void files_areEscapedAndWhole()
    {
        Bench bench(fewMessages());
        QVERIFY(bench.settle());
        QSignalSpy said(&bench.page, &pages::TranscriptsPage::said);
        const QString html = bench.folder.filePath("a.html");
        bench.page.exportTo(html);
        QVERIFY(QTest::qWaitFor([&] { return said.size() == 1; }, kWait));
        QVERIFY2(!said.last().at(1).toBool(), qPrintable(said.last().at(0).toString()));
        const std::string page = must(readFile(html.toStdString()));
        QVERIFY(page.find("<script") == std::string::npos && page.find("<b>x") == std::string::npos);
        QVERIFY(page.find("ls -l &lt;b&gt;x&lt;/b&gt;") != std::string::npos);
        QVERIFY(page.find("Done.\\x1b[2J") != std::string::npos);
        QVERIFY(page.find("verdict: hazard") != std::string::npos);
        const QString json = bench.folder.filePath("a.json");
        bench.page.exportTo(json);
        QVERIFY(QTest::qWaitFor([&] { return said.size() == 2; }, kWait));
        const std::string text = must(readFile(json.toStdString()));
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
        QCOMPARE(object["messages"].toArray().size(), 6);
        QCOMPARE(object["messages"].toArray()[1].toObject()["content"].toString(), QString("ls -l <b>x</b>"));
        QCOMPARE(object["verdict"].toString(), QString("hazard"));
        bench.page.exportTo(bench.folder.filePath("a.docx"));
        QVERIFY(QTest::qWaitFor([&] { return said.size() == 3; }, kWait));
        QVERIFY(said.last().at(1).toBool());
        QVERIFY(!QFile::exists(bench.folder.filePath("a.docx")));
    }
    void manyMessages_holdNothingUp()
    {
        std::vector<events::EpisodeMessage> messages;
        for (int i = 0; i < 60'000; ++i) {
            messages.push_back({"assistant", "step " + std::to_string(i), "{\"action\":\"step\"}"});
            messages.push_back({"tool", i == 59'000 ? "x: Permission denied" : "fine", ""});
        }
        Bench bench(std::move(messages));
        QElapsedTimer since;
        qint64 longest = 0;
        QTimer pulse;
        connect(&pulse, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
        QVERIFY(bench.settle());
        bench.key(Qt::Key_O);
        since.start();
        pulse.start(1);
        QVERIFY(bench.view().isDenied(118'001));
        QCOMPARE(bench.view().kindAt(118'000), pages::MessageKind::ToolCall); // though it is not read
        QTreeView& tree = *bench.page.outline()->tree();
        const QModelIndex found = tree.model()->index(0, 0, tree.model()->index(1, 0));
        tree.setCurrentIndex(found);
        QCOMPARE(bench.view().currentBlock(), 118'001);
        QVERIFY(QTest::qWaitFor([&] { return bench.view().textOf(118'001).contains("denied"); }, kWait));
        bench.key(Qt::Key_G, Qt::ShiftModifier);
        QVERIFY(bench.view().isTurnFolded(3));
        QTest::qWait(20);
        QVERIFY2(longest < 250 * tests::kPatience, qPrintable(QString::number(longest)));
        // The file holds all of them.
        QSignalSpy said(&bench.page, &pages::TranscriptsPage::said);
        bench.page.exportTo(bench.folder.filePath("long.html"));
        QVERIFY(QTest::qWaitFor([&] { return said.size() == 1; }, kWait));
        QVERIFY(must(readFile(bench.folder.filePath("long.html").toStdString())).find("step 59999") !=
                std::string::npos);
    }
};
GRADUS_SUITE(TranscriptOutlineTest)
#include "transcript_outline_test.moc"
