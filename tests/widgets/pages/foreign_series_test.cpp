// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other trackers, whose series have names that no catalogue knows, on Live and Compare.
#include "imports/import_runs.h"
#include "imports/read_source.h"
#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_page.h"
#include "pages/live/live_card.h"
#include "pages/live/live_page.h"
#include "store/store_reader.h"
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr int kPatient = 8000 * kPatience;
const QString kStored = QStringLiteral("_script_alert(1)_/script_"); ///< the hostile name, as an import keeps it

/// A store with a run of ours and two imported ones of this many series and one more, usually of a hostile name.
struct Imported
{
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("gradus.db"));
    std::vector<std::int64_t> foreign;
    std::int64_t own = 0;

    explicit Imported(int series, const QByteArray& last = "<script>alert(1)</script>")
    {
        QByteArray text = "run,_step,test/accuracy";
        for (int i = 0; i < series; ++i)
            text += ",my/metric_" + QByteArray::number(i);
        text += "," + last + "\n";
        for (const char* run : {"calm", "storm"})
            for (int step = 0; step < 30; ++step) {
                text += QByteArray(run) + "," + QByteArray::number(step) + ",0.5";
                for (int i = 0; i < series; ++i)
                    text += "," + QByteArray::number(1000.0 * i + step);
                text += step == 7 ? ",nan\n" : ",3\n";
            }
        const QString csv = folder.filePath(QStringLiteral("export.csv"));
        QFile file(csv);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("csv");
        file.close();
        auto writer = must(store::StoreWriter::open(path.toStdString()));
        own = addSampleExperiment(*writer, "own", {}, {1}, 2).front();
        writeFinishedRun(*writer, {.runId = own, .generations = 2, .stepsPerGeneration = 50, .seed = 1});
        must(writer->flush());
        const auto source = must(imports::readSource(csv.toStdString()));
        const auto plan = must(imports::planImport(source, csv.toStdString(), {}));
        must(imports::importRuns(path.toStdString(), plan, false, nullptr));
        const auto reader = must(store::StoreReader::open(path.toStdString()));
        for (const store::RunRow& run : must(reader.runs()))
            if (run.id != own) foreign.push_back(run.id);
        if (foreign.size() != 2) qFatal("not imported");
    }
};

} // namespace

class ForeignSeriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void live_drawsThemUnderTheirNames()
    {
        Imported store(5);
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        pages::LivePage page(watcher, model, theme);
        page.resize(1368, 900);
        page.show();
        watcher.open(store.path);
        QTRY_COMPARE_WITH_TIMEOUT(model.totalRuns(), 3, kPatient);
        page.showRun(store.foreign.front());
        QTRY_COMPARE_WITH_TIMEOUT(page.foreignCards().size(), 6, kPatient);
        QStringList titles;
        for (const pages::LiveCard* card : page.foreignCards()) {
            QVERIFY(card->isVisible());
            titles << card->timePlot()->accessibleName();
        }
        QVERIFY(titles.contains(QStringLiteral("my/metric_3")));
        QVERIFY(titles.contains(kStored));
        QTRY_VERIFY_WITH_TIMEOUT(!page.foreignCards()[1]->timePlot()->series().isEmpty(), kPatient);
        QCOMPARE(page.foreignCards()[1]->timePlot()->series().front().points.size(), 30);
        QVERIFY(!page.cards().front()->isVisible()); // it has no utility of ours
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) {
            QTest::qWait(200);
            QVERIFY(page.grab().save(folder + QStringLiteral("/live-imported-light.png")));
        }
        page.showRun(store.own);
        QTRY_VERIFY_WITH_TIMEOUT(page.run().hasRun() && page.run().hasPoints(), kPatient);
        QTRY_VERIFY_WITH_TIMEOUT(page.cards().front()->isVisible(), kPatient);
        for (const pages::LiveCard* card : page.foreignCards())
            QVERIFY(!card->isVisible());
    }
    /// Names that Live has for lines of its own are names like any other of a stranger's run.
    void aSeriesCalledFinal_hasItsLegend_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("final") << QByteArray("final");
        QTest::newRow("mix-drawn/0") << QByteArray("mix-drawn/0");
    }
    void aSeriesCalledFinal_hasItsLegend()
    {
        QFETCH(QByteArray, name);
        Imported store(0, name);
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        pages::LivePage page(watcher, model, theme);
        page.resize(1368, 900);
        page.show();
        watcher.open(store.path);
        page.showRun(store.foreign.front());
        QTRY_COMPARE_WITH_TIMEOUT(page.foreignCards().size(), 1, kPatient);
        const pages::LiveCard* card = page.foreignCards().front();
        QCOMPARE(card->timePlot()->accessibleName(), QString::fromLatin1(name));
        QTRY_COMPARE_WITH_TIMEOUT(card->legend()->entries().size(), 1, kPatient);
        QCOMPARE(card->legend()->entries().front().value, QStringLiteral("3.000"));
    }
    void manySeries_areCutAndCounted()
    {
        Imported store(60);
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        pages::LivePage page(watcher, model, theme);
        page.resize(1368, 900);
        page.show();
        watcher.open(store.path);
        page.showRun(store.foreign.front());
        QTRY_COMPARE_WITH_TIMEOUT(page.foreignCards().size(), 24, kPatient);
        QTRY_VERIFY(page.findChild<QLabel*>(QStringLiteral("foreignLeftOut"))->text().startsWith("37"));
    }
    void compare_drawsThemWithTheMeanOverRuns()
    {
        Imported store(60);
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        pages::ComparePage page(watcher, theme);
        page.resize(1368, 900);
        page.openStore(store.path);
        watcher.open(store.path);
        page.show();
        page.choose({store.foreign[0], store.foreign[1], store.own});
        QVERIFY(QTest::qWaitFor([&] { return page.isReady() && page.comparison().data().runs.size() == 3; }, kPatient));
        const auto curves = [&page](const QString& name) -> const viewmodels::SeriesCurves* {
            for (const viewmodels::SeriesCurves& one : page.curves().series)
                if (one.series == name) return &one;
            return nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(curves(QStringLiteral("my/metric_12")) != nullptr, kPatient);
        QCOMPARE(page.curves().seriesLeftOut, 61 - viewmodels::kMostForeignSeries);
        QVERIFY(page.findChild<QLabel*>(QStringLiteral("seriesLeftOut"))->isVisibleTo(&page));
        const viewmodels::SeriesCurves* metric = curves(QStringLiteral("my/metric_12"));
        QVERIFY(!metric->groups.isEmpty());
        for (const viewmodels::GroupCurve& group : metric->groups)
            QCOMPARE(group.curve.centre.front(), 12'000.0);
        QVERIFY(curves(QStringLiteral("train/loss")) != nullptr); // ours as ever
        const viewmodels::SeriesCurves* hostile = curves(kStored);
        QVERIFY(hostile != nullptr);
        for (const viewmodels::GroupCurve& group : hostile->groups) // a NaN is a gap and no part of a mean
            for (std::size_t i = 0; i < group.curve.x.size(); ++i)
                QVERIFY(std::isnan(group.curve.centre[i]) || group.curve.centre[i] == 3.0);
        pages::CurveCard* card = page.charts()->card(kStored);
        QVERIFY(card != nullptr);
        for (const QLabel* label : card->findChildren<QLabel*>())
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
    }
};
GRADUS_SUITE(ForeignSeriesTest)
#include "foreign_series_test.moc"
