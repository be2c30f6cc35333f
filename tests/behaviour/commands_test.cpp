// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to a living run, given and answered by the real program, and what is left of them after a kill.
#include "store/command_log.h"
#include "store/store_reader.h"

#include "program.h"
#include "run_content.h"
#include "support/must.h"
#include "support/suite.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr int kLong = 30'000;

const QByteArray kExperiment = R"([experiment]
name = "asked"
seeds = [3]
[ladder]
generations = 2
[task]
test_items = 300
[gap]
controller = "fixed"
value = 0.3
[training]
labels = 256
epochs = 96
batch = 16
checkpoint_every = 100
evaluate_every = 100
)";

/// A run in a folder of its own, worked on by a process.
struct Working
{
    explicit Working(const QByteArray& rules = {})
    {
        writeText(folder.filePath("e.toml"), kExperiment + rules);
        startGradus(process, folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        if (!process.waitForStarted()) throw std::runtime_error("gradus does not start");
    }
    store::RunDetail detail() const
    {
        const auto reader = store::StoreReader::open(folder.filePath("gradus.db").toStdString());
        if (!reader) return {};
        const auto rows = reader->runs();
        return rows && !rows->empty() ? must(reader->detail(rows->front().id)) : store::RunDetail{};
    }
    QString uuid() const { return QString::fromStdString(detail().run.uuid); }
    /// 0 before anything is trained.
    std::size_t points() const
    {
        const QString run = uuid();
        return run.isEmpty() ? 0 : contentOf(folder.path(), run.toStdString()).points.size();
    }
    Outcome gradus(const QStringList& words) const
    {
        return runGradus(folder.path(), words + QStringList{uuid(), "--store", "gradus.db"});
    }
    bool isHeld() const { return store::isHeld(detail().events); }
    /// "asked", "done" or "refused"; empty where nothing of that verb was asked.
    std::string stateOf(const std::string& verb) const
    {
        std::string state;
        for (const store::AskedCommand& command : store::commandLog(detail().events))
            if (command.verb == verb) state = store::nameOf(command.state);
        return state;
    }
    QTemporaryDir folder;
    QProcess process;
};

/// Without the commands themselves and what was measured because of them.
RunContent undisturbed(RunContent content, const RunContent& calm)
{
    std::erase_if(content.events, [](const std::string& event) { return event.starts_with("command."); });
    std::erase_if(content.points, [&](const auto& point) { return !calm.points.contains(point.first); });
    return content;
}

} // namespace

class CommandsTest : public QObject
{
    Q_OBJECT
    RunContent m_calm;

private Q_SLOTS:
    void initTestCase()
    {
        Working calm;
        QVERIFY(calm.process.waitForFinished(120'000));
        QCOMPARE(calm.process.exitCode(), 0);
        m_calm = contentOf(calm.folder.path(), calm.uuid().toStdString());
        QVERIFY(m_calm.points.size() > 700);
    }

    void pausedAndKilled_isResumedToTheSameEnd()
    {
        Working run;
        QTRY_VERIFY_WITH_TIMEOUT(run.points() > 0, kLong);
        const Outcome pause = run.gradus({"pause"});
        QVERIFY2(pause.exitCode == 0, pause.err.constData());
        QTRY_VERIFY_WITH_TIMEOUT(run.isHeld(), kLong);
        QTRY_VERIFY_WITH_TIMEOUT(QString::fromStdString(run.detail().run.activity).startsWith("paused"), kLong);
        const std::size_t held = run.points();
        QVERIFY2(held < m_calm.points.size(), "the run was over before it was paused: make it longer");
        QTest::qWait(700);
        QCOMPARE(run.points(), held);

        QCOMPARE(run.gradus({"checkpoint"}).exitCode, 0);
        QCOMPARE(run.gradus({"evaluate"}).exitCode, 0);
        QTRY_COMPARE_WITH_TIMEOUT(run.stateOf("evaluate"), std::string("done"), kLong);
        QCOMPARE(run.stateOf("checkpoint"), std::string("done"));
        const Outcome told = run.gradus({"commands"});
        QVERIFY(told.out.contains("Pause at step") && told.out.contains("is paused"));
        const Outcome json = run.gradus({"commands", "--json"});
        QVERIFY(json.out.contains("\"paused\": true") && json.out.contains("\"verb\": \"evaluate\""));

        signalProgram(run.process, SIGKILL);
        QVERIFY(run.process.waitForFinished());
        const Outcome resumed = run.gradus({"resume"});
        QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
        QVERIFY(!run.isHeld());
        QCOMPARE(run.detail().run.state, store::RunState::Finished);
        const RunContent after = contentOf(run.folder.path(), run.uuid().toStdString());
        QVERIFY(undisturbed(after, m_calm) == m_calm);
    }

    void pausedAndLetGoOn_endsTheSame()
    {
        Working run;
        QTRY_VERIFY_WITH_TIMEOUT(run.points() > 0, kLong);
        QCOMPARE(run.gradus({"pause"}).exitCode, 0);
        QTRY_VERIFY_WITH_TIMEOUT(run.isHeld(), kLong);
        const Outcome goOn = run.gradus({"resume"});
        QVERIFY2(goOn.exitCode == 0 && goOn.out.contains("will go on"), goOn.err.constData());
        QVERIFY(run.process.waitForFinished(120'000));
        QCOMPARE(run.process.exitCode(), 0);
        const RunContent after = contentOf(run.folder.path(), run.uuid().toStdString());
        QVERIFY(undisturbed(after, m_calm) == m_calm);
        // Nobody is there any more to be asked.
        const Outcome late = run.gradus({"pause"});
        QCOMPARE(late.exitCode, 2);
        QVERIFY(late.err.contains("not running; nothing to pause"));
    }

    void alertRules_fireWithoutAWindow_areChangedAndSurviveAKill()
    {
        Working run("[[alert]]\nseries = \"train/loss\"\nwhen = \"above\"\nvalue = -1\n"
                    "[[alert]]\nseries = \"utility/competence\"\nwhen = \"silent\"\nvalue = 2592000\n");
        QTRY_VERIFY_WITH_TIMEOUT(run.points() > 0, kLong);
        QCOMPARE(run.gradus({"pause"}).exitCode, 0);
        QTRY_VERIFY_WITH_TIMEOUT(run.isHeld(), kLong);
        const Outcome first = run.gradus({"alerts"});
        QVERIFY2(first.out.contains("rule   train/loss above -1") &&
                     first.out.contains("fired  Alert: train/loss above -1: "),
                 first.out.constData());
        const QStringList wrong{"alerts", run.uuid(), "--add", "train/loss over 3", "--store", "gradus.db"};
        const Outcome refused = runGradus(run.folder.path(), wrong);
        QCOMPARE(refused.exitCode, 2);
        QVERIFY(refused.err.contains("compares by \"over\""));
        QCOMPARE(run.stateOf("alerts"), std::string());
        const Outcome changed =
            run.gradus({"alerts", "--add", "train/loss no-number", "--remove", "train/loss above -1"});
        QVERIFY2(changed.exitCode == 0, changed.err.constData());
        QTRY_COMPARE_WITH_TIMEOUT(run.stateOf("alerts"), std::string("done"), kLong);
        signalProgram(run.process, SIGKILL);
        QVERIFY(run.process.waitForFinished());
        QCOMPARE(run.gradus({"resume"}).exitCode, 0);
        const Outcome after = run.gradus({"alerts", "--json"});
        QVERIFY2(after.out.contains("train/loss no-number") && !after.out.contains("\"train/loss above -1\""),
                 after.out.constData());
        QVERIFY2(after.out.count("\"sentence\"") == 1, after.out.constData()); // before it was removed
        const RunContent content = contentOf(run.folder.path(), run.uuid().toStdString());
        QVERIFY(content.weights == m_calm.weights && content.points == m_calm.points);
    }

    void ruleThatPauses_holdsTheRun_andChangesNothingOfIt()
    {
        Working run("[[alert]]\nseries = \"train/loss\"\nwhen = \"above\"\nvalue = -1\nthen = \"pause\"\n");
        QTRY_VERIFY_WITH_TIMEOUT(run.isHeld(), kLong); // nobody asked but the rule
        const Outcome said = run.gradus({"alerts"});
        QVERIFY2(said.out.contains("fired  Alert: train/loss above -1 then pause: "), said.out.constData());
        QCOMPARE(run.stateOf("pause"), std::string("done"));
        QCOMPARE(run.gradus({"resume"}).exitCode, 0); // ends the pause
        QVERIFY(run.process.waitForFinished(kLong));
        const RunContent content = contentOf(run.folder.path(), run.uuid().toStdString());
        QVERIFY(content.weights == m_calm.weights && content.points == m_calm.points);
    }

    void stopNow_endsAndIsAnswered()
    {
        Working run;
        QTRY_VERIFY_WITH_TIMEOUT(run.points() > 0, kLong);
        QCOMPARE(run.gradus({"pause"}).exitCode, 0); // so that it cannot end by itself meanwhile
        QTRY_VERIFY_WITH_TIMEOUT(run.isHeld(), kLong);
        QCOMPARE(run.gradus({"stop", "--now"}).exitCode, 0);
        QVERIFY(run.process.waitForFinished(kLong));
        QCOMPARE(run.process.exitCode(), 130);
        QCOMPARE(run.stateOf("stop-now"), std::string("done"));
        QCOMPARE(run.gradus({"resume"}).exitCode, 0);
        const RunContent after = contentOf(run.folder.path(), run.uuid().toStdString());
        QVERIFY(undisturbed(after, m_calm) == m_calm);
    }
};
GRADUS_SUITE(CommandsTest)
#include "commands_test.moc"
