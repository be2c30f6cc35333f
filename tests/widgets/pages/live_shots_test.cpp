// SPDX-License-Identifier: GPL-3.0-or-later
// Renders Live in its states, sizes and themes. With GRADUS_SHOTS=<folder> the pictures are kept there for the eye.
#include "support/sample_runs.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include "pages/live/live_page.h"
#include "pages/live/runs_panel.h"
#include "plot/risk_map.h"

#include <QApplication>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

class LiveShotsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<store::StoreWriter> m_writer;

    void seed()
    {
        auto writer = store::StoreWriter::open(m_folder.filePath("gradus.db").toStdString());
        if (!writer) qFatal("%s", writer.error().message.c_str());
        m_writer = std::move(*writer);
        const auto ids = tests::addSampleExperiment(*m_writer, "gap annealing on the built-in ladder",
                                                    {"fixed", "schedule"}, {1, 2, 3});
        if (ids.size() != 6) qFatal("no runs");
        for (const std::size_t i : {0U, 1U, 2U, 3U})
            tests::writeFinishedRun(*m_writer, {.runId = ids[i], .seed = static_cast<std::int64_t>(i + 1)});
        tests::writeFailedRun(*m_writer, {.runId = ids[4], .seed = 5}, 0.4,
                              "The loss became NaN at step 641 of generation 2; lower training.learning_rate.");
        tests::writeRunningRun(*m_writer, {.runId = ids[5], .seed = 6}, 0.68);
        tests::addSampleExperiment(*m_writer, "weak to strong, preferences", {}, {1, 2});
        std::vector<std::int64_t> seeds;
        for (std::int64_t seed = 1; seed <= 60; ++seed)
            seeds.push_back(seed);
        const auto crowd =
            tests::addSampleExperiment(*m_writer, "crowded: twelve generations, sixty seeds", {}, seeds, 12);
        tests::writeRunningRun(*m_writer, {.runId = crowd[0], .generations = 12, .stepsPerGeneration = 200, .seed = 9},
                               0.93);
        if (!m_writer->flush().ok()) qFatal("flush");
    }

private Q_SLOTS:
    void initTestCase() { seed(); }
    void everyState_rendersWhole_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("hover");
        QTest::newRow("finished-light-1440") << 5 << QSize(1368, 838) << false << true;
        QTest::newRow("running-dark-1440") << 2 << QSize(1368, 838) << true << true;
        QTest::newRow("failed-light-1100") << 6 << QSize(1028, 638) << false << false;
        QTest::newRow("running-dark-1100") << 2 << QSize(1028, 638) << true << false;
        QTest::newRow("none-light-1440") << -1 << QSize(1368, 838) << false << false;
        QTest::newRow("queued-light-1440") << 0 << QSize(1368, 838) << false << false;
        QTest::newRow("crowded-light-1440") << 100 << QSize(1368, 838) << false << false;
    }
    void everyState_rendersWhole()
    {
        QFETCH(int, state);
        QFETCH(QSize, size);
        QFETCH(bool, dark);
        QFETCH(bool, hover);
        common::ThemeController theme(*qApp, dark ? common::Theme::Dark : common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        QSplitter window;
        auto* panel = new pages::RunsPanel(model, theme);
        auto* page = new pages::LivePage(watcher, model, theme);
        window.addWidget(panel);
        window.addWidget(page);
        window.setHandleWidth(1);
        window.setSizes({272, size.width() - 273});
        window.resize(size);
        window.show();
        watcher.open(m_folder.filePath("gradus.db"));
        QTRY_COMPARE_WITH_TIMEOUT(model.totalRuns(), 68, 5000);
        std::int64_t id = 0;
        if (state == 100)
            id = model.runsUnder(model.index(0, 0)).front();
        else if (state >= 0)
            for (int group = 0; group < model.rowCount() && (id == 0 || state == 2); ++group)
                for (const std::int64_t run : model.runsUnder(model.index(group, 0)))
                    if (static_cast<int>(model.findRun(run)->state) == state) id = run;
        QVERIFY(state < 0 || id != 0);
        panel->choose(id);
        page->showRun(id);
        if (id != 0) {
            QTRY_VERIFY_WITH_TIMEOUT(page->run().hasRun(), 5000);
            if (state != 0) QTRY_VERIFY_WITH_TIMEOUT(page->run().hasPoints(), 5000);
        }
        QTest::qWait(150);
        if (hover) {
            page->timeWindow().setPointer(page->run().lastStep() * 0.7);
            QTest::qWait(100);
        }
        const QImage picture = window.grab().toImage();
        QVERIFY(!picture.isNull());
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            QVERIFY(picture.save(folder + "/live-" + QTest::currentDataTag() + ".png"));
    }
    void riskMap_isThereForRunsThatWereAudited()
    {
        QTemporaryDir folder;
        QVERIFY(QFile::copy(tests::sourceFile("resources/example/example.db"), folder.filePath("gradus.db")));
        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        pages::LivePage page(watcher, model, theme);
        page.resize(1368, 838);
        page.show();
        watcher.open(folder.filePath("gradus.db"));
        QTRY_VERIFY_WITH_TIMEOUT(model.totalRuns() > 1, 5000);
        std::int64_t audited = 0;
        std::int64_t other = 0;
        for (int group = 0; group < model.rowCount(); ++group)
            for (const std::int64_t run : model.runsUnder(model.index(group, 0)))
                (model.findRun(run)->taskName == "builtin:registers/console" ? audited : other) = run;
        QVERIFY(audited != 0 && other != 0);
        page.showRun(audited);
        QTRY_COMPARE_WITH_TIMEOUT(page.riskMap()->steps().size(), 3, 5000);
        QTRY_VERIFY(page.riskMap()->isVisible());
        for (const plot::RiskStep& step : page.riskMap()->steps())
            QVERIFY(step.after.at.x() < step.before.at.x());
        page.showRun(other);
        QTRY_VERIFY_WITH_TIMEOUT(page.run().hasRun() && page.run().hasPoints(), 5000);
        QVERIFY(!page.riskMap()->isVisible());
    }
};
GRADUS_SUITE(LiveShotsTest)
#include "live_shots_test.moc"
