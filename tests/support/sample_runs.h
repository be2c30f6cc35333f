// SPDX-License-Identifier: GPL-3.0-or-later
// Plausible runs for tests of the window, written through the real StoreWriter as a worker would write them.
#pragma once

#include "store/store_writer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::tests {

/// What a sample run looks like. Values are invented and follow from the seed alone.
struct SampleRun
{
    std::int64_t runId = 0;
    int generations = 4;
    int stepsPerGeneration = 400;
    int evaluationsPerGeneration = 10;
    std::int64_t seed = 1;
};

/// Adds an experiment with these conditions (values of gap.controller; none: no sweep) and seeds, all queued.
/// Returns the runs' ids in the order of conditions x seeds; empty when the store refuses.
std::vector<std::int64_t> addSampleExperiment(store::StoreWriter& writer, const std::string& name,
                                              const std::vector<std::string>& conditions,
                                              const std::vector<std::int64_t>& seeds, int generations = 4);

/// Writes the run from its first step up to fraction (0..1) of it: points, stages (2 and 3 skipped with their note),
/// generations, decisions and checkpoints. The run stays in the state it has.
void writeSampleSteps(store::StoreWriter& writer, const SampleRun& run, double fraction);

/// Claimed, written whole, Finished.
void writeFinishedRun(store::StoreWriter& writer, const SampleRun& run);
/// Claimed by this process and written up to fraction.
void writeRunningRun(store::StoreWriter& writer, const SampleRun& run, double fraction);
/// Written up to fraction, then failed with one sentence.
void writeFailedRun(store::StoreWriter& writer, const SampleRun& run, double fraction, const std::string& sentence);

} // namespace gradus::tests
