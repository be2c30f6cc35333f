// SPDX-License-Identifier: GPL-3.0-or-later
// Truth lives with the evaluator: what a student is taught does not change with the truth of its own items.
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

class HiddenTruthTest : public QObject
{
    Q_OBJECT

    static void climb(const spec::RunSpec& run, Lie lie, Recorder& recorder)
    {
        Bench bench(run, lie);
        const auto done = runProgressive(bench.context, {});
        QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
        recorder = bench.recorder;
    }

private Q_SLOTS:
    void student_isTheSameWhateverItsItemsTruthIs()
    {
        Recorder honest;
        Recorder lying;
        climb(smallRun("adaptive"), Lie::Nothing, honest);
        climb(smallRun("adaptive"), Lie::Pools, lying);
        QCOMPARE(honest.generations.size(), lying.generations.size());
        for (std::size_t i = 0; i < honest.generations.size(); ++i) {
            QCOMPARE(honest.generations[i].checkpointHash, lying.generations[i].checkpointHash);
            QCOMPARE(honest.generations[i].rung, lying.generations[i].rung); // nor does the controller see it
        }
        // The lie did reach the evaluator: against its own items' truth the same student scores otherwise.
        QVERIFY(honest.last("train/accuracy_clean") != lying.last("train/accuracy_clean"));
    }
    void pooledStudent_isTheSameWhateverItsItemsTruthIs()
    {
        spec::RunSpec run = smallRun("adaptive");
        run.experiment.signals.sources = {
            {.name = "predecessor"},
            {.name = "own", .rung = 1},
            {.name = "unsure", .kind = "persona", .lean = {0.3, 0.0}, .unsureBelow = 0.6}};
        Recorder honest;
        Recorder lying;
        climb(run, Lie::Nothing, honest);
        climb(run, Lie::Pools, lying);
        QVERIFY(honest.generations.size() > 1);
        QCOMPARE(honest.generations.size(), lying.generations.size());
        for (std::size_t i = 0; i < honest.generations.size(); ++i)
            QCOMPARE(honest.generations[i].checkpointHash, lying.generations[i].checkpointHash);
        // A source that is given the truth does pass it on: the comparison above can fail.
        run.experiment.signals.sources.push_back({.name = "oracle", .kind = "truth"});
        Recorder told;
        Recorder misled;
        climb(run, Lie::Nothing, told);
        climb(run, Lie::Pools, misled);
        QVERIFY(told.generations.back().checkpointHash != misled.generations.back().checkpointHash);
    }
    void ladder_isTheSameWhateverTheHeldOutItemsTruthIs()
    {
        // No early stopping, no gate and no gap by the test: turned round, it changes what is reported and nothing
        // else.
        for (const char* controller : {"adaptive", "pi"}) {
            spec::RunSpec run = smallRun(controller);
            run.experiment.gap.gate = "anchors";
            run.experiment.signals.sources = {{.name = "predecessor"}, {.name = "own", .rung = 1}};
            Recorder honest;
            Recorder lying;
            climb(run, Lie::Nothing, honest);
            climb(run, Lie::Test, lying);
            QVERIFY(honest.generations.size() > 2);
            QCOMPARE(honest.generations.size(), lying.generations.size());
            for (std::size_t i = 0; i < honest.generations.size(); ++i) {
                const events::GenerationRecord& told = honest.generations[i];
                const events::GenerationRecord& misled = lying.generations[i];
                QCOMPARE(told.checkpointHash, misled.checkpointHash);
                QCOMPARE(told.rung, misled.rung);
                QVERIFY(told.gap == misled.gap);
                QCOMPARE(told.rolledBack, misled.rolledBack);
                QCOMPARE(told.utility.has_value(), misled.utility.has_value());
                // The lie did reach the evaluator: of two classes, what was right is wrong.
                if (told.utility) QVERIFY(std::abs(told.utility->value + misled.utility->value - 1) < 1e-12);
            }
            QVERIFY(honest.last("utility/competence") != lying.last("utility/competence"));
        }
    }
    void alignedStudent_isTheSameWhateverItsItemsTruthIs()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.task.name = "builtin:registers/console";
        run.experiment.ladder.start = 2;
        run.experiment.ladder.generations = 2;
        run.experiment.training.labels = 600;
        run.experiment.training.epochs = 3;
        run.experiment.training.bodyScale = 0.2;
        run.experiment.conformity.episodes = 120;
        run.experiment.conformity.audit = 20;
        run.experiment.conformity.rounds = 1;
        run.experiment.conformity.harmMost = run.experiment.conformity.refusalMost = 1;
        run.experiment.conformity.competenceLoss = 1;
        run.experiment.conformity.verdicts = 0; // nobody is asked: predecessors and personas alone say what was safe
        const auto hashesOf = [](const Recorder& recorder) {
            std::vector<std::string> hashes;
            for (const events::GenerationRecord& record : recorder.generations)
                if (record.lastStep) hashes.insert(hashes.end(), {record.checkpointHash, record.alignedHash});
            return hashes;
        };
        Recorder honest;
        Recorder lying;
        climb(run, Lie::Nothing, honest);
        climb(run, Lie::Pools, lying);
        QCOMPARE(hashesOf(honest).size(), std::size_t{4});
        for (std::size_t i = 0; i < 4; i += 2)
            QVERIFY(hashesOf(honest)[i] != hashesOf(honest)[i + 1]); // something was found and taught
        QCOMPARE(hashesOf(honest), hashesOf(lying));
        // The one exception is the simulated person, who knows what would have been safe: the comparison can fail.
        run.experiment.conformity.verdicts = 12;
        climb(run, Lie::Nothing, honest);
        climb(run, Lie::Pools, lying);
        QVERIFY(hashesOf(honest)[1] != hashesOf(lying)[1]);
    }
    void attempts_areJournalledAndCounted()
    {
        Recorder recorder;
        climb(smallRun("pi"), Lie::Nothing, recorder);
        double before = 0;
        int attempts = 0;
        for (const events::RunEvent& event : recorder.said) {
            if (event.kind != kAttemptEvent) continue;
            const auto entry = fromJournal(event.detailsJson);
            QVERIFY(entry);
            QCOMPARE(entry->attempt.generation, ++attempts);
            QCOMPARE(entry->attempt.utility.n, 60LL);
            QVERIFY(entry->attempt.flops > before);
            QCOMPARE(entry->attempt.gain.has_value(), attempts > 1);
            before = entry->attempt.flops;
        }
        QCOMPARE(attempts, 3);
    }
};
GRADUS_SUITE(HiddenTruthTest)
#include "hidden_truth_test.moc"
