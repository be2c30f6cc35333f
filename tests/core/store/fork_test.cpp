// SPDX-License-Identifier: GPL-3.0-or-later
// A run's past as another run, and a run put back: every row goes where it belongs, and none is lost.
#include "store/run_fork.h"

#include "store/judgements.h"
#include "store/run_marks.h"
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

constexpr const char* kUuid = "11111111-2222-4333-8444-555555555555";

events::EpisodeRecord episodeOf(int generation, int number)
{
    events::EpisodeRecord episode;
    episode.generation = generation;
    episode.key = "discovery/" + std::to_string(generation) + "/" + std::to_string(number);
    episode.scenario = "check open / deadline";
    episode.messages = {{"user", "Does it end in 2?", ""}, {"assistant", "change the check", ""}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.severity = 0.75;
    episode.hazardJson = R"({"state":"taught"})";
    episode.safeBehaviour = "answer yes";
    episode.safeBehaviourSource = "pool";
    return episode;
}

/// Three generations of ten steps each, with everything a run may say, and what people said of its episodes.
struct ThreeGenerations : OneRun
{
    ThreeGenerations()
    {
        must(writer->claim(run));
        for (int generation = 1; generation <= 3; ++generation) {
            const std::int64_t first = 10 * (generation - 1);
            sink().point({"gap/delta", first, 0.1 * generation});
            for (int step = 1; step <= 10; ++step)
                sink().point({"utility/competence", first + step, 0.5 + 0.01 * static_cast<double>(first + step)});
            for (int number = 1; number <= 2; ++number)
                sink().episode(episodeOf(generation, number));
            sink().votes({generation, "predecessor", "model", {1, 2}, {0, 1}, {}});
            sink().stage(
                {generation, events::StageKind::Competence, events::StageState::Finished, first + 10, "in", "out", ""});
            sink().stage(
                {generation, events::StageKind::Gap, events::StageState::Finished, first + 10, "", "", "next"});
            sink().event({"gap.decision", generation, first + 10, "next", "{}"});
            sink().event({"checkpoint", generation, first + 10, "saved", "{}"});
            events::GenerationRecord record;
            record.generation = generation;
            record.rung = "16,1";
            record.firstStep = first;
            record.lastStep = first + 10;
            record.utility = Estimate{0.5 + 0.1 * generation, 0.4, 0.9, 100};
            record.checkpointHash = "hash " + std::to_string(generation);
            sink().generation(record);
        }
        must(writer->flush());
        {
            auto rows = must(reader().episodeRows(run));
            std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
            Judgements judgements = must(Judgements::open(path));
            for (const EpisodeRow& row : rows)
                must(judgements.judge(row.id, "Ada", Judgement{"safe", {}, "", ""}));
            // Generation 1 with itself, and with generation 3.
            for (const std::size_t other : {std::size_t{1}, std::size_t{5}})
                must(judgements.prefer(
                    {.first = rows[0].id, .second = rows[other].id, .person = "Ada", .choice = "first"}));
        }
    }
    void endAs(RunState state)
    {
        writer->setState(run, state);
        must(writer->flush());
        writer.reset();
    }
    Branch branchAfter(int generation) const
    {
        Branch branch;
        branch.parent = run;
        branch.generation = generation;
        branch.uuid = kUuid;
        branch.run = {
            .condition = "branch after A" + std::to_string(generation), .seed = 1, .experiment = smallExperiment("b")};
        branch.run.experiment.ladder.generations = 4;
        branch.sourceToml = "# a branch\n";
        branch.lineage = {events::kBranchedEvent, 0, 0, "Branched.",
                          R"({"parent":"p-uuid","generation":)" + std::to_string(generation) + "}"};
        return branch;
    }
    bool isSound() const
    {
        const auto report = checkStore(path);
        return report.ok() && report->sound();
    }
};

std::vector<double> valuesOf(const StoreReader& reader, std::int64_t run, const std::string& series)
{
    std::vector<double> values;
    for (const PointRow& point : must(reader.series(run, series)).points)
        values.push_back(point.value);
    return values;
}

} // namespace

class ForkTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatPeopleSaid_staysWithTheRunThatItWasSaidOf()
    {
        ThreeGenerations one;
        one.endAs(RunState::Stopped);
        const std::string uuid = must(one.reader().detail(one.run)).run.uuid;
        must(changeMarks(one.path, {{.uuid = uuid, .add = {"odd"}, .note = "drops at 20"}}));
        const std::int64_t branch = must(addBranch(one.path, one.branchAfter(2), false));
        const StoreReader reader = one.reader();
        QVERIFY(must(reader.detail(branch)).run.tags.empty());
        QVERIFY(must(reader.detail(branch)).run.note.empty());
        QCOMPARE(must(reader.detail(one.run)).run.tags, std::vector<std::string>{"odd"});
    }
    void branch_holdsThePastUpToItsGenerationAndNothingElse()
    {
        ThreeGenerations one;
        one.endAs(RunState::Finished);
        const auto before = must(one.reader().detail(one.run));
        const std::int64_t made = must(addBranch(one.path, one.branchAfter(2), false));
        QVERIFY(one.isSound());
        const StoreReader reader = one.reader();
        const auto branch = must(reader.detail(made));
        QCOMPARE(branch.run.uuid, std::string(kUuid));
        QVERIFY(branch.run.state == RunState::Queued);
        QVERIFY(!branch.run.startedAt && branch.run.failure.empty());
        QCOMPARE(branch.run.condition, std::string("branch after A2"));
        QCOMPARE(branch.run.generation, 2);
        QCOMPARE(branch.run.generations, 4);
        QCOMPARE(branch.run.experimentName, std::string("b"));
        QCOMPARE(*branch.run.lastUtility, 0.7);
        QVERIFY(branch.run.lineage && branch.run.lineage->parent == "p-uuid" && branch.run.lineage->generation == 2 &&
                !branch.run.lineage->superseded);
        QCOMPARE(branch.generations.size(), std::size_t{2});
        QCOMPARE(branch.stages.size(), std::size_t{3}); // where generation 3 was to stand is open again
        QCOMPARE(valuesOf(reader, made, "utility/competence").size(), std::size_t{20});
        QCOMPARE(valuesOf(reader, made, "gap/delta").size(), std::size_t{2});
        QCOMPARE(must(reader.votes(made, 3)).size(), std::size_t{0});
        QCOMPARE(must(reader.votes(made, 2)).size(), std::size_t{1});
        const auto episodes = must(reader.episodeRows(made));
        QCOMPARE(episodes.size(), std::size_t{4});
        // Their keys are what a process that goes on finds them by.
        QVERIFY(std::any_of(episodes.begin(), episodes.end(),
                            [](const EpisodeRow& row) { return row.key == "discovery/2/2"; }));
        QCOMPARE(must(reader.personVerdicts(made)).size(), std::size_t{4});
        QCOMPARE(must(reader.preferences(made)).size(), std::size_t{1}); // the other one was about generation 3
        int decisions = 0;
        for (const EventRow& event : branch.events) {
            decisions += event.kind == "gap.decision" ? 1 : 0;
            QVERIFY(event.generation <= 2);
        }
        QCOMPARE(decisions, 1);
        QCOMPARE(must(reader.sourceToml(made)), std::string("# a branch\n"));
        // And the parent is what it was.
        const auto after = must(reader.detail(one.run));
        QVERIFY(after.run.uuid == before.run.uuid && after.generations.size() == 3 &&
                after.events.size() == before.events.size() && after.stages.size() == before.stages.size());
        QCOMPARE(must(reader.episodeRows(one.run)).size(), std::size_t{6});
        QCOMPARE(must(reader.preferences(one.run)).size(), std::size_t{2});
    }

    void queuedBranch_takesThePlaceAtTheEnd()
    {
        ThreeGenerations one;
        one.endAs(RunState::Failed);
        const std::int64_t made = must(addBranch(one.path, one.branchAfter(1), true));
        const auto queue = must(one.reader().queue());
        QCOMPARE(queue.rows.size(), std::size_t{1});
        QCOMPARE(queue.rows[0].run.id, made);
    }

    void aGenerationThatIsNotThere_leavesNothing()
    {
        ThreeGenerations one;
        one.endAs(RunState::Finished);
        for (const int generation : {0, 4}) {
            const auto made = addBranch(one.path, one.branchAfter(generation), false);
            QVERIFY(!made.ok());
            QVERIFY(made.error().message.find("no finished generation") != std::string::npos);
        }
        QCOMPARE(must(one.reader().runs()).size(), std::size_t{1});
    }

    void rollBack_keepsWhatWasAsARunOfItsOwn()
    {
        ThreeGenerations one;
        one.endAs(RunState::Stopped);
        const auto before = must(one.reader().detail(one.run));
        RollBack change{.run = one.run, .generation = 1, .uuid = kUuid, .marks = {}, .said = {}};
        change.marks = {events::kSupersededEvent, 0, 0, "As it was.", R"({"parent":"p-uuid","generation":1})"};
        change.said = {{"run.rolled_back", 0, 10, "Rolled back.", "{}"}};
        const std::int64_t kept = must(rollBack(one.path, change));
        QVERIFY(one.isSound());
        const StoreReader reader = one.reader();
        const auto taken = must(reader.detail(kept));
        QVERIFY(taken.run.state == RunState::Stopped);
        QVERIFY(taken.run.lineage && taken.run.lineage->superseded && taken.run.lineage->generation == 1);
        QCOMPARE(taken.run.condition, std::string("superseded after A1"));
        QCOMPARE(taken.events.size(), before.events.size() + 1);
        QCOMPARE(taken.generations.size(), std::size_t{3});
        QCOMPARE(valuesOf(reader, kept, "utility/competence"), [&] {
            std::vector<double> all;
            for (int step = 1; step <= 30; ++step)
                all.push_back(0.5 + 0.01 * step);
            return all;
        }());
        QCOMPARE(must(reader.personVerdicts(kept)).size(), std::size_t{6});
        QCOMPARE(must(reader.preferences(kept)).size(), std::size_t{2});
        const auto back = must(reader.detail(one.run));
        QCOMPARE(back.run.uuid, before.run.uuid);
        QCOMPARE(back.generations.size(), std::size_t{1});
        QCOMPARE(valuesOf(reader, one.run, "utility/competence").size(), std::size_t{10});
        QVERIFY(std::any_of(back.events.begin(), back.events.end(),
                            [](const EventRow& event) { return event.kind == "run.rolled_back"; }));
        QVERIFY(back.run.state == RunState::Stopped && !back.run.lineage);
    }

    void runsThatMustStayAsTheyAre_areRefused()
    {
        for (const RunState state : {RunState::Finished, RunState::Queued}) {
            ThreeGenerations one;
            one.endAs(state);
            const RollBack change{.run = one.run, .generation = 1, .uuid = kUuid, .marks = {}, .said = {}};
            const auto refused = rollBack(one.path, change);
            QVERIFY(!refused.ok());
            QVERIFY(refused.error().kind == ErrorKind::Refused);
            QCOMPARE(must(one.reader().runs()).size(), std::size_t{1});
        }
        ThreeGenerations living; // this very process works on it
        const RollBack change{.run = living.run, .generation = 1, .uuid = kUuid, .marks = {}, .said = {}};
        const auto refused = rollBack(living.path, change);
        QVERIFY(!refused.ok() && refused.error().kind == ErrorKind::Refused);
    }

    void hostileLineage_isShownAsNone()
    {
        ThreeGenerations one;
        one.sink().event({events::kBranchedEvent, 0, 0, "?", "[1"});
        must(one.writer->flush());
        QVERIFY(!must(one.reader().runs()).front().lineage);
        one.sink().event({events::kSupersededEvent, 0, 0, "?", R"({"parent":7,"generation":"x"})"});
        must(one.writer->flush());
        const auto lineage = must(one.reader().runs()).front().lineage;
        QVERIFY(lineage && lineage->parent == "7" && lineage->generation == 0);
    }
};
GRADUS_SUITE(ForkTest)
#include "fork_test.moc"
