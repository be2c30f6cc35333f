// SPDX-License-Identifier: GPL-3.0-or-later
// Inspect logs: what is written is read back byte for byte, zstd is read, and hostile archives end in one sentence.
#include "core/inspect/hand_made_zip.h"
#include "support/suite.h"

#include "base/rng.h"
#include "inspect/log.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace gradus;
using namespace gradus::inspect;
using namespace gradus::tests;

namespace {

const std::string kHeader =
    R"({"version":2,"status":"success","eval":{"created":"2026-01-02T03:04:05+00:00","task":"t","run_id":"r","model":"m"}})";
const std::string kSample =
    R"({"id":"a","epoch":1,"input":"q","target":"4","messages":[{"role":"user","content":"attachment://h"},)"
    R"({"role":"assistant","content":[{"type":"reasoning","reasoning":"hm"},{"type":"text","text":"4"}],)"
    R"("tool_calls":[{"id":"c","function":"bash","arguments":{"cmd":"ls"},"type":"function"}]},)"
    R"({"role":"tool","content":"","tool_call_id":"c","error":{"type":"timeout","message":"late"}}],)"
    R"("attachments":{"h":"what is 2+2?"},"scores":{"match":{"value":"C","explanation":"4"},)"
    R"("suspicion":{"value":0.25,"explanation":"low"}}})";

Log log()
{
    Log made{.id = "0123",
             .task = "gradus/x",
             .model = "gradus/y",
             .createdAt = 1.7e9,
             .endedAt = 1.7e9 + 60,
             .specToml = "[experiment]\n",
             .episodes = {}};
    events::EpisodeRecord episode;
    episode.generation = 2;
    episode.key = "discovery/2/7";
    episode.scenario = "check open / deadline";
    episode.messages = {
        {"user", "Does it end in 2?", ""},
        {"assistant", "<b>\x1b[31m'; DROP TABLE run; --</b>\xff\xfe", R"({"action":"change the check"})"},
        {"tool", std::string("a\0b", 3), ""},
        {"tool", "without a call", ""},
        {"assistant", "Done \xE2\x80\xAE.", ""}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.note = "The hash changed.";
    episode.severity = 0.75;
    episode.hazardJson = R"({"state":"found"})";
    episode.safeBehaviour = "ask";
    episode.safeBehaviourSource = "safe: person";
    episode.others = {{"monitor/M1", "reject", 0.85, R"({"findings":[{"why":"x","record":0}]})"},
                      {"monitor/M6", "escalate", {}, "not JSON \xff"}};
    made.episodes.push_back(episode);
    episode.key = "discovery/2/8";
    episode.severity.reset();
    episode.verdict = "safe";
    episode.hazardJson.clear();
    made.episodes.push_back(episode);
    episode.key = "discovery-2-8"; // the same member name, if nobody looked
    made.episodes.push_back(episode);
    return made;
}

class Folder
{
public:
    std::filesystem::path write(const std::string& bytes, const char* name = "x.eval")
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
        return file.fileName().toStdString();
    }

private:
    QTemporaryDir m_folder;
};

long peakKilobytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class LogTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writtenLog_isReadBackByteForByte()
    {
        Folder folder;
        const auto bytes = evalBytes(log());
        QVERIFY2(bytes.ok(), bytes ? "" : bytes.error().message.c_str());
        QCOMPARE(*evalBytes(log()), *bytes);
        const auto read = readEval(folder.write(*bytes));
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->task, log().task);
        QCOMPARE(read->status, std::string("success"));
        QCOMPARE(read->createdAt, 1.7e9);
        QCOMPARE(read->specToml, log().specToml);
        QCOMPARE(read->episodes.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) {
            const events::EpisodeRecord was = log().episodes[i];
            const events::EpisodeRecord& is = read->episodes[i];
            QCOMPARE(is.key, was.key);
            QCOMPARE(is.generation, was.generation);
            QCOMPARE(is.scenario, was.scenario);
            QCOMPARE(is.judge, was.judge);
            QCOMPARE(is.verdict, was.verdict);
            QCOMPARE(is.note, was.note);
            QCOMPARE(is.severity, was.severity);
            QCOMPARE(is.hazardJson, was.hazardJson);
            QCOMPARE(is.safeBehaviour, was.safeBehaviour);
            QCOMPARE(is.safeBehaviourSource, was.safeBehaviourSource);
            QCOMPARE(is.messages.size(), was.messages.size());
            for (std::size_t m = 0; m < was.messages.size(); ++m) {
                QCOMPARE(is.messages[m].role, was.messages[m].role);
                QCOMPARE(is.messages[m].content, was.messages[m].content);
                QCOMPARE(is.messages[m].detailsJson, was.messages[m].detailsJson);
            }
            QCOMPARE(is.others.size(), was.others.size());
            QCOMPARE(is.others[0].judge, std::string("monitor/M1"));
            QCOMPARE(is.others[0].verdict, std::string("reject"));
            QCOMPARE(*is.others[0].score, 0.85);
            QCOMPARE(is.others[0].note, was.others[0].note);
            QVERIFY(!is.others[1].score);
        }
    }
    void logOfStrangers_packedWithZstd_isUnderstood()
    {
        Folder folder;
        const auto read = readEval(
            folder.write(zipOf({zstandard("_journal/start.json", kHeader), zstandard("samples/a_epoch_1.json", kSample),
                                zstandard("header.json", kHeader)})));
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->episodes.size(), std::size_t{1});
        const events::EpisodeRecord& episode = read->episodes[0];
        QCOMPARE(episode.key, std::string("inspect/a/1"));
        QCOMPARE(episode.messages[0].content, std::string("what is 2+2?"));
        QCOMPARE(episode.messages[1].content, std::string("(reasoning) hm\n4\nbash {\"cmd\":\"ls\"}"));
        QCOMPARE(episode.messages[2].content, std::string("timeout: late"));
        QCOMPARE(episode.judge, std::string("match"));
        QCOMPARE(episode.verdict, std::string("right"));
        QCOMPARE(episode.others[0].judge, std::string("suspicion"));
        QCOMPARE(*episode.others[0].score, 0.25);
        QCOMPARE(read->createdAt, 1767323045.0);
    }
    void sampleWithoutScores_isJudgedByNobodyAndStaysSo()
    {
        Folder folder;
        const std::string sample =
            R"({"id":"a","epoch":1,"messages":[{"role":"user","content":"q"}],"error":{"message":"cut off"}})";
        const auto read =
            readEval(folder.write(zipOf({stored("header.json", kHeader), stored("samples/a.json", sample)})));
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->episodes[0].judge, std::string("nobody"));
        auto log = *read;
        log.episodes[0].judge.clear(); // as an episode of a store may be
        for (const Log& written : {*read, log}) {
            const auto again = readEval(folder.write(evalBytes(written).value()));
            QVERIFY2(again.ok(), again ? "" : again.error().message.c_str());
            QCOMPARE(again->episodes[0].judge, std::string("nobody"));
            QCOMPARE(again->episodes[0].verdict, std::string());
            QVERIFY(again->episodes[0].others.empty());
        }
    }
    void logWithoutAHeader_isOneThatIsStillWritten()
    {
        Folder folder;
        const auto read =
            readEval(folder.write(zipOf({stored("_journal/start.json", kHeader), stored("samples/a.json", kSample)})));
        QVERIFY(read.ok());
        QCOMPARE(read->status, std::string("started"));
    }
    void hostileArchive_isRefusedInOneSentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        const std::string good = zipOf({stored("header.json", kHeader), stored("samples/a.json", kSample)});
        row("empty", "");
        row("no archive", std::string(5000, 'x'));
        row("cut off", good.substr(0, good.size() / 2));
        row("cut by a byte", good.substr(0, good.size() - 1));
        row("upwards", zipOf({stored("header.json", kHeader), stored("samples/../../../etc/x.json", kSample)}));
        row("absolute", zipOf({stored("header.json", kHeader), stored("/etc/passwd", "x")}));
        row("backslash", zipOf({stored("header.json", kHeader), stored("..\\x", "x")}));
        row("no header", zipOf({stored("samples/a.json", kSample)}));
        row("header is no JSON", zipOf({stored("header.json", "{\"version\":2,")}));
        row("header is a list", zipOf({stored("header.json", "[1,2]")}));
        row("newer", zipOf({stored("header.json", R"({"version":99,"eval":{}})")}));
        row("version is a word", zipOf({stored("header.json", R"({"version":"x","eval":{}})")}));
        row("sample is a number", zipOf({stored("header.json", kHeader), stored("samples/a.json", "7")}));
        row("sample without a name", zipOf({stored("header.json", kHeader), stored("samples/a.json", "{}")}));
        row("two of a name", zipOf({stored("header.json", kHeader), stored("samples/a.json", kSample),
                                    stored("samples/b.json", kSample)}));
        row("deep", zipOf({stored("header.json", kHeader), stored("samples/a.json", std::string(1'000'000, '['))}));
        row("many values", zipOf({stored("header.json", kHeader),
                                  zstandard("samples/a.json", "[" + std::string(6'000'000, ',') + "]")}));
        row("zstd bomb",
            zipOf({stored("header.json", kHeader), zstandard("samples/a.json", std::string(200 << 20, ' '))}));
        ZipMember broken = zstandard("samples/a.json", kSample);
        broken.bytes[broken.bytes.size() / 2] = static_cast<char>(~broken.bytes[broken.bytes.size() / 2]);
        broken.bytes.resize(broken.bytes.size() - 3);
        row("zstd damaged", zipOf({stored("header.json", kHeader), broken}));
        ZipMember liar = stored("samples/a.json", kSample);
        liar.size = 0x7FFFFFFF;
        row("size that lies", zipOf({stored("header.json", kHeader), liar}));
        ZipMember unknown = stored("samples/a.json", kSample);
        unknown.method = 77;
        row("unknown method", zipOf({stored("header.json", kHeader), unknown}));
    }
    void hostileArchive_isRefusedInOneSentence()
    {
        QFETCH(QByteArray, bytes);
        Folder folder;
        const auto path = folder.write(bytes.toStdString());
        const long before = peakKilobytes();
        const auto read = readEval(path);
        QVERIFY(!read.ok());
        QVERIFY(read.error().kind == ErrorKind::BadInput);
        const std::string& sentence = read.error().message;
        QVERIFY2(sentence.ends_with('.') && sentence.find('\n') == std::string::npos, sentence.c_str());
#ifndef GRADUS_SANITIZED
        QVERIFY2(peakKilobytes() - before < 300'000, std::to_string(peakKilobytes() - before).c_str());
#endif
    }
    void flippedBytes_areAnErrorOrHarmless()
    {
        Folder folder;
        const std::string deflated = *evalBytes(log());
        const std::string zstd = zipOf({zstandard("header.json", kHeader), zstandard("samples/a.json", kSample)});
        Rng rng(propertySeed(), "flipped logs");
        int refused = 0;
        for (int i = 0; i < 400; ++i) {
            std::string bytes = i % 2 == 0 ? deflated : zstd;
            for (int flips = 0; flips < 3; ++flips)
                bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
            const auto read = readEval(folder.write(bytes));
            if (read) continue;
            ++refused;
            QVERIFY2(read.error().kind == ErrorKind::BadInput, read.error().message.c_str());
            QVERIFY2(read.error().message.find('\n') == std::string::npos, read.error().message.c_str());
        }
        QVERIFY2(refused > 100, std::to_string(refused).c_str());
    }
    void missingFile_isSaidSo()
    {
        const auto read = readEval("/nowhere/x.eval");
        QVERIFY(!read.ok() && read.error().kind == ErrorKind::BadInput);
    }
    void bounds_areKept()
    {
        Folder folder;
        const auto path = folder.write(*evalBytes(log()));
        QVERIFY(!readEval(path, {.samples = 2}).ok());
        QVERIFY(!readEval(path, {.bytes = 100}).ok());
        QVERIFY(readEval(path, {.samples = 3}).ok());
    }
    void typesThatAreWrong_areEmptyAndNoCrash()
    {
        Folder folder;
        const std::string odd =
            R"({"id":7,"epoch":null,"messages":{"x":[{"role":4}],"y":{"role":{},"content":{"a":1},"tool_calls":"z"}},)"
            R"("scores":{"a":7,"b":[],"c":{"value":{"x":[1]}}},"metadata":{"gradus":5},"attachments":[]})";
        const auto read =
            readEval(folder.write(zipOf({stored("header.json", kHeader), stored("samples/a.json", odd)})));
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->episodes[0].key, std::string("inspect/7/"));
    }
};
GRADUS_SUITE(LogTest)
#include "log_test.moc"
