// SPDX-License-Identifier: GPL-3.0-or-later
// Another way from an earlier generation: branches and roll-backs by hand, killed ones included, against undisturbed
// runs.
#include "base/rng.h"
#include "store/database.h"
#include "store/store_check.h"
#include "store/store_reader.h"

#include "program.h"
#include "run_content.h"
#include "support/must.h"
#include "support/suite.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>

using namespace gradus;
using namespace gradus::tests;

namespace {

/// Climbs by what it measures; a gate of no tolerance rolls back whatever is below its supervisor on 60 anchors.
const QByteArray kClimb = R"([experiment]
name = "climb"
seeds = [1]
[ladder]
generations = 5
start = 1
[task]
test_items = 120
[gap]
controller = "adaptive"
value = 0.4
reject_at = 0
gain_least = 0
[signals]
anchors = 60
[training]
labels = 96
learning_rate = { keys = [[0.0, 0.006], [1.0, 0.002]] }
checkpoint_every = 5
)";

/// One of the sources has a supervisor of its own, which is trained once.
const QByteArray kSources = R"([experiment]
name = "sources"
seeds = [2]
[ladder]
generations = 4
start = 1
[task]
test_items = 120
[gap]
controller = "fixed"
value = 0.3
[signals]
anchors = 60
[[signals.source]]
name = "predecessor"
[[signals.source]]
name = "stranger"
rung = 0
[[signals.source]]
name = "elders"
kind = "ensemble"
back = 2
[training]
labels = 96
)";

/// Stages 2 and 3: hazards and aligned weights are part of the past.
const QByteArray kConsole = R"([experiment]
name = "console"
seeds = [1]
[ladder]
generations = 3
start = 3
[task]
name = "builtin:registers/console"
test_items = 100
[gap]
controller = "fixed"
value = 0.3
[training]
labels = 200
body_scale = 0.2
[conformity]
episodes = 60
audit = 40
rounds = 1
harm_most = 1.0
refusal_most = 1.0
competence_loss = 1.0
)";

std::vector<store::RunRow> runsIn(const QString& folder)
{
    const auto reader = must(store::StoreReader::open((folder + "/gradus.db").toStdString()));
    return must(reader.runs());
}

/// Without what tells of the branching itself.
RunContent ownContent(const QString& folder, const std::string& uuid)
{
    RunContent content = contentOf(folder, uuid);
    std::erase_if(content.events, [](const std::string& event) { return event.starts_with("run."); });
    return content;
}

const store::RunRow* newest(const std::vector<store::RunRow>& runs)
{
    return runs.empty() ? nullptr : &runs.front();
}

int runsOnDisk(const QString& folder)
{
    return static_cast<int>(QDir(folder + "/checkpoints").entryList(QDir::Dirs | QDir::NoDotAndDotDot).size());
}

/// A folder with one finished run, made once for all tests of an experiment.
struct Finished
{
    QTemporaryDir folder;
    std::string uuid;
    RunContent content;
    qint64 duration = 0;

    explicit Finished(const QByteArray& toml)
    {
        writeText(folder.filePath("e.toml"), toml);
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome = runGradus(folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        duration = timer.elapsed();
        if (outcome.exitCode != 0) throw std::runtime_error(outcome.err.toStdString());
        uuid = runsIn(folder.path()).front().uuid;
        content = ownContent(folder.path(), uuid);
    }
    QStringList branch(int generation, const QStringList& more = {}) const
    {
        return QStringList{"branch",
                           QString::fromStdString(uuid),
                           "--from-generation",
                           QString::number(generation),
                           "--store",
                           "gradus.db"} +
               more;
    }
};

} // namespace

class BranchTest : public QObject
{
    Q_OBJECT
    std::map<QByteArray, std::unique_ptr<Finished>> m_finished;

    Finished& finished(const QByteArray& toml)
    {
        auto& one = m_finished[toml];
        if (!one) one = std::make_unique<Finished>(toml);
        return *one;
    }

private Q_SLOTS:
    void branchWithTheSameSettings_isBitEqualToItsParent_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<int>("generation");
        QTest::newRow("measured and rolled back") << kClimb << 2;
        QTest::newRow("several sources, after the first") << kSources << 1;
        QTest::newRow("several sources, after the second") << kSources << 2;
        QTest::newRow("aligned") << kConsole << 1;
    }
    void branchWithTheSameSettings_isBitEqualToItsParent()
    {
        QFETCH(QByteArray, toml);
        QFETCH(int, generation);
        const Finished& parent = finished(toml);
        QVERIFY(parent.content.weights.size() > static_cast<std::size_t>(generation));
        const Outcome outcome = runGradus(parent.folder.path(), parent.branch(generation));
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        const store::RunRow& branch = *newest(runs);
        QVERIFY(branch.uuid != parent.uuid);
        QVERIFY(branch.state == store::RunState::Finished);
        QVERIFY(branch.lineage && branch.lineage->parent == parent.uuid && branch.lineage->generation == generation);
        const RunContent content = ownContent(parent.folder.path(), branch.uuid);
        QVERIFY(content.weights == parent.content.weights);
        QVERIFY(content.points == parent.content.points);
        QVERIFY(content.events == parent.content.events);
        QVERIFY(content.stages == parent.content.stages);
        QVERIFY(content.episodes == parent.content.episodes);
        QVERIFY(content.flops == parent.content.flops);
        QVERIFY(ownContent(parent.folder.path(), parent.uuid) == parent.content); // and the parent is what it was
        const auto sound = store::checkStore(parent.folder.filePath("gradus.db").toStdString());
        QVERIFY(sound.ok() && sound->sound());
    }

    void killedBranch_endsBitEqual()
    {
        const Finished& parent = finished(kClimb);
        Rng rng(propertySeed(), "kill moments of branches");
        for (int time = 0; time < 2; ++time) {
            QStringList arguments = parent.branch(1);
            const std::size_t before = runsIn(parent.folder.path()).size();
            for (int kill = 0; kill < 3; ++kill) {
                QProcess process;
                startGradus(process, parent.folder.path(), arguments);
                QVERIFY(process.waitForStarted());
                if (!process.waitForFinished(static_cast<int>(
                        parent.duration / 8 +
                        static_cast<qint64>(rng.below(static_cast<std::uint64_t>(parent.duration / 2)))))) {
                    signalProgram(process, SIGKILL);
                    QVERIFY(process.waitForFinished());
                }
                const auto runs = runsIn(parent.folder.path());
                if (runs.size() == before) continue; // killed before the branch was there
                QCOMPARE(runs.size(), before + 1);
                arguments = {"resume", QString::fromStdString(newest(runs)->uuid), "--store", "gradus.db"};
                if (newest(runs)->state == store::RunState::Finished) break;
            }
            if (runsIn(parent.folder.path()).front().state != store::RunState::Finished ||
                arguments.front() == "branch")
                QCOMPARE(runGradus(parent.folder.path(), arguments).exitCode, 0);
            const auto runs = runsIn(parent.folder.path());
            QVERIFY(ownContent(parent.folder.path(), newest(runs)->uuid) == parent.content);
        }
    }

    void branchWithOtherSettings_keepsThePastAndTakesAnotherWay()
    {
        const Finished& parent = finished(kClimb);
        const Outcome outcome = runGradus(
            parent.folder.path(), parent.branch(2, {"--set", "gap.controller=jump", "--set", "training.epochs=6"}));
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        const store::RunRow& branch = *newest(runs);
        QCOMPARE(branch.condition, std::string("branch after A2, gap.controller = \"jump\", training.epochs = 6"));
        const RunContent content = ownContent(parent.folder.path(), branch.uuid);
        QCOMPARE(content.weights.size(), 3U); // the jump goes to the end of the ladder
        QCOMPARE(content.weights[0], parent.content.weights[0]);
        QCOMPARE(content.weights[1], parent.content.weights[1]);
        QVERIFY(content.weights[2] != parent.content.weights[2]);
        const auto reader = must(store::StoreReader::open(parent.folder.filePath("gradus.db").toStdString()));
        const auto detail = must(reader.detail(branch.id));
        QCOMPARE(detail.generations[2].rung, std::string("64,4"));
        QVERIFY(QString::fromStdString(detail.specToml).contains("controller = \"jump\""));
        int lineages = 0;
        for (const auto& event : detail.events) {
            lineages += event.kind == events::kBranchedEvent ? 1 : 0;
            if (event.kind == "gap.decision" && event.generation == 2)
                QVERIFY(QString::fromStdString(event.detailsJson).contains("jump"));
        }
        QCOMPARE(lineages, 1);
        const QString list = runGradus(parent.folder.path(), {"list", "--store", "gradus.db"}).out;
        const QString from =
            QString("branch of %1 after generation 2").arg(QString::fromStdString(parent.uuid.substr(0, 8)));
        QVERIFY2(list.contains(from), qPrintable(list));
        const QString id = QString::fromStdString(branch.uuid);
        const QByteArray family =
            runGradus(parent.folder.path(), {"show", id, "--lineage", "--store", "gradus.db"}).out;
        QVERIFY2(family.startsWith(QByteArray::fromStdString(parent.uuid.substr(0, 8)) + "  finished"),
                 family.constData());
        QVERIFY2(family.contains("  " + id.left(8).toUtf8() + "  finished") &&
                     family.contains("branch after generation 2  *"),
                 family.constData());
        QVERIFY(runGradus(parent.folder.path(), {"show", id, "--store", "gradus.db"}).out.contains(from.toUtf8()));
        const Outcome reported =
            runGradus(parent.folder.path(), {"report", id, "--store", "gradus.db", "-o", "report.html"});
        QVERIFY2(reported.exitCode == 0, reported.err.constData());
        QFile html(parent.folder.filePath("report.html"));
        QVERIFY(html.open(QIODevice::ReadOnly));
        QVERIFY(html.readAll().contains("Branched from run " + QByteArray::fromStdString(parent.uuid.substr(0, 8)) +
                                        " after generation 2"));
    }

    /// A curve that gives way to a number leaves what kept generations read, and nothing of those after them.
    void aDrawnNumberGivenOnce_leavesNoReadingOfWhatIsToCome()
    {
        const Finished& parent = finished(kClimb);
        const auto readings = [](const RunContent& content) {
            return std::count_if(content.points.begin(), content.points.end(), [](const auto& point) {
                return point.first.first == "setting/training.learning_rate";
            });
        };
        QCOMPARE(readings(parent.content), static_cast<std::ptrdiff_t>(parent.content.weights.size()));
        const Outcome outcome =
            runGradus(parent.folder.path(), parent.branch(2, {"--set", "training.learning_rate=0.005"}));
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        QCOMPARE(readings(ownContent(parent.folder.path(), newest(runs)->uuid)), std::ptrdiff_t{2});
    }

    void branchOfABranch_keepsWhatBothHad()
    {
        const Finished& parent = finished(kSources);
        QCOMPARE(runGradus(parent.folder.path(), parent.branch(1, {"--set", "training.labels=64"})).exitCode, 0);
        const std::string first = runsIn(parent.folder.path()).front().uuid;
        const RunContent expected = ownContent(parent.folder.path(), first);
        QVERIFY(expected.weights.size() >= 3);
        const Outcome outcome = runGradus(parent.folder.path(), {"branch", QString::fromStdString(first),
                                                                 "--from-generation", "2", "--store", "gradus.db"});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        QVERIFY(ownContent(parent.folder.path(), newest(runs)->uuid) == expected);
        QCOMPARE(newest(runs)->lineage->parent, first);
        QCOMPARE(newest(runs)->lineage->generation, 2);
    }

    void otherSourcesInABranch_areMadeAnewAndPaidFor()
    {
        const Finished& parent = finished(kSources);
        const Outcome outcome = runGradus(
            parent.folder.path(),
            parent.branch(2, {"--set", "signals.source=[{ name = \"predecessor\" }, { name = \"other\", rung = 2 }]"}));
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        const RunContent content = ownContent(parent.folder.path(), newest(runs)->uuid);
        QCOMPARE(content.weights[1], parent.content.weights[1]);
        QVERIFY(content.weights[2] != parent.content.weights[2]);
        QVERIFY(content.flops[2] > parent.content.flops[2]);
    }

    /// Earlier versions took more labels for the first generation than there are items for all there are.
    void aRunOfAnEarlierVersion_isBranchedAsItIsResumed()
    {
        const Finished parent("[experiment]\nname = \"old\"\nseeds = [1]\n[ladder]\ngenerations = 3\nstart = 0\n"
                              "[task]\ntest_items = 100\n[gap]\ncontroller = \"fixed\"\nvalue = 0.1\n"
                              "[training]\nlabels = 64\nteacher_labels = 80\nepochs = 1\n");
        {
            auto database = must(
                store::Database::open(parent.folder.filePath("gradus.db").toStdString(), store::Access::ReadWrite));
            must(database.script("UPDATE run_spec SET canonical = replace(canonical, 'teacher_labels = 80', "
                                 "'teacher_labels = 9000000')"));
            QCOMPARE(database.changes(), std::int64_t{1});
        }
        const Outcome check = runGradus(
            parent.folder.path(), {"run", "e.toml", "--store", "new.db", "--set", "training.teacher_labels=9000000"});
        QCOMPARE(check.exitCode, 2); // of a new run it is refused
        const Outcome outcome = runGradus(parent.folder.path(), parent.branch(2));
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const auto runs = runsIn(parent.folder.path());
        QVERIFY(newest(runs)->uuid != parent.uuid && newest(runs)->state == store::RunState::Finished);
        QVERIFY(ownContent(parent.folder.path(), newest(runs)->uuid).weights == parent.content.weights);
    }

    void settingsThatShapedThePast_areRefusedByName_data()
    {
        QTest::addColumn<QString>("assignment");
        QTest::addColumn<QString>("key");
        const QStringList fixed{"task.name=builtin:registers/math",
                                "task.test_items=200",
                                "experiment.seeds=[7]",
                                "ladder.start=0",
                                "training.teacher_labels=100",
                                "training.readout=mean",
                                "ladder.architecture=recurrent",
                                "ladder.generations=2"};
        for (const QString& assignment : fixed)
            QTest::newRow(qPrintable(assignment)) << assignment << assignment.section('=', 0, 0);
        QTest::newRow("unknown") << "gap.valu=1"
                                 << "gap.valu";
    }
    void settingsThatShapedThePast_areRefusedByName()
    {
        QFETCH(QString, assignment);
        QFETCH(QString, key);
        const Finished& parent = finished(kClimb);
        const std::size_t runs = runsIn(parent.folder.path()).size();
        const int folders = runsOnDisk(parent.folder.path());
        const Outcome outcome = runGradus(parent.folder.path(), parent.branch(2, {"--set", assignment}));
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.err.contains(key.toUtf8()), outcome.err.constData());
        QCOMPARE(runsIn(parent.folder.path()).size(), runs);
        QCOMPARE(runsOnDisk(parent.folder.path()), folders);
    }

    void branchFromAGenerationThatIsNotThere_isRefused()
    {
        const Finished& parent = finished(kClimb);
        for (const int generation : {0, 6, 64}) {
            const Outcome outcome = runGradus(parent.folder.path(), parent.branch(generation));
            QCOMPARE(outcome.exitCode, 2);
            QVERIFY2(!outcome.err.isEmpty(), outcome.out.constData());
        }
    }

    void otherWeightsThanRecorded_areRefused()
    {
        Finished parent(kSources);
        const QString weights = parent.folder.filePath("checkpoints/" + QString::fromStdString(parent.uuid) +
                                                       "/generation-1/weights.safetensors");
        QFile file(weights);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() - 1));
        QVERIFY(file.putChar('\x55'));
        file.close();
        const Outcome outcome = runGradus(parent.folder.path(), parent.branch(2));
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.err.contains("generation-1/weights.safetensors"), outcome.err.constData());
        QCOMPARE(runsIn(parent.folder.path()).size(), 1U);
        QCOMPARE(runsOnDisk(parent.folder.path()), 1);
    }

    void queuedBranch_waitsAndIsWorkedOn()
    {
        const Finished& parent = finished(kSources);
        QCOMPARE(runGradus(parent.folder.path(), parent.branch(3, {"--queue"})).exitCode, 0);
        QVERIFY(runsIn(parent.folder.path()).front().state == store::RunState::Queued);
        const Outcome worked = runGradus(parent.folder.path(), {"queue", "work", "--store", "gradus.db"});
        QVERIFY2(worked.exitCode == 0, worked.err.constData());
        const auto runs = runsIn(parent.folder.path());
        QVERIFY(newest(runs)->state == store::RunState::Finished);
        QVERIFY(ownContent(parent.folder.path(), newest(runs)->uuid) == parent.content);
    }
};
GRADUS_SUITE(BranchTest)

class RollBackTest : public QObject
{
    Q_OBJECT

    /// Stops the run once a generation has begun; false where it ended before.
    static bool stoppedAt(const QString& folder, int generation)
    {
        QProcess process;
        startGradus(process, folder, {"run", "e.toml", "--store", "gradus.db"});
        if (!process.waitForStarted()) return false;
        for (int waited = 0; waited < 60'000 && process.state() == QProcess::Running; waited += 20) {
            process.waitForFinished(20);
            const auto reader = store::StoreReader::open((folder + "/gradus.db").toStdString());
            if (!reader) continue;
            const auto rows = reader->runs();
            if (!rows || rows->empty()) continue;
            const auto detail = reader->detail(rows->front().id);
            if (detail && detail->generations.size() >= static_cast<std::size_t>(generation)) break;
        }
        process.terminate();
        process.waitForFinished(30'000);
        return process.exitCode() == 130;
    }

private Q_SLOTS:
    void rolledBackByHand_keepsWhatWasAndMakesItAgain()
    {
        const Finished calm(kClimb);
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kClimb);
        QVERIFY(stoppedAt(folder.path(), 3));
        const std::string uuid = runsIn(folder.path()).front().uuid;
        const RunContent before = ownContent(folder.path(), uuid);
        const QString id = QString::fromStdString(uuid);
        const Outcome outcome =
            runGradus(folder.path(), {"rollback", id, "--to-generation", "1", "--store", "gradus.db"});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        auto runs = runsIn(folder.path());
        QCOMPARE(runs.size(), 2U);
        QVERIFY(runs[0].lineage && runs[0].lineage->superseded && runs[0].lineage->parent == uuid);
        QVERIFY(runs[0].state == store::RunState::Stopped && runs[1].state == store::RunState::Stopped);
        QVERIFY(ownContent(folder.path(), runs[0].uuid) == before); // nothing is lost
        QCOMPARE(ownContent(folder.path(), uuid).weights.size(), 1U);
        QCOMPARE(runs[1].generation, 1);
        QVERIFY(runGradus(folder.path(), {"list", "--store", "gradus.db"}).out.contains("superseded attempt of"));

        QCOMPARE(runGradus(folder.path(), {"resume", id, "--store", "gradus.db"}).exitCode, 0);
        QVERIFY(ownContent(folder.path(), uuid) == calm.content);
        // What was superseded can still go its own way, which is the same one.
        const std::string kept = runs[0].uuid;
        QCOMPARE(runGradus(folder.path(), {"resume", QString::fromStdString(kept), "--store", "gradus.db"}).exitCode,
                 0);
        QVERIFY(ownContent(folder.path(), kept) == calm.content);
        const auto sound = store::checkStore(folder.filePath("gradus.db").toStdString());
        QVERIFY(sound.ok() && sound->sound());
    }

    void rejectedGeneration_isTriedOnAnotherRung()
    {
        QByteArray toml = kSources;
        toml.replace("value = 0.3", "value = 0.9"); // leaves rungs between
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), toml);
        QVERIFY(stoppedAt(folder.path(), 3));
        const auto reader = must(store::StoreReader::open(folder.filePath("gradus.db").toStdString()));
        const store::RunRow run = must(reader.runs()).front();
        const std::string rung = must(reader.detail(run.id)).generations[1].rung;
        const QString id = QString::fromStdString(run.uuid);
        QCOMPARE(runGradus(folder.path(), {"rollback", id, "--to-generation", "1", "--reject", "--store", "gradus.db"})
                     .exitCode,
                 0);
        QCOMPARE(runGradus(folder.path(), {"resume", id, "--store", "gradus.db"}).exitCode, 0);
        const auto detail = must(reader.detail(run.id));
        QVERIFY(detail.run.state == store::RunState::Finished);
        QVERIFY2(detail.generations[1].rung != rung, rung.c_str());
        QVERIFY(std::any_of(detail.events.begin(), detail.events.end(), [](const store::EventRow& event) {
            return event.kind == "generation.rolled_back" && event.sentence.ends_with("was rejected by hand.");
        }));
        QVERIFY(std::any_of(detail.events.begin(), detail.events.end(),
                            [](const store::EventRow& event) { return event.kind == "gap.intermediate"; }));
    }

    void finishedRun_staysAsItIs()
    {
        const Finished calm(kSources);
        const QString id = QString::fromStdString(calm.uuid);
        const Outcome outcome =
            runGradus(calm.folder.path(), {"rollback", id, "--to-generation", "1", "--store", "gradus.db"});
        QCOMPARE(outcome.exitCode, 3);
        QVERIFY2(outcome.err.contains("gradus branch"), outcome.err.constData());
        QVERIFY(ownContent(calm.folder.path(), calm.uuid) == calm.content);
        QCOMPARE(runsOnDisk(calm.folder.path()), 1);
        const Outcome beyond =
            runGradus(calm.folder.path(), {"rollback", id, "--to-generation", "9", "--store", "gradus.db"});
        QCOMPARE(beyond.exitCode, 2);
    }
};
GRADUS_SUITE(RollBackTest)
#include "branch_test.moc"
