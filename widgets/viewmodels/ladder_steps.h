// SPDX-License-Identifier: GPL-3.0-or-later
// What the controller will take from the drawn curve: the rung each generation reaches, before anything runs.
#pragma once

#include "spec/experiment.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// The step from generation `from` to the next one.
struct LadderStep
{
    int from = 1;            ///< 1-based
    double fraction = 0;     ///< of the run, where the curve is read
    double wanted = 0;       ///< log10 parameters
    double taken = 0;        ///< after snapping to the ladder
    std::optional<int> rung; ///< reached; none: the ladder has ended
    std::string sentence;    ///< the controller's own words
};

/// Steps 1..K-1 by the controller the worker uses, with the given curve in place of the experiment's (a drag's
/// preview). Ends with the first step that finds no rung.
std::vector<LadderStep> ladderSteps(const spec::Experiment& experiment, const schedule::Curve& curve);

/// Where the generations of this experiment read the gap's curve, else sources' weights and drawn numbers; increasing.
/// Nothing where no generation reads it: another controller decides the gap, the procedure climbs no ladder.
std::vector<double> readPlaces(const spec::Experiment& experiment, bool ofGap);

/// Parameters of each rung, weak to strong: the count by which the worker orders its ladder.
std::vector<std::int64_t> rungParameters(const spec::Experiment& experiment);
/// "7.0k", "1.2M": a model's size in a ruler.
QString sizeText(std::int64_t parameters);

/// Vocabularies of the built-in world's domains.
inline constexpr int kRegistersVocabulary = 11;
inline constexpr int kWordProblemsVocabulary = 23;
inline constexpr int kWritingsVocabulary = 12;

} // namespace gradus::viewmodels
