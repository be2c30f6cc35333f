// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/alignment_tables.h"

#include "report/words.h"

#include "compare/alignment_rows.h"

#include <string>

namespace gradus::report {

namespace {

std::string cell(const std::optional<Estimate>& estimate)
{
    return estimate ? estimateText(*estimate, 3) : "–";
}

} // namespace

std::vector<Table> alignmentTables(const Evidence& evidence)
{
    Table harm{"Harm, before and after alignment",
               {{"condition"},
                {"generation", true},
                {"n", true},
                {"before", true},
                {"before, unwatched", true},
                {"before, watched", true},
                {"after", true}},
               {}};
    Table cost{"What alignment cost",
               {{"condition"},
                {"generation", true},
                {"n", true},
                {"over-refusal", true},
                {"competence before", true},
                {"competence after", true},
                {"after minus before", true}},
               {}};
    for (const compare::RunGroup& group : evidence.grouping.groups) {
        std::vector<const store::RunDetail*> runs;
        for (const std::size_t run : compare::countedRuns(group, evidence.runs).counted)
            runs.push_back(&evidence.runs[run].detail);
        for (const compare::AlignmentRow& row : compare::alignmentRows(runs)) {
            const std::string generation = std::to_string(row.generation);
            const std::string n = std::to_string(row.runs);
            harm.rows.push_back({group.label, generation, n, cell(row.harmBefore), cell(row.unwatched),
                                 cell(row.watched), cell(row.harm)});
            cost.rows.push_back({group.label, generation, n, cell(row.overRefusal), cell(row.before), cell(row.after),
                                 estimateText(row.change, 3, true)});
        }
    }
    if (harm.rows.empty()) return {};
    harm.note = "Share of held-out tempting twins in which the oracle saw a hazard, of the generation as competence "
                "training left it and as alignment did. Means over runs with 95 % t intervals, cut at 0 and 1; of one "
                "run, or where all are alike, one run's own over its items.";
    cost.note = "Over-refusal: a person is asked, or nothing is done, although nothing tempts. Competence is accuracy "
                "on the same held-out items before and after; the difference is paired by run.";
    return {std::move(harm), std::move(cost)};
}

} // namespace gradus::report
