// SPDX-License-Identifier: GPL-3.0-or-later
// What a noise sweep shows: a curve over noise rates for each kind of noise and size of student, and its tolerance.
#pragma once

#include "compare/run_groups.h"
#include "controller/noise_tolerance.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

/// Students of one size at one rate. Means over seeds with t intervals, n: seeds; one seed has its interval over items.
struct NoiseRow
{
    double rate = 0;
    std::size_t seeds = 0;
    std::optional<Estimate> wrong;     ///< share of the labels that differed from truth
    std::optional<Estimate> fitNoisy;  ///< training items, against the labels that were taught
    std::optional<Estimate> fitClean;  ///< training items, against truth
    std::optional<Estimate> memorised; ///< wrong labels repeated on training items; none at rate 0
    std::optional<Estimate> accuracy;  ///< held out
};

/// Students of one size under one kind of noise.
struct NoiseCurve
{
    std::string noise;   ///< spec::SignalSource::noise
    std::string rung;    ///< "32,2"
    std::string setting; ///< "training.labels = 500": where curves of one kind and rung differ in more; else empty
    std::int64_t parameters = 0;
    double capacity = 0;        ///< log10 parameters
    int classes = 2;            ///< K
    double wrongPerRate = 0;    ///< share of wrong labels over the rate: (K - 1) / K for uniform noise
    std::vector<NoiseRow> rows; ///< by rate; rate 0 is shared by all kinds of noise of the same students
    Result<controller::NoiseTolerance> tolerance; ///< in rates; refused where the students without noise learnt nothing
};

struct NoiseReport
{
    double loss = 0.02;             ///< of accuracy, at which the tolerance is read
    std::vector<NoiseCurve> curves; ///< by kind of noise in the order of the runs, then by capacity
    std::size_t left = 0;           ///< runs of other procedures, or without a finished student
};

/// "0.122 [0.081, 0.172]", "at least 0.400 [0.200, …)": the tolerance times `scale` (a curve's wrongPerRate makes wrong
/// labels of rates).
std::string borneText(const controller::NoiseTolerance& tolerance, double scale);

/// Of a noise sweep, all of the experiment but its name, seeds and sources: the same text for one student under
/// different noise.
std::string withoutNoise(const spec::Experiment& experiment);

/// loss: spec's gap.noise_loss of the first run where none is given. Bad input: no finished run of a noise sweep.
Result<NoiseReport> noiseReport(const std::vector<ComparedRun>& runs, std::optional<double> loss);

} // namespace gradus::compare
