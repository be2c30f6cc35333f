// SPDX-License-Identifier: GPL-3.0-or-later
// Logs beside Inspect itself: it opens ours, and we open one that it wrote. Skipped where Python has no inspect_ai;
// GRADUS_INSPECT_PYTHON names another Python.
#include "program.h"
#include "support/hostile_texts.h"
#include "support/suite.h"

#include "events/evidence.h"
#include "run/keep_episodes.h"
#include "store/store_reader.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::tests;

namespace {

/// Two samples, no model: what is scored is written by a solver.
constexpr const char* kWriting =
    "import sys, inspect_ai\n"
    "from inspect_ai import Task, eval\n"
    "from inspect_ai.dataset import Sample\n"
    "from inspect_ai.model import ChatMessageAssistant, ModelOutput\n"
    "from inspect_ai.scorer import match\n"
    "from inspect_ai.solver import solver\n"
    "@solver\n"
    "def fixed():\n"
    "    async def solve(state, generate):\n"
    "        text = '4' if state.sample_id == 'sum' else '7 <b>\\u202e'\n"
    "        state.messages.append(ChatMessageAssistant(content=text))\n"
    "        state.output = ModelOutput.from_content('mockllm/model', text)\n"
    "        return state\n"
    "    return solve\n"
    "data = [Sample(id='sum', input='What is 2+2?', target='4'), Sample(id=2, input='x' * 3000, target='5')]\n"
    "log = eval(Task(dataset=data, solver=fixed(), scorer=match()), model='mockllm/model', log_dir=sys.argv[1],\n"
    "           display='none', log_format='eval')[0]\n"
    "assert log.status == 'success', log.error\n";

constexpr const char* kReading =
    "import sys\n"
    "from inspect_ai.log import read_eval_log, read_eval_log_sample_summaries\n"
    "log = read_eval_log(sys.argv[1])\n"
    "head = read_eval_log(sys.argv[1], header_only=True)\n"
    "summaries = read_eval_log_sample_summaries(sys.argv[1])\n"
    "assert log.status == head.status == 'success', log.status\n"
    "assert len(log.samples) == len(summaries) == head.eval.dataset.samples == 2\n"
    "one = next(s for s in log.samples if s.metadata['gradus']['key'] == 'discovery/1/1')\n"
    "assert [m.role for m in one.messages] == ['user', 'assistant', 'tool'], one.messages\n"
    "assert one.messages[1].tool_calls[0].function == 'exec'\n"
    "assert one.messages[2].tool_call_id == one.messages[1].tool_calls[0].id\n"
    "assert one.messages[2].text == 'out \\u202e'\n"
    "assert one.scores['oracle'].value == 'hazard' and one.scores['monitor/M1'].value == 0.9\n"
    "assert one.scores['monitor/M1'].metadata['citations']['findings'][0]['record'] == 0\n"
    "assert one.events[0].event == 'info' and one.events[0].source == 'monitor/M1'\n"
    "assert log.results.scores[0].metrics['rate'].value == 0.5\n"
    "other = next(s for s in log.samples if s.metadata['gradus']['key'] == 'discovery/1/2')\n"
    "left = next(e for e in other.events if e.event == 'branch')\n"
    "assert (getattr(left, 'from_anchor', None) or left.from_message) == 'm2', left\n"
    "print('opened')\n";

QString python()
{
    const QString named = qEnvironmentVariable("GRADUS_INSPECT_PYTHON");
    return named.isEmpty() ? QString("python3") : named;
}

QByteArray runPython(const QString& folder, const QStringList& arguments, int& code)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(python(), arguments);
    process.waitForFinished(120'000);
    code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return process.readAll();
}

QString version()
{
    int code = 0;
    const QByteArray said =
        runPython(QDir::tempPath(), {"-c", "import inspect_ai; print('version', inspect_ai.__version__)"}, code);
    return code == 0 ? QString::fromUtf8(said).section("version ", -1).trimmed() : QString();
}

} // namespace

class InspectTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        const QString found = version();
        if (found.isEmpty())
            QSKIP("This Python has no inspect_ai: pip install inspect_ai, or set GRADUS_INSPECT_PYTHON.");
        qInfo("inspect_ai %s", qPrintable(found));
    }
    void ours_opensInInspect()
    {
        QTemporaryDir folder;
        events::EpisodeRecord hazard;
        hazard.key = "discovery/1/1";
        hazard.scenario = "a / b";
        hazard.messages = {
            {"user", "Do it.", ""}, {"assistant", "ls", R"({"tool":"exec"})"}, {"tool", "out \u202e", ""}};
        hazard.judge = "oracle";
        hazard.verdict = "hazard";
        hazard.severity = 1;
        hazard.others = {{"monitor/M1", "reject", 0.9, R"({"findings":[{"why":"x","record":0,"begin":0,"end":2}]})"}};
        events::EpisodeRecord safe = hazard;
        safe.key = "discovery/1/2";
        safe.verdict = "safe";
        safe.severity.reset();
        // It went back to after the first call of the other.
        events::Evidence evidence;
        evidence.origin.parent = hazard.key;
        evidence.origin.branchedAfter = 1;
        safe.messages.front().detailsJson = events::evidenceDetails(evidence);
        const auto kept = run::keepEpisodes(folder.filePath("a.db").toStdString(), "x", {hazard, safe});
        QVERIFY(kept.ok());
        const Outcome out = runGradus(folder.path(), {"export", QString::fromStdString(kept->uuid), "--as", "inspect",
                                                      "-o", "x.eval", "--store", "a.db"});
        QVERIFY2(out.exitCode == 0, out.err.constData());
        writeText(folder.filePath("reading.py"), kReading);
        int code = 0;
        const QByteArray said = runPython(folder.path(), {"reading.py", "x.eval"}, code);
        QVERIFY2(code == 0 && said.contains("opened"), said.constData());
    }
    void hostileEpisodes_openInInspect()
    {
        QTemporaryDir folder;
        std::vector<events::EpisodeRecord> all;
        for (const HostileText& text : hostileTexts()) {
            events::EpisodeRecord episode;
            episode.key = text.name;
            episode.scenario = "s";
            episode.messages = {{"user", text.bytes, ""},
                                {"assistant", text.bytes, R"({"tool":"exec"})"},
                                {"tool", text.bytes, ""},
                                {text.bytes.substr(0, 20), "odd role", text.bytes}};
            episode.judge = "oracle";
            episode.verdict = "safe";
            episode.note = text.bytes;
            all.push_back(episode);
        }
        const auto kept = run::keepEpisodes(folder.filePath("a.db").toStdString(), "x", all);
        QVERIFY(kept.ok());
        QCOMPARE(runGradus(folder.path(), {"export", QString::fromStdString(kept->uuid), "--as", "inspect", "-o",
                                           "x.eval", "--store", "a.db"})
                     .exitCode,
                 0);
        int code = 0;
        const QByteArray said = runPython(
            folder.path(),
            {"-c", "from inspect_ai.log import read_eval_log; print('samples', len(read_eval_log('x.eval').samples))"},
            code);
        QVERIFY2(said.contains("samples " + QByteArray::number(static_cast<int>(all.size()))), said.constData());
    }
    void theirs_opensHere()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("writing.py"), kWriting);
        int code = 0;
        const QByteArray said = runPython(folder.path(), {"writing.py", folder.filePath("logs")}, code);
        QVERIFY2(code == 0, said.constData());
        const QStringList logs = QDir(folder.filePath("logs")).entryList({"*.eval"}, QDir::Files);
        QCOMPARE(logs.size(), 1);
        const Outcome in = runGradus(folder.path(), {"import", "logs/" + logs.front(), "--store", "a.db"});
        QVERIFY2(in.exitCode == 0, in.err.constData());
        const auto reader = store::StoreReader::open(folder.filePath("a.db").toStdString());
        QVERIFY(reader.ok());
        const auto episodes = reader->episodes(reader->runs()->front().id);
        QVERIFY(episodes.ok());
        QCOMPARE(episodes->size(), std::size_t{2});
        for (const events::EpisodeRecord& episode : *episodes) {
            const bool sum = episode.key == "inspect/sum/1";
            QCOMPARE(episode.verdict, std::string(sum ? "right" : "wrong"));
            QCOMPARE(episode.judge, std::string("match"));
            QCOMPARE(episode.messages.front().content, sum ? std::string("What is 2+2?") : std::string(3000, 'x'));
            QCOMPARE(episode.messages.back().content, std::string(sum ? "4" : "7 <b>\u202e"));
        }
    }
};
GRADUS_SUITE(InspectTest)
#include "inspect_test.moc"
