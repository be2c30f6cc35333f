// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that move between stores: merging, replacing, the trash. What moves is whole, or did not move.
#include "store/merge.h"

#include "base/clock.h"
#include "base/files.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/query.h"
#include "store/run_tables.h"
#include "store/schema.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store/trash.h"
#include "store_support.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

const std::filesystem::path kExample = tests::sourceDir() / "resources/example/example.db";

/// Every row of a run but ids and references, table by table: equal for equal runs in any store.
using RunContent = std::map<std::string, std::vector<std::string>>;
RunContent contentOf(const std::filesystem::path& store, const std::string& uuid)
{
    Database database = must(openForReading(store));
    RunContent content;
    for (const RunTable& table : must(runTables(database))) {
        std::string columns; // sorted: a store that was brought forward has its newer ones last
        for (const std::string& column : std::set<std::string>(table.columns.begin(), table.columns.end())) {
            bool isReference = column == "id";
            for (const Reference& reference : table.references)
                isReference = isReference || reference.column == column;
            if (!isReference) columns += (columns.empty() ? "" : " || '|' || ") + ("quote(" + quotedName(column) + ")");
        }
        if (table.isQueue()) continue;
        std::string where = table.rowsOfRun;
        for (std::size_t at = where.find("?1"); at != std::string::npos; at = where.find("?1"))
            where.replace(at, 2, "(SELECT id FROM run WHERE uuid = '" + uuid + "')");
        const auto rows = must(runQuery(store, "SELECT " + columns + " AS r FROM " + quotedName(table.name) +
                                                   " WHERE " + where + " ORDER BY r"));
        for (const SqlRow& row : rows.rows)
            content[table.name].push_back(textOf(row.front()));
    }
    return content;
}

std::vector<std::string> uuidsOf(const std::filesystem::path& store)
{
    std::vector<std::string> uuids;
    for (const RunRow& run : must(must(StoreReader::open(store)).runs()))
        uuids.push_back(run.uuid);
    return uuids;
}

void finish(OneRun& one, int points)
{
    must(one.writer->claim(one.run));
    for (std::int64_t step = 0; step < points; ++step)
        one.sink().point({"a", step, step % 50 == 7 ? std::nan("") : static_cast<double>(step)});
    one.sink().progress({.fraction = 1, .activity = "", .step = points});
    one.sink().votes({2, "majority", "vote", {4, 5}, {1, 0}, {}});
    one.sink().event({"alert", 1, 1, "sentence", "{}"});
    one.writer->artefact(one.run, 1, "checkpoint", "checkpoints/x", "hash");
    one.writer->setState(one.run, RunState::Finished);
    must(one.writer->flush());
}

} // namespace

class MergeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyTableOfTheSchema_isARunsOrKnownNotToBe()
    {
        QTemporaryDir folder;
        Database database = must(openForWriting(folder.path().toStdString() + "/s.db"));
        std::set<std::string> known{"experiment", "queue_pause"};
        for (const RunTable& table : must(runTables(database)))
            known.insert(table.name);
        auto all = must(database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                         "AND name NOT LIKE 'sqlite_%'"));
        while (must(all.step()))
            QVERIFY2(known.count(all.text(0)) == 1, all.text(0).c_str());
    }
    void everythingOfARun_isMerged_andTwiceChangesNothing()
    {
        OneRun mine;
        finish(mine, 40);
        const auto merged = must(mergeStore(mine.path, kExample));
        QCOMPARE(merged.merged.size(), uuidsOf(kExample).size());
        QVERIFY(merged.skipped.empty());
        std::set<std::string> filled;
        for (const std::string& uuid : uuidsOf(kExample)) {
            const RunContent theirs = contentOf(kExample, uuid);
            RunContent ours = contentOf(mine.path, uuid);
            for (const auto& [table, rows] : theirs)
                QVERIFY2(rows == ours[table], table.c_str());
            for (const auto& [table, rows] : theirs)
                if (!rows.empty()) filled.insert(table);
        }
        // The example is rich enough for this to mean something.
        for (const char* table : {"run_spec", "generation", "stage", "point", "pyramid", "event", "episode", "message",
                                  "verdict", "hazard", "safe_behaviour"})
            QVERIFY2(filled.count(table) == 1, table);
        const auto report = must(checkStore(mine.path));
        QVERIFY(report.sound());
        const auto again = must(mergeStore(mine.path, kExample));
        QCOMPARE(again.merged.size(), std::size_t{0});
        QCOMPARE(again.alreadyHere, static_cast<std::int64_t>(merged.merged.size()));
        const auto after = must(checkStore(mine.path));
        QCOMPARE(after.points, report.points);
        QCOMPARE(after.runs, report.runs);
    }
    void labelsEventsAndArtefacts_moveWithOrderKept()
    {
        OneRun mine;
        OneRun other;
        finish(other, 300);
        must(mergeStore(mine.path, other.path));
        const auto reader = mine.reader();
        const std::string uuid = uuidsOf(other.path).front();
        const auto run = must(reader.findRun(uuid));
        QVERIFY(contentOf(mine.path, uuid) == contentOf(other.path, uuid));
        QVERIFY(!contentOf(mine.path, uuid)["label"].empty());
        QVERIFY(!contentOf(mine.path, uuid)["artefact"].empty());
        QCOMPARE(must(reader.detail(run.id)).events.size(), must(other.reader().detail(other.run)).events.size());
    }
    void aLivingOrQueuedRun_isLeftOutByName()
    {
        OneRun mine;
        OneRun other;
        must(other.writer->claim(other.run)); // this process works on it
        addRun(*other.writer, "waits");
        must(other.writer->flush());
        const auto merged = must(mergeStore(mine.path, other.path));
        QVERIFY(merged.merged.empty());
        QCOMPARE(merged.skipped.size(), std::size_t{2});
        QVERIFY(merged.skipped.front().name.starts_with("small, seed 1"));
        QVERIFY(merged.skipped.front().why.find("process") != std::string::npos);
        QCOMPARE(uuidsOf(mine.path).size(), std::size_t{1});
    }
    void aRunThatWentFurther_replacesOnlyWhenAsked()
    {
        OneRun mine;
        OneRun other;
        finish(other, 100);
        must(mergeStore(mine.path, other.path));
        const std::string uuid = uuidsOf(other.path).front();
        const RunContent before = contentOf(mine.path, uuid);
        other.sink().point({"a", 500, 1.0});
        other.sink().progress({.fraction = 1, .activity = "", .step = 500});
        must(other.writer->flush());
        const auto kept = must(mergeStore(mine.path, other.path));
        QCOMPARE(kept.skipped.size(), std::size_t{1});
        QVERIFY(kept.skipped.front().why.find("--replace") != std::string::npos);
        QVERIFY(contentOf(mine.path, uuid) == before);
        const auto replaced = must(mergeStore(mine.path, other.path, {.replace = true}));
        QCOMPARE(replaced.replaced.size(), std::size_t{1});
        QVERIFY(contentOf(mine.path, uuid) == contentOf(other.path, uuid));
        QVERIFY(must(checkStore(mine.path)).sound());
        QCOMPARE(uuidsOf(mine.path).size(), std::size_t{2});
    }
    void whatIsNoWholeStore_leavesTheTargetAsItWas()
    {
        OneRun mine;
        finish(mine, 20);
        mine.writer.reset();
        const std::string before = must(readFile(mine.path));
        const std::filesystem::path folder = mine.folder.path().toStdString();
        const auto refused = [&](const std::filesystem::path& other, const char* mustSay) {
            const auto merged = mergeStore(mine.path, other);
            QVERIFY(!merged);
            QVERIFY2(merged.error().kind == ErrorKind::BadInput, merged.error().message.c_str());
            QVERIFY2(merged.error().message.find(mustSay) != std::string::npos, merged.error().message.c_str());
            QCOMPARE(must(readFile(mine.path)), before);
        };
        const std::string example = must(readFile(kExample));
        must(writeFileAtomically(folder / "cut.db", example.substr(0, example.size() * 2 / 3)));
        refused(folder / "cut.db", "damaged");
        must(writeFileAtomically(folder / "text.db", "not a database, not at all, by no means whatever"));
        refused(folder / "text.db", "not a Gradus store");
        refused(folder / "none.db", "There is no store");
        refused(mine.path, "into itself");
        must(writeFileAtomically(folder / "newer.db", example));
        {
            Database newer = must(Database::open(folder / "newer.db", Access::ReadWrite));
            must(newer.script(("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1)).c_str()));
        }
        refused(folder / "newer.db", "newer Gradus");
        std::string broken = example; // pages of content in the middle, header whole
        for (std::size_t i = broken.size() / 2; i < broken.size() / 2 + 20'000; ++i)
            broken[i] = static_cast<char>(i * 37);
        must(writeFileAtomically(folder / "broken.db", broken));
        refused(folder / "broken.db", "damaged");
    }
    void aRowOfTwoRuns_staysBehindAndGoesWithEither()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.path().toStdString() + "/gradus.db";
        must(writeFileAtomically(store, must(readFile(kExample))));
        const auto runs = must(must(StoreReader::open(store)).runs());
        {
            // A later format has such tables: a person prefers one of two episodes.
            Database database = must(openForWriting(store));
            must(database.script("CREATE TABLE pick (id INTEGER PRIMARY KEY, "
                                 "first_id INTEGER NOT NULL REFERENCES episode(id), "
                                 "second_id INTEGER NOT NULL REFERENCES episode(id));"
                                 "INSERT INTO episode (run_id, uuid, generation, scenario, state, begun_at) "
                                 "SELECT max(id), 'of another run', 1, 's', 'finished', 1 FROM run;"
                                 "INSERT INTO pick (first_id, second_id) "
                                 "SELECT (SELECT min(id) FROM episode), (SELECT max(id) FROM episode);"
                                 "INSERT INTO pick (first_id, second_id) "
                                 "SELECT min(id), min(id) + 1 FROM episode;"));
        }
        const auto count = [&] { return textOf(must(runQuery(store, "SELECT count(*) FROM pick")).rows[0][0]); };
        QCOMPARE(count(), std::string("2"));
        // The run of most episodes is the oldest; the newest one's episode goes, and with it the row of both.
        must(moveToTrash(store, {runs.front().id}));
        QCOMPARE(count(), std::string("1"));
        QVERIFY(must(checkStore(store)).damage.empty());
        Database trash = must(Database::open(trashOf(store), Access::ReadOnly));
        QCOMPARE(must(trash.integer("SELECT count(*) FROM run")), std::int64_t{1});
    }
    void trash_holdsARunWholeAndGivesItBack()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.path().toStdString() + "/gradus.db";
        must(writeFileAtomically(store, must(readFile(kExample))));
        const auto runs = must(must(StoreReader::open(store)).runs());
        const RunRow run = runs.front();
        const RunContent before = contentOf(store, run.uuid);
        must(moveToTrash(store, {run.id}));
        QCOMPARE(uuidsOf(store).size(), runs.size() - 1);
        QVERIFY(must(checkStore(store)).sound());
        const auto trashed = must(trashedRuns(store));
        QCOMPARE(trashed.size(), std::size_t{1});
        QCOMPARE(trashed.front().uuid, run.uuid);
        QVERIFY(std::abs(trashed.front().trashedAt - wallSeconds()) < 60);
        must(restoreFromTrash(store, {run.uuid}));
        QVERIFY(contentOf(store, run.uuid) == before);
        QVERIFY(must(trashedRuns(store)).empty());
        QVERIFY(!restoreFromTrash(store, {run.uuid}));

        must(moveToTrash(store, {must(must(StoreReader::open(store)).findRun(run.uuid)).id}));
        QCOMPARE(must(emptyTrash(store)), std::int64_t{1});
        QVERIFY(must(trashedRuns(store)).empty());
    }
    void trash_refusesWhatIsWorkedOnAndWhatWaits()
    {
        OneRun one;
        const auto queued = moveToTrash(one.path, {one.run});
        QVERIFY(!queued && queued.error().kind == ErrorKind::Refused);
        must(one.writer->claim(one.run));
        const auto living = moveToTrash(one.path, {one.run});
        QVERIFY(!living && living.error().kind == ErrorKind::Refused);
        QCOMPARE(uuidsOf(one.path).size(), std::size_t{1});
    }
    void factsAndVacuum_areTheFilesOwn()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.path().toStdString() + "/gradus.db";
        must(writeFileAtomically(store, must(readFile(kExample))));
        const StoreFacts facts = must(storeFacts(store));
        std::int64_t bytes = 0;
        for (const TableFacts& table : facts.tables) {
            QVERIFY2(table.bytes > 0, table.name.c_str());
            bytes += table.bytes;
            const auto rows = must(runQuery(store, "SELECT count(*) FROM " + table.name));
            QCOMPARE(table.rows, std::get<std::int64_t>(rows.rows[0][0]));
        }
        QVERIFY(bytes > facts.bytes * 9 / 10 && bytes <= facts.bytes);
        double inRuns = 0;
        for (const RunSize& run : facts.runs)
            inRuns += run.total();
        QVERIFY(inRuns > 0 && inRuns < static_cast<double>(bytes));
        QCOMPARE(facts.runs.size(), uuidsOf(store).size());
        for (const RunRow& run : must(must(StoreReader::open(store)).runs()))
            must(moveToTrash(store, {run.id}));
        QVERIFY(must(storeFacts(store)).freeBytes > facts.bytes / 2);
        QVERIFY(must(vacuumStore(store)) > facts.bytes / 2);
        QCOMPARE(must(storeFacts(store)).freeBytes, std::int64_t{0});
        QVERIFY(!vacuumStore(folder.path().toStdString() + "/none.db"));
        QVERIFY(!std::filesystem::exists(folder.path().toStdString() + "/none.db"));
    }
};
GRADUS_SUITE(MergeTest)
#include "merge_test.moc"
