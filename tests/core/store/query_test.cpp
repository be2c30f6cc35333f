// SPDX-License-Identifier: GPL-3.0-or-later
// A statement somebody wrote: it reads, it ends, and it reaches nothing else.
#include "store/query.h"

#include "base/clock.h"
#include "base/files.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <thread>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

constexpr const char* kEndless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

} // namespace

class QueryTest : public QObject
{
    Q_OBJECT
    std::unique_ptr<OneRun> m_one;
    Result<QueryResult> run(const std::string& sql, const QueryLimits& limits = {})
    {
        return runQuery(m_one->path, sql, limits);
    }

private Q_SLOTS:
    void init()
    {
        m_one = std::make_unique<OneRun>();
        for (std::int64_t step = 0; step < 500; ++step)
            m_one->sink().point({"a", step, 0.5 * static_cast<double>(step)});
        must(m_one->writer->flush());
    }
    void values_keepTheirTypes()
    {
        const auto result = must(run("SELECT 1 AS i, 0.1 AS r, 'x''y' AS t, X'00ff' AS b, NULL AS n"));
        QCOMPARE(result.columns, (std::vector<std::string>{"i", "r", "t", "b", "n"}));
        QCOMPARE(result.rows.size(), std::size_t{1});
        QCOMPARE(std::get<std::int64_t>(result.rows[0][0]), std::int64_t{1});
        QCOMPARE(std::get<double>(result.rows[0][1]), 0.1);
        QCOMPARE(std::get<std::string>(result.rows[0][2]), std::string("x'y"));
        QCOMPARE(textOf(result.rows[0][3]), std::string("X'00ff'"));
        QVERIFY(textOf(result.rows[0][4]).empty());
    }
    void whatWrites_isRefusedAndNothingChanges_data()
    {
        QTest::addColumn<QString>("sql");
        for (const char* sql : {"DELETE FROM run",
                                "UPDATE run SET seed = 9",
                                "INSERT INTO queue_pause VALUES (1, 0)",
                                "DROP TABLE run",
                                "CREATE TABLE t(a)",
                                "CREATE TEMP TABLE t(a)",
                                "ATTACH '/tmp/other.db' AS o",
                                "DETACH main",
                                "VACUUM",
                                "VACUUM INTO '/tmp/gradus-leak.db'",
                                "PRAGMA query_only = OFF",
                                "PRAGMA user_version = 3",
                                "PRAGMA journal_mode = DELETE",
                                "PRAGMA writable_schema = ON",
                                "BEGIN IMMEDIATE",
                                "REINDEX",
                                "ANALYZE",
                                "SELECT load_extension('x')",
                                "WITH x AS (SELECT 1) DELETE FROM run",
                                "SELECT 1; DELETE FROM run",
                                "SELECT collect_points(step, wall, kind, value) FROM point",
                                "ALTER TABLE run ADD COLUMN z"})
            QTest::newRow(sql) << QString(sql);
    }
    void whatWrites_isRefusedAndNothingChanges()
    {
        QFETCH(QString, sql);
        m_one->writer.reset();
        const std::string before = must(readFile(m_one->path));
        const auto result = run(sql.toStdString());
        QVERIFY(!result);
        QVERIFY2(result.error().kind == ErrorKind::BadInput, result.error().message.c_str());
        QCOMPARE(must(readFile(m_one->path)), before);
        QVERIFY(!std::filesystem::exists("/tmp/gradus-leak.db"));
    }
    void readingPragmasAndPlans_run()
    {
        QVERIFY(must(run("PRAGMA table_info(point)")).rows.size() >= 5);
        QVERIFY(must(run("SELECT name FROM pragma_table_info('run')")).rows.size() > 10);
        QVERIFY(!must(run("EXPLAIN QUERY PLAN SELECT * FROM point")).rows.empty());
        QCOMPARE(must(run("VALUES (1), (2)")).rows.size(), std::size_t{2});
    }
    void anEndlessStatement_endsAtItsTime()
    {
        const double begun = monotonicSeconds();
        const auto result = run(kEndless, {.seconds = 0.2});
        QVERIFY(!result);
        QVERIFY2(result.error().message.starts_with("Stopped after 0.2 s"), result.error().message.c_str());
        QVERIFY(monotonicSeconds() - begun < 2 * kPatience);
    }
    void aStoppedStatement_endsAtOnce()
    {
        StopFlag stop;
        std::thread presses([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            stop.request();
        });
        const double begun = monotonicSeconds();
        const auto result = runQuery(m_one->path, kEndless, {.seconds = 60}, &stop);
        presses.join();
        QVERIFY(!result && result.error().kind == ErrorKind::Stopped);
        QVERIFY(monotonicSeconds() - begun < 2 * kPatience);
    }
    void limits_cutAndSaySo()
    {
        const auto rows = must(run("SELECT step FROM point", {.rows = 100}));
        QCOMPARE(rows.rows.size(), std::size_t{100});
        QVERIFY(rows.cut);
        QVERIFY(!must(run("SELECT step FROM point", {.rows = 500})).cut);
        const auto bytes = must(run("SELECT zeroblob(1000000) FROM point", {.bytes = 10'000'000}));
        QVERIFY(bytes.cut && bytes.rows.size() <= 11);
        QVERIFY(!run("SELECT zeroblob(900000000)"));
    }
    void mistakes_haveALineAndAColumn()
    {
        const auto result = run("SELECT step,\n       walll\nFROM point");
        QVERIFY(!result);
        QVERIFY2(result.error().message.find("line 2, column 8") != std::string::npos, result.error().message.c_str());
        QVERIFY(result.error().message.find("walll") != std::string::npos);
        QVERIFY(!run("") && !run("  -- nothing\n") && !run("SELECT ?1"));
    }
    void theStatementAtTheCursor_isFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QString>("statement");
        const QString two = "SELECT 1;\n  SELECT ';' -- a; b\n , 2 ;";
        QTest::newRow("first") << two << 3 << "SELECT 1";
        QTest::newRow("on its semicolon") << two << 8 << "SELECT 1";
        QTest::newRow("second") << two << 20 << "SELECT ';' -- a; b\n , 2";
        QTest::newRow("end") << two << static_cast<int>(two.size()) << "SELECT ';' -- a; b\n , 2";
        QTest::newRow("none") << QString("  ") << 1 << "";
        QTest::newRow("block comment") << QString("/* ; */ SELECT 2") << 0 << "/* ; */ SELECT 2";
        QTest::newRow("open string") << QString("SELECT 'a;b") << 2 << "SELECT 'a;b";
        QTest::newRow("quoted name") << QString("SELECT \"a;b\", [c;d] ; x") << 2 << "SELECT \"a;b\", [c;d]";
    }
    void theStatementAtTheCursor_isFound()
    {
        QFETCH(QString, text);
        QFETCH(int, offset);
        QFETCH(QString, statement);
        const std::string sql = text.toStdString();
        const StatementSpan span = statementAt(sql, static_cast<std::size_t>(offset));
        QCOMPARE(QString::fromStdString(sql.substr(span.first, span.length)), statement);
    }
};
GRADUS_SUITE(QueryTest)
#include "query_test.moc"
