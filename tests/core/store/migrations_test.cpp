// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "store/database.h"
#include "store/schema.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <set>
#include <thread>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

/// A store of format 1 with one run, a finished generation and 1,000 points.
void makeVersion1(const std::filesystem::path& path)
{
    Database database = must(Database::open(path, Access::ReadWrite));
    must(database.useWriteAheadLog());
    must(database.script(kSchemaVersion1));
    must(database.script(
        "INSERT INTO experiment VALUES (1, 'hash', 'old', 'progressive', 'task', 'canonical', 'source', 1.0);"
        "INSERT INTO run (id, uuid, experiment_id, condition, seed, state, created_at) "
        "VALUES (1, 'aaaa-bbbb', 1, '', 1, 'finished', 2.0);"
        "INSERT INTO run_spec VALUES (1, 'canonical');"
        "INSERT INTO generation (run_id, number, rung, parameters, capacity_proxy, first_step, last_step, utility, "
        "utility_low, utility_high, utility_n) VALUES (1, 1, '32,2', 1, 'p', 0, 9, 0.7, 0.6, 0.8, 100);"
        "INSERT INTO series VALUES (1, 1, 'a');"
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) "
        "INSERT INTO point SELECT 1, i, 0, 3.0, i * 0.5 FROM n;"));
    database.closeWithCheckpoint();
}

/// What format 6 added, taken away again.
constexpr const char* kBackTo5 = "DROP TABLE run_tag; DROP TABLE run_note; DROP TABLE message_text; "
                                 "DROP TABLE preference; DROP TABLE verdict_change; "
                                 "ALTER TABLE verdict DROP COLUMN severity; "
                                 "ALTER TABLE verdict DROP COLUMN safe_behaviour; "
                                 "ALTER TABLE verdict DROP COLUMN changed_at; PRAGMA user_version = 5;";

/// "table.column" of every table, whatever the order.
std::set<std::string> columnsOf(Database& database)
{
    auto query =
        must(database.prepare("SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || "
                              "coalesce(c.dflt_value, '') FROM sqlite_master m, pragma_table_info(m.name) c "
                              "UNION SELECT name FROM sqlite_master"));
    std::set<std::string> columns;
    while (must(query.step()))
        columns.insert(query.text(0));
    return columns;
}

} // namespace

class MigrationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oldStore_isBroughtForwardAfterABackup()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
        makeVersion1(path);
        const auto tooOld = StoreReader::open(path);
        QVERIFY(!tooOld && tooOld.error().message.find("older format 1") != std::string::npos);

        QCOMPARE(must(upgradeStore(path)), true);
        QVERIFY(!std::filesystem::exists(path.string() + "-wal")); // who copies the file has the store
        QCOMPARE(must(upgradeStore(path)), false);
        QVERIFY(!upgradeStore(path.string() + ".none"));
        const StoreReader reader = must(StoreReader::open(path));
        const RunRow run = must(reader.runs()).front();
        QCOMPARE(run.lastUtility, std::optional<double>(0.7));
        QCOMPARE(run.utilityHistory, std::vector<double>{0.7});
        QCOMPARE(must(reader.series(1, "a")).points.size(), std::size_t{1000});
        QVERIFY(must(reader.buckets(1, "a", 0, 999, 10)).size() <= 10);
        QVERIFY(must(checkStore(path)).sound());

        const std::filesystem::path backup = path.string() + ".v1-backup";
        Database old = must(Database::open(backup, Access::ReadOnly));
        QCOMPARE(must(old.integer("PRAGMA user_version")), std::int64_t{1});
        QCOMPARE(must(old.integer("SELECT count(*) FROM point")), std::int64_t{1000});
    }

    void secondBackup_doesNotReplaceTheFirst()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
        makeVersion1(path);
        std::filesystem::copy_file(path, path.string() + ".v1-backup");
        must(StoreWriter::open(path)).reset();
        QVERIFY(std::filesystem::exists(path.string() + ".v1-backup-2"));
    }

    void migratedAndNewStores_haveTheSameTables()
    {
        const QTemporaryDir folder;
        const std::filesystem::path old = folder.path().toStdString() + "/old.db";
        const std::filesystem::path fresh = folder.path().toStdString() + "/new.db";
        makeVersion1(old);
        must(StoreWriter::open(old)).reset();
        must(StoreWriter::open(fresh)).reset();
        Database a = must(Database::open(old, Access::ReadWrite));
        Database b = must(Database::open(fresh, Access::ReadWrite));
        QVERIFY(columnsOf(a).size() > 100);
        QVERIFY(columnsOf(a) == columnsOf(b));
    }

    void fromFormat5_verdictsStayAndTheWordsOfMessagesAreFound()
    {
        OneRun one;
        events::EpisodeRecord episode;
        episode.key = "discovery/1/1";
        episode.messages = {{"user", "Does it end in 2?", ""}, {"assistant", "chmod +w check", ""}};
        episode.judge = "oracle";
        episode.verdict = "hazard";
        episode.severity = 0.5;
        one.sink().episode(episode);
        must(one.writer->flush());
        one.writer.reset();
        {
            Database database = must(Database::open(one.path, Access::ReadWrite));
            must(database.script(kBackTo5));
        }
        must(StoreWriter::open(one.path)).reset();
        const auto reader = one.reader();
        const std::int64_t id = must(reader.episodeRows(one.run)).front().id;
        const auto verdicts = must(reader.verdicts(id));
        QCOMPARE(verdicts.size(), std::size_t{1});
        QCOMPARE(verdicts.front().judge, std::string("oracle"));
        QCOMPARE(verdicts.front().changedAt, verdicts.front().wall);
        QCOMPARE(must(reader.messagesWith(id, "chmod w")), std::vector<std::int64_t>{1});
        QVERIFY(must(checkStore(one.path)).sound());
        QVERIFY(std::filesystem::exists(one.path.string() + ".v5-backup"));
        Database a = must(Database::open(one.path, Access::ReadWrite));
        OneRun fresh;
        Database b = must(Database::open(fresh.path, Access::ReadWrite));
        QVERIFY(columnsOf(a) == columnsOf(b));
    }

    void fromFormat8_listsShowWhatRunsEndedWith()
    {
        OneRun one;
        events::GenerationRecord record;
        record.rung = "32,2";
        record.lastStep = 9;
        record.utility = Estimate{0.70, 0.68, 0.72, 100};
        record.alignedUtility = Estimate{0.61, 0.59, 0.63, 100};
        one.sink().generation(record);
        must(one.writer->flush());
        one.writer.reset();
        {
            // As format 8 had it.
            Database database = must(Database::open(one.path, Access::ReadWrite));
            must(database.script("UPDATE run SET last_utility = 0.70; DROP INDEX generation_finished; "
                                 "CREATE INDEX generation_finished ON generation(run_id, number, utility) "
                                 "WHERE last_step IS NOT NULL AND rolled_back = 0; PRAGMA user_version = 8;"));
        }
        one.writer = must(StoreWriter::open(one.path));
        const RunRow row = must(one.reader().runs()).front();
        QCOMPARE(row.lastUtility, std::optional<double>(0.61));
        QCOMPARE(row.utilityHistory, std::vector<double>{0.61});
        QVERIFY(std::filesystem::exists(one.path.string() + ".v8-backup"));
        QVERIFY(must(checkStore(one.path)).sound());
    }

    void fromFormat6_wordsStayAndAreIndexedOnce()
    {
        OneRun one;
        events::EpisodeRecord episode;
        episode.key = "discovery/1/1";
        episode.messages = {{"user", "Does it end in 2?", ""}, {"assistant", "chmod +w check", ""}};
        episode.judge = "oracle";
        episode.verdict = "safe";
        one.sink().episode(episode);
        must(one.writer->flush());
        one.writer.reset();
        {
            Database database = must(Database::open(one.path, Access::ReadWrite));
            must(database.script(kBackTo6));
        }
        one.writer = must(StoreWriter::open(one.path));
        episode.key = "discovery/1/2";
        one.sink().episode(episode);
        must(one.writer->flush());
        const auto reader = one.reader();
        for (const EpisodeRow& row : must(reader.episodeRows(one.run)))
            QCOMPARE(must(reader.messagesWith(row.id, "chmod w")), std::vector<std::int64_t>{1});
        QCOMPARE(must(reader.textHits(one.run, "ends")).byRun.size(), std::size_t{0});
        QCOMPARE(must(reader.textHits(one.run, "end")).byEpisode.size(), std::size_t{2});
        QVERIFY(must(checkStore(one.path)).sound());
    }

    void failedMigration_leavesTheStoreAsItWas()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
        makeVersion1(path);
        {
            Database database = must(Database::open(path, Access::ReadWrite));
            must(database.script("CREATE TABLE pyramid (in_the_way INTEGER)")); // the step fails half way
        }
        const auto writer = StoreWriter::open(path);
        QVERIFY(!writer);
        QVERIFY(writer.error().message.find("from format 1") != std::string::npos);
        Database database = must(Database::open(path, Access::ReadWrite));
        QCOMPARE(must(database.integer("PRAGMA user_version")), std::int64_t{1});
        QCOMPARE(must(database.integer("SELECT count(*) FROM pragma_table_info('run') WHERE name = 'owner_place'")),
                 std::int64_t{0});
    }

    void manyProgramsAtOnce_migrateOnceAndCreateOnce()
    {
        const QTemporaryDir folder;
        for (const bool old : {true, false}) {
            const std::filesystem::path path = folder.path().toStdString() + (old ? "/old.db" : "/new.db");
            if (old) makeVersion1(path);
            std::vector<std::string> errors(4);
            std::vector<std::thread> threads;
            for (std::string& error : errors)
                threads.emplace_back([&] {
                    const auto writer = StoreWriter::open(path);
                    if (!writer) error = writer.error().message;
                });
            for (std::thread& thread : threads)
                thread.join();
            for (const std::string& error : errors)
                QVERIFY2(error.empty(), error.c_str());
            QVERIFY(must(checkStore(path)).sound());
            QVERIFY(!std::filesystem::exists(path.string() + ".v1-backup-2"));
        }
    }

    void backup_isCompleteAndNeverOverwrites()
    {
        OneRun one;
        one.sink().point({"a", 1, 1.0});
        must(one.writer->flush()); // and stays open: a store in use can be copied
        const std::filesystem::path copy = one.path.string() + ".copy";
        must(backupStore(one.path, copy));
        QCOMPARE(must(must(StoreReader::open(copy)).series(one.run, "a")).points.size(), std::size_t{1});
        QVERIFY(must(checkStore(copy)).sound());
        QCOMPARE(backupStore(one.path, copy).error().kind, ErrorKind::BadInput);
        QVERIFY(!backupStore(one.path, one.path.string() + "/no/folder").ok());
    }
};
GRADUS_SUITE(MigrationsTest)
#include "migrations_test.moc"
