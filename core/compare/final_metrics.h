// SPDX-License-Identifier: GPL-3.0-or-later
// What a run ended with, metric by metric: the figures that are compared across groups. Pure; any thread.
#pragma once

#include "compare/run_groups.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

enum class Better
{
    Higher,
    Lower,
    Neither, ///< it describes, it does not judge
};

/// A figure of the last generation that counts (finished, with a utility, not rolled back), or of the whole run.
/// Where stages 2 and 3 ran, competence, harm and over-refusal are of A^+; what compares a student with its supervisor
/// and ceiling (PGR, imitation, memorisation) is of A^-, whose competence is a figure of its own.
struct FinalMetric
{
    const char* id;    ///< "utility/competence": as the series of the same name, where there is one
    const char* label; ///< English: "competence"
    const char* unit;  ///< "accuracy, held out"; empty: none
    Better better = Better::Neither;
    int decimals = 3;           ///< -1: in powers of ten
    bool isShare = false;       ///< it lies in [0, 1]
    const char* procedure = ""; ///< whose own figure it is: "debate"; empty: any run may have it
};

/// In the order of the table's columns, those of a procedure beside one another.
const std::vector<FinalMetric>& finalMetrics();
const FinalMetric* findFinalMetric(const std::string& id);

/// Columns that belong together: what any run may have, then each procedure's own.
struct MetricPart
{
    std::string procedure; ///< FinalMetric::procedure
    std::size_t first = 0;
    std::size_t last = 0; ///< one behind
};
/// Of columns in the order of finalMetrics(); none is empty.
std::vector<MetricPart> partsOf(const std::vector<FinalMetric>& columns);

/// The run's last generation that counts; nullptr while there is none.
const events::GenerationRecord* lastKept(const store::RunDetail& run);

/// Places of those runs that count: one counts when it is over (finished, stopped, failed) and has a generation that
/// counts, because a living run's last generation is not its final one. Where none is over, what they have so far
/// counts.
std::vector<std::size_t> countedPlaces(const std::vector<const store::RunDetail*>& runs);

/// The runs of a group that stand in its figures, and how many do not.
struct CountedRuns
{
    std::vector<std::size_t> counted; ///< indices into the runs, by seed
    std::size_t unfinished = 0;
};
/// As countedPlaces.
CountedRuns countedRuns(const RunGroup& group, const std::vector<ComparedRun>& runs);

/// Training of the whole run: what came after the last kept generation was spent as well. None while nothing is known.
std::optional<double> flopsSpent(const store::RunDetail& run);

/// With its interval over items where the store has one (n: items), else low = high = value and n = 1. None where the
/// run has no such figure, e.g. a PGR that was refused.
std::optional<Estimate> finalValue(const FinalMetric& metric, const ComparedRun& run);

/// The first beside the second: of the same model. Imitation, memorisation, PGR and the ceiling are of A^-, and beside
/// them so is competence.
std::optional<Estimate> finalValueBeside(const FinalMetric& metric, const FinalMetric& other, const ComparedRun& run);

} // namespace gradus::compare
