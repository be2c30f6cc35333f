// SPDX-License-Identifier: GPL-3.0-or-later
// A backup put back: over a sound store, over a damaged one, and not at all where it would cost something.
#include "store/restore.h"

#include "base/files.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/store_check.h"
#include "store/store_lock.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <unistd.h>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

/// A store of one run whose backup lacks a second one.
struct Backed
{
    OneRun one;
    std::filesystem::path backup = one.path.string() + "-backup-1.db";
    Backed()
    {
        for (int step = 0; step < 100; ++step)
            one.sink().point({"a", step, 0.5});
        must(one.writer->flush());
        must(backupStore(one.path, backup));
        addRun(*one.writer, "later");
        must(one.writer->flush());
    }
    std::size_t runs(const std::filesystem::path& path) const
    {
        return must(must(StoreReader::open(path)).runs()).size();
    }
};

} // namespace

class RestoreTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBackup_takesTheStoresPlaceAndTheStoreIsKept()
    {
        Backed store;
        store.one.writer.reset();
        QCOMPARE(store.runs(store.one.path), std::size_t{2});
        const auto aside = must(restoreStore(store.one.path, store.backup));
        QCOMPARE(store.runs(store.one.path), std::size_t{1});
        QVERIFY(must(checkStore(store.one.path)).damage.empty());
        QCOMPARE(must(store.one.reader().series(1, "a")).points.size(), std::size_t{100});
        QCOMPARE(store.runs(aside), std::size_t{2}); // and so it can be undone
        const auto again = must(restoreStore(store.one.path, aside));
        QCOMPARE(store.runs(store.one.path), std::size_t{2});
        QVERIFY(again != aside);
        for (const auto& entry : std::filesystem::directory_iterator(store.one.folder.path().toStdString()))
            QVERIFY2(entry.path().string().find(".restoring") == std::string::npos, entry.path().c_str());
    }
    void aBackupOfAnOlderFormat_isBroughtForwardAndLeavesNothingBehind()
    {
        Backed store;
        store.one.writer.reset();
        {
            Database old = must(Database::open(store.backup, Access::ReadWrite));
            must(old.script(kBackTo6));
            old.closeWithCheckpoint();
        }
        must(restoreStore(store.one.path, store.backup));
        QCOMPARE(store.runs(store.one.path), std::size_t{1});
        for (const auto& entry : std::filesystem::directory_iterator(store.one.folder.path().toStdString()))
            QVERIFY2(entry.path().string().find(".restoring") == std::string::npos, entry.path().c_str());
    }
    void aQueueAtWork_isNotTakenAway()
    {
        Backed store;
        store.one.writer.reset();
        const auto worker = StoreLock::tryTake(store.one.path, StorePurpose::Queue);
        QVERIFY(worker.has_value());
        const auto restored = restoreStore(store.one.path, store.backup);
        QVERIFY(!restored && restored.error().kind == ErrorKind::Refused);
        QCOMPARE(store.runs(store.one.path), std::size_t{2});
    }
    void aReaderThatIsOpen_goesOnWithWhatItRead()
    {
        Backed store;
        store.one.writer.reset();
        const StoreReader before = store.one.reader();
        QCOMPARE(must(before.runs()).size(), std::size_t{2});
        must(restoreStore(store.one.path, store.backup));
        QCOMPARE(must(before.runs()).size(), std::size_t{2});
        QCOMPARE(must(store.one.reader().runs()).size(), std::size_t{1});
    }
    void aDamagedStore_isWhatItIsFor()
    {
        Backed store;
        store.one.writer.reset();
        must(writeFileAtomically(store.one.path, std::string(5000, 'x')));
        QVERIFY(!StoreReader::open(store.one.path));
        const auto aside = must(restoreStore(store.one.path, store.backup));
        QCOMPARE(store.runs(store.one.path), std::size_t{1});
        QCOMPARE(must(readFile(aside)), std::string(5000, 'x'));
    }
    void whereThereIsNoStore_itIsMade()
    {
        Backed store;
        const std::filesystem::path fresh = store.one.folder.path().toStdString() + "/fresh.db";
        QVERIFY(must(restoreStore(fresh, store.backup)).empty());
        QCOMPARE(store.runs(fresh), std::size_t{1});
    }
    void whatIsNoSoundBackup_leavesTheStoreAlone_data()
    {
        QTest::addColumn<std::string>("kind");
        for (const char* name : {"missing", "text", "empty", "cut off", "newer", "the store itself"})
            QTest::newRow(name) << std::string(name);
    }
    void whatIsNoSoundBackup_leavesTheStoreAlone()
    {
        QFETCH(std::string, kind);
        Backed store;
        store.one.writer.reset();
        std::filesystem::path bad = store.one.folder.path().toStdString() + "/bad.db";
        const std::string good = must(readFile(store.backup));
        if (kind == "text") must(writeFileAtomically(bad, "no store at all, only words"));
        if (kind == "empty") must(writeFileAtomically(bad, ""));
        if (kind == "cut off") must(writeFileAtomically(bad, good.substr(0, good.size() / 2)));
        if (kind == "newer") {
            must(writeFileAtomically(bad, good));
            Database database = must(Database::open(bad, Access::ReadWrite));
            must(database.script(("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1)).c_str()));
        }
        if (kind == "the store itself") bad = store.one.path;
        const std::string before = must(readFile(store.one.path));
        const auto restored = restoreStore(store.one.path, bad);
        QVERIFY(!restored);
        QVERIFY2(restored.error().kind == ErrorKind::BadInput, restored.error().message.c_str());
        QCOMPARE(must(readFile(store.one.path)), before);
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(store.one.folder.path().toStdString()))
            files += entry.path().string().find("restor") != std::string::npos ? 1 : 0;
        QCOMPARE(files, 0);
    }
    void aRunAtWork_isNotTakenAway()
    {
        Backed store;
        must(store.one.writer->claim(store.one.run));
        const auto restored = restoreStore(store.one.path, store.backup);
        QVERIFY(!restored);
        QVERIFY2(restored.error().message.find("being worked on") != std::string::npos,
                 restored.error().message.c_str());
        QCOMPARE(store.runs(store.one.path), std::size_t{2});
    }
    void aFolderThatCannotBeWritten_isSaid()
    {
        if (::geteuid() == 0) QSKIP("the superuser writes everywhere");
        Backed store;
        store.one.writer.reset();
        const auto folder = store.one.path.parent_path();
        std::filesystem::permissions(folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        const auto restored = restoreStore(store.one.path, store.backup);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        QVERIFY(!restored && restored.error().kind == ErrorKind::BadInput);
        QCOMPARE(store.runs(store.one.path), std::size_t{2});
    }
};
GRADUS_SUITE(RestoreTest)
#include "restore_test.moc"
