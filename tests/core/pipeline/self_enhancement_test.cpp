// SPDX-License-Identifier: GPL-3.0-or-later
// Rounds of self-enhancement on a small writer: what they are made of, what is reported, and that they can be resumed.
#include "base/hash.h"
#include "data/register_traces.h"
#include "pipeline/procedure.h"
#include "pipeline/self_enhancement.h"
#include "pipeline/self_lesson.h"
#include "pipeline/writing_audit.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <set>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

spec::RunSpec writingRun(const std::string& reward, double replay)
{
    spec::RunSpec run;
    run.seed = 3;
    run.experiment.experiment.procedure = "self-enhancement";
    run.experiment.ladder.start = 1;
    run.experiment.ladder.generations = 3;
    run.experiment.task.testItems = 200;
    run.experiment.training.labels = 24;
    run.experiment.training.batch = 8;
    run.experiment.self.reward = reward;
    run.experiment.self.replay = replay;
    run.experiment.self.samples = 4;
    run.experiment.self.offline = 40;
    run.experiment.self.examples = 12800;
    run.experiment.self.probes = 48;
    return run;
}

std::vector<events::GenerationRecord> finishedOf(const Recorder& recorder)
{
    std::vector<events::GenerationRecord> finished;
    for (const events::GenerationRecord& record : recorder.generations)
        if (record.lastStep) finished.push_back(record);
    return finished;
}

std::vector<nlohmann::json> lessonsOf(const Recorder& recorder)
{
    std::vector<nlohmann::json> lessons;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kSelfPairsEvent) lessons.push_back(nlohmann::json::parse(event.detailsJson));
    return lessons;
}

/// Writers are kept by all they depend on, as in a user's folder of models: these runs begin with the same one.
void shareWriters(const Bench& bench)
{
    static const QTemporaryDir models;
    std::filesystem::create_directory_symlink(models.path().toStdString(), bench.path("models"));
}

Recorder ran(const spec::RunSpec& run)
{
    Bench bench(run);
    shareWriters(bench);
    const auto done = runProcedure(bench.context, {});
    if (!done) qFatal("%s", done.error().message.c_str());
    return bench.recorder;
}

} // namespace

class SelfEnhancementTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rounds_areGenerationsOnOneRungWithEveryFigure()
    {
        const Recorder recorder = ran(writingRun("likelihood", 0));
        const auto finished = finishedOf(recorder);
        QCOMPARE(finished.size(), 3U);
        std::set<std::string> hashes;
        for (std::size_t i = 0; i < finished.size(); ++i) {
            QCOMPARE(finished[i].generation, static_cast<int>(i) + 1);
            QCOMPARE(finished[i].rung, std::string("16,1"));
            QCOMPARE(finished[i].gap.has_value(), i > 0);
            QCOMPARE(finished[i].utility->n, 200);
            QVERIFY(*finished[i].lastStep > finished[i].firstStep && *finished[i].flops > 0);
            hashes.insert(finished[i].checkpointHash);
            for (const char* series : {"utility/competence", "entropy/token", "diversity/distinct2",
                                       "diversity/self_bleu", "diversity/vendi", "diversity/repeats",
                                       "writing/working_right", "writing/unparsed", "writing/length"}) {
                const auto found =
                    std::count_if(recorder.points.begin(), recorder.points.end(), [&](const auto& point) {
                        return point.series == series && point.step == *finished[i].lastStep &&
                               std::isfinite(point.value);
                    });
                QVERIFY2(found == 1, series);
            }
        }
        QCOMPARE(hashes.size(), 3U);
        QVERIFY(recorder.last("diversity/vendi") >= 1 && recorder.last("diversity/vendi") <= 4);
        QVERIFY(recorder.progressed.back().fraction == 1);
        int early = 0;
        for (const events::Progress& progress : recorder.progressed)
            early += progress.fraction < 0.95 ? 1 : 0;
        QVERIFY(early > 2);
    }
    void replay_putsOfflinePairsInThePlaceOfOwnOnes()
    {
        for (const auto& [replay, least, most] : {std::tuple{0.0, 0.0, 0.0}, {0.5, 0.4, 0.6}, {1.0, 1.0, 1.0}}) {
            const auto lessons = lessonsOf(ran(writingRun("likelihood", replay)));
            QCOMPARE(lessons.size(), 2U);
            for (const nlohmann::json& lesson : lessons) {
                const double own = lesson.at("own_pairs");
                const double offline = lesson.at("offline_pairs");
                QVERIFY(own + offline > 10);
                QVERIFY(offline / (own + offline) >= least && offline / (own + offline) <= most);
            }
        }
    }
    void truthAlwaysPrefersTheRightEnd_othersDoNotKnowIt()
    {
        for (const nlohmann::json& lesson : lessonsOf(ran(writingRun("truth", 0)))) {
            QVERIFY(lesson.at("preference_right").at("n") > 3);
            QCOMPARE(lesson.at("preference_right").at("value").get<double>(), 1.0);
        }
        double discordant = 0;
        double right = 0;
        for (const char* reward : {"likelihood", "majority", "implicit"})
            for (const nlohmann::json& lesson : lessonsOf(ran(writingRun(reward, 0)))) {
                const double n = lesson.at("preference_right").at("n");
                discordant += n;
                right += n * lesson.at("preference_right").at("value").get<double>();
            }
        QVERIFY(discordant > 6 && right < discordant);
    }
    void stoppedAndResumed_isBitEqual()
    {
        const spec::RunSpec run = writingRun("implicit", 0.5);
        Bench whole(run);
        shareWriters(whole);
        QVERIFY(runProcedure(whole.context, {}).ok());
        const auto expected = finishedOf(whole.recorder);
        for (std::size_t known = 0; known < expected.size(); ++known) {
            // What a killed process leaves: finished generations in the store, later weights half-way or not at all.
            Past past;
            past.finished.assign(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(known));
            whole.recorder = {};
            QVERIFY(runProcedure(whole.context, past).ok());
            const auto again = finishedOf(whole.recorder);
            QCOMPARE(again.size(), expected.size() - known);
            for (std::size_t i = 0; i < again.size(); ++i) {
                QCOMPARE(again[i].checkpointHash, expected[known + i].checkpointHash);
                QCOMPARE(*again[i].utility, *expected[known + i].utility);
                QCOMPARE(*again[i].lastStep, *expected[known + i].lastStep);
                QCOMPARE(*again[i].flops, *expected[known + i].flops);
            }
            QVERIFY(whole.recorder.progressed.back().fraction == 1);
        }
    }
    void weightsThatWereChanged_areMadeAgain()
    {
        const spec::RunSpec run = writingRun("likelihood", 0);
        Bench bench(run);
        shareWriters(bench);
        QVERIFY(runProcedure(bench.context, {}).ok());
        Past past{.finished = finishedOf(bench.recorder), .attempts = {}, .utility = {}};
        const std::string expected = past.finished.back().checkpointHash;
        std::filesystem::copy_file(bench.context.weightsOf(1), bench.context.weightsOf(2),
                                   std::filesystem::copy_options::overwrite_existing);
        bench.recorder = {};
        QVERIFY(runProcedure(bench.context, past).ok());
        QCOMPARE(finishedOf(bench.recorder).size(), 1U); // generation 2; generation 3 is still what it was
        QCOMPARE(finishedOf(bench.recorder).front().generation, 2);
        QCOMPARE(sha256OfFile(bench.context.weightsOf(3)).value(), expected);
    }
    void seedsShareTheWriterAndDifferAfterwards()
    {
        spec::RunSpec run = writingRun("likelihood", 0);
        Bench bench(run);
        shareWriters(bench);
        const auto file = writerFile(bench.context, 1);
        QVERIFY(file.ok());
        const auto written = std::filesystem::last_write_time(*file);
        run.seed = 4; // the context refers to it
        QCOMPARE(*writerFile(bench.context, 1), *file);
        QCOMPARE(std::filesystem::last_write_time(*file), written);
        QVERIFY(finishedOf(ran(run)).front().checkpointHash !=
                finishedOf(ran(writingRun("likelihood", 0))).front().checkpointHash);
    }
    void answers_dependOnTheirOwnPromptAndPlaceAlone()
    {
        const spec::RunSpec run = writingRun("likelihood", 0);
        const Bench bench(run);
        shareWriters(bench);
        const auto writer = loadWriter(bench.context, 1, *writerFile(bench.context, 1));
        QVERIFY(writer.ok());
        const auto form = answerForm(bench.context, 1).value();
        const auto prompts = form->prompts(bench.context.task.test());
        const Answers all = answersOf(*writer, *form, prompts, 3, {.seed = 9}, true, StopFlag()).value();
        const Answers some =
            answersOf(*writer, *form, {prompts[0], prompts[1]}, 3, {.seed = 9}, true, StopFlag()).value();
        QCOMPARE(all.size(), prompts.size());
        for (std::size_t i = 0; i < some.size(); ++i)
            for (std::size_t k = 0; k < 3; ++k)
                QCOMPARE(some[i][k].tokens, all[i][k].tokens);
        const auto logs = logsOf(*writer, prompts, all).value();
        for (std::size_t i = 0; i < prompts.size(); ++i)
            for (std::size_t k = 0; k < 3; ++k) {
                double sum = 0;
                for (const float log : all[i][k].logProbabilities)
                    sum += static_cast<double>(log);
                QVERIFY(std::abs(sum - logs[i][k]) < 1e-3);
            }
    }
    void collapse_isSeenWhereVarietyIsGoneAndNotWhereItIsNot()
    {
        const spec::RunSpec run = writingRun("likelihood", 0);
        const Bench bench(run);
        shareWriters(bench);
        const auto form = answerForm(bench.context, 1).value();
        const WritingAudit audit(bench.context, *form);
        const auto writer = loadWriter(bench.context, 1, *writerFile(bench.context, 1));
        const WritingVariety before = audit.variety(*writer).value();
        QVERIFY(!audit.collapse(before, before).fired);
        WritingVariety narrow = before;
        for (std::size_t i = 0; i < narrow.samples.size(); ++i) {
            for (auto& sample : narrow.samples[i])
                sample = narrow.samples[i].front();
            narrow.entropies[i] = 0.01;
        }
        QVERIFY(audit.collapse(before, narrow).fired);
    }
};
GRADUS_SUITE(SelfEnhancementTest)

#include "self_enhancement_test.moc"
