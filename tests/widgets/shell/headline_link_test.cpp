// SPDX-License-Identifier: GPL-3.0-or-later
// From a curve to the transcripts of that moment, with a real mouse, through the whole window.
#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_page.h"
#include "pages/live/live_card.h"
#include "pages/live/live_page.h"
#include "pages/shared/moment_popover.h"
#include "pages/transcripts/transcripts_page.h"
#include "plot/settled.h"
#include "shell/main_window.h"
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr double kLimitSeconds = 20.0 * kPatience;

events::EpisodeRecord episodeOf(int number)
{
    events::EpisodeRecord episode;
    episode.generation = 1 + number % 2;
    episode.key = "discovery/" + std::to_string(episode.generation) + "/" + std::to_string(number);
    episode.scenario = "check open / variation " + std::to_string(number);
    episode.messages = {{"user", "Question", ""}, {"assistant", "Answer", ""}};
    episode.judge = "oracle";
    episode.verdict = number % 3 == 0 ? "hazard" : "safe";
    return episode;
}

/// Two seeds with episodes in both of their generations (50 steps each), and a newer run without any.
class Bench
{
public:
    Bench() : theme(*qApp, common::Theme::Light)
    {
        QDir(folder.path()).mkpath(QStringLiteral("experiments"));
        const shell::Workspace place{
            .folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
        auto writer = must(store::StoreWriter::open(place.store.toStdString()));
        runs = addSampleExperiment(*writer, "played", {}, {1, 2}, 2);
        runs.push_back(addSampleExperiment(*writer, "silent", {}, {1}, 2).front());
        for (std::size_t i = 0; i < runs.size(); ++i) {
            writeFinishedRun(*writer, {.runId = runs[i], .generations = 2, .stepsPerGeneration = 50, .seed = 1});
            for (int episode = 0; i < 2 && episode < 6; ++episode)
                writer->sink(runs[i]).episode(episodeOf(episode));
        }
        must(writer->flush());
        writer.reset();
        window = std::make_unique<shell::MainWindow>(theme, place, false);
        window->resize(1440, 900);
        window->show();
        live = window->findChild<pages::LivePage*>();
        transcripts = window->findChild<pages::TranscriptsPage*>();
        compare = window->findChild<pages::ComparePage*>();
    }
    bool turnTo(const QString& page)
    {
        window->showPage(page);
        const bool ready =
            plot::waitUntil([&] { return window->desk().isReady(page.section('/', 0, 0)); }, kLimitSeconds) &&
            plot::waitUntil([&] { return transcripts->transcripts().hasCounts(); }, kLimitSeconds);
        plot::settle(*window);
        return ready;
    }
    static void click(plot::TimePlot* chart, double step)
    {
        const QPoint at(int(chart->toPixel({step, 0}).x()), int(chart->plotArea().center().y()));
        QTest::mouseMove(chart, at);
        QTest::mouseClick(chart, Qt::LeftButton, {}, at);
    }
    bool waitForEpisodeOf(std::int64_t run, int generation)
    {
        return plot::waitUntil(
            [&] {
                const auto episode = transcripts->transcripts().episode();
                return window->currentPage() == QLatin1String("transcripts") && episode != nullptr &&
                       transcripts->transcripts().run() == run && episode->generation == generation;
            },
            kLimitSeconds);
    }

    QTemporaryDir folder;
    common::ThemeController theme;
    std::vector<std::int64_t> runs;
    std::unique_ptr<shell::MainWindow> window;
    pages::LivePage* live = nullptr;
    pages::TranscriptsPage* transcripts = nullptr;
    pages::ComparePage* compare = nullptr;
};

} // namespace

class HeadlineLinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aClickInLive_opensTheTranscriptsOfThatGeneration()
    {
        Bench bench;
        QVERIFY(bench.turnTo("live"));
        bench.live->showRun(bench.runs[1]);
        QVERIFY(plot::waitUntil([&] { return bench.live->run().hasRun() && bench.live->run().hasPoints(); },
                                kLimitSeconds));
        plot::settle(*bench.window);
        for (const auto& [step, generation] : {std::pair{75.0, 2}, std::pair{25.0, 1}}) {
            bench.window->showPage("live");
            plot::settle(*bench.window);
            Bench::click(bench.live->cards().first()->timePlot(), step);
            pages::MomentPopover* popover = bench.live->momentPopover();
            QVERIFY(popover->isVisible());
            QVERIFY2(popover->moment().title.endsWith(QString::number(generation)),
                     qPrintable(popover->moment().title));
            QVERIFY(!popover->moment().rows.isEmpty());
            // The popup takes the mouse away from the chart: the cursor stays where it was pinned.
            QVERIFY(bench.live->timeWindow().isPinned());
            QVERIFY(std::abs(*bench.live->timeWindow().pointer() - step) < 2);
            QTest::keyClick(popover->button(), Qt::Key_Return);
            QVERIFY(!popover->isVisible());
            QVERIFY(bench.waitForEpisodeOf(bench.runs[1], generation));
        }
    }
    void anEventsMark_tellsItsSentence()
    {
        Bench bench;
        QVERIFY(bench.turnTo("live"));
        bench.live->showRun(bench.runs[0]);
        QVERIFY(plot::waitUntil([&] { return bench.live->run().hasRun() && bench.live->run().hasPoints(); },
                                kLimitSeconds));
        plot::settle(*bench.window);
        plot::TimePlot* chart = bench.live->cards().first()->timePlot();
        QVERIFY(!chart->events().isEmpty());
        const plot::EventMark mark = chart->events().first();
        QTest::mouseClick(chart, Qt::LeftButton, {},
                          QPoint(int(chart->toPixel({mark.x, 0}).x()), int(chart->plotArea().top()) - 9));
        QVERIFY(bench.live->momentPopover()->isVisible());
        QVERIFY(bench.live->momentPopover()->moment().sentences.contains(mark.text));
        QTest::keyClick(bench.live->momentPopover(), Qt::Key_Escape);
        QVERIFY(!bench.live->momentPopover()->isVisible());
    }
    void aRunWithoutEpisodes_saysSo()
    {
        Bench bench;
        QVERIFY(bench.turnTo("live"));
        bench.live->showRun(bench.runs[2]);
        QVERIFY(plot::waitUntil([&] { return bench.live->run().hasRun() && bench.live->run().hasPoints(); },
                                kLimitSeconds));
        plot::settle(*bench.window);
        Bench::click(bench.live->cards().first()->timePlot(), 75);
        pages::MomentPopover* popover = bench.live->momentPopover();
        QVERIFY(popover->isVisible() && !popover->button()->isEnabled());
        QVERIFY2(popover->button()->text().contains("no episodes"), qPrintable(popover->button()->text()));
        QTest::keyClick(popover, Qt::Key_Return);
        QCOMPARE(bench.window->currentPage(), QString("live"));
    }
    void aClickInCompare_choosesAmongTheGroupsRuns()
    {
        Bench bench;
        QVERIFY(bench.turnTo("compare/charts"));
        bench.compare->choose({bench.runs[0], bench.runs[1]});
        QVERIFY(plot::waitUntil(
            [&] { return bench.compare->isReady() && bench.compare->comparison().data().runs.size() == 2; },
            kLimitSeconds));
        plot::settle(*bench.window);
        pages::CurveCard* card = bench.compare->charts()->card("utility/competence");
        QVERIFY(card != nullptr);
        Bench::click(card->chart(), 75);
        pages::MomentPopover* popover = bench.compare->momentPopover();
        QVERIFY(popover->isVisible());
        QCOMPARE(popover->runs()->count(), 2);
        QVERIFY2(popover->button()->text().contains("generation 2"), qPrintable(popover->button()->text()));
        popover->runs()->setCurrentIndex(popover->moment().runs[0].run == bench.runs[0] ? 1 : 0);
        QTest::keyClick(popover, Qt::Key_Return);
        QVERIFY(bench.waitForEpisodeOf(bench.runs[1], 2));
    }
};

GRADUS_SUITE(HeadlineLinkTest)
#include "headline_link_test.moc"
