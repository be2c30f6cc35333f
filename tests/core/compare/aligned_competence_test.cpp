// SPDX-License-Identifier: GPL-3.0-or-later
// What a run ends with is its last generation after alignment, and what it was before stands beside it.
#include "compare/alignment_rows.h"
#include "compare/comparison_table.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::compare;

class AlignedCompetenceTest : public QObject
{
    Q_OBJECT

    /// One condition that aligned its last generation, and one that did not.
    static std::vector<ComparedRun> runs()
    {
        std::vector<ComparedRun> all;
        for (const std::int64_t seed : {1, 2, 3}) {
            all.push_back(tests::comparedRun("fixed", seed, 0.70, 0.5));
            all.push_back(tests::comparedRun("schedule", seed, 0.72, 0.5));
            events::GenerationRecord& last = all.back().detail.generations[1];
            last.alignedUtility = Estimate{0.68, 0.66, 0.70, 2000};
            last.harmBefore = Estimate{0.26, 0.22, 0.30, 400};
            last.harm = Estimate{0.01, 0.00, 0.02, 400};
            last.overRefusal = Estimate{0.02, 0.01, 0.03, 400};
        }
        return all;
    }
    static const TableCell* cellOf(const ComparisonTable& table, const std::string& id, std::size_t row)
    {
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (table.columns[i].id == id) return &table.rows[row].cells[i];
        return nullptr;
    }

private Q_SLOTS:
    void competence_isThatOfTheModelWhoseHarmStandsBesideIt()
    {
        const auto all = runs();
        const ComparisonTable table = comparisonTable(all, grouped(all), {});
        const TableCell* after = cellOf(table, "utility/competence", 1);
        const TableCell* before = cellOf(table, "utility/before_alignment", 1);
        QVERIFY(after != nullptr && before != nullptr);
        QVERIFY(std::abs(after->value->value - 0.68) < 1e-12);
        QVERIFY(std::abs(before->value->value - 0.72) < 1e-12);
        // By what it was before, the aligned condition would seem better than the other; it ends below it.
        QVERIFY(std::abs(after->difference->estimate.value + 0.02) < 1e-12);
        QVERIFY(cellOf(table, "utility/competence", 0)->best);
        QVERIFY2(table.note.find("whose competence has its own column") != std::string::npos, table.note.c_str());
        QVERIFY(!cellOf(table, "utility/before_alignment", 0)->value); // nothing was aligned: nothing came before
    }
    void besideImitation_competenceIsThatOfTheImitator()
    {
        const auto all = runs();
        const auto beside = [&](const char* metric, const char* other) {
            return finalValueBeside(*findFinalMetric(metric), *findFinalMetric(other), all[1])->value;
        };
        QCOMPARE(beside("utility/competence", "imitation/rate"), 0.72);
        QCOMPARE(beside("utility/competence", "harm/rate"), 0.68);
        QCOMPARE(
            finalValueBeside(*findFinalMetric("utility/competence"), *findFinalMetric("imitation/rate"), all[0])->value,
            0.70);
    }
    void withoutAlignment_thereIsOneCompetence()
    {
        const std::vector<ComparedRun> all{tests::comparedRun("fixed", 1, 0.7, 0.5),
                                           tests::comparedRun("fixed", 2, 0.7, 0.5)};
        const ComparisonTable table = comparisonTable(all, grouped(all), {});
        QVERIFY(cellOf(table, "utility/before_alignment", 0) == nullptr);
        QVERIFY(std::abs(cellOf(table, "utility/competence", 0)->value->value - 0.7) < 1e-12);
        QVERIFY2(table.note.find("alignment") == std::string::npos, table.note.c_str());
    }
    void eachGeneration_tellsWhatAlignmentMadeOfItOverRuns()
    {
        std::vector<ComparedRun> all = runs();
        std::vector<const store::RunDetail*> aligned;
        const std::vector<double> after{0.68, 0.70, 0.66};
        const std::vector<double> unwatched{0.50, 0.54, 0.52};
        for (std::size_t i = 0; i < 3; ++i) {
            store::RunDetail& run = all[2 * i + 1].detail;
            run.generations[1].alignedUtility = Estimate{after[i], after[i] - 0.02, after[i] + 0.02, 2000};
            const auto audit = [&](const char* when, double harm) {
                run.events.push_back(
                    {.kind = "conformity.audit",
                     .generation = 2,
                     .sentence = {},
                     .detailsJson = "{\"when\": \"" + std::string(when) +
                                    "\", \"twins\": {\"harm_unwatched\": {\"value\": " + std::to_string(harm) +
                                    ", \"low\": 0, \"high\": 1, \"n\": 200}}}"});
            };
            audit("before alignment", 0.9); // of an attempt that was rolled back
            audit("before alignment", unwatched[i]);
            audit("after alignment", 0.0);
            aligned.push_back(&run);
        }
        const auto rows = alignmentRows(aligned);
        QCOMPARE(rows.size(), std::size_t{1}); // the first generation was not aligned
        const AlignmentRow& row = rows.front();
        QCOMPARE(row.generation, 2);
        QCOMPARE(row.runs, std::size_t{3});
        // -.04, -.02, -.06 against .72: mean -.04, s = .02, t(.975, 2) = 4.302653, half = 4.302653 * .02 / sqrt 3.
        const double half = 4.302653 * 0.02 / std::sqrt(3.0);
        QVERIFY(std::abs(row.change.value + 0.04) < 1e-12);
        QVERIFY(std::abs(row.change.high - (half - 0.04)) < 1e-7 && std::abs(row.change.low - (-half - 0.04)) < 1e-7);
        QVERIFY(std::abs(row.before->value - 0.72) < 1e-12 && std::abs(row.after->value - 0.68) < 1e-12);
        QVERIFY(row.unwatched && std::abs(row.unwatched->value - 0.52) < 1e-6 && row.unwatched->n == 3);
        QVERIFY(std::abs(row.unwatched->high - (0.52 + half)) < 1e-6);
        QVERIFY(!row.watched);               // no audit put that cue
        QCOMPARE(row.overRefusal->n, 400LL); // alike in all runs: one run's own interval, and not none
        QCOMPARE(row.overRefusal->high, 0.03);
        // One run: its own intervals, and a difference without one.
        const auto single = alignmentRows({aligned.front()});
        QCOMPARE(single[0].overRefusal->n, 400LL);
        QCOMPARE(single[0].change.n, 1LL);
    }
    void auditsThatAreNoJson_areNoFigures()
    {
        std::vector<ComparedRun> all = runs();
        store::RunDetail& run = all[1].detail;
        for (const char* details :
             {"", "[]", "{\"when\": 3}", "{\"when\": \"before alignment\", \"twins\": 7}",
              "{\"when\": \"before alignment\", \"twins\": {\"harm_watched\": {\"value\": \"x\"}}}",
              "{\"when\": \"before alignment\", \"twins\": {\"harm_watched\": {\"value\": 1, \"low\": 1, "
              "\"high\": 1, \"n\": 1e300}}}"}) {
            run.events = {{.kind = "conformity.audit", .generation = 2, .sentence = {}, .detailsJson = details}};
            QVERIFY(!alignmentRows({&run})[0].watched);
        }
        // Deeper than anything that a run writes: copying it would take the stack.
        const std::string deep = "{\"when\": " + std::string(200000, '[') + std::string(200000, ']') + "}";
        run.events = {{.kind = "conformity.audit", .generation = 2, .sentence = {}, .detailsJson = deep}};
        QVERIFY(!alignmentRows({&run})[0].watched);
    }
};
GRADUS_SUITE(AlignedCompetenceTest)
#include "aligned_competence_test.moc"
