// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_reader.h"

#include "base/clock.h"
#include "base/files.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/run_owner.h"
#include "store/series_rows.h"
#include "store/store_path.h"
#include "store_support.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <unistd.h>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

class ReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bundledExample_hasThisProgramsFormat()
    {
        auto reader = StoreReader::open(tests::sourceDir() / "resources/example/example.db");
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        QVERIFY(!reader->runs()->empty());
    }
    void cursor_seesEveryNewPointOnce()
    {
        OneRun one;
        const StoreReader reader = one.reader();
        PointCursor cursor;
        std::int64_t seen = 0;
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 10; ++i) {
                one.sink().point({"a", round * 10 + i, 1.0});
                if (round > 9) one.sink().point({"late", round * 10 + i, 1.0});
            }
            must(one.writer->flush());
            for (const SeriesPoints& series : must(reader.pointsSince(one.run, cursor))) {
                QCOMPARE(series.points.size(), std::size_t{10});
                QCOMPARE(series.points.front().step, std::int64_t{round * 10});
                seen += static_cast<std::int64_t>(series.points.size());
            }
            QVERIFY(must(reader.pointsSince(one.run, cursor)).empty());
        }
        QCOMPARE(seen, std::int64_t{300});
    }

    void seriesReadWhole_isWhatTheRowsHold()
    {
        OneRun one;
        const double infinity = std::numeric_limits<double>::infinity();
        const std::vector<double> values{0.1, std::nan(""), infinity, -infinity, -0.0, 5e-324, 1e308};
        // Late points before early ones, over several commits, and steps of both signs.
        for (const std::int64_t first : {700, -70, 0, 350})
            for (std::int64_t i = 0; i < 70; ++i) {
                one.sink().point({"a", first + i, values[static_cast<std::size_t>((first + 70 + i) % 7)]});
                if (i == 35) must(one.writer->flush());
            }
        must(one.writer->flush());
        Database database = must(openForReading(one.path));
        const auto rows = must(readPoints(database, 1, kAllSteps, 1'000'000)); // with a limit: row by row
        const auto whole = must(readPoints(database, 1, kAllSteps));
        QCOMPARE(whole.size(), std::size_t{280});
        QCOMPARE(rows.size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QVERIFY(i == 0 || whole[i - 1].step < whole[i].step);
            QCOMPARE(whole[i].step, rows[i].step);
            QCOMPARE(whole[i].wall, rows[i].wall);
            QCOMPARE(std::bit_cast<std::uint64_t>(whole[i].value), std::bit_cast<std::uint64_t>(rows[i].value));
            QCOMPARE(std::bit_cast<std::uint64_t>(whole[i].value),
                     std::bit_cast<std::uint64_t>(values[static_cast<std::size_t>((whole[i].step + 70) % 7)]));
        }
        const auto part = must(readPoints(database, 1, {-3, 3}));
        QCOMPARE(part.size(), std::size_t{7});
        QCOMPARE(part.front().step, std::int64_t{-3});
        QVERIFY(must(readPoints(database, 99, kAllSteps)).empty());
    }
    void seriesReadWhole_believesNoCountOfAPyramid()
    {
        OneRun one;
        one.sink().point({"a", 1, 0.5});
        must(one.writer->flush());
        {
            Database database = must(openForWriting(one.path));
            must(database.script("UPDATE pyramid SET count = 9223372036854775807"));
        }
        QCOMPARE(must(one.reader().series(one.run, "a")).points.size(), std::size_t{1});
        {
            Database database = must(openForWriting(one.path));
            must(database.script("UPDATE pyramid SET count = -1"));
        }
        QCOMPARE(must(one.reader().series(one.run, "a")).points.size(), std::size_t{1});
    }

    void runs_areListedNewestFirst()
    {
        OneRun one;
        const std::int64_t second = addRun(*one.writer, "second");
        const auto runs = must(one.reader().runs());
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(runs[0].id, second);
        QVERIFY(runs[1].id == one.run && runs[1].state == RunState::Queued && !runs[1].startedAt);
    }

    void run_isFoundByNumberUuidAndPrefix()
    {
        OneRun one;
        const StoreReader reader = one.reader();
        const RunRow run = must(reader.runs()).front();
        QCOMPARE(must(reader.findRun(std::to_string(run.id))).id, run.id);
        QCOMPARE(must(reader.findRun(run.uuid)).id, run.id);
        QCOMPARE(must(reader.findRun(run.uuid.substr(0, 8))).id, run.id);
        for (const std::string& wrong : {std::string("abc"), std::string(""), std::string("99"), std::string("%%%%"),
                                         std::string("' OR 1=1 --"), std::string(300, '9'), std::string(1, '\0')})
            QCOMPARE(reader.findRun(wrong).error().kind, ErrorKind::BadInput);
    }

    void ambiguousPrefix_asksForMore()
    {
        OneRun one;
        addRun(*one.writer);
        one.writer.reset();
        {
            Database database = must(openForWriting(one.path));
            must(database.script("UPDATE run SET uuid = 'abcdef-' || id"));
        }
        const auto found = one.reader().findRun("abcdef");
        QVERIFY(!found && found.error().message.find("more characters") != std::string::npos);
        QCOMPARE(must(one.reader().findRun("abcdef-2")).id, std::int64_t{2});
    }

    void runWhoseProcessIsGone_isCrashed()
    {
        OneRun one;
        must(one.writer->claim(one.run));
        QVERIFY(must(one.reader().runs()).front().state == RunState::Running);
        one.writer.reset();
        {
            // The number of a living process that began at another time: a reused pid.
            Database database = must(openForWriting(one.path));
            must(database.script("UPDATE run SET owner_started = owner_started - 1"));
        }
        const RunRow run = must(one.reader().runs()).front();
        QVERIFY(run.state == RunState::Crashed && !run.failure.empty());
        const auto writer = must(StoreWriter::open(one.path));
        QVERIFY(must(writer->resumePoint(one.run)).state == RunState::Crashed);
        must(writer->claim(one.run)); // and can be resumed
    }

    void ownerElsewhere_isGoneOnlyAfterLongSilence()
    {
        RunOwner owner = thisProcess();
        QVERIFY(livenessOf(owner) == Liveness::Alive);
        owner.place = "elsewhere pid:[1]";
        QVERIFY(livenessOf(owner) == Liveness::Unknown);
        owner.boot = "another";
        QVERIFY(livenessOf(owner) == Liveness::Unknown);
        owner.place = thisProcess().place;
        QVERIFY(livenessOf(owner) == Liveness::Gone); // the same machine, restarted
    }

    void missingFolderOrFile_isBadInput()
    {
        const QTemporaryDir folder;
        const std::filesystem::path base = folder.path().toStdString();
        for (const auto& path :
             {base, base / "absent.db", base / "no/such/folder.db", std::filesystem::path("/dev/null")}) {
            const auto reader = StoreReader::open(path);
            QVERIFY(!reader);
            QCOMPARE(reader.error().kind, ErrorKind::BadInput);
            QVERIFY(reader.error().message.find(path.string()) != std::string::npos);
        }
        QVERIFY(!std::filesystem::exists(base / "absent.db")); // looking creates nothing
    }

    void unknownRun_isBadInputAndHasNoPoints()
    {
        OneRun one;
        const StoreReader reader = one.reader();
        QCOMPARE(reader.detail(77).error().kind, ErrorKind::BadInput);
        PointCursor cursor;
        QVERIFY(must(reader.pointsSince(77, cursor)).empty());
    }

    void networkFileSystems_areRefusedByName()
    {
        QVERIFY(networkFileSystem(0x6969) != nullptr);                        // NFS
        QVERIFY(networkFileSystem(static_cast<long>(0xFF534D42)) != nullptr); // CIFS
        QVERIFY(networkFileSystem(0x65735546) != nullptr);                    // FUSE
        QVERIFY(networkFileSystem(0xEF53) == nullptr);                        // ext4
        QVERIFY(networkFileSystem(0x01021994) == nullptr);                    // tmpfs
        const QTemporaryDir folder;
        QVERIFY(checkFileSystem(folder.path().toStdString()).ok());
        QVERIFY(!checkFileSystem("/no/such/folder").ok());
    }

    void workspace_followsXdg()
    {
        const QByteArray before = qgetenv("XDG_DATA_HOME");
        qputenv("XDG_DATA_HOME", "/data");
        QCOMPARE(must(defaultWorkspace()).store().string(), std::string("/data/gradus/gradus.db"));
        qputenv("XDG_DATA_HOME", "relative/is/ignored");
        QVERIFY(must(defaultWorkspace()).folder.is_absolute());
        qputenv("XDG_DATA_HOME", before);
    }

    void fiftyThousandRuns_areListedQuickly()
    {
        OneRun one;
        one.writer.reset();
        {
            Database database = must(openForWriting(one.path));
            must(database.script(
                "BEGIN; WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
                "INSERT INTO run (id, uuid, experiment_id, condition, seed, state, created_at, activity, last_utility) "
                "SELECT i, printf('%08x-0000-4000-8000-000000000000', i), 1, 'gap.controller = fixed', i, 'finished', "
                "1.7e9 + i, 'done', 0.7 FROM n;"
                "INSERT INTO generation (run_id, number, rung, parameters, capacity_proxy, first_step, last_step, "
                "utility, utility_n) SELECT r.id, g.n, '32,2', 27000, 'log10 parameters', 0, 100, 0.7, 2000 "
                "FROM run r, (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) g; COMMIT;"));
        }
        const StoreReader reader = one.reader();
        double best = 1e9;
        for (int i = 0; i < 3; ++i) {
            const double begin = monotonicSeconds();
            const auto runs = must(reader.runs());
            best = std::min(best, monotonicSeconds() - begin);
            QCOMPARE(runs.size(), std::size_t{50'000});
            QCOMPARE(runs.front().utilityHistory.size(), std::size_t{4});
        }
        qInfo("list of 50,000 runs with histories: %.0f ms", best * 1e3);
        QVERIFY(best < 2.0 * tests::kPatience);
    }
};
GRADUS_SUITE(ReaderTest)
#include "reader_test.moc"
