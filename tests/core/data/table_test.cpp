// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/cell_path.h"
#include "data/csv.h"
#include "data/fingerprint.h"
#include "data/jsonl.h"

#include "base/files.h"
#include "base/rng.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::data;

namespace {

std::string cell(const Table& table, std::size_t row, std::size_t column)
{
    return table.rows.at(row).cells.at(column).value_or("<none>");
}

bool mentions(const Error& error, const std::string& text)
{
    return error.kind == ErrorKind::BadInput && error.message.find(text) != std::string::npos;
}

} // namespace

class TableTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void csv_readsQuotesCommasLineEndsAndCrlf()
    {
        const auto table = parseCsv("\xEF\xBB\xBFid,text\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,\r\n3,\"\"", "x.csv");
        QVERIFY(table.ok());
        const std::vector<std::string> columns{"id", "text"};
        QCOMPARE(table->columns, columns);
        QCOMPARE(table->rows.size(), 3U);
        QCOMPARE(cell(*table, 0, 1), std::string("a, \"b\"\nc"));
        QCOMPARE(cell(*table, 1, 1), std::string());
        QCOMPARE(cell(*table, 2, 1), std::string());
        QCOMPARE(table->rows[0].line, 2);
        QCOMPARE(table->rows[1].line, 5);
    }
    void csv_badInputNamesLineAndColumn()
    {
        const auto open = parseCsv("a,b\n1,\"x\ny", "open.csv");
        QVERIFY(!open.ok() && mentions(open.error(), "open.csv line 2, column 3"));
        const auto bare = parseCsv("a,b\n1,x\"y", "bare.csv");
        QVERIFY(!bare.ok() && mentions(bare.error(), "line 2, column 4"));
        const auto after = parseCsv("a,b\n\"1\"2,3", "after.csv");
        QVERIFY(!after.ok() && mentions(after.error(), "line 2, column 4"));
        const auto ragged = parseCsv("a,b\n\"1\n1\",2\n1,2,3\n", "ragged.csv");
        QVERIFY(!ragged.ok() && mentions(ragged.error(), "line 4 has 3 fields"));
        const auto twice = parseCsv("a,a\n1,2\n", "twice.csv");
        QVERIFY(!twice.ok() && mentions(twice.error(), "\"a\" twice"));
        QVERIFY(!parseCsv("", "empty.csv").ok());
        QVERIFY(!parseCsv("\n\r\n", "empty.csv").ok());
    }
    void csv_readsBackWhateverWasQuoted()
    {
        Rng rng(tests::propertySeed(), "csv");
        for (int round = 0; round < 200; ++round) {
            std::vector<std::string> fields(1 + rng.below(4));
            std::string text = "a";
            for (std::size_t i = 1; i < fields.size(); ++i)
                text += "," + std::string(1, static_cast<char>('a' + i));
            text += "\n";
            for (std::size_t i = 0; i < fields.size(); ++i) {
                for (std::uint64_t n = rng.below(12); n > 0; --n)
                    fields[i] += "ab,\"\r\n\x80 "[rng.below(8)];
                std::string quoted = fields[i];
                for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2)
                    quoted.insert(at, 1, '"');
                text += (i ? ",\"" : "\"") + quoted + "\"";
            }
            const auto table = parseCsv(text, "random.csv");
            QVERIFY2(table.ok(), table.ok() ? "" : table.error().message.c_str());
            for (std::size_t i = 0; i < fields.size(); ++i)
                QCOMPARE(cell(*table, 0, i), fields[i]);
        }
    }
    void csv_neverCrashesOnAnyBytes()
    {
        Rng rng(tests::propertySeed(), "csv/hostile");
        for (int round = 0; round < 2000; ++round) {
            std::string text;
            for (std::uint64_t n = rng.below(30); n > 0; --n)
                text += "a,\"\r\n\xEF"[rng.below(6)];
            if (const auto table = parseCsv(text, "x.csv"); !table.ok()) QVERIFY(!table.error().message.empty());
            if (const auto table = parseJsonl(text, "x.jsonl"); !table.ok()) QVERIFY(!table.error().message.empty());
        }
    }
    void jsonl_keepsColumnsInOrderOfAppearance()
    {
        const auto table = parseJsonl("{\"b\":\"x\",\"a\":1}\r\n\n{\"c\":[1,{\"d\":2}],\"a\":null}\n", "x.jsonl");
        QVERIFY(table.ok());
        const std::vector<std::string> columns{"b", "a", "c"};
        QCOMPARE(table->columns, columns);
        QCOMPARE(cell(*table, 0, 0), std::string("x"));
        QCOMPARE(cell(*table, 0, 1), std::string("1"));
        QCOMPARE(cell(*table, 0, 2), std::string("<none>"));
        QCOMPARE(cell(*table, 1, 2), std::string("[1,{\"d\":2}]"));
        QCOMPARE(cell(*table, 1, 1), std::string("<none>"));
        QCOMPARE(table->rows[1].line, 3);
    }
    void jsonl_badInputNamesTheLine()
    {
        const auto broken = parseJsonl("{\"a\":1}\n{\"a\":", "b.jsonl");
        QVERIFY(!broken.ok() && mentions(broken.error(), "b.jsonl line 2"));
        const auto list = parseJsonl("[1]", "b.jsonl");
        QVERIFY(!list.ok() && mentions(list.error(), "not an object"));
        const auto bytes = parseJsonl("{\"a\":\"\xFF\"}", "b.jsonl");
        QVERIFY(!bytes.ok() && mentions(bytes.error(), "line 1"));
        const auto deep = parseJsonl("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}", "b.jsonl");
        QVERIFY(!deep.ok() && mentions(deep.error(), "deeper than 64"));
        QVERIFY(!parseJsonl("\n \n", "b.jsonl").ok());
    }
    void jsonl_bracketsInsideStringsAreNoDepth()
    {
        QVERIFY(parseJsonl("{\"a\":\"" + std::string(500, '[') + "\\\"" + std::string(500, '{') + "\"}", "x").ok());
    }
    void readTable_saysWhatIsWrongWithTheFile()
    {
        const QTemporaryDir folder;
        const std::filesystem::path at = folder.path().toStdString();
        const auto missing = readTable(at / "none.csv");
        QVERIFY(!missing.ok() && mentions(missing.error(), "none.csv"));
        const auto format = readTable(at / "data.xlsx");
        QVERIFY(!format.ok() && mentions(format.error(), ".csv, .jsonl"));
        QVERIFY(writeFileAtomically(at / "header.csv", "a,b\n").ok());
        const auto header = readTable(at / "header.csv");
        QVERIFY(!header.ok() && mentions(header.error(), "no rows"));
    }
    void cellPath_namesTheColumnsThatAreThere()
    {
        const auto table = parseCsv("id,better,worse\n1,x,y\n", "p.csv");
        QVERIFY(table.ok());
        QCOMPARE(cellPath(*table, "worse", "rejected")->column, 2U);
        const auto none = cellPath(*table, "chosen", "chosen");
        QVERIFY(!none.ok() && mentions(none.error(), "id, better, worse"));
        QVERIFY(mentions(none.error(), "task.columns = { chosen = "));
        QCOMPARE(none.error().key, std::string("task.columns"));
    }
    void cellPath_reachesIntoJsonAndPrefersAColumnOfThatName()
    {
        const auto table = parseJsonl("{\"a\":{\"b\":{\"c\":\"deep\"},\"n\":3},\"a.n\":\"column\"}\n", "p.jsonl");
        QVERIFY(table.ok());
        const auto at = [&](const char* path) { return cellAt(table->rows[0], *findCell(*table, path)); };
        QCOMPARE(at("a.b.c"), std::optional<std::string>("deep"));
        QCOMPARE(at("a.b"), std::optional<std::string>("{\"c\":\"deep\"}"));
        QCOMPARE(at("a.n"), std::optional<std::string>("column"));
        QCOMPARE(at("a.missing.c"), std::optional<std::string>());
        QVERIFY(!findCell(*table, "b.c").has_value());
    }
    void cellPath_asksNothingOfAbsurdlyDeepJson()
    {
        // A CSV cell is text and may nest as it likes; what copies or prints such a tree calls itself at every level.
        std::string deep;
        for (int i = 0; i < 200000; ++i)
            deep += "{\"\"k\"\":";
        deep += "1" + std::string(200000, '}');
        const auto table = parseCsv("a\n\"" + deep + "\"\n", "p.csv");
        QVERIFY(table.ok());
        QVERIFY(!cellAt(table->rows[0], *findCell(*table, "a.k")));
        QVERIFY(cellAt(table->rows[0], *findCell(*table, "a")).has_value());
    }
    void itemNames_areReadBackAndNothingElseIs()
    {
        Rng rng(tests::propertySeed(), "item names");
        for (int i = 0; i < 1000; ++i) {
            const auto number = static_cast<std::int64_t>(rng.nextBits() >> 1U);
            QCOMPARE(itemNumberFrom(itemName(number)), std::optional<std::int64_t>(number));
        }
        for (const char* text : {"", "12", "00000000000000000", "-00000000000000f", "000000000000000g",
                                 " 00000000000000f", "ffffffffffffffff"})
            QVERIFY2(!itemNumberFrom(text), text);
    }
    void cellText_namesTheLineOfAMissingCell()
    {
        const auto table = parseJsonl("{\"a\":\"x\",\"b\":\"y\"}\n{\"a\":\"x\"}\n", "p.jsonl");
        QVERIFY(table.ok());
        QCOMPARE(*cellText(*table, table->rows[0], *findCell(*table, "b")), std::string("y"));
        const auto none = cellText(*table, table->rows[1], *findCell(*table, "b"));
        QVERIFY(!none.ok() && mentions(none.error(), "p.jsonl line 2 has no \"b\""));
    }
};
GRADUS_SUITE(TableTest)
#include "table_test.moc"
