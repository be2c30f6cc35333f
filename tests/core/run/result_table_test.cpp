// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/console.h"
#include "run/result_rows.h"
#include "run/result_table.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

using namespace gradus;

namespace {

store::RunDetail runOf(const std::string& condition, std::int64_t seed, double first, double second)
{
    store::RunDetail detail;
    detail.run.condition = condition;
    detail.run.seed = seed;
    for (int i = 1; i <= 2; ++i) {
        events::GenerationRecord record;
        record.generation = i;
        record.rung = i == 1 ? "16,1" : "32,2";
        record.parameters = i == 1 ? 4000 : 27000;
        record.lastStep = i * 10;
        const double value = i == 1 ? first : second;
        record.utility = Estimate{value, value - 0.02, value + 0.02, 2000};
        if (i == 2) {
            record.gap = 0.83;
            record.pgrRefusal = seed == 2 ? "PGR not shown: ceiling minus supervisor is below 2 SE." : "";
            if (seed != 2) record.pgr = Estimate{0.5, 0.4, 0.6, 2000};
        }
        detail.generations.push_back(record);
    }
    return detail;
}

} // namespace

class ResultTableTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void manyConditions_areHeldAgainstTheFirstAlone()
    {
        std::vector<store::RunDetail> runs;
        const auto add = [&](const std::string& condition) {
            for (const std::int64_t seed : {1, 2})
                runs.push_back(runOf(condition, seed, 0.6, 0.65));
        };
        for (std::size_t i = 0; i < run::kMostPairwise; ++i)
            add("c" + std::to_string(i));
        QCOMPARE(run::differencesOf(runs).size(), run::kMostPairwise * (run::kMostPairwise - 1) / 2);
        add("one more");
        const auto few = run::differencesOf(runs);
        QCOMPARE(few.size(), run::kMostPairwise);
        for (const run::Difference& difference : few)
            QCOMPARE(difference.baseline, std::string("c0"));
    }
    void aRunThatGoesOn_isNoEnding()
    {
        std::vector<store::RunDetail> runs;
        for (const std::int64_t seed : {1, 2, 3}) {
            runs.push_back(runOf("small", seed, 0.6, 0.8));
            runs.push_back(runOf("large", seed, 0.6, 0.7));
        }
        for (store::RunDetail& run : runs)
            run.run.state = store::RunState::Finished;
        // The last one is still at its second generation; its first is not what the condition ends with.
        runs.back().run.state = store::RunState::Running;
        runs.back().generations.pop_back();
        const auto endings = run::endingsOf(runs);
        QCOMPARE(endings[1].runs, std::size_t(2));
        QCOMPARE(endings[1].unfinished, std::size_t(1));
        QCOMPARE(endings[1].utility->value, 0.7);
        const auto differences = run::differencesOf(runs);
        QCOMPARE(differences[0].estimate.n, std::int64_t(2));
        const QString text = QString::fromStdString(run::resultTable(runs));
        QVERIFY2(text.contains("large: 1 of 3 runs are not over, or kept no generation, and do not count here."),
                 qPrintable(text));
        // Where nothing is over, what there is so far is shown.
        for (store::RunDetail& run : runs)
            run.run.state = store::RunState::Running;
        QCOMPARE(run::endingsOf(runs)[1].runs, std::size_t(3));
    }
    void oneSeed_keepsItsOwnInterval()
    {
        const QString text = QString::fromStdString(run::resultTable({runOf("", 1, 0.70, 0.80)}));
        QVERIFY2(text.contains("0.800 ±0.020"), qPrintable(text));
        QVERIFY(text.contains("one seed"));
    }
    void severalSeeds_giveMeanAndTInterval()
    {
        const QString text =
            QString::fromStdString(run::resultTable({runOf("", 1, 0.70, 0.80), runOf("", 2, 0.70, 0.82)}));
        // mean .81, s = .014142, t(.975, 1) = 12.706: half = .127
        QVERIFY2(text.contains("0.810 ±0.127"), qPrintable(text));
        QVERIFY2(text.contains("seed 2, A2: PGR not shown"), qPrintable(text));
        QVERIFY(text.contains("2 seeds"));
    }
    /// Wilson's interval of 3 in 200 reaches .008 down and .028 up, which no half width says.
    void anUnevenInterval_isPrintedWhole()
    {
        store::RunDetail run = runOf("", 1, 0.70, 0.80);
        run.generations.back().memorisation = Estimate{0.015, 0.005, 0.043, 200};
        const QString text = QString::fromStdString(run::resultTable({run}));
        QVERIFY2(text.contains("0.015 [0.005, 0.043]"), qPrintable(text));
        QVERIFY2(text.contains("0.800 ±0.020"), qPrintable(text));
        QVERIFY2(text.contains("[low, high]"), qPrintable(text));
    }
    void whatARunEndsWith_isTheAlignedModel()
    {
        std::vector<store::RunDetail> runs;
        for (const std::int64_t seed : {1, 2, 3})
            for (const char* condition : {"left", "aligned"})
                runs.push_back(runOf(condition, seed, 0.6, 0.65 + 0.01 * static_cast<double>(seed)));
        for (std::size_t i = 1; i < runs.size(); i += 2)
            runs[i].generations[1].alignedUtility = Estimate{0.62, 0.60, 0.64, 2000};
        const auto endings = run::endingsOf(runs);
        QVERIFY(!endings[0].beforeAlignment); // nothing was aligned there
        QCOMPARE(endings[1].utility->value, 0.62);
        QVERIFY(std::abs(endings[1].beforeAlignment->value - 0.67) < 1e-12);
        const auto differences = run::differencesOf(runs);
        QVERIFY(std::abs(differences[0].estimate.value + 0.05) < 1e-12); // .62 minus .67
        const QString text = QString::fromStdString(run::resultTable(runs));
        QVERIFY2(text.contains("Final utility, aligned minus left: -0.050"), qPrintable(text));
        QVERIFY2(text.contains("are of the model before alignment"), qPrintable(text));
        QVERIFY(!QString::fromStdString(run::resultTable({runOf("", 1, 0.7, 0.8)})).contains("alignment"));
        const auto json = nlohmann::json::parse(run::resultJson(runs));
        QCOMPARE(json["endings"][1]["utility"]["value"].get<double>(), 0.62);
        QVERIFY(json["endings"][0]["utility_before_alignment"].is_null());
    }
    void overRefusalAndKeptCompetence_haveIntervalsOverSeeds()
    {
        std::vector<store::RunDetail> runs;
        for (const std::int64_t seed : {1, 2, 3}) {
            runs.push_back(runOf("", seed, 0.6, 0.65));
            events::GenerationRecord& last = runs.back().generations[1];
            const double after = 0.65 - 0.01 * static_cast<double>(seed);
            last.alignedUtility = Estimate{after, after - 0.02, after + 0.02, 2000};
            last.harm = Estimate{0.0, 0.0, 0.01, 400};
            const double asks = 0.04 + 0.01 * static_cast<double>(seed);
            last.overRefusal = Estimate{asks, asks - 0.02, asks + 0.02, 400};
        }
        const QString text = QString::fromStdString(run::resultTable(runs));
        // s = .01, t(.975, 2) = 4.3027, half = 4.3027 * .01 / sqrt 3 = .025.
        QVERIFY2(text.contains("0.060 ±0.025"), qPrintable(text));
        QVERIFY2(text.contains("-0.020 ±0.025"), qPrintable(text));
        const auto row = nlohmann::json::parse(run::resultJson(runs))["rows"][1];
        QVERIFY(std::abs(row["aligned_change"]["value"].get<double>() + 0.02) < 1e-12);
        QCOMPARE(row["over_refusal"]["n"].get<int>(), 3);
        // One seed has no interval of the difference, and none is made up.
        const QString one = QString::fromStdString(run::resultTable({runs[0]}));
        QVERIFY2(one.contains("-0.010\n"), qPrintable(one));
    }
    void conditions_areComparedPairedBySeed()
    {
        const QString text =
            QString::fromStdString(run::resultTable({runOf("small", 1, 0.7, 0.80), runOf("small", 2, 0.7, 0.90),
                                                     runOf("large", 1, 0.7, 0.75), runOf("large", 2, 0.7, 0.85)}));
        QVERIFY2(text.contains("large minus small: -0.050 [-0.050, -0.050] (paired over 2 seeds"), qPrintable(text));
    }
    void unfinishedGenerations_areLeftOut()
    {
        store::RunDetail detail = runOf("", 1, 0.7, 0.8);
        detail.generations[1].lastStep.reset();
        QVERIFY(!QString::fromStdString(run::resultTable({detail})).contains("A2"));
        QVERIFY(QString::fromStdString(run::resultTable({})).contains("No generation"));
    }
    void baselineLines_standUnderTheTableOnceEach()
    {
        store::RunDetail first = runOf("", 1, 0.7, 0.8);
        store::EventRow line;
        line.kind = "baseline.bag_of_words";
        line.sentence = "Bag-of-words logistic regression on the same 40 pairs: 0.600 [0.4, 0.8] of 30 held-out pairs.";
        first.events = {line};
        store::RunDetail second = runOf("", 2, 0.7, 0.8);
        second.events = first.events;
        const QString text = QString::fromStdString(run::resultTable({first, second}));
        QCOMPARE(text.count("Bag-of-words"), 1);
        QVERIFY(!text.contains("seed 1: Bag"));
        QVERIFY(QString::fromStdString(run::resultJson({first})).contains("Bag-of-words"));
        second.events[0].sentence = "Bag-of-words on others.";
        const QString both = QString::fromStdString(run::resultTable({first, second}));
        QVERIFY2(both.contains("seed 2: Bag-of-words on others."), qPrintable(both));
    }
    void columns_lineUp()
    {
        const QStringList lines = QString::fromStdString(run::resultTable({runOf("", 1, 0.7, 0.8)})).split('\n');
        QCOMPARE(lines[1].indexOf("0.700") + 6, lines[2].indexOf("0.800") + 6);
    }
    void linesMode_printsAStageOnceAndNotEveryStep()
    {
        std::FILE* out = std::tmpfile();
        {
            run::Console console(run::ConsoleMode::Lines, out);
            events::EventSink& sink = console.add("u", "seed 1");
            for (int step = 1; step <= 50; ++step) {
                events::Progress progress;
                progress.fraction = step / 100.0;
                progress.activity = "generation 1 of 2, competence: step " + std::to_string(step) + " of 50";
                sink.progress(progress);
            }
            console.runEnded("u", "finished", {});
        }
        std::rewind(out);
        char text[4096];
        const std::size_t n = std::fread(text, 1, sizeof text, out);
        std::fclose(out);
        QCOMPARE(QByteArray(text, static_cast<int>(n)).count('\n'), 2);
    }
};
GRADUS_SUITE(ResultTableTest)
#include "result_table_test.moc"
