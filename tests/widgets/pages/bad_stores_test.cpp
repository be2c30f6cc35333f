// SPDX-License-Identifier: GPL-3.0-or-later
// Every page over stores that are broken, locked, changing or hostile: shown for what they are, and never waited for.
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/compare/compare_page.h"
#include "pages/live/live_page.h"
#include "pages/store/store_page.h"
#include "pages/transcripts/transcripts_page.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/store_facts.h"
#include "store/store_reader.h"
#include "store/trash.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr int kPatient = 15'000 * kPatience;

/// The longest that the GUI thread was busy, by a timer that should fire every 10 ms.
class Pulse
{
public:
    Pulse()
    {
        m_clock.start();
        QObject::connect(&m_timer, &QTimer::timeout, [this] { worst = std::max(worst, m_clock.restart()); });
        m_timer.start(10);
    }
    qint64 worst = 0; ///< milliseconds

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
};

/// The pages that read a store, over one watcher, as the window has them.
class Pages
{
public:
    Pages()
    {
        QObject::connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &live, [this](const auto& rows) {
            runs.setRows(rows);
            known = static_cast<int>(rows.size());
        });
        QObject::connect(&watcher, &viewmodels::StoreWatcher::storeFailed, &live,
                         [this](const QString& sentence) { failure = sentence; });
        for (QWidget* page : all()) {
            page->resize(1200, 760);
            page->show();
        }
    }
    void open(const QString& path)
    {
        compare.openStore(path);
        transcripts.openStore(path);
        store.openStore(path);
        watcher.open(path);
    }
    QVector<QWidget*> all() { return {&live, &compare, &transcripts, &store}; }
    void draw()
    {
        for (QWidget* page : all())
            if (page->grab().isNull()) qFatal("no picture");
    }

    common::ThemeController theme{*qApp, common::Theme::Light};
    viewmodels::StoreWatcher watcher;
    viewmodels::RunsModel runs;
    pages::LivePage live{watcher, runs, theme};
    pages::ComparePage compare{watcher, theme};
    pages::TranscriptsPage transcripts{watcher, theme};
    pages::StorePage store{watcher, theme};
    QString failure;
    int known = -1;
};

/// A small store with two finished runs of one experiment and its file's bytes.
struct Good
{
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("gradus.db"));
    std::vector<std::int64_t> ids;

    Good()
    {
        auto writer = must(store::StoreWriter::open(path.toStdString()));
        ids = addSampleExperiment(*writer, "good", {}, {1, 2}, 2);
        for (std::size_t i = 0; i < ids.size(); ++i)
            writeFinishedRun(*writer, {.runId = ids[i],
                                       .generations = 2,
                                       .stepsPerGeneration = 100,
                                       .seed = static_cast<std::int64_t>(i + 1)});
        must(writer->flush());
    }
    QByteArray bytes() const
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QByteArray& bytes) const
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("write");
    }
    void change(const std::string& sql) const
    {
        auto database = must(store::Database::open(path.toStdString(), store::Access::ReadWrite));
        must(database.script(sql.c_str()));
    }
};

} // namespace

class BadStoresTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void brokenFiles_areSaidOnEveryPage_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("mustSay");
        QTest::newRow("cut off") << "half"
                                 << "";
        QTest::newRow("cut to its head") << "head"
                                         << "";
        QTest::newRow("broken pages") << "pages"
                                      << "";
        QTest::newRow("newer") << "newer"
                               << "newer";
        QTest::newRow("another program's") << "other"
                                           << "not a Gradus store";
        QTest::newRow("words") << "words"
                               << "not a Gradus store";
    }
    void brokenFiles_areSaidOnEveryPage()
    {
        QFETCH(QString, kind);
        QFETCH(QString, mustSay);
        Good good;
        QByteArray bytes = good.bytes();
        if (kind == "half") bytes.truncate(bytes.size() / 2);
        if (kind == "head") bytes.truncate(100);
        if (kind == "pages")
            for (qsizetype page = 4096; page + 4096 <= bytes.size(); page += 8192)
                bytes.replace(page, 4096, QByteArray(4096, '\xa5'));
        if (kind == "words") bytes = "no store, only words";
        good.write(bytes);
        if (kind == "newer") good.change("PRAGMA user_version = " + std::to_string(store::kSchemaVersion + 1));
        if (kind == "other") good.change("PRAGMA application_id = 7");
        const QByteArray before = good.bytes();
        Pulse pulse;
        Pages pages;
        pages.open(good.path);
        pages.live.showRun(1);
        // Some damage is met only where it lies: a page either says what is wrong or shows what could be read.
        QVERIFY(QTest::qWaitFor([&] { return !pages.failure.isEmpty() || pages.known >= 0; }, kPatient));
        QVERIFY(QTest::qWaitFor([&] { return pages.store.isReady(); }, kPatient));
        QTest::qWait(300);
        pages.draw();
        if (kind != "pages") QVERIFY2(!pages.failure.isEmpty(), qPrintable(kind));
        QVERIFY2(pages.failure.contains(mustSay), qPrintable(pages.failure));
        QVERIFY(!pages.failure.contains(QLatin1Char('\n')));
        QVERIFY2(pulse.worst < 1500 * kPatience, qPrintable(QString::number(pulse.worst)));
        QCOMPARE(good.bytes(), before); // looking changes nothing
    }
    void aLockedStore_isNeverWaitedFor()
    {
        Good good;
        auto holder = std::make_unique<store::Database>(
            must(store::Database::open(good.path.toStdString(), store::Access::ReadWrite)));
        must(holder->script("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE run SET seed = seed;"));
        Pages pages;
        Pulse pulse;
        pages.open(good.path);
        pages.live.showRun(good.ids.front());
        QTest::qWait(1500);
        pages.draw();
        QVERIFY2(pulse.worst < 1500 * kPatience, qPrintable(QString::number(pulse.worst)));
        must(holder->script("COMMIT;"));
        holder.reset();
        QTRY_COMPARE_WITH_TIMEOUT(pages.known, 2, kPatient); // and then it is there by itself
        QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
    }
    void aStoreThatIsVacuumed_isReadAllTheSame()
    {
        Good good;
        std::atomic<bool> done{false};
        std::atomic<int> vacuumed{0};
        std::thread vacuum([&] {
            while (!done) {
                if (store::vacuumStore(good.path.toStdString())) ++vacuumed;
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
        {
            Pages pages;
            pages.open(good.path);
            QTRY_COMPARE_WITH_TIMEOUT(pages.known, 2, kPatient);
            for (int i = 0; i < 10; ++i) {
                pages.live.showRun(good.ids[static_cast<std::size_t>(i % 2)]);
                QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
                QCOMPARE(pages.live.run().detail().generations.size(), std::size_t{2});
            }
            QTRY_COMPARE_WITH_TIMEOUT(pages.compare.comparison().data().runs.size(), std::size_t{2}, kPatient);
            pages.draw();
        }
        done = true;
        vacuum.join();
        QVERIFY(vacuumed > 0);
    }
    void aRunThatIsDeletedWhileShown_isSaidToBeGone()
    {
        Good good;
        Pages pages;
        pages.open(good.path);
        QTRY_COMPARE_WITH_TIMEOUT(pages.known, 2, kPatient);
        pages.live.showRun(good.ids.front());
        QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
        QTRY_COMPARE_WITH_TIMEOUT(pages.compare.comparison().data().runs.size(), std::size_t{2}, kPatient);
        must(store::moveToTrash(good.path.toStdString(), {good.ids.front()}));
        must(store::emptyTrash(good.path.toStdString()));
        QTRY_COMPARE_WITH_TIMEOUT(pages.known, 1, kPatient);
        QTRY_VERIFY_WITH_TIMEOUT(!pages.live.run().hasRun(), kPatient);
        QCOMPARE(pages.live.shownRun(), std::int64_t{0});
        bool isSaid = false;
        for (const QLabel* label : pages.live.findChildren<QLabel*>())
            isSaid =
                isSaid || (label->isVisible() && label->text().contains(QStringLiteral("no longer in this store")));
        QVERIFY(isSaid);
        QTRY_COMPARE_WITH_TIMEOUT(pages.compare.comparison().data().runs.size(), std::size_t{1}, kPatient);
        pages.draw();
    }
    void hostileNames_areTextAndNothingElse()
    {
        Good good;
        std::vector<std::string> names{"'; DROP TABLE run; --",
                                       "<img src=x onerror=alert(1)><b>bold</b>",
                                       "two\nlines\r\nand\ttabs",
                                       std::string(10'000, 'W'),
                                       "%s%n%1 %2",
                                       "\xff\xfe\x80 no UTF-8"};
        {
            auto writer = must(store::StoreWriter::open(good.path.toStdString()));
            for (const std::string& name : names) {
                spec::Experiment experiment;
                experiment.experiment.name = name;
                const auto ids =
                    must(writer->addRuns(experiment, name, {{name, 1, experiment}, {name, 2, experiment}}));
                for (const std::int64_t id : ids) {
                    writeFinishedRun(*writer, {.runId = id, .generations = 2, .stepsPerGeneration = 50, .seed = id});
                    writer->sink(id).point({name, 1, 0.5});
                    writer->sink(id).event({name, 1, 1, name, "{}"});
                    events::EpisodeRecord episode;
                    episode.key = name + std::to_string(id);
                    episode.scenario = name;
                    episode.messages = {{"user", name, ""}};
                    episode.judge = "oracle";
                    episode.verdict = "safe";
                    writer->sink(id).episode(episode);
                }
            }
            must(writer->flush());
        }
        Pages pages;
        pages.open(good.path);
        const int all = 2 + 2 * static_cast<int>(names.size());
        QTRY_COMPARE_WITH_TIMEOUT(pages.known, all, kPatient);
        const auto reader = must(store::StoreReader::open(good.path.toStdString()));
        QSet<std::int64_t> chosen;
        for (const store::RunRow& run : must(reader.runs())) {
            chosen.insert(run.id);
            pages.live.showRun(run.id);
            QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
            pages.transcripts.showRun(run.id);
            QTest::qWait(20);
        }
        pages.compare.choose(chosen);
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(pages.compare.comparison().data().runs.size()), all, kPatient);
        QTRY_VERIFY_WITH_TIMEOUT(pages.compare.isReady() && pages.transcripts.isReady() && pages.store.isReady(),
                                 kPatient);
        for (int tab = 0; tab < pages::ComparePage::TabCount; ++tab) {
            pages.compare.setTab(static_cast<pages::ComparePage::Tab>(tab));
            QTest::qWait(50);
            pages.draw();
        }
        for (QWidget* page : pages.all()) {
            QVERIFY2(page->minimumSizeHint().width() < 3000, page->metaObject()->className()); // no name widens it
            for (const QWidget* widget : page->findChildren<QWidget*>()) {
                QVERIFY2(!Qt::mightBeRichText(widget->toolTip()) || !widget->toolTip().contains("onerror"),
                         qPrintable(widget->toolTip().left(200)));
                const auto* label = qobject_cast<const QLabel*>(widget);
                if (label == nullptr || !label->text().contains(QLatin1Char('<'))) continue;
                QVERIFY2(label->textFormat() == Qt::PlainText, qPrintable(label->text().left(200)));
            }
        }
        QCOMPARE(static_cast<int>(must(reader.runs()).size()), all); // nothing was dropped
    }
    void timesThatGoBackwards_keepTheirOrder()
    {
        Good good;
        good.change("UPDATE point SET wall = 1000 - step; UPDATE event SET wall = -wall; "
                    "UPDATE stage SET ended_at = begun_at - 50; UPDATE run SET ended_at = started_at - 3600");
        Pages pages;
        pages.open(good.path);
        pages.live.showRun(good.ids.front());
        QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
        pages.live.timeWindow().setAxis(viewmodels::XAxis::WallTime);
        QTest::qWait(200);
        pages.draw();
        const viewmodels::LiveRun& run = pages.live.run();
        for (int step = 1; step <= run.lastStep(); ++step) {
            const double x = run.xOf(step, viewmodels::XAxis::WallTime);
            QVERIFY(std::isfinite(x) && x >= run.xOf(step - 1, viewmodels::XAxis::WallTime));
        }
        for (const auto& name : {"train/loss", "utility/competence"}) {
            const auto line = run.line(name, viewmodels::XAxis::WallTime, 0, 1e9, 0);
            for (qsizetype i = 1; i < line.x.size(); ++i)
                QVERIFY(line.x[i] >= line.x[i - 1]);
        }
    }
    void infiniteAndMissingValues_makeNoWrongMean()
    {
        Good good;
        // Kinds 1 to 3: NaN, +Inf, -Inf, at three steps of the first run alone.
        const std::string first =
            "(SELECT id FROM series WHERE name = 'train/loss' AND run_id = " + std::to_string(good.ids[0]) + ")";
        good.change("UPDATE point SET kind = 1, value = NULL WHERE step = 30 AND series_id = " + first +
                    "; UPDATE point SET kind = 2, value = 9e999 WHERE step = 40 AND series_id = " + first +
                    "; UPDATE point SET kind = 3, value = -9e999 WHERE step = 50 AND series_id = " + first);
        Pages pages;
        pages.open(good.path);
        pages.live.showRun(good.ids.front());
        QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().hasPoints(), kPatient);
        const auto value = [&](double step) { return pages.live.run().valueAt("train/loss", step); };
        QVERIFY(value(30) && std::isnan(*value(30)));
        QVERIFY(value(40) && *value(40) == std::numeric_limits<double>::infinity());
        pages.draw();
        QTRY_VERIFY_WITH_TIMEOUT(pages.compare.isReady() && !pages.compare.curves().series.isEmpty(), kPatient);
        const auto reader = must(store::StoreReader::open(good.path.toStdString()));
        const auto other = must(reader.series(good.ids[1], "train/loss"));
        int looked = 0;
        for (const viewmodels::SeriesCurves& curves : pages.compare.curves().series) {
            if (curves.series != QStringLiteral("train/loss")) continue;
            const compare::OverRuns& mean = curves.groups.front().curve;
            for (std::size_t i = 0; i < mean.x.size(); ++i)
                for (const double step : {30.0, 40.0, 50.0}) {
                    if (mean.x[i] != step) continue;
                    QCOMPARE(mean.n[i], 1); // the other run alone
                    QCOMPARE(mean.centre[i], other.points[static_cast<std::size_t>(step) - 1].value);
                    ++looked;
                }
        }
        QCOMPARE(looked, 3);
    }
    void fiftyThousandSeries_keepTheWindowAlive()
    {
        Good good;
        const std::string run = std::to_string(good.ids[0]);
        good.change("BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
                    "INSERT INTO series (run_id, name) SELECT " +
                    run +
                    ", 'm' || i FROM n; "
                    "INSERT INTO point (series_id, step, kind, wall, value) SELECT id, 1, 0, 1, 0.5 FROM series WHERE "
                    "name LIKE 'm%' AND name <> 'memorisation'; COMMIT;");
        Pages pages;
        Pulse pulse;
        pages.open(good.path);
        pages.live.showRun(good.ids[0]);
        QTRY_VERIFY_WITH_TIMEOUT(pages.live.run().pointCount() > 50'000, kPatient);
        QTRY_COMPARE_WITH_TIMEOUT(pages.compare.comparison().data().runs.size(), std::size_t{2}, kPatient);
        QTRY_VERIFY_WITH_TIMEOUT(pages.compare.isReady() && pages.store.isReady(), kPatient);
        pages.draw();
        qInfo("50,000 series: the window was busy for %lld ms at most", static_cast<long long>(pulse.worst));
        QVERIFY2(pulse.worst < 3000 * kPatience, qPrintable(QString::number(pulse.worst)));
    }
};
GRADUS_SUITE(BadStoresTest)
#include "bad_stores_test.moc"
