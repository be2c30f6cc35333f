// SPDX-License-Identifier: GPL-3.0-or-later
// Groups held against each other because somebody asked: figures and corrections by hand.
#include "compare/comparison_table.h"
#include "compare/table_text.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

std::vector<ComparedRun> threeConditions()
{
    return {comparedRun("fixed", 1, .70, .60),    comparedRun("fixed", 2, .72, .62),
            comparedRun("fixed", 3, .74, .64),    comparedRun("schedule", 1, .80, .50),
            comparedRun("schedule", 2, .83, .50), comparedRun("schedule", 3, .83, .53),
            comparedRun("jump", 1, .71, .55),     comparedRun("jump", 2, .75, .57),
            comparedRun("jump", 3, .76, .58)};
}

TableOptions asking(std::vector<Contrast> contrasts)
{
    TableOptions options;
    options.contrasts = std::move(contrasts);
    return options;
}

bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-12;
}

const std::string kFixed = "gap.controller = fixed";
const std::string kSchedule = "gap.controller = schedule";
const std::string kJump = "gap.controller = jump";

} // namespace

class ContrastsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aContrast_isPairedAndCorrectedWithTheBaselines()
    {
        const auto runs = threeConditions();
        const Grouping grouping = grouped(runs);
        const ComparisonTable table = comparisonTable(runs, grouping, asking({{1, 2}}));
        QCOMPARE(table.contrasts.size(), std::size_t(1));
        QCOMPARE(table.contrasts[0].label, kSchedule + " minus " + kJump);
        const TableCell& cell = table.contrasts[0].cells[0]; // competence
        QVERIFY(cell.difference && cell.difference->paired && !cell.value);
        QVERIFY(near(cell.difference->estimate.value, (.09 + .08 + .07) / 3));
        // Three tests, the two of the baseline and this one; by hand, in order of p.
        std::vector<double> p{table.rows[1].cells[0].difference->student->p,
                              table.rows[2].cells[0].difference->student->p, cell.difference->student->p};
        const std::vector<double> adjusted = holm(p);
        QVERIFY(near(*table.rows[1].cells[0].p, adjusted[0]));
        QVERIFY(near(*table.rows[2].cells[0].p, adjusted[1]));
        QVERIFY(near(*cell.p, adjusted[2]));
        QVERIFY2(table.note.find("Holm over 3") != std::string::npos, table.note.c_str());
    }
    void whatTheBaselineTestsAlready_isNotCountedTwice()
    {
        const auto runs = threeConditions();
        const ComparisonTable plain = comparisonTable(runs, grouped(runs), {});
        const ComparisonTable table = comparisonTable(runs, grouped(runs), asking({{0, 1}, {2, 0}}));
        QVERIFY(near(*table.rows[1].cells[0].p, *plain.rows[1].cells[0].p));
        QVERIFY(near(*table.contrasts[0].cells[0].p, *plain.rows[1].cells[0].p));
        QVERIFY(near(table.contrasts[0].cells[0].difference->estimate.value,
                     -plain.rows[1].cells[0].difference->estimate.value));
        QVERIFY2(table.note.find("Holm over 2") != std::string::npos, table.note.c_str());
        TableOptions byRun = asking({{0, 1}});
        byRun.byRun = true;
        QVERIFY(comparisonTable(runs, grouped(runs), byRun).contrasts.empty());
    }
    void bothWaysRound_isOneTest()
    {
        const auto runs = threeConditions();
        const ComparisonTable once = comparisonTable(runs, grouped(runs), asking({{1, 2}}));
        const ComparisonTable twice = comparisonTable(runs, grouped(runs), asking({{1, 2}, {2, 1}}));
        QCOMPARE(testsIn(once, 0), std::size_t(3));
        QCOMPARE(testsIn(twice, 0), std::size_t(3));
        QVERIFY(near(*twice.contrasts[0].cells[0].p, *once.contrasts[0].cells[0].p));
        QVERIFY(near(*twice.contrasts[1].cells[0].p, *once.contrasts[0].cells[0].p));
        QCOMPARE(twice.note, once.note);
    }
    void otherTasks_areNotHeldAgainstEachOther()
    {
        auto runs = threeConditions();
        for (const std::int64_t seed : {1, 2})
            runs.push_back(
                comparedRun("pi", seed, .5, .5, [](spec::Experiment& e) { e.task.name = "builtin:registers/math"; }));
        const ComparisonTable table = comparisonTable(runs, grouped(runs), asking({{1, 3}}));
        QVERIFY(!table.contrasts[0].cells[0].difference);
    }
    void labelsWithEqualsSigns_areFound()
    {
        const Grouping grouping = grouped(threeConditions());
        const auto asked =
            contrastsFrom({kSchedule + "=" + kJump, kJump + " = " + kFixed, kJump + "=" + kFixed}, grouping);
        QVERIFY(asked.ok());
        QCOMPARE(*asked, (std::vector<Contrast>{{1, 2}, {2, 0}}));
        for (const std::string& wrong : {std::string("schedule"), kSchedule + "=nobody", kJump + "=" + kJump}) {
            const auto refused = contrastsFrom({wrong}, grouping);
            QVERIFY(!refused && refused.error().kind == ErrorKind::BadInput);
        }
        QVERIFY(contrastsFrom({"a=b"}, grouping).error().message.find("\"" + kSchedule + "\"") != std::string::npos);
    }
    void filesContrasts_standAtEveryPointOfAxes_andSayWhatIsNotHere()
    {
        std::vector<ComparedRun> runs;
        for (const char* point : {", training.epochs = 1", ", training.epochs = 2"})
            for (const char* name : {"A", "B"}) {
                runs.push_back(comparedRun("fixed", 1, .6, .5, [&](spec::Experiment& e) {
                    e.gap.value = name[0] == 'A' ? .1 : .2;
                    e.training.epochs = point[20] - '0';
                }));
                runs.back().detail.run.condition = std::string(name) + point;
            }
        const Grouping grouping = grouped(runs);
        std::vector<std::string> absent;
        QCOMPARE(contrastsAmong({{"B", "A"}, {"C", "A"}}, runs, grouping, absent),
                 (std::vector<Contrast>{{1, 0}, {3, 2}}));
        QCOMPARE(absent, std::vector<std::string>{"C minus A"});
    }
    void conditionsWithoutNames_areFoundByWhatTheSweepCallsThem()
    {
        // Labels leave out what all conditions share: these are called "rate = 0.1" and "rate = 0.4".
        std::vector<ComparedRun> runs;
        for (const char* rate : {"0.1", "0.4"})
            for (const std::int64_t seed : {1, 2}) {
                runs.push_back(
                    comparedRun("fixed", seed, .6, .5, [&](spec::Experiment& e) { e.gap.value = std::stod(rate); }));
                runs.back().detail.run.condition =
                    std::string("signals.source = [{kind = \"synthetic\", rate = ") + rate + "}]";
            }
        const Grouping grouping = grouped(runs);
        QVERIFY2(grouping.groups[1].label == "rate = 0.4", grouping.groups[1].label.c_str());
        std::vector<std::string> absent;
        QCOMPARE(contrastsAmong({{grouping.groups[1].condition, grouping.groups[0].condition}}, runs, grouping, absent),
                 (std::vector<Contrast>{{1, 0}}));
        QVERIFY(absent.empty());
        QCOMPARE(*contrastsFrom({grouping.groups[1].condition + "=" + grouping.groups[0].condition}, grouping),
                 (std::vector<Contrast>{{1, 0}}));
        QCOMPARE(typedText({1, 0}, grouping), std::string("rate = 0.4=rate = 0.1"));
        QCOMPARE(*contrastsFrom({typedText({1, 0}, grouping)}, grouping), (std::vector<Contrast>{{1, 0}}));
    }
    void ofTwoExperimentsWithOneName_eachHoldsItsOwn()
    {
        std::vector<ComparedRun> runs;
        for (const char* experiment : {"one", "two"})
            for (const char* name : {"A", "B"}) {
                runs.push_back(comparedRun("fixed", 1, .6, .5, [&](spec::Experiment& e) {
                    e.experiment.name = experiment;
                    e.gap.value = name[0] == 'A' ? .1 : .2;
                }));
                runs.back().detail.run.condition = name;
                runs.back().detail.run.experimentHash = experiment;
            }
        const Grouping grouping = grouped(runs);
        std::vector<std::string> absent;
        QCOMPARE(contrastsAmong({{"B", "A"}}, runs, grouping, absent), (std::vector<Contrast>{{1, 0}, {3, 2}}));
        QVERIFY(absent.empty());
        QVERIFY(!contrastsFrom({"B=A"}, grouping)); // two groups of either name: which is meant nobody can say
    }
    void whatIsPlanned_isWhatTheTableTests()
    {
        auto runs = threeConditions();
        for (const std::int64_t seed : {1, 2, 3})
            runs.push_back(comparedRun("pi", seed, .5 + .01 * static_cast<double>(seed * seed), .5,
                                       [](spec::Experiment& e) { e.task.name = "builtin:registers/math"; }));
        const Grouping grouping = grouped(runs);
        for (const auto& contrasts :
             {std::vector<Contrast>{}, std::vector<Contrast>{{1, 2}}, std::vector<Contrast>{{0, 1}, {2, 1}, {1, 2}},
              std::vector<Contrast>{{1, 3}}}) { // the last learnt another task
            const TableOptions options = asking(contrasts);
            QCOMPARE(plannedTests(runs, grouping, options), testsIn(comparisonTable(runs, grouping, options), 0));
        }
        QCOMPARE(plannedTests(runs, grouping, asking({{1, 2}})), std::size_t(3));
    }
    void whatIsNotThere_standsInTheNote()
    {
        const auto runs = threeConditions();
        TableOptions options = asking({{1, 2}});
        options.absent = {"a minus b", "c minus d"};
        const std::string note = comparisonTable(runs, grouped(runs), options).note;
        QVERIFY2(note.ends_with("Asked for and not among these runs: a minus b; c minus d."), note.c_str());
    }
    void anUnevenDifference_isToldByItsEnds()
    {
        const auto runs = threeConditions();
        ComparisonTable table = comparisonTable(runs, grouped(runs), asking({{1, 2}}));
        table.contrasts[0].cells[0].difference->estimate = {.value = .08, .low = .02, .high = .1, .n = 3};
        QVERIFY(textOf(table, TextFormat::Markdown).find("+0.080 [+0.020, +0.100], p") != std::string::npos);
        QVERIFY(textOf(table, TextFormat::Latex).find("$+0.080\\ [+0.020, +0.100]$") != std::string::npos);
        QCOMPARE(countText(table.contrasts[0].cells[0]), std::string("3 pairs"));
    }
    void everyText_hasThem()
    {
        const auto runs = threeConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), asking({{1, 2}}));
        const auto json = nlohmann::json::parse(textOf(table, TextFormat::Json));
        QVERIFY(near(json["contrasts"][0]["differences"]["utility/competence"]["value"].get<double>(), .08));
        QVERIFY(json["contrasts"][0]["differences"]["utility/competence"]["p_adjusted"].is_number());
        const std::string csv = textOf(table, TextFormat::Csv);
        QVERIFY2(csv.find("minus gap.controller = jump,,no,utility/competence,,,,,runs,no,") != std::string::npos,
                 csv.c_str());
        for (const QString& line : QString::fromStdString(csv).split('\n', Qt::SkipEmptyParts))
            QCOMPARE(line.count(','), 17);
        const std::string markdown = textOf(table, TextFormat::Markdown);
        QVERIFY2(markdown.find("| contrast |") != std::string::npos && markdown.find("+0.080 ± ") != std::string::npos,
                 markdown.c_str());
        const std::string latex = textOf(table, TextFormat::Latex);
        QVERIFY2(latex.find("minus gap.controller = jump & & $+0.080 \\pm ") != std::string::npos, latex.c_str());
        QVERIFY(textOf(comparisonTable(runs, grouped(runs), {}), TextFormat::Markdown).find("contrast") ==
                std::string::npos);
    }
};

GRADUS_SUITE(ContrastsTest)

#include "contrasts_test.moc"
