// SPDX-License-Identifier: GPL-3.0-or-later
// Parquet files that this test writes with Arrow itself, read by the module as users' files are.
#include "data/jsonl.h"
#include "data/raw_data.h"
#include "data/table.h"
#include "data/table_parts.h"

#include "base/files.h"
#include "base/rng.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#ifdef GRADUS_WITH_ARROW
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>
#endif

using namespace gradus;
using namespace gradus::data;

class ParquetTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::filesystem::path at(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

#ifdef GRADUS_WITH_ARROW
    static std::shared_ptr<arrow::Table> sample(int count)
    {
        using Strings = arrow::StringBuilder;
        Strings prompts;
        arrow::Int64Builder numbers;
        arrow::DoubleBuilder scores;
        arrow::BooleanBuilder flags;
        arrow::BinaryBuilder bytes;
        auto* pool = arrow::default_memory_pool();
        auto roles = std::make_shared<Strings>();
        auto contents = std::make_shared<Strings>();
        const auto type = arrow::struct_({arrow::field("role", arrow::utf8()), arrow::field("content", arrow::utf8())});
        auto messages = std::make_shared<arrow::StructBuilder>(
            type, pool, std::vector<std::shared_ptr<arrow::ArrayBuilder>>{roles, contents});
        arrow::ListBuilder dialogues(pool, messages);
        for (int i = 0; i < count; ++i) {
            const bool gap = i % 5 == 4;
            (void)(gap ? prompts.AppendNull() : prompts.Append("prompt \xC3\xA9 " + std::to_string(i)));
            (void)numbers.Append(i * 1000000007LL);
            (void)scores.Append(i == 1 ? std::numeric_limits<double>::quiet_NaN() : i / 4.0);
            (void)flags.Append(i % 2 == 0);
            (void)bytes.Append(i % 2 == 0 ? "text" : "\xFF\xFE");
            (void)dialogues.Append();
            for (const char* role : {"user", "assistant"}) {
                (void)messages->Append();
                (void)roles->Append(role);
                (void)contents->Append(std::string(role) + " \"" + std::to_string(i) + "\"");
            }
        }
        const auto schema =
            arrow::schema({arrow::field("prompt", arrow::utf8()), arrow::field("number", arrow::int64()),
                           arrow::field("score", arrow::float64()), arrow::field("flag", arrow::boolean()),
                           arrow::field("bytes", arrow::binary()), arrow::field("chosen", arrow::list(type))});
        return arrow::Table::Make(schema, {*prompts.Finish(), *numbers.Finish(), *scores.Finish(), *flags.Finish(),
                                           *bytes.Finish(), *dialogues.Finish()});
    }

    void write(const std::filesystem::path& path, const arrow::Table& table, parquet::Compression::type codec,
               int rowsInAGroup = 300) const
    {
        const auto file = *arrow::io::FileOutputStream::Open(path.string());
        const auto properties = parquet::WriterProperties::Builder().compression(codec)->build();
        const auto status =
            parquet::arrow::WriteTable(table, arrow::default_memory_pool(), file, rowsInAGroup, properties);
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(file->Close().ok());
    }
#endif

private Q_SLOTS:
    void withoutTheModule_theMessageSaysHowToGetIt()
    {
#ifdef GRADUS_WITH_ARROW
        QSKIP("This build has the module.");
#else
        QVERIFY(writeFileAtomically(at("x.parquet"), "PAR1").ok());
        const auto table = readTable(at("x.parquet"));
        QVERIFY(!table.ok());
        QVERIFY(table.error().message.find("pyarrow") != std::string::npos);
#endif
    }
#ifdef GRADUS_WITH_ARROW
    void cells_areWhatJsonLinesWouldGive()
    {
        for (const auto codec : {parquet::Compression::UNCOMPRESSED, parquet::Compression::SNAPPY,
                                 parquet::Compression::ZSTD, parquet::Compression::GZIP}) {
            write(at("a.parquet"), *sample(2500), codec);
            const auto table = readTable(at("a.parquet"));
            QVERIFY2(table.ok(), table ? "" : table.error().message.c_str());
            QCOMPARE(table->columns,
                     (std::vector<std::string>{"prompt", "number", "score", "flag", "bytes", "chosen"}));
            QCOMPARE(table->rows.size(), 2500U);
            const auto cells = [&](std::size_t row) { return table->rows[row].cells; };
            using Cells = std::vector<std::optional<std::string>>;
            QCOMPARE(cells(0), (Cells{"prompt \xC3\xA9 0", "0", "0.0", "true", "text",
                                      "[{\"role\":\"user\",\"content\":\"user "
                                      "\\\"0\\\"\"},{\"role\":\"assistant\",\"content\":\"assistant \\\"0\\\"\"}]"}));
            QCOMPARE(cells(1)[2], std::optional<std::string>("NaN"));
            QCOMPARE(cells(1)[4], std::optional<std::string>()); // bytes that are no text
            QCOMPARE(cells(4)[0], std::optional<std::string>());
            QCOMPARE(cells(2499)[1], std::optional<std::string>(std::to_string(2499 * 1000000007LL)));
            QCOMPARE(table->rows[2499].line, 2500);
        }
    }
    void aNameTwice_isRefused()
    {
        const auto renamed = sample(3)->RenameColumns({"prompt", "number", "prompt", "flag", "bytes", "chosen"});
        QVERIFY(renamed.ok());
        write(at("twice.parquet"), **renamed, parquet::Compression::SNAPPY);
        const auto table = readTable(at("twice.parquet"));
        QVERIFY(!table.ok());
        QVERIFY2(table.error().message.find("names the column \"prompt\" twice") != std::string::npos,
                 table.error().message.c_str());
    }
    void parts_areTheWholeFileInItsOrder()
    {
        write(at("parts.parquet"), *sample(2500), parquet::Compression::SNAPPY);
        const auto whole = readTable(at("parts.parquet"));
        QVERIFY(whole.ok());
        for (const std::size_t partBytes : {std::size_t{1}, std::size_t{50'000}, std::size_t{1} << 30}) {
            std::vector<Row> rows;
            std::size_t parts = 0;
            const auto keep = [&](const Table& part) -> Result<void> {
                ++parts;
                if (part.columns != whole->columns) return badInput("other columns");
                rows.insert(rows.end(), part.rows.begin(), part.rows.end());
                return {};
            };
            const auto read = eachPart(at("parts.parquet"), partBytes, keep);
            QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
            QVERIFY(partBytes == 1 ? parts == 2500 : partBytes > 50'000 ? parts == 1 : parts > 5 && parts < 100);
            QCOMPARE(rows.size(), whole->rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i)
                QVERIFY(rows[i].line == whole->rows[i].line && rows[i].cells == whole->rows[i].cells);
        }
    }
    void parts_endWithWhatTheirReaderSays()
    {
        write(at("ended.parquet"), *sample(2500), parquet::Compression::SNAPPY);
        int parts = 0;
        const auto read = eachPart(at("ended.parquet"), 50'000, [&](const Table&) -> Result<void> {
            return ++parts == 3 ? badInput("enough") : Result<void>();
        });
        QVERIFY(!read.ok());
        QCOMPARE(read.error().message, std::string("enough"));
        QCOMPARE(parts, 3);
        write(at("empty.parquet"), *sample(0), parquet::Compression::SNAPPY);
        const auto none = eachPart(at("empty.parquet"), 50'000, [](const Table&) { return Result<void>(); });
        QVERIFY(!none.ok() && none.error().message.find("holds no rows") != std::string::npos);
    }
    void messages_nameTheRow()
    {
        write(at("a.parquet"), *sample(20), parquet::Compression::SNAPPY);
        spec::Experiment experiment;
        experiment.task.name = "preferences";
        experiment.task.teacherData = experiment.task.testData = at("a.parquet").string();
        experiment.task.columns = {{ "rejected", "number" }};
        const auto data = readRawData(*templateOf("preferences"), experiment);
        QVERIFY(!data.ok());
        QVERIFY2(data.error().message.find("a.parquet row 5 has no \"prompt\"") != std::string::npos,
                 data.error().message.c_str());
    }
    void brokenFiles_areRefusedInOneSentence()
    {
        write(at("whole.parquet"), *sample(400), parquet::Compression::SNAPPY);
        const auto whole = readFile(at("whole.parquet"));
        QVERIFY(whole.ok());
        const std::size_t size = whole->size();
        std::vector<std::string> broken{"", "PAR1", "no parquet at all", whole->substr(0, size / 2),
                                        whole->substr(size / 2)};
        Rng rng(tests::propertySeed(), "broken parquet");
        for (int i = 0; i < 200; ++i) {
            std::string bytes = *whole;
            for (int k = 0; k < 3; ++k)
                bytes[rng.nextBits() % size] = static_cast<char>(rng.nextBits());
            broken.push_back(std::move(bytes));
        }
        int refused = 0;
        for (const std::string& bytes : broken) {
            QVERIFY(writeFileAtomically(at("broken.parquet"), bytes).ok());
            const auto table = readTable(at("broken.parquet"));
            if (table) continue; // a change of a value alone cannot be seen
            ++refused;
            QVERIFY(table.error().kind == ErrorKind::BadInput);
            QVERIFY(table.error().message.find("broken.parquet") != std::string::npos);
        }
        QVERIFY2(refused >= 5, std::to_string(refused).c_str());
        const auto missing = readTable(at("none.parquet"));
        QVERIFY(!missing.ok() && missing.error().message.find("none.parquet") != std::string::npos);
    }
#endif
};
GRADUS_SUITE(ParquetTest)
#include "parquet_test.moc"
