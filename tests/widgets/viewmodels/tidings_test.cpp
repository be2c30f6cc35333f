// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of runs that end and of alerts, and what of it the desktop hears.
#include "viewmodels/tidings.h"

#include "support/suite.h"

#include <QSignalSpy>
#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;
using store::RunState;

namespace {

store::RunRow runOf(std::int64_t id, RunState state, const std::string& experiment = "annealing")
{
    store::RunRow run;
    run.id = id;
    run.uuid = "uuid-" + std::to_string(id);
    run.experimentName = experiment;
    run.experimentHash = "hash of " + experiment;
    run.condition = "fixed";
    run.seed = id;
    run.state = state;
    return run;
}

struct Heard
{
    Heard()
    {
        QObject::connect(&tidings, &Tidings::told, [this](const Tiding& one) { all.append(one); });
    }
    QStringList sentences()
    {
        QStringList made;
        for (const Tiding& one : std::as_const(all))
            made << (one.isForDesktop ? QStringLiteral("! ") : QString()) + one.sentence;
        all.clear();
        return made;
    }
    Tidings tidings;
    QVector<Tiding> all;
};

} // namespace

class TidingsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sweep_isToldRunByRun_andToTheDesktopOnceItIsOver()
    {
        Heard heard;
        store::RunRow first = runOf(1, RunState::Running);
        heard.tidings.setRuns({first, runOf(2, RunState::Queued), runOf(3, RunState::Finished)});
        QVERIFY(heard.all.isEmpty()); // what was so when the store was opened is no news
        first.state = RunState::Finished;
        first.lastUtility = 0.6912;
        heard.tidings.setRuns({first, runOf(2, RunState::Running), runOf(3, RunState::Finished)});
        QCOMPARE(heard.sentences(), QStringList{"fixed, seed 1 is finished, utility 0.691."});
        heard.tidings.setRuns({first, runOf(2, RunState::Finished), runOf(3, RunState::Finished)});
        QCOMPARE(heard.sentences(), (QStringList{"fixed, seed 2 is finished.", "! All 3 runs are finished."}));
        heard.tidings.setRuns({first, runOf(2, RunState::Finished), runOf(3, RunState::Finished)});
        QVERIFY(heard.all.isEmpty());
    }

    void failure_isToldAtOnce_andTheEndSaysHowMany()
    {
        Heard heard;
        heard.tidings.setRuns({runOf(1, RunState::Running), runOf(2, RunState::Running)});
        store::RunRow failed = runOf(1, RunState::Failed);
        failed.failure = "The disk is full\n<b>now</b>.";
        heard.tidings.setRuns({failed, runOf(2, RunState::Running)});
        QCOMPARE(heard.all.size(), 1);
        QVERIFY(heard.all[0].isFailure && !heard.all[0].sentence.contains('\n'));
        QVERIFY(heard.sentences().front().startsWith("! fixed, seed 1 failed: The disk is full"));
        heard.tidings.setRuns({failed, runOf(2, RunState::Crashed)});
        QCOMPARE(heard.sentences(),
                 (QStringList{"! fixed, seed 2: its process is gone; resume it from its last checkpoint.",
                              "! All 2 runs have ended; 2 are not finished."}));
    }

    void otherExperiments_doNotHoldTheNewsBack()
    {
        Heard heard;
        heard.tidings.setRuns({runOf(1, RunState::Running), runOf(2, RunState::Running, "other")});
        heard.tidings.setRuns({runOf(1, RunState::Finished), runOf(2, RunState::Running, "other")});
        QCOMPARE(heard.sentences(), (QStringList{"fixed, seed 1 is finished.", "! The run has ended: fixed, seed 1."}));
    }

    void runsOfAnotherStore_areNoNews()
    {
        Heard heard;
        heard.tidings.setRuns({runOf(1, RunState::Running)});
        store::RunRow merged = runOf(9, RunState::Finished);
        heard.tidings.setRuns({runOf(1, RunState::Running), merged});
        QVERIFY(heard.all.isEmpty());
        heard.tidings.clear();
        heard.tidings.setRuns({runOf(1, RunState::Running)}); // a late list of the store before
        store::RunRow other = runOf(1, RunState::Finished);
        other.uuid = "another";
        heard.tidings.setRuns({other});
        QVERIFY(heard.all.isEmpty());
    }

    void alertOfAnyRun_namesTheRun_andHidesNothing()
    {
        Heard heard;
        heard.tidings.setRuns({runOf(7, RunState::Running)});
        store::EventRow event;
        event.sentence = "Alert: train/loss above 2: 3 at step 8.\u202e";
        heard.tidings.setAlerts({{7, event}, {8, event}});
        QCOMPARE(heard.all.size(), 2);
        QCOMPARE(heard.all[0].title, QStringLiteral("annealing"));
        QVERIFY2(heard.all[0].sentence.startsWith("fixed, seed 7: Alert: train/loss above 2"),
                 qPrintable(heard.all[0].sentence));
        QVERIFY(heard.all[0].isForDesktop && heard.all[0].isFailure);
        QVERIFY(!heard.all[0].sentence.contains(QChar(0x202e)));
    }
};
GRADUS_SUITE(TidingsTest)
#include "tidings_test.moc"
