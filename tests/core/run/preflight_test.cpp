// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/plan.h"
#include "run/preflight.h"
#include "run/preflight_checks.h"
#include "run/run_history.h"
#include "run/time_estimate.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace gradus;
using run::TickState;

namespace {

const char* const kSmall = R"toml(
[experiment]
name = "small"
seeds = [1, 2]
[ladder]
generations = 2
start = 1
[task]
name = "builtin:registers/code"
test_items = 200
[training]
labels = 64
epochs = 1
[gap]
controller = "fixed"
value = 0.4
)toml";

spec::Experiment parsed(const std::string& toml)
{
    auto experiment = spec::parseExperiment(toml, "test.toml");
    if (!experiment) qFatal("%s", experiment.error().message.c_str());
    return *experiment;
}

run::Preflight checked(const std::string& toml, double mostHours = 24)
{
    QTemporaryDir folder;
    auto findings = run::preflight(
        parsed(toml), {.store = folder.filePath("gradus.db").toStdString(), .jobs = 1, .mostHours = mostHours});
    if (!findings) qFatal("%s", findings.error().message.c_str());
    return *findings;
}

std::string pairFile(const QTemporaryDir& folder, const char* name, int from, int rows)
{
    const std::string path = folder.filePath(name).toStdString();
    std::ofstream out(path);
    out << "prompt,chosen,rejected\n";
    for (int row = from; row < from + rows; ++row)
        out << "question " << row << ",good " << row << ",bad " << row << "\n";
    return path;
}

/// What is refused of an experiment on 270 preference pairs, which a split leaves about half of for either part.
std::string refusalOf(const std::string& settings)
{
    QTemporaryDir folder;
    const std::string train = pairFile(folder, "train.csv", 0, 270);
    const std::string held = pairFile(folder, "held.csv", 1000, 40);
    const auto findings =
        run::preflight(parsed("[experiment]\nname = \"rows\"\nseeds = [1, 2]\n[task]\nname = \"preferences\"\n"
                              "teacher_data = \"" +
                              train + "\"\ntest_data = \"" + held +
                              "\"\n[ladder]\nfamily = \"scratch\"\nrungs = [[16, 1], [32, 2]]\nstart = 0\n"
                              "generations = 2\npretrain_steps = 0\n" +
                              settings),
                       {.store = folder.filePath("gradus.db").toStdString(), .jobs = 1, .triesOnlyLong = true});
    return findings ? std::string() : findings.error().message;
}

const run::Tick& tickOf(const run::Preflight& findings, const std::string& id)
{
    const auto found = std::find_if(findings.ticks.begin(), findings.ticks.end(),
                                    [&](const run::Tick& tick) { return tick.id == id; });
    if (found == findings.ticks.end()) qFatal("no tick %s", id.c_str());
    return *found;
}

} // namespace

class PreflightTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyQuestionIsAnsweredInAFixedOrder()
    {
        const run::Preflight findings = checked(kSmall);
        std::string order;
        for (const run::Tick& tick : findings.ticks)
            order += tick.id + " ";
        QCOMPARE(order, std::string("file memory disk time slots seeds ceiling grader data "));
        QCOMPARE(findings.runs, 2);
        QCOMPARE(findings.conditions, 1);
        QVERIFY(!findings.isRefused());
        QVERIFY(findings.seconds > 0);
        QVERIFY(findings.coreSeconds >= findings.seconds);
        QVERIFY(tickOf(findings, "time").sentence.find("measured now") != std::string::npos);
    }

    void tooFewSeedsAreWarnedOfWithWhatTheyCanSee()
    {
        const std::string conditions = "[[sweep.condition]]\nname = \"a\"\n\"gap.value\" = 0.3\n"
                                       "[[sweep.condition]]\nname = \"b\"\n\"gap.value\" = 0.5\n";
        const run::Preflight two = checked(kSmall + conditions);
        QCOMPARE(tickOf(two, "seeds").state, TickState::Warned);
        QVERIFY(!tickOf(two, "seeds").cure.empty());
        std::string five = kSmall + conditions;
        five.replace(five.find("[1, 2]"), 6, "[1, 2, 3, 4, 5]");
        const run::Preflight enough = checked(five);
        QCOMPARE(tickOf(enough, "seeds").state, TickState::Passed);
        // evals::detectableDifference(1, 5, 0.05) = 1.68
        QVERIFY(tickOf(enough, "seeds").sentence.find("1.7 standard deviations") != std::string::npos);
        // Each of 2^5 ways to give the differences signs is as likely; two of them are the most extreme.
        QVERIFY(tickOf(enough, "seeds").sentence.find("its least p is 0.062") != std::string::npos);
    }

    void whatCanBeSeen_isWhatTheTablesWillTest()
    {
        std::vector<spec::RunSpec> runs;
        for (int condition = 0; condition < 32; ++condition)
            for (const std::int64_t seed : {1, 2, 3, 4, 5})
                runs.push_back(
                    {.condition = "c" + std::to_string(condition), .seed = seed, .experiment = parsed(kSmall)});
        const run::Tick tick = run::seedsTick(runs, {.all = 31, .contrasts = 0}, {});
        QVERIFY2(tick.sentence.find("over up to 31 comparisons with a baseline (p below 0.0016 alone)") !=
                     std::string::npos,
                 tick.sentence.c_str());
        // Noncentral t by hand: 4.23 deviations, where one comparison alone has 1.68.
        QVERIFY2(tick.sentence.find("4.2 standard deviations") != std::string::npos, tick.sentence.c_str());
    }

    void contrastsOfTheFile_areCountedWithTheComparisons()
    {
        const std::string asked = "[report]\ncontrasts = [[\"b\", \"a\"], [\"c\", \"b\"], [\"b\", \"c\"]]\n";
        std::string five = kSmall;
        five.replace(five.find("[1, 2]"), 6, "[1, 2, 3, 4, 5]");
        for (const char* name : {"a", "b", "c"})
            five += std::string("[[sweep.condition]]\nname = \"") + name + "\"\n\"gap.value\" = 0." +
                    std::to_string(name[0] - 'a' + 3) + "\n";
        const auto runs = spec::expand(parsed(five));
        QVERIFY(runs.ok());
        const run::Comparisons plain = run::comparisonsOf(*runs, five);
        QCOMPARE(plain.all, std::size_t(2));
        QCOMPARE(plain.contrasts, std::size_t(0));
        // b against a is the baseline's own; c and b, either way round, are one more.
        const run::Comparisons with = run::comparisonsOf(*runs, asked + five);
        QCOMPARE(with.all, std::size_t(3));
        QCOMPARE(with.contrasts, std::size_t(1));
        QTemporaryDir folder;
        const auto findings = run::preflight(parsed(asked + five), {.store = folder.filePath("gradus.db").toStdString(),
                                                                    .jobs = 1,
                                                                    .toml = asked + five,
                                                                    .triesOnlyLong = true});
        QVERIFY(findings.ok());
        const std::string& sentence = tickOf(*findings, "seeds").sentence;
        QVERIFY2(sentence.find("over up to 3 comparisons, one of them a contrast of [report] (p below 0.017 alone)") !=
                     std::string::npos,
                 sentence.c_str());
        // Conditions on tasks of their own are in no test.
        std::vector<spec::RunSpec> apart = *runs;
        for (spec::RunSpec& run : apart)
            run.experiment.task.name = "builtin:registers/" + std::string(run.condition == "a"   ? "code"
                                                                          : run.condition == "b" ? "math"
                                                                                                 : "writing");
        const run::Comparisons none = run::comparisonsOf(apart, asked + five);
        QCOMPARE(none.all, std::size_t(0));
        QVERIFY(run::seedsTick(apart, none, {}).sentence.starts_with("No two conditions have one task"));
    }

    void seedsThatTheStoreKnowsTellDifferencesInUtility()
    {
        const auto runs = spec::expand(parsed(kSmall));
        QVERIFY(runs.ok());
        run::RunHistory history;
        for (const auto& [seed, utility] : {std::pair{1, 0.60}, std::pair{2, 0.64}, std::pair{2, 0.64}}) {
            spec::Experiment past = (*runs)[0].experiment;
            past.experiment.seeds = {seed};
            history.bySettings[run::settingsOf(past)].push_back({past, 3.0, utility});
        }
        const auto deviation = run::seedDeviation(history, *runs);
        QVERIFY(deviation.has_value());
        QVERIFY(std::abs(*deviation - 0.02828) < 1e-4); // a seed that was run twice counts once
    }

    void aLimitOfTimeIsWarnedOfAndMayBeSet()
    {
        QCOMPARE(tickOf(checked(kSmall), "time").state, TickState::Passed);
        QCOMPARE(tickOf(checked(kSmall, 1e-6), "time").state, TickState::Warned);
    }

    void whatDoesNotFitIsRefused()
    {
        QCOMPARE(run::diskTick(2e9, 1e9, "/there").state, TickState::Refused);
        QCOMPARE(run::diskTick(1e9, 2e9, "/there").state, TickState::Passed);
        QCOMPARE(run::memoryTick(3e9, 2e9, 4e9).state, TickState::Warned);
        QCOMPARE(run::memoryTick(5e9, 2e9, 4e9).state, TickState::Refused);
        run::Preflight findings;
        findings.ticks = {run::diskTick(2e9, 1e9, "/there")};
        QVERIFY(findings.isRefused());
        const auto fit = run::admitted(findings);
        QVERIFY(!fit.ok());
        QCOMPARE(fit.error().kind, ErrorKind::BadInput);
    }

    void whatDoesNotFitIsNotTried()
    {
        std::string huge = kSmall;
        huge.replace(huge.find("[ladder]\n"), 9, "[ladder]\nfamily = \"scratch\"\nrungs = [[8, 1], [8192, 128]]\n");
        huge.replace(huge.find("start = 1"), 9, "start = 0");
        const run::Preflight findings = checked(huge); // in a moment, though such a body takes 400 GB to make
        QCOMPARE(tickOf(findings, "memory").state, TickState::Refused);
        QCOMPARE(tickOf(findings, "time").figure, std::string("not measured"));
    }
    void rowsAreCountedForEveryConditionNotTheFirstAlone()
    {
        const std::string swept = refusalOf("[training]\nlabels = 60\n[sweep]\n\"training.labels\" = [60, 5000]\n");
        QVERIFY2(swept.find("training.labels asks for 5000 items") != std::string::npos, swept.c_str());
        QVERIFY2(refusalOf("[training]\nlabels = 60\n[sweep]\n\"training.labels\" = [60, 100]\n").empty(), "enough");
    }
    void rowsOfTheFirstTeacherAreCountedByItsOwnKey()
    {
        const std::string own = refusalOf("[training]\nlabels = 60\nteacher_labels = 5000\n");
        QVERIFY2(own.find("training.teacher_labels asks for 5000 items for the first generation") != std::string::npos,
                 own.c_str());
        const std::string swept =
            refusalOf("[training]\nlabels = 60\n[sweep]\n\"training.teacher_labels\" = [60, 300]\n");
        QVERIFY2(swept.find("training.teacher_labels asks for 300") != std::string::npos, swept.c_str());
        // The world's own bound holds for each of them, too.
        auto world = parsed(std::string(kSmall) + "[sweep]\n\"training.teacher_labels\" = [64, 200000]\n");
        QTemporaryDir folder;
        const auto bounded = run::preflight(world, {.store = folder.filePath("gradus.db").toStdString(), .jobs = 1});
        QVERIFY(!bounded.ok() && bounded.error().key == "training.teacher_labels");
    }
    void aLadderWithoutAStudentHasNoCeiling()
    {
        std::string alone = kSmall;
        alone.replace(alone.find("generations = 2"), 15, "generations = 1");
        QCOMPARE(tickOf(checked(alone), "ceiling").state, TickState::Warned);
        QCOMPARE(tickOf(checked(kSmall), "ceiling").state, TickState::Passed);
    }

    void conformityWithoutADomainIsWarnedOf()
    {
        const std::string asks = std::string(kSmall) + "[conformity]\nepisodes = 100\n";
        QCOMPARE(tickOf(checked(asks), "grader").state, TickState::Warned);
        std::string console = asks;
        console.replace(console.find("registers/code"), 14, "registers/console");
        QCOMPARE(tickOf(checked(console), "grader").state, TickState::Passed);
    }

    void moreThreadsThanCoresAreWarnedOf()
    {
        auto runs = *spec::expand(parsed(kSmall));
        runs[0].experiment.compute.threads = 4;
        QCOMPARE(run::slotsTick(runs, 1, 2).state, TickState::Warned);
        QCOMPARE(run::slotsTick(runs, 1, 4).state, TickState::Passed);
    }

    void runsAreCountedOverTheSlotsThatThereAre()
    {
        const std::vector<run::RunTime> times{{.seconds = 3}, {.seconds = 1}, {.seconds = 1}, {.seconds = 2}};
        QCOMPARE(run::wallTime(times, 1), 7.0);
        QCOMPARE(run::wallTime(times, 2), 4.0);
        QCOMPARE(run::wallTime(times, 9), 3.0);
    }

    void aSourcesOwnSupervisorIsPartOfTheWork()
    {
        const spec::Experiment plain = parsed(kSmall);
        spec::Experiment helped = plain;
        helped.signals.sources = {{.name = "model"}, {.name = "second", .rung = 1}, {.name = "mute", .rung = 2}};
        helped.signals.sources[2].weight = {{{.x = 0.0, .y = 0.0}}};
        QCOMPARE(pipeline::ownSupervisors(plain).size(), std::size_t{0});
        QCOMPARE(pipeline::ownSupervisors(helped).size(), std::size_t{1}); // one that nobody asks is not trained
        const auto runs = spec::expand(plain);
        QTemporaryDir folder;
        const auto bench = run::Workbench::open(*runs, folder.path().toStdString());
        QVERIFY(bench.ok());
        const auto& place = bench->placeOf(plain);
        const double once = pipeline::ownSupervisorWork(helped, *place.task, place.ladder->at(1));
        QVERIFY(once > 0);
        QCOMPARE(pipeline::plannedWork(helped, *place.task, *place.ladder),
                 pipeline::plannedWork(plain, *place.task, *place.ladder) + once);
        const auto before = pipeline::plannedParts(plain, *place.task, *place.ladder, 200);
        const auto after = pipeline::plannedParts(helped, *place.task, *place.ladder, 200);
        QVERIFY(after.at(1).steps > before.at(1).steps);
        QVERIFY(after.at(1).asked > before.at(1).asked);
    }

    void moreTeacherLabelsThanRows_areRefusedOfNewRunsAlone()
    {
        QTemporaryDir folder;
        const auto runs =
            spec::expand(parsed("[task]\nname = \"preferences\"\nteacher_data = \"" + pairFile(folder, "t.csv", 0, 60) +
                                "\"\nstudent_data = \"" + pairFile(folder, "s.csv", 100, 60) + "\"\ntest_data = \"" +
                                pairFile(folder, "e.csv", 200, 40) +
                                "\"\n[ladder]\nfamily = \"scratch\"\nrungs = [[16, 1], [32, 2]]\nstart = 0\n"
                                "generations = 2\n[training]\nlabels = 40\nteacher_labels = 5000\n"));
        QVERIFY(runs.ok());
        const auto now = run::Workbench::open(*runs, folder.path().toStdString());
        QVERIFY(!now && now.error().key == "training.teacher_labels");
        const auto stored = run::Workbench::openStored(*runs, folder.path().toStdString());
        QVERIFY2(stored.ok(), stored ? "" : stored.error().message.c_str());
        const auto& task = *stored->placeOf(runs->front().experiment).task;
        QVERIFY(!task.admits(runs->front().experiment)); // what the run's history is told of
        // Students that ask for too much are refused still: no version took that.
        auto students = *runs;
        students.front().experiment.training.labels = 900;
        QVERIFY(!run::Workbench::openStored(students, folder.path().toStdString()));
    }

    void aFileThatDoesNotParseIsOneRefusedTick()
    {
        const auto wrong = spec::parseExperiment("[gap]\nvalue = \"x\"\n", "wrong.toml");
        QVERIFY(!wrong.ok());
        const run::Preflight findings = run::refusedBy(wrong.error());
        QVERIFY(findings.isRefused());
        QVERIFY(run::preflightJson(findings, "wrong.toml", {}).find("\"fail\"") != std::string::npos);
    }
};

GRADUS_SUITE(PreflightTest)
#include "preflight_test.moc"
