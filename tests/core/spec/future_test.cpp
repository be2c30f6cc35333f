// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/future.h"
#include "spec/keys.h"

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
