// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says of runs whose figures are known, and that names from files stay names.
#include "report/experiment_report.h"
#include "report/html.h"

#include "report_text.h"
#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <pugixml.hpp>

using namespace gradus;
using namespace gradus::report;
using tests::contains;
using tests::pairOf;
using tests::textOf;

namespace {

using Runs = std::vector<compare::ComparedRun>;

class ReportTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aClearDifference_isToldAndStandsWithoutAnySeed()
    {
        const Report report = tests::reportOn(pairOf(0.05));
        const std::string answer = textOf(report, "Answer");
        QVERIFY2(contains(answer, "+0.050 [+0.042,\u00a0+0.058]"), answer.c_str());
        QVERIFY2(contains(answer, "Significant at 5 % after Holm's correction: 1 of 1."), answer.c_str());
        const std::string change = textOf(report, "What would change the conclusion");
        QVERIFY2(contains(change, "stays significant whichever seed is left out"), change.c_str());
    }

    void stepsBetweenRungs_areSetOutAsAMatrix()
    {
        const auto steps = [](bool twice) {
            Runs runs;
            const std::vector<std::pair<int, int>> pairs{{0, 1}, {0, 2}, {1, 2}};
            for (std::size_t pair = 0; pair < pairs.size(); ++pair)
                for (const std::int64_t seed : {1, 2}) {
                    const auto [teacher, student] = pairs[twice ? 0 : pair];
                    runs.push_back(tests::comparedRun(
                        "fixed", seed, 0.6 + 0.1 * static_cast<double>(pair), 0.5,
                        [&](spec::Experiment& e) { e.gap.value = 0.1 + 0.1 * static_cast<double>(pair); }));
                    auto& generations = runs.back().detail.generations;
                    generations[0].rung = "rung " + std::to_string(teacher);
                    generations[0].parameters = 1000 * (teacher + 1);
                    generations[1].rung = "rung " + std::to_string(student);
                    generations[1].parameters = 1000 * (student + 1);
                    if (pair != 2) generations[1].pgr = Estimate{0.25, 0.2, 0.3, 400};
                }
            return runs;
        };
        const Report report = tests::reportOn(steps(false));
        const auto matrix = [&](const Report& of, const std::string& title) -> const Table* {
            for (const Section& section : of.sections)
                for (const Block& block : section.blocks)
                    if (const auto* table = std::get_if<Table>(&block))
                        if (contains(table->title, title)) return table;
            return nullptr;
        };
        const Table* competence = matrix(report, "student (columns): competence");
        QVERIFY(competence != nullptr);
        QCOMPARE(competence->columns.size(), 3U); // teacher, two students
        QCOMPARE(competence->columns[2].title, std::string("rung 2"));
        QCOMPARE(competence->rows, (std::vector<std::vector<std::string>>{{"rung 0", "0.600 ±0.000", "0.700 ±0.000"},
                                                                          {"rung 1", "", "0.800 ±0.000"}}));
        const Table* pgr = matrix(report, "student (columns): PGR");
        QVERIFY(pgr != nullptr);
        QCOMPARE(pgr->rows[0][1], std::string("0.250 ±0.000"));
        QCOMPARE(pgr->rows[1][2], std::string("–"));
        const auto drawn = [](const Report& of) -> const Figure* {
            for (const Section& section : of.sections)
                for (const Block& block : section.blocks)
                    if (const auto* figure = std::get_if<Figure>(&block))
                        if (figure->panels.front().grid) return figure;
            return nullptr;
        };
        const Figure* figure = drawn(report);
        QVERIFY(figure != nullptr);
        const ChartGrid& grid = *figure->panels.front().grid;
        QCOMPARE(grid.rows, (std::vector<std::string>{"rung 0", "rung 1"}));
        QCOMPARE(grid.columns, (std::vector<std::string>{"rung 1", "rung 2"}));
        QVERIFY(grid.cells[0][0]);
        QCOMPARE(grid.cells[0][0]->value, 0.25);
        QVERIFY(!grid.cells[1][0]); // no step goes down
        QVERIFY(!grid.cells[1][1]); // no run states PGR there
        // Three conditions that take the same step are no matrix.
        QVERIFY(drawn(tests::reportOn(steps(true))) == nullptr);
        QVERIFY(matrix(tests::reportOn(steps(true)), "By teacher") == nullptr);
        QVERIFY(matrix(tests::reportOn(pairOf(0.05)), "By teacher") == nullptr);
    }

    void noDifference_isToldWithWhatCouldHaveBeenSeen()
    {
        const Report report = tests::reportOn(pairOf(0.001, 0.02));
        const std::string answer = textOf(report, "Answer");
        QVERIFY2(contains(answer, "The difference is not significant at 5 %."), answer.c_str());
        const std::string change = textOf(report, "What would change the conclusion");
        // 0.02 x sd of 1..5 = 0.0316; five pairs find 1.6816 of that at 80 % (tables of the noncentral t).
        QVERIFY2(contains(change, "scatter by 0.032"), change.c_str());
        QVERIFY2(contains(change, "a true difference of 0.053 would be found"), change.c_str());
        QVERIFY2(contains(change, "more than 999 seeds"), change.c_str());
    }

    void oneSeedThatCarriesTheResult_isNamed()
    {
        Runs runs = pairOf(0.05, 0);
        // Paired t tests by hand: p = .017 of all five; without one seed each .061, .051, .060, .004, .051.
        const std::vector<double> differences = {0.030, 0.036, 0.026, 0.002, 0.020};
        for (std::size_t i = 0; i < 5; ++i)
            runs[5 + i] = tests::comparedRun("schedule", static_cast<std::int64_t>(i + 1),
                                             0.61 + 0.01 * static_cast<double>(i) + differences[i], 0.5);
        const std::string change = textOf(tests::reportOn(std::move(runs)), "What would change the conclusion");
        QVERIFY2(contains(change, "no longer significant without seed 1, 2, 3, 5 (each alone)"), change.c_str());
    }

    void runsThatHaveNotEnded_areLeftOutByName()
    {
        Runs runs = pairOf(0.05);
        runs[7].detail.run.state = store::RunState::Running;
        runs[9].detail.run.state = store::RunState::Failed;
        runs[9].detail.run.failure = "The loss is not a number.";
        runs[9].detail.generations[1].pgrRefusal = "ceiling minus supervisor below 2 SE";
        runs[2].detail.generations[0].rolledBack = true;
        const Report report = tests::reportOn(std::move(runs));
        const std::string left = textOf(report, "What was left out");
        QVERIFY2(contains(left, "seeds 3 (running) have not come to an end"), left.c_str());
        QVERIFY2(contains(left, "seed 5 counts as far as it came: failed: The loss is not a number."), left.c_str());
        QVERIFY2(contains(left, "PGR is not given for 1 of 9 students: ceiling minus supervisor below 2 SE"),
                 left.c_str());
        QVERIFY2(contains(left, "1 generation failed the gate"), left.c_str());
        const std::string results = textOf(report, "Results");
        QVERIFY2(!contains(results, "0.673"), "the living run's figure stands nowhere");
    }

    void whatNeedsNoLearning_standsBesideEveryAccuracy()
    {
        Runs runs = pairOf(0.05);
        for (auto& run : runs)
            run.detail.events.push_back(
                {.kind = "baseline.majority", .sentence = {}, .detailsJson = "{\"accuracy\": 0.645}"});
        const Report report = tests::reportOn(std::move(runs));
        const std::string answer = textOf(report, "Answer");
        QVERIFY2(contains(answer, "For scale: commonest class 0.645"), answer.c_str());
        QVERIFY2(contains(answer, "Not above that by their intervals: \u201cgap.controller = fixed\u201d."),
                 answer.c_str());
        QVERIFY2(contains(textOf(report, "Results"), "commonest class, nothing learnt\n0.645\n0.645"), "in the table");
        bool drawn = false;
        for (const Section& section : report.sections)
            for (const Block& block : section.blocks)
                if (const auto* figure = std::get_if<Figure>(&block))
                    for (const ChartPanel& panel : figure->panels)
                        for (const ChartLevel& level : panel.levels)
                            drawn = drawn || (level.name == "commonest class" && level.value == 0.645 &&
                                              contains(panel.title, "competence"));
        QVERIFY(drawn);
        // Pairs: a coin and a bag of words. Without a recorded line nothing is made up.
        Runs pairs = pairOf(0.05);
        for (auto& run : pairs)
            run.detail.events.push_back(
                {.kind = "baseline.bag_of_words", .sentence = {}, .detailsJson = "{\"accuracy\": 0.58}"});
        const std::string scale = textOf(tests::reportOn(std::move(pairs)), "Answer");
        QVERIFY2(contains(scale, "For scale: chance 0.500, bag of words 0.580"), scale.c_str());
        QVERIFY2(!contains(scale, "Not above"), scale.c_str());
        QVERIFY(!contains(textOf(tests::reportOn(pairOf(0.05)), "Answer"), "For scale"));
    }

    void tasksOfASweep_haveEachTheirOwnScale()
    {
        Runs runs;
        for (const bool math : {false, true})
            for (const std::int64_t seed : {1, 2, 3}) {
                runs.push_back(tests::comparedRun("fixed", seed, 0.6, 0.5, [&](spec::Experiment& experiment) {
                    if (math) experiment.task.name = "builtin:registers/math";
                }));
                runs.back().detail.events.push_back(
                    {.kind = "baseline.majority",
                     .sentence = {},
                     .detailsJson = math ? R"({"accuracy": 0.17})" : R"({"accuracy": 0.51})"});
            }
        const std::string answer = textOf(tests::reportOn(std::move(runs)), "Answer");
        QVERIFY2(contains(answer, "For scale, on builtin:registers/code: commonest class 0.510"), answer.c_str());
        QVERIFY2(contains(answer, "For scale, on builtin:registers/math: commonest class 0.170"), answer.c_str());
    }

    void whereFilesLay_isNotTold()
    {
        Runs runs;
        for (const std::int64_t seed : {1, 2})
            runs.push_back(tests::comparedRun("fixed", seed, 0.6, 0.5, [](spec::Experiment& e) {
                e.task.name = "cosmosqa";
                e.task.teacherData = "/home/somebody/data/train.csv";
                e.task.testData = "/home/somebody/data/valid.csv";
                e.ladder.family = "models";
                e.ladder.models = {{.folder = "/home/somebody/small"}, {.folder = "/home/somebody/large"}};
                e.ladder.generations = 2;
                e.ladder.start = 0;
            }));
        const Report report = tests::reportOn(std::move(runs));
        const std::string settings = textOf(report, "Settings");
        QVERIFY2(contains(settings, "task.teacher_data\n\"train.csv\""), settings.c_str());
        QVERIFY2(contains(settings, "[\"small\", \"large\"]"), settings.c_str());
        QVERIFY(!contains(htmlOf(report), "somebody"));
    }

    void runsThatDidNotFinish_areNoSilentEnds()
    {
        Runs runs = pairOf(0.05);
        runs[1].detail.run.state = store::RunState::Failed;
        const Report report = tests::reportOn(std::move(runs));
        const std::string answer = textOf(report, "Answer");
        QVERIFY2(contains(answer, "Of the 10 runs in these figures 1 did not finish"), answer.c_str());
        QVERIFY2(contains(answer, "\u201cgap.controller = fixed\u201d, seed 2 (failed)"), answer.c_str());
        bool told = false;
        for (const Section& section : report.sections)
            for (const Block& block : section.blocks)
                if (const auto* table = std::get_if<Table>(&block))
                    for (const TableColumn& column : table->columns)
                        told = told || contains(column.title, "n = 5, of which 1 did not finish");
        QVERIFY(told);
        QVERIFY(!contains(textOf(tests::reportOn(pairOf(0.05)), "Answer"), "did not finish"));
    }

    void alignment_isToldGenerationByGenerationWithItsCost()
    {
        QVERIFY(!contains(textOf(tests::reportOn(pairOf(0.05)), "Results"), "over-refusal"));
        Runs runs = pairOf(0.05);
        for (compare::ComparedRun& run : runs) {
            events::GenerationRecord& last = run.detail.generations[1];
            const double after = last.utility->value - 0.01 - 0.005 * static_cast<double>(run.detail.run.seed);
            last.alignedUtility = Estimate{after, after - 0.02, after + 0.02, 2000};
            last.harmBefore = Estimate{0.26, 0.22, 0.30, 400};
            last.harm = Estimate{0.0, 0.0, 0.01, 400};
            last.overRefusal = Estimate{0.02, 0.01, 0.03, 400};
        }
        const Report report = tests::reportOn(std::move(runs));
        const Table* cost = nullptr;
        for (const Section& section : report.sections)
            for (const Block& block : section.blocks)
                if (const auto* table = std::get_if<Table>(&block); table && table->title == "What alignment cost")
                    cost = table;
        QVERIFY(cost != nullptr);
        QCOMPARE(cost->rows.size(), std::size_t{2});
        // Losses of .015 to .035 over five seeds: s = .0079, t(.975, 4) = 2.776, half = .0098.
        QCOMPARE(cost->rows[0].back(), std::string("−0.025 [−0.035, −0.015]"));
        QCOMPARE(cost->rows[0][2], std::string("5"));
        const std::string answer = textOf(report, "Answer");
        QVERIFY2(contains(answer, "ends with 0.605"), answer.c_str()); // .630 before, .605 after
    }

    void detectors_areCountedForEachCondition()
    {
        Runs runs = pairOf(0.05);
        runs[0].detail.events.push_back({.kind = "signature.mode_collapse", .sentence = {}, .detailsJson = {}});
        runs[1].detail.events.push_back({.kind = "signature.mode_collapse", .sentence = {}, .detailsJson = {}});
        const std::string warnings = textOf(tests::reportOn(std::move(runs)), "Warnings during the runs");
        QVERIFY2(contains(warnings, "10 generations: mode collapse 2."), warnings.c_str());
        QVERIFY2(contains(warnings, "Detectors that watched these runs: mode collapse."), warnings.c_str());
    }

    void detectorsThatWereNotAsked_haveNotBeenSilent()
    {
        const auto warnings = [](const Runs& runs) {
            return textOf(tests::reportOn(runs), "Warnings during the runs");
        };
        Runs runs = pairOf(0.05);
        QCOMPARE(warnings(runs),
                 std::string("No detector of failed supervision applies to these runs; nothing ran degraded.\n"));
        for (compare::ComparedRun& run : runs)
            run.series.push_back({"signature/mode_collapse", {{.step = 200, .wall = 0, .value = -0.01}}});
        QCOMPARE(warnings(runs), std::string("None of the detectors that watched these runs (mode collapse) spoke, and "
                                             "nothing ran degraded.\n"));
        runs[0].series.push_back({"signature/non_saliency", {{.step = 200, .wall = 0, .value = 0.02}}});
        runs[0].detail.events.push_back({.kind = "signature.non_saliency", .sentence = {}, .detailsJson = {}});
        const std::string spoke = warnings(runs);
        QVERIFY2(contains(spoke, "non-saliency 1.\nDetectors that watched these runs: mode collapse, non-saliency.\n"),
                 spoke.c_str());
    }

    void settings_saySinceWhenAndWhereFrom()
    {
        Runs runs = pairOf(0.05);
        for (compare::ComparedRun& run : runs)
            run.spec->training.batch = 64;
        const std::string settings = textOf(tests::reportOn(std::move(runs)), "Settings");
        QVERIFY2(contains(settings, "training.batch\n64\n32\nreleased code of Burns et al. 2023 (weak-to-strong)\n"),
                 settings.c_str());
        QVERIFY2(contains(settings, "gap.controller\ndiffers\n"), settings.c_str());
    }

    void everyNumberAndName_survivesTheWayThroughHtml()
    {
        const std::string evil = "<img src=x onerror=alert(1)> & \x1b[2J \u202e \"quoted\"";
        Runs runs = pairOf(0.05);
        for (compare::ComparedRun& run : runs) {
            run.detail.run.experimentName = evil;
            run.detail.run.condition = evil + run.spec->gap.controller;
        }
        auto report = experimentReport({.runs = std::move(runs),
                                        .again = {.files = {{"a.toml", "# <b>comment</b>\n[experiment]\n"}},
                                                  .command = "gradus report a -o report.html\n"},
                                        .note = "First <i>paragraph</i>\nin two lines.\n\nSecond."});
        QVERIFY(report);
        const std::string html = htmlOf(*report);
        for (const char* bad : {"<img", "<b>", "<i>", "<script", "\x1b", "\u202e", "http:", "https:"}) {
            // The one address is the name of SVG's vocabulary, which nothing loads.
            std::string rest = html;
            for (std::size_t at; (at = rest.find("http://www.w3.org/2000/svg")) != std::string::npos;)
                rest.erase(at, 26);
            QVERIFY2(!contains(rest, bad), bad);
        }
        QVERIFY(contains(html, "&lt;img src=x onerror=alert(1)"));
        QVERIFY(contains(html, "+0.050 [+0.042,\u00a0+0.058]"));
        const std::size_t begin = html.find("<main>");
        const std::size_t end = html.find("</main>") + 7;
        pugi::xml_document document;
        const auto parsed = document.load_string(html.substr(begin, end - begin).c_str());
        QVERIFY2(parsed, parsed.description());
        QCOMPARE(document.select_nodes("//svg").size(), std::size_t{3});
        QCOMPARE(document.select_nodes("//section|//h2").size(), report->sections.size());
    }

    void theSimpleForm_hasAPlaceForEveryFigure()
    {
        const Report report = tests::reportOn(pairOf(0.05));
        const SimpleHtml simple = simpleHtmlOf(report);
        std::size_t places = 0;
        for (std::size_t at = 0; (at = simple.body.find(kFigurePlace, at)) != std::string::npos; ++at)
            ++places;
        QCOMPARE(places, simple.figures.size());
        QVERIFY(places > 0);
        QVERIFY(!contains(simple.body, "<svg"));
    }

    void whatAProcedureMeasures_standsInTablesOfItsOwn()
    {
        Runs runs = pairOf(0.05);
        for (auto& run : runs)
            run.series.push_back({"debate/first_lying", {{.step = 200, .value = 0.7 + run.detail.run.seed * 0.01}}});
        const Report report = tests::reportOn(std::move(runs));
        std::vector<std::string> titles;
        for (const Section& section : report.sections)
            for (const Block& block : section.blocks)
                if (const auto* table = std::get_if<Table>(&block); table && section.heading == "Results")
                    titles.push_back(table->title);
        QCOMPARE(titles[0], std::string("Final figures"));
        QCOMPARE(titles[1], std::string("Final figures: debate"));
        QCOMPARE(titles.back(), std::string("Every run: right verdicts"));
        const std::string results = textOf(report, "Results");
        QVERIFY2(contains(results, "right verdicts, first speaker has not\n0.730"), results.c_str());
        QVERIFY(!contains(textOf(tests::reportOn(pairOf(0.05)), "Results"), "verdicts"));
    }

    void pairing_isToldOfTheSeedsThereAre()
    {
        QVERIFY(contains(textOf(tests::reportOn(pairOf(0.05)), "Design"), "differences are paired"));
        Runs unlike = pairOf(0.05);
        for (std::size_t i = 5; i < 10; ++i)
            unlike[i].detail.run.seed += 100;
        const std::string design = textOf(tests::reportOn(std::move(unlike)), "Design");
        QVERIFY2(contains(design, "Conditions do not share their seeds") && !contains(design, "are paired"),
                 design.c_str());
        Runs one = pairOf(0.05);
        one.resize(5);
        QVERIFY(!contains(textOf(tests::reportOn(std::move(one)), "Design"), "share their seeds"));
    }

    void smallFolders_areToldToProveLittle()
    {
        const auto limits = [](std::int64_t parameters) {
            Runs runs = pairOf(0.05);
            for (compare::ComparedRun& run : runs) {
                run.spec->ladder.family = "models";
                for (auto& record : run.detail.generations)
                    record.parameters = parameters * record.generation;
            }
            return textOf(tests::reportOn(std::move(runs)), "What this cannot show");
        };
        const std::string small = limits(1000);
        QVERIFY2(contains(small, "small models, of 1000 to 2000 parameters"), small.c_str());
        QVERIFY(!contains(limits(7'000'000'000), "small models"));
        QVERIFY(!contains(textOf(tests::reportOn(pairOf(0.05)), "What this cannot show"), "transformers"));
    }

    void remarksOnTheChoice_areFactsOfTheReport()
    {
        const auto report = experimentReport({.runs = pairOf(0.05), .remarks = {"Another one has this name."}});
        QVERIFY(report.ok());
        QCOMPARE(report->remarks.size(), 1U);
        QVERIFY(std::find(report->facts.begin(), report->facts.end(), report->remarks.front()) != report->facts.end());
    }

    void whatCannotBeReportedOn_isRefusedWithACure()
    {
        const auto none = experimentReport({});
        QVERIFY(!none && none.error().kind == ErrorKind::BadInput);
        const auto baseline = experimentReport({.runs = pairOf(0.05), .baseline = "nobody"});
        QVERIFY(!baseline);
        QVERIFY2(contains(baseline.error().message, "those of these runs are"), baseline.error().message.c_str());
        Runs unfinished = pairOf(0.05);
        for (compare::ComparedRun& run : unfinished)
            run.detail.generations.clear();
        const auto early = experimentReport({.runs = std::move(unfinished)});
        QVERIFY(!early && contains(early.error().message, "finished a generation"));
    }
};

} // namespace

GRADUS_SUITE(ReportTest)

#include "report_test.moc"
