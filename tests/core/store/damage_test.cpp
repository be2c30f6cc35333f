// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are no store, no longer a store, or not yet understood: one sentence, never a crash.
#include "base/files.h"
#include "base/rng.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

/// Reads everything there is; the number of errors met.
int readEverything(const std::filesystem::path& path)
{
    const auto reader = StoreReader::open(path);
    if (!reader) {
        if (reader.error().message.empty()) throw std::runtime_error("an error without a sentence");
        return 1;
    }
    int errors = 0;
    const auto runs = reader->runs();
    errors += runs ? 0 : 1;
    PointCursor cursor;
    errors += reader->detail(1) ? 0 : 1;
    errors += reader->pointsSince(1, cursor) ? 0 : 1;
    errors += reader->buckets(1, "a", 0, 1000, 50) ? 0 : 1;
    errors += reader->findRun("abcd").error().message.empty() ? 1 : 0;
    return errors;
}

} // namespace

class DamageTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::string m_good; ///< the bytes of a small real store
    std::filesystem::path path(const std::string& name) const { return m_dir.path().toStdString() + "/" + name; }
    std::filesystem::path fileOf(const std::string& name, const std::string& bytes) const
    {
        must(writeFileAtomically(path(name), bytes));
        return path(name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        OneRun one;
        for (std::int64_t step = 0; step < 300; ++step)
            one.sink().point({"a", step, static_cast<double>(step)});
        one.sink().stage({1, events::StageKind::Competence, events::StageState::Finished, 1, "i", "o", "n"});
        one.sink().generation({});
        one.sink().event({"alert", 1, 1, "sentence", "{}"});
        one.writer.reset();
        m_good = must(readFile(one.path));
        QCOMPARE(readEverything(fileOf("good.db", m_good)), 0);
    }

    void flippedBytes_neverCrashTheReaderOrTheCheck()
    {
        Rng rng(propertySeed(), "flip");
        int noticed = 0;
        for (int i = 0; i < 300; ++i) {
            std::string bytes = m_good;
            // A third in the header and the schema, where one byte does most.
            for (std::uint64_t flips = 1 + rng.below(8); flips > 0; --flips) {
                const std::size_t reach = rng.below(3) == 0 ? std::min<std::size_t>(bytes.size(), 8192) : bytes.size();
                bytes[rng.below(reach)] ^= static_cast<char>(1 + rng.below(255));
            }
            const auto file = fileOf("flipped.db", bytes);
            const int errors = readEverything(file);
            const auto report = checkStore(file);
            if (errors > 0 || !report || !report->sound()) ++noticed;
            for (const char* beside : {"-wal", "-shm"})
                std::filesystem::remove(file.string() + beside);
        }
        qInfo("%d of 300 mutations were noticed", noticed);
        QVERIFY(noticed > 30); // most bytes of so small a store are unused page space
    }

    void truncatedStores_areRefusedAtEveryLength()
    {
        for (std::size_t length = 0; length < m_good.size(); length += length < 2048 ? 97 : 1531) {
            const auto file = fileOf("short.db", m_good.substr(0, length));
            const auto report = checkStore(file);
            QVERIFY2(!report || !report->sound(), qPrintable(QString::number(length)));
            readEverything(file);
        }
    }

    void otherFiles_areNamedAsWhatTheyAre()
    {
        for (const std::string& bytes : {std::string("hello\n"), std::string(5000, '\0'), std::string(5000, 'x')}) {
            const auto file = fileOf("other.db", bytes);
            QCOMPARE(StoreReader::open(file).error().kind, ErrorKind::BadInput);
            QCOMPARE(StoreWriter::open(file).error().kind, ErrorKind::BadInput);
            QCOMPARE(must(readFile(file)), bytes); // and are left alone
        }
    }

    void anotherProgramsDatabase_isLeftAlone()
    {
        const auto file = path("zotero.sqlite");
        {
            Database database = must(Database::open(file, Access::ReadWrite));
            must(database.script("CREATE TABLE items (id INTEGER); PRAGMA user_version = 2;"));
        }
        const std::string before = must(readFile(file));
        for (const Error& error : {StoreReader::open(file).error(), StoreWriter::open(file).error()}) {
            QCOMPARE(error.kind, ErrorKind::BadInput);
            QVERIFY(error.message.find("another program") != std::string::npos);
        }
        QVERIFY(must(readFile(file)) == before);
    }

    void newerStore_isRefusedWithBothFormats()
    {
        const auto file = fileOf("newer.db", m_good);
        const std::string newer = std::to_string(kSchemaVersion + 1);
        {
            Database database = must(Database::open(file, Access::ReadWrite));
            must(database.script(("PRAGMA user_version = " + newer).c_str()));
        }
        for (const Error& error : {StoreReader::open(file).error(), StoreWriter::open(file).error()}) {
            QCOMPARE(error.kind, ErrorKind::BadInput);
            QVERIFY(error.message.find("format " + newer) != std::string::npos);
            QVERIFY(error.message.find("up to " + std::to_string(kSchemaVersion)) != std::string::npos);
        }
    }

    void writerOnAPathThatCannotBe_isBadInput()
    {
        must(writeFileAtomically(path("file"), "x"));
        for (const auto& wrong : {path("file") / "gradus.db", std::filesystem::path(m_dir.path().toStdString()),
                                  std::filesystem::path("/proc/gradus.db"), std::filesystem::path("/dev/full")})
            QCOMPARE(StoreWriter::open(wrong).error().kind, ErrorKind::BadInput);
    }

    void missingRow_isFoundByTheReferenceCheck()
    {
        const auto file = fileOf("orphans.db", m_good);
        {
            Database database = must(Database::open(file, Access::ReadWrite));
            must(database.script("PRAGMA foreign_keys = OFF; DELETE FROM run;"));
        }
        const auto report = must(checkStore(file));
        QVERIFY(!report.damage.empty());
    }
};
GRADUS_SUITE(DamageTest)
#include "damage_test.moc"
