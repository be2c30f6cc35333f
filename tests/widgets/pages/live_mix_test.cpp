// SPDX-License-Identifier: GPL-3.0-or-later
// The mix card: what was drawn against the votes in the store, for runs that have a mix and for those that have none.
#include "common/elided_paragraph.h"
#include "pages/live/live_card.h"
#include "pages/live/live_page.h"
#include "store/store_reader.h"
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include <QApplication>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::tests;

namespace {

// A hostile name, a weight that falls over the ladder, and one that is constant.
constexpr const char* kMixed = R"toml(
[experiment]
name = "mixed"
[ladder]
generations = 4
[signals]
source = [
  { name = "<b>crowd</b>", kind = "synthetic", weight = { keys = [[0, 1], [1, 0]] } },
  { name = "elders", kind = "ensemble", weight = 1 },
]
)toml";

struct MixedRun
{
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("gradus.db"));
    std::unique_ptr<store::StoreWriter> writer = must(store::StoreWriter::open(path.toStdString()));
    std::int64_t mixed = 0;
    std::int64_t plain = 0;

    MixedRun()
    {
        spec::Experiment experiment = must(spec::parseExperiment(kMixed, "mixed.toml"));
        mixed = must(writer->addRuns(experiment, kMixed, {{"", 1, experiment}})).front();
        experiment.signals.sources.clear();
        plain = must(writer->addRuns(experiment, "", {{"", 2, experiment}})).front();
        writeFinishedRun(*writer, {.runId = plain, .seed = 2});
    }
    /// Votes on items 0 .. asked - 1, of which the source labels the first `said`.
    void vote(int generation, const std::string& source, int said, int asked)
    {
        events::VoteRecord votes{
            .generation = generation, .source = source, .kind = "x", .items = {}, .labels = {}, .probabilities = {}};
        for (int i = 0; i < asked; ++i) {
            votes.items.push_back(i);
            votes.labels.push_back(i < said ? i % 2 : -1);
        }
        writer->sink(mixed).votes(votes);
    }
    /// What the pipeline writes as a generation begins.
    void begin(int generation, int crowd, int elders)
    {
        const std::int64_t step = (generation - 1) * 100;
        if (generation > 1) {
            vote(generation, "<b>crowd</b>", crowd, 100);
            vote(generation, "elders", elders, 100);
            vote(generation, "anchors", 50, 50);
            writer->sink(mixed).point({"signal/coverage", step, 1});
        }
        events::GenerationRecord record;
        record.generation = generation;
        record.rung = "8,1";
        record.firstStep = step;
        if (generation < 4) record.lastStep = step + 100;
        writer->sink(mixed).generation(record);
        for (int i = 1; i <= 100; i += 9)
            writer->sink(mixed).point({"train/loss", step + i, 0.5});
        must(writer->flush());
    }
};

} // namespace

class LiveMixTest : public QObject
{
    Q_OBJECT

    static double valueIn(const pages::LiveCard& card, const QString& id, double x)
    {
        for (const plot::Series& series : card.timePlot()->series())
            if (series.id == id) return plot::valueAt(series, x).value_or(-1);
        return -2;
    }

private Q_SLOTS:
    void votesAreCountedPerGenerationAndSource()
    {
        MixedRun store;
        store.begin(1, 0, 0);
        store.begin(2, 100, 40);
        const auto reader = must(store::StoreReader::open(store.path.toStdString()));
        const std::vector<store::VoteCount> expected{{2, "<b>crowd</b>", 100}, {2, "elders", 40}, {2, "anchors", 50}};
        QCOMPARE(must(reader.voteCounts(store.mixed)), expected);
        QVERIFY(must(reader.voteCounts(store.plain)).empty());
    }
    void theCard_showsWhatWasDrawnAndWhatWasVoted()
    {
        MixedRun store;
        store.begin(1, 0, 0);
        store.begin(2, 100, 100);
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        pages::LivePage page(watcher, model, theme);
        page.resize(1368, 1000);
        page.show();
        watcher.open(store.path);
        QTRY_COMPARE_WITH_TIMEOUT(model.totalRuns(), 2, 5000);
        page.showRun(store.mixed);
        pages::LiveCard* card = page.cards().back();
        QCOMPARE(card->kind(), pages::CardKind::Mix);
        QTRY_VERIFY_WITH_TIMEOUT(card->isVisible() && card->timePlot()->series().size() == 4, 5000);
        QTRY_COMPARE_WITH_TIMEOUT(valueIn(*card, QStringLiteral("mix/0"), 150), 0.5, 5000);
        QCOMPARE(valueIn(*card, QStringLiteral("mix-drawn/0"), 150), 0.5);
        auto* sentence = page.findChild<common::ElidedParagraph*>(QStringLiteral("mixSentence"));
        QTRY_VERIFY2_WITH_TIMEOUT(sentence->fullText().contains(QStringLiteral("mix that was drawn")),
                                  qPrintable(sentence->fullText()), 5000);
        // While it is shown, the next generation comes with a source that hardly speaks.
        store.begin(3, 25, 100);
        QTRY_VERIFY_WITH_TIMEOUT(valueIn(*card, QStringLiteral("mix-drawn/0"), 250) > 0, 5000);
        QCOMPARE(valueIn(*card, QStringLiteral("mix-drawn/0"), 250), 0.5 / 1.5); // gamma 0.5 and 1
        QTRY_COMPARE_WITH_TIMEOUT(valueIn(*card, QStringLiteral("mix/0"), 250), 12.5 / 112.5, 5000);
        QTRY_VERIFY2_WITH_TIMEOUT(
            sentence->fullText().contains(QStringLiteral("11.1 % of the weighted votes where 33.3 %")),
            qPrintable(sentence->fullText()), 5000);
        QCOMPARE(sentence->textFormat(), Qt::PlainText); // its name is no markup
        QVERIFY(sentence->fullText().contains(QStringLiteral("<b>crowd</b>")));
        QCOMPARE(card->legend()->entries().size(), 2);
        store.begin(4, 100, 100); // weight 0 by now: its votes count nothing
        QTRY_COMPARE_WITH_TIMEOUT(valueIn(*card, QStringLiteral("mix/0"), 350), 0.0, 5000);
        QTRY_COMPARE_WITH_TIMEOUT(valueIn(*card, QStringLiteral("mix/1"), 350), 1.0, 5000);
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) {
            QTest::qWait(200);
            QVERIFY(page.grab().save(folder + QStringLiteral("/live-mix-light.png")));
            theme.setTheme(common::Theme::Dark);
            QTest::qWait(200);
            QVERIFY(page.grab().save(folder + QStringLiteral("/live-mix-dark.png")));
        }
        // A run that one source teaches has no such card.
        page.showRun(store.plain);
        QTRY_VERIFY_WITH_TIMEOUT(page.run().hasRun() && page.run().hasPoints(), 5000);
        QVERIFY(!card->isVisible());
        page.showRun(store.mixed);
        QTRY_VERIFY_WITH_TIMEOUT(card->isVisible() && valueIn(*card, QStringLiteral("mix/1"), 350) == 1.0, 5000);
    }
};
GRADUS_SUITE(LiveMixTest)
#include "live_mix_test.moc"
