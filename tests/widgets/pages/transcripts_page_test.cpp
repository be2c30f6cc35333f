// SPDX-License-Identifier: GPL-3.0-or-later
// The Transcripts page over a real store: real keys and clicks, and hostile messages that stay plain.
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/episodes_tree.h"
#include "pages/transcripts/transcript_view.h"
#include "pages/transcripts/transcripts_page.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace gradus;
using pages::TranscriptsPage;

namespace {

constexpr int kWait = 8000 * tests::kPatience;

events::EpisodeRecord someEpisode(int number, const std::string& scenario, const std::string& verdict)
{
    events::EpisodeRecord episode;
    episode.generation = 1 + number % 2;
    episode.key = "discovery/" + std::to_string(episode.generation) + "/" + std::to_string(number);
    episode.scenario = scenario;
    episode.messages = {{"user", "Question " + std::to_string(number), ""},
                        {"assistant", "echo yes > answer", "{\"action\":\"answer yes\"}"},
                        {"tool", "", ""},
                        {"assistant", "./check", "{\"action\":\"check\"}"},
                        {"tool", "PASS", ""}};
    episode.judge = "oracle";
    episode.verdict = verdict;
    episode.note = "Why of " + std::to_string(number);
    if (verdict == "hazard") {
        episode.severity = 0.75;
        episode.safeBehaviour = "answer yes";
        episode.safeBehaviourSource = "safe: person";
    }
    return episode;
}

/// A store whose newest run has no episodes, and a page that follows it.
class Bench
{
public:
    explicit Bench(const std::vector<events::EpisodeRecord>& episodes)
        : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        auto opened = store::StoreWriter::open(folder.filePath("gradus.db").toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        run = tests::addSampleExperiment(*writer, "with episodes", {}, {1}, 2).front();
        tests::writeFinishedRun(*writer, {.runId = run, .generations = 2, .stepsPerGeneration = 50, .seed = 1});
        for (const events::EpisodeRecord& episode : episodes)
            writer->sink(run).episode(episode);
        const std::int64_t newer = tests::addSampleExperiment(*writer, "without", {}, {1}, 2).front();
        tests::writeFinishedRun(*writer, {.runId = newer, .generations = 2, .stepsPerGeneration = 50, .seed = 1});
        if (!writer->flush()) qFatal("flush");
        page.resize(1368, 838);
        page.show();
        page.openStore(folder.filePath("gradus.db"));
        watcher.open(folder.filePath("gradus.db"));
    }

    bool settle()
    {
        return QTest::qWaitForWindowActive(&page) && QTest::qWaitFor([&] { return page.isReady(); }, kWait);
    }
    std::string shownKey() const
    {
        const auto episode = page.transcripts().episode();
        return episode ? episode->key : std::string();
    }
    bool waitFor(const std::string& key)
    {
        return QTest::qWaitFor([&] { return shownKey() == key; }, kWait);
    }
    template <typename Widget>
    Widget* find(const char* name)
    {
        return page.findChild<Widget*>(QLatin1String(name));
    }

    QTemporaryDir folder;
    std::unique_ptr<store::StoreWriter> writer;
    std::int64_t run = 0;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    TranscriptsPage page;
};

std::vector<events::EpisodeRecord> fourEpisodes()
{
    return {someEpisode(0, "check open / deadline", "safe"), someEpisode(1, "check locked / praise", "asked"),
            someEpisode(2, "check open / praise", "hazard"), someEpisode(3, "check locked / lead", "safe")};
}

} // namespace

class TranscriptsPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newestRunWithEpisodes_opensAtItsFirstHazard()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/1/2"));
        QCOMPARE(bench.page.transcripts().run(), bench.run);
        QCOMPARE(bench.find<QComboBox>("episodesRun")->count(), 1);
        QCOMPARE(bench.find<QLabel>("episodesCount")->text(), QStringLiteral("4 of 4"));
        QCOMPARE(bench.find<QLabel>("factVerdict")->text(), QStringLiteral("hazard"));
        QCOMPARE(bench.find<QLabel>("factWhy")->text(), QStringLiteral("Why of 2"));
        QCOMPARE(bench.find<QLabel>("factSeverity")->text(), QStringLiteral("0.75"));
        QCOMPARE(bench.find<QLabel>("factSafe")->text(), QStringLiteral("answer yes"));
        QCOMPARE(bench.find<QLabel>("factSafeBy")->text(), QStringLiteral("safe: person"));
        pages::TranscriptView& view = *bench.page.view();
        QCOMPARE(view.blockCount(), 6);
        QCOMPARE(view.headOf(0), QStringLiteral("user"));
        QCOMPARE(view.headOf(1), QStringLiteral("tool call"));
        QCOMPARE(view.headOf(4), QStringLiteral("tool output"));
        QCOMPARE(view.headOf(5), QStringLiteral("verdict: hazard"));
        QCOMPARE(view.textOf(5), QStringLiteral("Why of 2"));
    }

    void keys_walkThroughEpisodesAndMessages()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/1/2"));
        bench.page.panel()->tree()->setFocus();
        QTest::keyClick(bench.page.panel()->tree(), Qt::Key_J); // over the end of its group
        QVERIFY(bench.waitFor("discovery/2/1"));
        QTest::keyClick(bench.page.panel()->tree(), Qt::Key_K);
        QVERIFY(bench.waitFor("discovery/1/2"));
        QTest::keyClick(bench.page.panel()->tree(), Qt::Key_Up);
        QVERIFY(bench.waitFor("discovery/1/0"));
        QTest::keyClick(bench.page.panel()->tree(), Qt::Key_Return);
        pages::TranscriptView& view = *bench.page.view();
        QVERIFY(view.hasFocus());
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentBlock(), 1);
        QTest::keyClick(&view, Qt::Key_N); // the next tool call, past the output
        QCOMPARE(view.currentBlock(), 3);
        QTest::keyClick(&view, Qt::Key_N); // there is none
        QCOMPARE(view.currentBlock(), 3);
        QTest::keyClick(&view, Qt::Key_P);
        QCOMPARE(view.currentBlock(), 1);
        QTest::keyClick(&view, Qt::Key_BracketRight);
        QCOMPARE(view.currentBlock(), 2);
        QTest::keyClick(&view, Qt::Key_BracketLeft);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("echo yes > answer"));
        QTest::mouseClick(bench.find<QToolButton>("nextEpisode"), Qt::LeftButton);
        QVERIFY(bench.waitFor("discovery/1/2"));
    }

    void chips_filterAndKeepTheirCounts()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        auto* safe = bench.find<QToolButton>("episodesChip2");
        QCOMPARE(safe->text(), QStringLiteral("safe 2"));
        QTest::mouseClick(safe, Qt::LeftButton);
        QCOMPARE(bench.find<QLabel>("episodesCount")->text(), QStringLiteral("2 of 4"));
        QCOMPARE(safe->text(), QStringLiteral("safe 2"));
        QVERIFY(!bench.find<QToolButton>("episodesChip5")->isVisible());
    }

    void filter_narrowsOrSaysWhatIsWrong()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        auto* filter = bench.find<QLineEdit>("episodesFilter");
        filter->setFocus();
        QTest::keyClicks(filter, QStringLiteral("gen = 2"));
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(bench.find<QLabel>("episodesCount")->text(), QStringLiteral("2 of 4"));
        auto* error = bench.find<QLabel>("episodesFilterError");
        QVERIFY(!error->isVisible());
        QTest::keyClicks(filter, QStringLiteral(" colour=2"));
        QTest::keyClick(filter, Qt::Key_Return);
        QVERIFY(error->isVisible());
        QVERIFY(error->text().contains(QStringLiteral("colour")));
        QCOMPARE(bench.find<QLabel>("episodesCount")->text(), QStringLiteral("2 of 4"));
        QCOMPARE(error->textFormat(), Qt::PlainText);
    }

    void search_findsInMessages()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        auto* search = bench.find<QLineEdit>("episodesSearch");
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("question 3")); // n and others are letters here, not shortcuts
        QTest::keyClick(search, Qt::Key_Return);
        auto* hits = bench.find<QLabel>("episodesHits");
        QVERIFY(QTest::qWaitFor([&] { return hits->text() == QStringLiteral("hits: 1"); }, kWait));
        QVERIFY(hits->isVisible());
        QCOMPARE(bench.page.episodes().shownRows(), 1);
        QTest::keyClick(search, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(search, Qt::Key_Delete);
        QVERIFY(QTest::qWaitFor([&] { return bench.page.episodes().shownRows() == 4; }, kWait));
        QVERIFY(!hits->isVisible());
    }

    void grouping_isChosenInTheMenu()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        QCOMPARE(bench.page.episodes().index(0, 0).data().toString(), QStringLiteral("check open"));
        bench.find<QToolButton>("episodesGrouping")->menu()->actions()[1]->trigger();
        QCOMPARE(bench.page.episodes().index(0, 0).data().toString(), QStringLiteral("generation 1"));
        QVERIFY(bench.page.panel()->tree()->isExpanded(bench.page.episodes().index(0, 0)));
        QCOMPARE(bench.page.panel()->tree()->currentIndex().data().toString(), QStringLiteral("check open / praise"));
    }

    void hostileMessages_arePlainAndBoxed()
    {
        events::EpisodeRecord episode = someEpisode(1, "<h1>x</h1> / \x1b[31m<img src=x>", "<b>safe</b>");
        episode.messages = {{"<i>user</i>", "<b>bold</b> \x1b[31mred \xe2\x80\xaetxt", ""}};
        episode.note = "<a href=\"x\">why</a>";
        Bench bench({episode});
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/2/1"));
        pages::TranscriptView& view = *bench.page.view();
        QCOMPARE(view.textOf(0), QStringLiteral("<b>bold</b> ESC[31mred U+202Etxt"));
        QCOMPARE(view.headOf(0), QStringLiteral("<i>user</i>"));
        QCOMPARE(view.headOf(1), QStringLiteral("verdict: <b>safe</b>"));
        for (const QLabel* label : bench.page.findChildren<QLabel*>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!bench.page.grab().isNull());
        view.copyCurrent();
        QVERIFY(!QGuiApplication::clipboard()->text().contains(QChar(0x1b)));
    }

    void longMessages_areCappedUntilAskedFor()
    {
        events::EpisodeRecord episode = someEpisode(1, "a / b", "safe");
        std::string output;
        for (int i = 0; i < 100; ++i)
            output += "line " + std::to_string(i) + "\n";
        episode.messages = {{"tool", output, ""}};
        Bench bench({episode});
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/2/1"));
        pages::TranscriptView& view = *bench.page.view();
        QCOMPARE(view.textOf(0).count(QLatin1Char('\n')), 39);
        QCOMPARE(view.moreTextOf(0), QStringLiteral("60 more lines"));
        QTest::qWait(0);
        const int high = view.blockRect(0).height();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.moreRect(0).center());
        QCOMPARE(view.moreTextOf(0), QString());
        QVERIFY(view.textOf(0).contains(QStringLiteral("line 99")));
        QVERIFY(view.blockRect(0).height() > 2 * high);
    }

    /// Every byte a box: it once held the window for minutes.
    void millionsOfHiddenCharacters_areDrawnInAMoment()
    {
        events::EpisodeRecord episode = someEpisode(0, "check open / deadline", "hazard");
        episode.messages[0].content = std::string(3'000'000, '\x1b');
        const common::ThemeController theme(*qApp, common::Theme::Light);
        pages::TranscriptView view(theme);
        view.resize(900, 700);
        QElapsedTimer timer;
        timer.start();
        view.setEpisode(std::make_shared<const events::EpisodeRecord>(episode));
        (void)view.grab();
        const qint64 opened = timer.restart();
        view.showMore(0);
        (void)view.grab();
        const qint64 whole = timer.elapsed();
        qInfo("opened in %lld ms, five times as much in %lld ms", static_cast<long long>(opened),
              static_cast<long long>(whole));
        QVERIFY2(opened < 300 * tests::kPatience && whole < 1500 * tests::kPatience, "too slow");
    }

    void manyMessages_openWithoutLayingOutAll()
    {
        events::EpisodeRecord episode = someEpisode(1, "a / b", "safe");
        std::string text(600, 'x');
        text += "\nend";
        episode.messages.assign(5000, {"assistant", text, ""});
        Bench bench({episode});
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/2/1"));
        pages::TranscriptView& view = *bench.page.view();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(bench.page.transcripts().messages(), 5000);
        view.setEpisode(bench.page.transcripts().episode(), {.messages = 5000});
        QVERIFY2(timer.elapsed() < 100 * tests::kPatience, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(view.blockCount(), 5001);
        view.setCurrentBlock(4000); // not held: it is read from the store
        QVERIFY(QTest::qWaitFor([&] { return view.textOf(4000).startsWith(QStringLiteral("xxx")); }, kWait));
        view.setCurrentBlock(5000);
        QCOMPARE(view.headOf(5000), QStringLiteral("verdict: safe"));
        QVERIFY(view.viewport()->rect().contains(view.blockRect(5000).center()));
    }

    void emptyPlaces_sayWhatIsMissing()
    {
        Bench bench({});
        QVERIFY(bench.settle());
        QVERIFY(!bench.page.view()->isVisible());
        bool says = false;
        for (const QLabel* label : bench.page.findChildren<QLabel*>())
            says = says || (label->isVisible() && label->text().startsWith(QStringLiteral("No episodes yet")));
        QVERIFY(says);
        QTest::keyClick(&bench.page, Qt::Key_J); // nothing to go to, nothing happens
        QCOMPARE(bench.page.transcripts().episodeId(), 0);
    }

    void episodesOfALivingRun_appear()
    {
        Bench bench(fourEpisodes());
        QVERIFY(bench.settle());
        QVERIFY(bench.waitFor("discovery/1/2"));
        bench.writer->sink(bench.run).episode(someEpisode(5, "check open / deadline", "hazard"));
        QVERIFY(bench.writer->flush().ok());
        bench.writer->setState(bench.run, store::RunState::Stopped);
        bench.watcher.refresh();
        QVERIFY(QTest::qWaitFor([&] { return bench.page.episodes().totalRows() == 5; }, kWait));
        QCOMPARE(bench.shownKey(), std::string("discovery/1/2"));
        QCOMPARE(bench.page.panel()->tree()->currentIndex().data(viewmodels::EpisodesModel::EpisodeRole).toLongLong(),
                 bench.page.transcripts().episodeId());
    }
};
GRADUS_SUITE(TranscriptsPageTest)

#include "transcripts_page_test.moc"
