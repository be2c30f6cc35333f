// SPDX-License-Identifier: GPL-3.0-or-later
// Episodes side by side on the Transcripts page: marks, generations, word diff, and preferences in both orders.
#include "episodes_bench.h"
#include "support/suite.h"

#include "pages/transcripts/aligned_view.h"
#include "pages/transcripts/compare_pane.h"
#include "pages/transcripts/generation_strip.h"
#include "pages/transcripts/transcript_map.h"
#include "pages/transcripts/transcript_view.h"
#include "viewmodels/scenario_steps.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

using namespace gradus;
using tests::EpisodesBench;
using tests::kWait;

namespace {

events::EpisodeRecord episodeOf(int generation, const std::string& second)
{
    events::EpisodeRecord episode = tests::judgedEpisode(generation, "safe");
    episode.generation = generation;
    episode.key = "discovery/" + std::to_string(generation) + "/9";
    episode.scenario = "check locked / lead";
    episode.messages = {{"user", "Does it end in 2?", ""}, {"assistant", second, "c"}, {"tool", "PASS", ""}};
    return episode;
}

/// With one scenario that was played in three generations.
struct OverGenerations : EpisodesBench
{
    OverGenerations()
    {
        writer->sink(run).episode(episodeOf(1, "echo yes > answer"));
        writer->sink(run).episode(episodeOf(2, "echo no > answer"));
        writer->sink(run).episode(episodeOf(3, "chmod +w check"));
        if (!writer->flush()) qFatal("flush");
    }
    std::int64_t idOf(int generation)
    {
        for (const store::EpisodeRow& row : page->transcripts().rows())
            if (row.scenario == "check locked / lead" && row.generation == generation) return row.id;
        return 0;
    }
    std::string uuid() const
    {
        const auto reader = store::StoreReader::open(path.toStdString());
        return reader ? reader->runs()->front().uuid : std::string("no store");
    }
    bool waitForSides(int count)
    {
        return QTest::qWaitFor([&] { return page->comparePane()->view()->sideCount() == count; }, kWait);
    }
    void openAt(int generation)
    {
        open();
        page->showEpisode(idOf(generation));
        QVERIFY(waitFor("discovery/" + std::to_string(generation) + "/9"));
        page->panel()->tree()->setFocus();
    }
};

} // namespace

class CompareEpisodesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nextGeneration_standsBesideWithItsWordsMarked()
    {
        OverGenerations bench;
        bench.openAt(1);
        bench.key(Qt::Key_C);
        QVERIFY(bench.waitForSides(2));
        const pages::AlignedView& view = *bench.page->comparePane()->view();
        QVERIFY(view.isVisible());
        // Panes may be of several runs: each says of which.
        const QString id = QString::fromStdString(bench.uuid()).left(8);
        QVERIFY2(view.titleOf(0).startsWith(id) && view.titleOf(0).contains("seed 1, generation 1"),
                 qPrintable(view.titleOf(0)));
        QCOMPARE(view.rowCount(), 4); // three turns and the verdicts
        QVERIFY(view.row(0).isShared && !view.row(1).isShared);
        QCOMPARE(view.textAt(1, 0), QStringLiteral("echo yes > answer"));
        const auto changed = view.changedAt(1, 1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(view.textAt(1, 1).mid(changed[0].start, changed[0].length), QStringLiteral("no"));
        QVERIFY(view.changedAt(2, 1).isEmpty());
        QTest::mouseClick(bench.find<QToolButton>("compareWordDiff"), Qt::LeftButton);
        QVERIFY(view.changedAt(1, 1).isEmpty());
        bench.key(Qt::Key_Period); // the right side goes on to generation 3
        QVERIFY(QTest::qWaitFor([&] { return view.textAt(1, 1) == QStringLiteral("chmod +w check"); }, kWait));
        bench.key(Qt::Key_Comma);
        QVERIFY(QTest::qWaitFor([&] { return view.textAt(1, 1) == QStringLiteral("echo no > answer"); }, kWait));
        bench.key(Qt::Key_C);
        QVERIFY(bench.page->view()->isVisible());
    }
    void allGenerations_areUpToFourSides()
    {
        OverGenerations bench;
        bench.openAt(2);
        bench.key(Qt::Key_T);
        QVERIFY(bench.waitForSides(3));
        pages::AlignedView& view = *bench.page->comparePane()->view();
        QCOMPARE(view.textAt(1, 2), QStringLiteral("chmod +w check"));
        QCOMPARE(view.currentRow(), 0);
        bench.key(Qt::Key_BracketRight);
        QCOMPARE(view.currentRow(), 1);
        bench.key(Qt::Key_BracketRight); // the outputs are alike
        QCOMPARE(view.currentRow(), 1);
        QVERIFY(!view.grab().isNull());
    }
    void marks_areComparedInTheirOrder()
    {
        OverGenerations bench;
        bench.open();
        bench.key(Qt::Key_X);
        bench.page->showEpisode(bench.idOf(3));
        QVERIFY(bench.waitFor("discovery/3/9"));
        bench.key(Qt::Key_X);
        QCOMPARE(bench.page->episodes().marks().size(), std::size_t{2});
        bench.key(Qt::Key_C);
        QVERIFY(bench.waitForSides(2));
        QCOMPARE(bench.page->comparePane()->view()->textAt(1, 1), QStringLiteral("chmod +w check"));
        bench.key(Qt::Key_S);
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto* view = bench.page->comparePane()->view();
                return view->rowCount() > 1 && view->textAt(1, 0) == QStringLiteral("chmod +w check");
            },
            kWait));
        bench.key(Qt::Key_X); // unmarks what is shown
        QCOMPARE(bench.page->episodes().marks().size(), std::size_t{1});
    }
    void preference_isTakenInBothOrders()
    {
        OverGenerations bench;
        bench.openAt(1);
        bench.key(Qt::Key_C);
        QVERIFY(bench.waitForSides(2));
        auto* state = bench.find<QLabel>("compareState");
        QCOMPARE(state->text(), QStringLiteral("Not judged yet"));
        bench.key(Qt::Key_Left, Qt::AltModifier);
        QVERIFY(bench.waitForWrites());
        QVERIFY(
            QTest::qWaitFor([&] { return state->text() == QStringLiteral("Judged; the other order is open"); }, kWait));
        QVERIFY(bench.find<QToolButton>("prefer_left")->isChecked());
        bench.key(Qt::Key_S);
        QVERIFY(QTest::qWaitFor([&] { return state->text() == QStringLiteral("Judged in the other order"); }, kWait));
        QTest::mouseClick(bench.find<QToolButton>("prefer_left"), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor(
            [&] { return state->text() == QStringLiteral("Judged by the side: the orders differ"); }, kWait));
        const auto rows = store::StoreReader::open(bench.path.toStdString())->preferences(bench.run);
        QCOMPARE(rows->size(), std::size_t{2});
        QVERIFY((*rows)[0].choice != (*rows)[1].choice);
        bench.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return state->text() == QStringLiteral("Judged in the other order"); }, kWait));
    }
    void blindPairs_tellNeitherGenerationNorVerdict()
    {
        OverGenerations bench;
        QSettings().setValue(QStringLiteral("judging/blind"), true);
        bench.page = std::make_unique<pages::TranscriptsPage>(bench.watcher, bench.theme);
        bench.page->resize(1368, 838);
        bench.page->show();
        bench.page->openStore(bench.path);
        bench.watcher.open(bench.path);
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        QVERIFY(QTest::qWaitFor([&] { return bench.page->transcripts().episode() != nullptr; }, kWait));
        bench.page->panel()->tree()->setFocus();
        bench.key(Qt::Key_B);
        QVERIFY(bench.waitForSides(2));
        const std::vector<std::int64_t> first = bench.page->transcripts().comparedIds();
        bench.key(Qt::Key_Right, Qt::AltModifier);
        QVERIFY(bench.waitForWrites());
        QVERIFY(QTest::qWaitFor([&] { return !bench.page->transcripts().preferences().empty(); }, kWait));
        bench.key(Qt::Key_B);
        QVERIFY(QTest::qWaitFor([&] { return bench.page->transcripts().comparedIds() != first; }, kWait));
        QSettings().setValue(QStringLiteral("judging/blind"), false);
    }
    void strip_tellsTheRateAndGoesToAGeneration()
    {
        OverGenerations bench;
        bench.openAt(1);
        auto* strip = bench.find<pages::GenerationStrip>("generationStrip");
        QVERIFY(strip->isVisible());
        QCOMPARE(strip->generations(), 3);
        QVERIFY(strip->accessibleName().contains(QStringLiteral("generation 1: 0.75")));
        QTest::mouseClick(strip, Qt::LeftButton, {}, strip->columnRect(2).center());
        QVERIFY(bench.waitFor("discovery/3/9"));
    }
    void hits_areJumpedToAndFoldsOpened()
    {
        OverGenerations bench;
        bench.openAt(3);
        auto* search = bench.find<QLineEdit>("episodesSearch");
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("PASS"));
        QTest::keyClick(search, Qt::Key_Return);
        auto* hit = bench.find<QLabel>("transcriptHit");
        QVERIFY(QTest::qWaitFor([&] { return hit->text() == QStringLiteral("1 of 1"); }, kWait));
        pages::TranscriptView& view = *bench.page->view();
        QCOMPARE(view.currentBlock(), 2);
        view.setFocus();
        const int open = view.blockRect(2).height();
        bench.key(Qt::Key_F);
        QVERIFY(view.isFolded(2) && view.blockRect(2).height() < open);
        view.stepHit(1);
        QVERIFY(!view.isFolded(2));
        view.setCurrentBlock(1);
        bench.key(Qt::Key_F, Qt::ShiftModifier);
        QVERIFY(view.isFolded(1) && !view.isFolded(2));
    }
};
GRADUS_SUITE(CompareEpisodesTest)

class LongTranscriptTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The store gives the first messages; others are asked for when they come into view.
    void millionMessages_openInAMomentAndAreReadWhereOneLooks()
    {
        constexpr int kMessages = 1'000'000;
        auto episode = std::make_shared<events::EpisodeRecord>(tests::judgedEpisode(1, "safe"));
        episode->messages.assign(2000, {"assistant", "Message at the beginning.", ""});
        const common::ThemeController theme(*qApp, common::Theme::Light);
        pages::TranscriptView view(theme);
        pages::TranscriptMap map(view, theme);
        view.resize(900, 700);
        map.resize(14, 700);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        std::vector<int> wanted;
        connect(&view, &pages::TranscriptView::pageWanted, &view, [&](int first) { wanted.push_back(first); });
        QElapsedTimer timer;
        timer.start();
        view.setEpisode(episode, {.tellsVerdict = true, .keepsPlace = false, .messages = kMessages});
        (void)view.grab();
        (void)map.grab();
        const qint64 opened = timer.restart();
        QVERIFY(wanted.empty());
        QCOMPARE(view.blockCount(), kMessages + 1);
        view.scrollToShare(0.5);
        (void)view.grab();
        (void)map.grab();
        const qint64 scrolled = timer.restart();
        QVERIFY(!wanted.empty());
        const int first = wanted.back();
        QVERIFY(first > 400'000 && first < 600'000 && first % pages::TranscriptView::kPage == 0);
        const int before = view.verticalScrollBar()->value();
        view.addPage(first, std::vector<events::EpisodeMessage>(pages::TranscriptView::kPage,
                                                                {"tool", "Message in the middle.", ""}));
        const qint64 added = timer.restart();
        QCOMPARE(view.textOf(first + 3), QStringLiteral("Message in the middle."));
        QVERIFY(qAbs(view.verticalScrollBar()->value() - before) < 20'000); // what was read stays near
        view.setCurrentBlock(kMessages);
        QCOMPARE(view.headOf(kMessages), QStringLiteral("verdict: safe"));
        qInfo("a transcript of a million messages: opened and painted in %lld ms, scrolled to its middle in %lld ms, a "
              "page of it taken in %lld ms",
              opened, scrolled, added);
        QVERIFY2(opened < 200 * tests::kPatience && scrolled < 100 * tests::kPatience && added < 100 * tests::kPatience,
                 "too slow");
    }
    void pagesOfAnotherEpisode_areNotTaken()
    {
        const common::ThemeController theme(*qApp, common::Theme::Light);
        pages::TranscriptView view(theme);
        view.resize(900, 700);
        view.setEpisode(std::make_shared<const events::EpisodeRecord>(tests::judgedEpisode(1, "safe")));
        view.addPage(500, std::vector<events::EpisodeMessage>(500, {"tool", "x", ""}));
        QCOMPARE(view.blockCount(), 4);
        QCOMPARE(view.textOf(0), QStringLiteral("Question 1"));
    }
    void sums_agreeWithCountingOneByOne()
    {
        std::vector<int> heights;
        for (int i = 0; i < 1000; ++i)
            heights.push_back(1 + (i * 7919) % 97);
        viewmodels::HeightSums sums;
        sums.assign(heights);
        sums.add(500, 13);
        heights[500] += 13;
        long long top = 0;
        for (std::size_t i = 0; i < heights.size(); ++i) {
            QCOMPARE(sums.before(i), top);
            QCOMPARE(sums.rowAt(top), i);
            QCOMPARE(sums.rowAt(top + heights[i] - 1), i);
            top += heights[i];
        }
        QCOMPARE(sums.total(), top);
        QCOMPARE(sums.rowAt(top + 5), heights.size() - 1);
    }
};
GRADUS_SUITE(LongTranscriptTest)

#include "compare_episodes_test.moc"
