// SPDX-License-Identifier: GPL-3.0-or-later
// What a run ends with is its last generation after alignment, and what it was before stands beside it.
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
    void withoutAlignment_thereIsOneCompetence()
    {
        const std::vector<ComparedRun> all{tests::comparedRun("fixed", 1, 0.7, 0.5),
                                           tests::comparedRun("fixed", 2, 0.7, 0.5)};
        const ComparisonTable table = comparisonTable(all, grouped(all), {});
        QVERIFY(cellOf(table, "utility/before_alignment", 0) == nullptr);
        QVERIFY(std::abs(cellOf(table, "utility/competence", 0)->value->value - 0.7) < 1e-12);
        QVERIFY2(table.note.find("alignment") == std::string::npos, table.note.c_str());
    }
};
GRADUS_SUITE(AlignedCompetenceTest)
#include "aligned_competence_test.moc"
