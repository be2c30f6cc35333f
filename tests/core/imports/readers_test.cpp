// SPDX-License-Identifier: GPL-3.0-or-later
// Files as trackers write them, and files as nobody should: each is read to the last value or refused in one sentence.
#include "base/rng.h"
#include "import_support.h"
#include "imports/event_file.h"
#include "store/database.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::imports;
using namespace gradus::tests;

namespace {

const std::filesystem::path kEventFile = kTensorBoardRuns / "small-seed1/events.out.tfevents.1795945903.host";

std::string littleEndianText(std::uint64_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
}

std::string recordOf(const std::string& message)
{
    const std::string length = littleEndianText(message.size(), 8);
    return length + littleEndianText(maskedCrc(length), 4) + message + littleEndianText(maskedCrc(message), 4);
}

} // namespace

class ReadersTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path path(const std::string& name) const { return m_dir.path().toStdString() + "/" + name; }
    void expectRefusal(const std::filesystem::path& file, const char* mustSay)
    {
        const auto source = readSource(file);
        QVERIFY2(!source, mustSay);
        QVERIFY2(source.error().kind == ErrorKind::BadInput, source.error().message.c_str());
        QVERIFY2(source.error().message.find(mustSay) != std::string::npos, source.error().message.c_str());
    }
    /// The two runs that write_tracker_files.py writes with every tracker.
    static void expectTheTwoRuns(const ForeignSource& source, double tolerance)
    {
        QCOMPARE(source.runs.size(), std::size_t{2});
        for (int seed = 1; seed <= 2; ++seed) {
            const auto run = std::find_if(source.runs.begin(), source.runs.end(), [&](const ForeignRun& r) {
                return r.name == "small-seed" + std::to_string(seed);
            });
            QVERIFY(run != source.runs.end());
            QVERIFY(run->startedAt > 1.7e9 && run->endedAt >= run->startedAt);
            const ForeignSeries& loss = seriesOf(*run, "train/loss");
            QCOMPARE(loss.points.size(), std::size_t{20});
            for (int i = 0; i < 20; ++i) {
                const store::PointRow& point = loss.points[static_cast<std::size_t>(i)];
                QCOMPARE(point.step, std::int64_t{10} * i);
                QVERIFY(std::abs(point.value - 1.0 / (i + 1 + seed)) <= tolerance);
                QVERIFY(std::abs(seriesOf(*run, "eval/acc").points[static_cast<std::size_t>(i)].value -
                                 (0.5 + i * 0.01)) <= tolerance);
            }
        }
    }

private Q_SLOTS:
    void checksum_isThePublishedOne()
    {
        const std::uint32_t crc = 0xE3069283U; // CRC-32C of "123456789", RFC 3720
        QCOMPARE(maskedCrc("123456789"), (crc >> 15 | crc << 17) + 0xA282EAD8U);
    }
    void eventFilesOfTensorboardX_areReadToTheLastValue()
    {
        const ForeignSource source = must(readSource(kTensorBoardRuns));
        QCOMPARE(source.format, std::string("TensorBoard events"));
        expectTheTwoRuns(source, 1e-7);
        QCOMPARE(source.runs.front().project, std::string("tb"));
        QCOMPARE(source.notes.size(), std::size_t{1}); // the text is no scalar
        QCOMPARE(must(readSource(kEventFile)).runs.size(), std::size_t{1});
    }
    void tensorScalars_areReadAsTensorFlow2WritesThem()
    {
        // tag "t" with a tensor of type DT_DOUBLE whose content is eight bytes; step 7.
        std::string tensor = std::string("\x08\x02", 2) + "\x22\x08" + littleEndianText(0x3FF8000000000000ULL, 8);
        std::string value = std::string("\x0a\x01t", 3) + "\x42" + static_cast<char>(tensor.size()) + tensor;
        std::string summary = std::string("\x0a") + static_cast<char>(value.size()) + value;
        std::string event = "\x09" + littleEndianText(0x41D0000000000000ULL, 8) + "\x10\x07" + "\x2a" +
                            static_cast<char>(summary.size()) + summary;
        EventScalars scalars;
        must(addEvents(scalars, recordOf(event), "f", {}));
        QCOMPARE(scalars.series.size(), std::size_t{1});
        QCOMPARE(scalars.series[0].points[0].value, 1.5);
        QCOMPARE(scalars.series[0].points[0].step, std::int64_t{7});
        QCOMPARE(scalars.series[0].points[0].wall, 1073741824.0);
    }
    void cutEventFiles_areRefusedAtEveryLengthOrTakenAsFarAsWhole()
    {
        const std::string bytes = must(readFile(kEventFile));
        int refused = 0;
        std::size_t most = 0;
        for (std::size_t length = 1; length < bytes.size(); length += 7) {
            EventScalars scalars;
            const auto read = addEvents(scalars, bytes.substr(0, length), "f", {});
            if (!read) {
                ++refused;
                QVERIFY(read.error().kind == ErrorKind::BadInput);
                QVERIFY(read.error().message.find("cut off") != std::string::npos);
            }
            EventScalars whole;
            must(addEvents(whole, bytes.substr(0, length), "f", {.cutOff = true}));
            std::size_t points = 0;
            for (const ForeignSeries& series : whole.series)
                points += series.points.size();
            QVERIFY(points >= most);
            most = points;
        }
        QVERIFY(refused > 200);
        QVERIFY(most >= 39);
    }
    void flippedBytes_areNoticedByTheChecksums()
    {
        const std::string good = must(readFile(kEventFile));
        Rng rng(propertySeed(), "event file");
        for (int i = 0; i < 300; ++i) {
            std::string bytes = good;
            bytes[rng.below(bytes.size())] ^= static_cast<char>(1 + rng.below(255));
            EventScalars scalars;
            QVERIFY(!addEvents(scalars, bytes, "f", {}));
        }
    }
    void hostileMessages_withRightChecksums_neverCrash()
    {
        Rng rng(propertySeed(), "messages");
        for (int i = 0; i < 2000; ++i) {
            std::string message;
            for (std::uint64_t n = rng.below(40); n > 0; --n)
                message += static_cast<char>(rng.below(4) == 0 ? 0x2a : rng.below(256));
            EventScalars scalars;
            const auto read = addEvents(scalars, recordOf(message), "f", {.cutOff = true});
            QVERIFY(read || !read.error().message.empty());
        }
        // A length of nearly 2^64 with a right checksum is no reason to allocate.
        const std::string length = littleEndianText(0xFFFFFFFFFFFFFFF0ULL, 8);
        EventScalars scalars;
        QVERIFY(!addEvents(scalars, length + littleEndianText(maskedCrc(length), 4) + "abcd", "f", {}));
    }
    void historyExportOfWandb_isReadByRunAndStep()
    {
        const auto file = written(path("export.csv"), "\"run_name\",\"_step\",\"train/loss\",\"eval/acc\",\"note\"\n"
                                                      "\"a\",0,1.5,,hello\n\"a\",8,NaN,0.5,x\n\"b\",0,2.5,0.25,\n"
                                                      "\"b\",8,oops,0.75,\n");
        const ForeignSource source = must(readSource(file));
        QCOMPARE(source.runs.size(), std::size_t{2});
        QCOMPARE(source.stepName, std::string("_step"));
        QCOMPARE(seriesOf(source.runs[0], "train/loss").points.size(), std::size_t{2});
        QVERIFY(std::isnan(seriesOf(source.runs[0], "train/loss").points[1].value));
        QCOMPARE(seriesOf(source.runs[0], "eval/acc").points.size(), std::size_t{1});
        QCOMPARE(seriesOf(source.runs[1], "eval/acc").points[1].step, std::int64_t{8});
        QCOMPARE(source.notes.size(), std::size_t{2}); // the column of words, and the cell that is none
        QVERIFY(source.notes[1].find("Line 5") != std::string::npos ||
                source.notes[0].find("Line 5") != std::string::npos);
    }
    void panelExportOfWandb_namesRunsInItsColumns()
    {
        const auto file =
            written(path("panel.csv"), "\"Step\",\"calm-sun-1 - train/loss\",\"calm-sun-1 - train/loss__MIN\","
                                       "\"calm-sun-1 - train/loss__MAX\",\"wild-sea-2 - train/loss\"\n"
                                       "\"0\",\"1.0\",\"1.0\",\"1.0\",\"2.0\"\n\"1\",\"0.5\",\"0.5\",\"0.5\",\"\"\n");
        const ForeignSource source = must(readSource(file));
        QCOMPARE(source.runs.size(), std::size_t{2});
        QCOMPARE(source.runs[0].name, std::string("calm-sun-1"));
        QCOMPARE(source.runs[0].series.size(), std::size_t{1});
        QCOMPARE(source.runs[1].series[0].points.size(), std::size_t{1});
    }
    void indexColumnOfPandas_isLeftOut()
    {
        const ForeignSource source =
            must(readSource(written(path("pandas.csv"), ",_step,train/loss\n0,0,1.5\n1,10,0.5\n")));
        QCOMPARE(source.runs.size(), std::size_t{1});
        QCOMPARE(source.runs[0].series.size(), std::size_t{1});
        QCOMPARE(seriesOf(source.runs[0], "train/loss").points[1].step, std::int64_t{10});
        QCOMPARE(source.notes, std::vector<std::string>{"The column without a name was left out."});
        const ForeignSource panel = must(readSource(written(path("bare.csv"), "Step,calm - ,calm - loss\n0,1,2\n")));
        QCOMPARE(panel.runs.size(), std::size_t{2}); // what names no metric names no run either
    }
    void tablesThatAreNone_areRefused()
    {
        expectRefusal(written(path("words.csv"), "a,b\nx,y\n"), "no column of numbers");
        expectRefusal(written(path("empty.csv"), "a,b\n"), "no rows");
        expectRefusal(written(path("open.csv"), "a,b\n\"1,2\n"), "open.csv");
        expectRefusal(written(path("ragged.csv"), "_step,b\n1,2\n3\n"), "ragged.csv");
        expectRefusal(written(path("step.csv"), "_step,b\nlots,2\n"), "step.csv:2");
        expectRefusal(written(path("some.txt"), "a,b\n1,2\n"), "of no kind that is read");
        expectRefusal(path("absent"), "There is no file or folder");
        std::filesystem::create_directories(path("nothing"));
        expectRefusal(path("nothing"), "holds nothing to import");
    }
    void mlflowFolder_isReadAndARunThatIsCutOffRefused()
    {
        const std::string root = "mlruns/7/";
        written(path(root + "meta.yaml"), "experiment_id: '7'\nname: demo\n");
        const std::string run = root + "0123456789abcdef0123456789abcdef/";
        written(path(run + "meta.yaml"),
                "end_time: 1795945505000\nrun_name: 'calm'\nstart_time: 1795945504000\nstatus: 4\n");
        written(path(run + "params/lr"), "0.1");
        written(path(run + "metrics/train/loss"), "1795945504100 0.5 0\n1795945504200 nan 10\n1795945504300 -inf 20\n");
        const ForeignSource source = must(readSource(path("mlruns")));
        QCOMPARE(source.runs.size(), std::size_t{1});
        const ForeignRun& read = source.runs.front();
        QCOMPARE(read.name, std::string("calm"));
        QCOMPARE(read.project, std::string("demo"));
        QVERIFY(read.failed);
        QCOMPARE(read.startedAt, 1795945504.0);
        QCOMPARE(read.parameters.front().second, std::string("0.1"));
        const ForeignSeries& loss = seriesOf(read, "train/loss");
        QCOMPARE(loss.points.size(), std::size_t{3});
        QVERIFY(std::isnan(loss.points[1].value) && std::isinf(loss.points[2].value));
        written(path(run + "metrics/train/loss"), "1795945504100 0.5 0\n17959455");
        expectRefusal(path("mlruns"), "train/loss:2");
        written(path(run + "metrics/train/loss"), "1795945504100 many 0\n");
        expectRefusal(path("mlruns"), "is not");
    }
    void databases_areKnownByTheirTables()
    {
        const auto make = [&](const char* name, const char* sql) {
            store::Database database = must(store::Database::open(path(name), store::Access::ReadWrite));
            must(database.script(sql));
            return path(name);
        };
        const auto trackio = make(
            "proj.db",
            "CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, "
            "metrics TEXT);"
            "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, config TEXT, created_at TEXT);"
            "INSERT INTO metrics VALUES (1,'i','2026-11-29T09:44:51.500000+00:00','calm',0,'{\"a\":1,\"b\":\"NaN\"}'),"
            "(2,'i','2026-11-29T10:44:52+01:00','calm',1,'{\"a\":2.5,\"t\":{\"_type\":\"table\"}}'),(3,'i','x','calm',"
            "2,'[[[');"
            "INSERT INTO configs VALUES (1,'i','calm','{\"lr\":0.1,\"_U\":\"me\",\"opt\":{\"name\":\"adam\"}}','');");
        const ForeignSource source = must(readSource(trackio));
        QCOMPARE(source.format, std::string("trackio"));
        const ForeignRun& run = source.runs.front();
        QCOMPARE(run.project, std::string("proj"));
        QCOMPARE(run.startedAt, 1795945491.5);
        QCOMPARE(run.endedAt, 1795945492.0);
        QCOMPARE(seriesOf(run, "a").points[1].value, 2.5);
        QVERIFY(std::isnan(seriesOf(run, "b").points[0].value));
        QCOMPARE(run.parameters.size(), std::size_t{2});
        QCOMPARE(run.parameters[1].first, std::string("opt.name"));
        QCOMPARE(source.notes.size(), std::size_t{2}); // the table, and the row that is no JSON

        const auto brief =
            make("brief.db", "CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name "
                             "TEXT, step INTEGER, metrics TEXT);"
                             "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, config TEXT, "
                             "created_at TEXT);"
                             "INSERT INTO metrics VALUES (1,'i','2026-11-29T09:44','calm',0,'{\"a\":1}');");
        QCOMPARE(must(readSource(brief)).runs.front().startedAt, 1795945440.0); // a time without seconds

        expectRefusal(make("other.db", "CREATE TABLE metrics (a);"), "neither MLflow's");
        expectRefusal(tests::sourceDir() / "resources/example/example.db", "gradus store merge");
        const std::string bytes = must(readFile(trackio));
        expectRefusal(written(path("cut.db"), bytes.substr(0, bytes.size() / 2)), "cut.db");
        const std::string deep = std::string(100'000, '[');
        store::Database database = must(store::Database::open(trackio, store::Access::ReadWrite));
        must(database.run("UPDATE metrics SET metrics = ?1 WHERE id = 3", "{\"a\":" + deep));
        must(database.run("UPDATE configs SET config = ?1", "{\"a\":" + deep + std::string(100'000, ']') + "}"));
        QVERIFY(readSource(trackio).ok());
    }
    void whatTheTrackersThemselvesWrote_isRead()
    {
        const QByteArray folder = qgetenv("GRADUS_PEER_RUNS");
        if (folder.isEmpty()) QSKIP("GRADUS_PEER_RUNS is not set; see tests/bench/write_tracker_files.py");
        const std::filesystem::path root = folder.toStdString();
        expectTheTwoRuns(must(readSource(root / "tb")), 1e-7);
        expectTheTwoRuns(must(readSource(root / "trackio/demo.db")), 0);
        expectTheTwoRuns(must(readSource(root / "mlruns")), 0);
        expectTheTwoRuns(must(readSource(root / "mlflow.db")), 0);
        for (const char* tracker : {"trackio/demo.db", "mlruns", "mlflow.db"}) {
            const ForeignSource source = must(readSource(root / tracker));
            QCOMPARE(source.runs.front().project, std::string("demo"));
            QVERIFY(source.runs.front().parameters.size() >= 2);
        }
    }
};
GRADUS_SUITE(ReadersTest)
#include "readers_test.moc"
