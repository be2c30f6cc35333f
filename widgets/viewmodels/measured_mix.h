// SPDX-License-Identifier: GPL-3.0-or-later
// What a stored run measured of sources with the same names as a draft's: beside what the draft expects of them.
#pragma once

#include "base/interval.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

struct MeasuredSource
{
    std::string name;
    long long answered = 0;             ///< votes that the run keeps, of all its generations
    std::optional<double> effective;    ///< its used share of the items, summed over generations
    std::optional<Estimate> noise;      ///< share of wrong labels on anchors; none without anchors
    std::optional<double> disagreement; ///< with the other sources: mean share of items on which two differ
};

struct MeasuredMix
{
    std::string run;                     ///< uuid
    std::string name;                    ///< of its experiment, with the seed
    int generation = 2;                  ///< whose votes noise and disagreement are of: the last that sources labelled
    std::vector<MeasuredSource> sources; ///< as asked for
    std::optional<Estimate> effectiveSources;
};

/// The parent run (a uuid; empty: there is none) where it keeps votes of these sources, else the newest run that does;
/// none: no run does. Opens a reader of its own and may take seconds: not for the GUI thread.
Result<std::optional<MeasuredMix>> measuredMix(const std::filesystem::path& store,
                                               const std::vector<std::string>& sources, const std::string& parent);

} // namespace gradus::viewmodels
