// SPDX-License-Identifier: GPL-3.0-or-later
// The map of a run's sources on the Compare page: read from votes, hovered, written to files, and what it says without.
#include "base/files.h"
#include "base/rng.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/error_map.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/sources_card.h"
#include "store/store_writer.h"
#include "support/must.h"
#include "support/suite.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QHelpEvent>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <QTextDocument>
#include <QToolTip>

using namespace gradus;
using tests::must;

namespace {

constexpr int kWait = 10000 * tests::kPatience;

/// A store with a run of three sources, one of which copies another, and a page on it.
struct Bench
{
    explicit Bench(bool withSources = true) : page(watcher, theme)
    {
        spec::Experiment experiment;
        experiment.experiment.name = "panel";
        experiment.experiment.seeds = {1, 2};
        experiment.ladder.generations = 3;
        if (withSources) experiment.signals.sources = {{.name = "one"}, {.name = "<b>two"}, {.name = "three"}};
        const auto writer = must(store::StoreWriter::open(path.toStdString()));
        const auto runs =
            must(writer->addRuns(experiment, spec::canonicalToml(experiment), must(spec::expand(experiment))));
        for (const std::int64_t run : withSources ? runs : std::vector<std::int64_t>())
            vote(writer->sink(run));
        for (const std::int64_t run : runs)
            writer->setState(run, store::RunState::Finished);
        must(writer->flush());
        page.resize(1368, 838);
        page.openStore(path);
        watcher.open(path);
        page.show();
        page.setTab(pages::ComparePage::Relations);
    }
    static void vote(events::EventSink& sink)
    {
        Rng rng(7, "sources card");
        std::vector<std::int64_t> items;
        std::vector<int> truth, one, three;
        for (int i = 0; i < 200; ++i) {
            items.push_back(i);
            truth.push_back(static_cast<int>(rng.below(2)));
            one.push_back(rng.uniform() < 0.3 ? 1 - truth.back() : truth.back());
            three.push_back(rng.uniform() < 0.2 ? 1 - truth.back() : truth.back());
        }
        for (const int generation : {2, 3}) {
            sink.votes({generation, "one", "model", items, one, {}});
            sink.votes({generation, "<b>two", "model", items, one, {}});
            sink.votes({generation, "three", "model", items, three, {}});
            sink.votes({generation, spec::kAnchorsName, spec::kAnchorsName, items, truth, {}});
        }
    }
    pages::SourcesCard& card() { return *page.relations()->sources(); }
    bool hasMap()
    {
        return QTest::qWaitFor([this] { return page.isReady() && !card().map()->isEmpty(); }, kWait);
    }

    QTemporaryDir folder;
    QString path = folder.filePath("gradus.db");
    common::ThemeController theme{*qApp, common::Theme::Light};
    viewmodels::StoreWatcher watcher;
    pages::ComparePage page;
};

} // namespace

class SourcesCardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theMap_isReadHoveredAndTurnedToAnotherGeneration()
    {
        Bench bench;
        QVERIFY(bench.hasMap());
        pages::ErrorMap& map = *bench.card().map();
        QCOMPARE(map.errors().generation, 3); // the last one
        QCOMPARE(bench.card().runs()->count(), 2);
        QVERIFY(map.errors().pair(0, 1).phi->value > 0.999);
        QVERIFY(map.accessibleDescription().contains("1.00"));
        const QString tip = map.tipAt(map.cellAt(1, 0).center());
        QVERIFY2(tip.startsWith("<b>two and one\ncorrelation of errors 1.00 ["), qPrintable(tip));
        QVERIFY2(tip.contains(", n 200"), qPrintable(tip));
        QVERIFY(map.tipAt(map.cellAt(2, 2).center()).startsWith("three\naccuracy 0."));
        QVERIFY(map.tipAt(QPointF(1, 1)).isEmpty());
        // The real event: text of a store is never markup.
        const QPoint at = map.cellAt(1, 0).center().toPoint();
        QHelpEvent help(QEvent::ToolTip, at, map.mapToGlobal(at));
        QApplication::sendEvent(&map, &help);
        QVERIFY2(!Qt::mightBeRichText(QToolTip::text()) || QToolTip::text().contains("&lt;b"),
                 qPrintable(QToolTip::text()));
        auto* generations = bench.page.findChild<QComboBox*>("sourcesGeneration");
        QCOMPARE(generations->count(), 2);
        QTest::keyClick(generations, Qt::Key_Up);
        QVERIFY(QTest::qWaitFor([&] { return map.errors().generation == 2; }, kWait));
    }
    void theMap_isWrittenInEveryForm()
    {
        Bench bench;
        QVERIFY(bench.hasMap());
        for (const char* ending : {"svg", "png", "pdf", "csv", "json"}) {
            const QString file = bench.folder.filePath(QString("map.") + ending);
            const auto written = bench.card().writeTo(file);
            QVERIFY2(written.ok(), ending);
            QVERIFY(QFileInfo(file).size() > 200);
        }
        const std::string csv = must(readFile(bench.folder.filePath("map.csv").toStdString()));
        QVERIFY2(csv.find("one,<b>two,") != std::string::npos, csv.c_str());
        QVERIFY(!QImage(bench.folder.filePath("map.png")).isNull());
        const auto refused = bench.card().writeTo(bench.folder.filePath("map.xlsx"));
        QVERIFY(!refused && refused.error().kind == ErrorKind::BadInput);
    }
    void withoutSources_itSaysWhatItNeeds()
    {
        Bench bench(false);
        QVERIFY(
            QTest::qWaitFor([&] { return bench.page.isReady() && !bench.card().map()->notice().isEmpty(); }, kWait));
        QVERIFY2(bench.card().map()->notice().contains("[[signals.source]]"), qPrintable(bench.card().map()->notice()));
        QVERIFY(!bench.card().writeTo(bench.folder.filePath("map.svg")));
    }
};
GRADUS_SUITE(SourcesCardTest)
#include "sources_card_test.moc"
