// SPDX-License-Identifier: GPL-3.0-or-later
// The first batch that a generation of an experiment would be taught, and what its sources say of each item: by the
// run's own sampler, sources and pool, before anything is trained.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

/// A source at the generation.
struct DrawnSource
{
    std::string name;
    std::string kind;
    double weight = 0; ///< as drawn; 0: it takes no part
    std::string why;   ///< why it cannot be asked before the run; empty: it was asked
};

struct DrawnItem
{
    std::string name;                            ///< of the item by its content
    std::vector<std::string> texts = {};         ///< untrusted; token ids where the world has no texts
    int truth = 0;                               ///< class
    std::vector<std::optional<int>> labels = {}; ///< one a source; none: not asked, or it says nothing
    std::optional<int> pooled = {};              ///< what those that were asked come to; none: nobody said anything
};

struct DrawnBatch
{
    int generation = 2;
    std::int64_t seed = 1;
    std::size_t pool = 0;  ///< items that the batch is drawn from
    double itemTokens = 0; ///< that the student reads of an item of it, on average; 0: there is none
    std::vector<DrawnSource> sources = {};
    std::vector<DrawnItem> items = {}; ///< in the batch's order
};

/// Of the first condition's run with this seed. Models that look at predecessors, or that the run trains first, cannot
/// be asked: they are listed with the reason, and items that only they would label are still in the batch. Bad input: a
/// generation that nobody labels, sources that do not fit the task. The student's rung is the plan's: a controller that
/// measures may place the run elsewhere. Trains nothing, writes nothing.
Result<DrawnBatch> drawBatch(const spec::Experiment& experiment, int generation, std::int64_t seed,
                             const std::filesystem::path& modelsFolder);

} // namespace gradus::run
