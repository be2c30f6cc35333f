// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/future.h"
#include "spec/keys.h"
#include "spec/stored.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;

class FutureTest : public QObject
{
    Q_OBJECT

    static spec::RunSpec past()
    {
        spec::RunSpec run;
        run.condition = "adaptive";
        run.seed = 3;
        run.experiment.experiment.seeds = {3};
        run.experiment.ladder.generations = 4;
        return run;
    }

private Q_SLOTS:
    void nothingChanged_saysSo()
    {
        const auto future = spec::withFuture(past(), {}, 2);
        QVERIFY(future.ok());
        QVERIFY(future->changed.empty());
        QCOMPARE(future->run.condition, std::string("adaptive, branch after A2"));
        QCOMPARE(spec::canonicalToml(future->run.experiment), spec::canonicalToml(past().experiment));
    }

    void changes_areNamedInTheCanonicalOrder()
    {
        const auto future = spec::withFuture(past(), {"training.epochs=2", "gap.controller=fixed", "gap.value=0.3"}, 1);
        QVERIFY2(future.ok(), future ? "" : future.error().message.c_str());
        const std::vector<std::string> expected{"gap.controller = \"fixed\"", "gap.value = 0.3", "training.epochs = 2"};
        QVERIFY(future->changed == expected);
    }

    void aSettingThatIsSetToWhatItWas_isNoChange()
    {
        const auto future = spec::withFuture(past(), {"task.test_items=2000", "training.epochs=4"}, 1);
        QVERIFY2(future.ok(), future ? "" : future.error().message.c_str());
        QVERIFY(future->changed.empty());
    }

    void whatThePastLeftAside_mayStayAndNothingNewMayCome()
    {
        const std::string text = "[experiment]\nprocedure = \"self-enhancement\"\n[ladder]\nstart = 3\n"
                                 "[gap]\ncontroller = \"fixed\"\ngate = \"anchors\"\n[signals]\nanchors = 40\n";
        const auto stored = spec::parseStored(text, "f");
        QVERIFY(stored.ok());
        spec::RunSpec run{.condition = "", .seed = 1, .experiment = *stored};
        const auto same = spec::withFuture(run, {"training.epochs=2"}, 1);
        QVERIFY2(same.ok(), same ? "" : same.error().message.c_str());
        QCOMPARE(same->changed, std::vector<std::string>{"training.epochs = 2"});
        QVERIFY(same->run.experiment.gap.gate == "anchors" && same->run.experiment.signals.anchors == 40);
        const auto more = spec::withFuture(run, {"signals.anchors=60"}, 1);
        QVERIFY(!more && more.error().kind == ErrorKind::BadInput);
        const auto mended = spec::withFuture(run, {"signals.anchors=0", "gap.gate=off"}, 1);
        QVERIFY2(mended.ok(), mended ? "" : mended.error().message.c_str());
        run.experiment.gap.gate = "off";
        run.experiment.signals.anchors = 0; // a past that left nothing aside
        QVERIFY(!spec::withFuture(run, {"gap.gate=anchors"}, 1));
    }

    /// A key that is added to the table later is closed until somebody decides otherwise, unless its section is open.
    void everyKey_isOpenOrRefusedByName()
    {
        int open = 0;
        for (const spec::KeyInfo& key : spec::knownKeys())
            open += spec::concernsFuture(key.dotted()) ? 1 : 0;
        QVERIFY(open > 20);
        for (const char* closed :
             {"experiment.procedure", "experiment.seeds", "ladder.family", "ladder.rungs", "ladder.start", "task.name",
              "task.student_data", "training.teacher_labels", "debate.judge", "self.offline", "self.answer_tokens"})
            QVERIFY2(!spec::concernsFuture(closed), closed);
    }

    /// The generations up to A3 of 5 have read curves up to a third of the run.
    void aCurveIsOpenAfterWhatWasRead_andRefusedByNameBefore_data()
    {
        QTest::addColumn<QString>("assignment");
        QTest::addColumn<QString>("said"); // empty: accepted
        const QString gap = QStringLiteral("The gap's curve (gap.curve) cannot change before 33.3 % of the run: "
                                           "generations up to A3 were made by it. Draw after that, or branch from an "
                                           "earlier generation.");
        QTest::newRow("gap, before") << "gap.curve={ keys = [[0.0, 0.4], [1.0, 0.9]], interpolation = \"linear\" }"
                                     << gap;
        QTest::newRow("gap, its end, which bends all of it")
            << "gap.curve={ keys = [[0.0, 0.3], [1.0, 0.6]], interpolation = \"linear\" }" << gap;
        QTest::newRow("gap, after")
            << "gap.curve={ keys = [[0.0, 0.3], [0.5, 0.6], [1.0, 0.1]], interpolation = \"linear\" }"
            << "";
        const QString sources = QStringLiteral(
            "signals.source=[{ name = \"past\", weight = { keys = [[0.0, %1], [0.5, 0.5], "
            "[1.0, %2]], interpolation = \"linear\" } }, { name = \"truth\", kind = \"truth\", weight = 0.5 }]");
        QTest::newRow("weight, before") << sources.arg(0.8).arg(0.0)
                                        << "The weight of \"past\" (signals.source) cannot change before 33.3 %";
        QTest::newRow("weight, after") << sources.arg(1.0).arg(0.9) << "";
        QTest::newRow("number, before")
            << "training.learning_rate={ keys = [[0.0, 0.004], [1.0, 0.002]], interpolation = \"linear\" }"
            << "training.learning_rate cannot change for generation 1, which a branch keeps.";
        QTest::newRow("number, after") << "training.learning_rate={ keys = [[0.0, 0.006], [0.5, 0.004], [1.0, 0.001]], "
                                          "interpolation = \"linear\" }"
                                       << "";
        QTest::newRow("number, given once from now on") << "training.learning_rate=0.001"
                                                        << "";
    }
    void aCurveIsOpenAfterWhatWasRead_andRefusedByNameBefore()
    {
        QFETCH(QString, assignment);
        QFETCH(QString, said);
        const auto drawn = spec::parseExperiment(R"([ladder]
generations = 5
[gap]
controller = "schedule"
curve = { keys = [[0.0, 0.3], [1.0, 0.9]], interpolation = "linear" }
[signals]
anchors = 50
[[signals.source]]
name = "past"
weight = { keys = [[0.0, 1.0], [1.0, 0.0]], interpolation = "linear" }
[[signals.source]]
name = "truth"
kind = "truth"
weight = 0.5
[training]
learning_rate = { keys = [[0.0, 0.006], [1.0, 0.002]], interpolation = "linear" }
)",
                                                 "drawn.toml");
        QVERIFY2(drawn.ok(), drawn ? "" : drawn.error().message.c_str());
        spec::RunSpec run = past();
        run.experiment = *drawn;
        const auto future = spec::withFuture(run, {assignment.toStdString()}, 3);
        if (said.isEmpty()) {
            QVERIFY2(future.ok(), future ? "" : future.error().message.c_str());
            return;
        }
        QVERIFY(!future.ok());
        QVERIFY2(future.error().message.starts_with(said.toStdString()), future.error().message.c_str());
        QVERIFY(future.error().kind == ErrorKind::BadInput);
        QVERIFY(spec::withFuture(run, {assignment.toStdString()}, 1).ok() || said.startsWith("training"));
    }

    void aCurveThatNothingRead_isOpen()
    {
        spec::RunSpec run = past();
        run.experiment.gap.controller = "fixed";
        const std::vector<std::string> drawn{"gap.controller=schedule",
                                             "gap.curve={ keys = [[0.0, 0.1], [1.0, 0.2]] }"};
        QVERIFY(spec::withFuture(run, drawn, 3).ok());
        run.experiment.gap.controller = "schedule";
        QVERIFY(!spec::withFuture(run, drawn, 3).ok());
    }

    void theResultMustHoldTogether()
    {
        const auto future = spec::withFuture(past(), {"gap.controller=adaptive"}, 1); // needs anchors
        QVERIFY(!future.ok());
        QVERIFY(future.error().key == "signals.anchors");
        QVERIFY(spec::withFuture(past(), {"gap.controller=adaptive", "signals.anchors=50"}, 1).ok());
    }
};
GRADUS_SUITE(FutureTest)
#include "future_test.moc"
