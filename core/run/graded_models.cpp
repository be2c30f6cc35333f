// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/graded_models.h"

#include "base/text.h"
#include "data/worlds.h"
#include "engine/tuning.h"
#include "pipeline/supervision.h"
#include "run/run_weights.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace gradus::run {

namespace {

using Asked = std::vector<std::vector<engine::Tokens>>;

Result<const data::World*> worldOf(const std::vector<store::RunDetail>& runs)
{
    if (runs.empty()) return badInput("No runs are named: give the ids of finished runs.");
    const std::string& task = runs.front().run.taskName;
    for (const store::RunDetail& run : runs)
        if (run.run.taskName != task)
            return badInput("The runs learnt different tasks, " + visible(task, 60) + " and " +
                            visible(run.run.taskName, 60) + ": give runs of one task.");
    const data::World* world = data::findWorld(task);
    if (world == nullptr || world->graded == nullptr)
        return badInput("Items of the task " + visible(task, 60) +
                        " have no difficulty that is known: give runs of builtin:registers/code or "
                        "builtin:registers/math.");
    return world;
}

} // namespace

Result<evals::GradedModels> gradedModels(const std::vector<store::RunDetail>& runs,
                                         const std::filesystem::path& workspace, int items, const StopFlag& stop)
{
    const auto world = worldOf(runs);
    if (!world) return world.error();
    evals::GradedModels all;
    std::vector<Asked> asked;
    for (int difficulty = (*world)->easiest; difficulty <= (*world)->hardest; ++difficulty) {
        const data::ItemSet set = (*world)->graded(difficulty, std::clamp(items, 1, kMostGradedItems));
        Asked bin;
        for (const data::Item& item : set.items)
            bin.push_back({item.sequences.front()});
        all.bins.push_back({difficulty, pipeline::truthOf(set)});
        asked.push_back(std::move(bin));
    }
    all.classes = (*world)->open(1)->classes();
    std::set<std::string> seen; // conditions may take the same steps: equal bits are no second observation
    for (std::size_t r = 0; r < runs.size(); ++r) {
        std::string bits;
        for (const events::GenerationRecord& record : runs[r].generations)
            if (hasWeights(record)) bits += record.checkpointHash;
        if (!bits.empty() && !seen.insert(bits).second) {
            ++all.repeats;
            continue;
        }
        for (const events::GenerationRecord& record : runs[r].generations) {
            if (!hasWeights(record)) continue;
            if (stop.requested()) return Error{.message = "The evaluation was stopped.", .kind = ErrorKind::Stopped};
            const auto model = weightsOf(runs[r], record, workspace);
            if (!model) return model.error();
            evals::GradedModel graded{.name = "A" + std::to_string(record.generation) + " " + record.rung,
                                      .capacity = std::log10(static_cast<double>(record.parameters)),
                                      .ladder = static_cast<int>(r),
                                      .labels = {}};
            for (const Asked& bin : asked) {
                auto opinions = pipeline::opinionsOf(*model, bin, all.classes);
                if (!opinions) return opinions.error();
                graded.labels.push_back(std::move(opinions->labels));
            }
            all.models.push_back(std::move(graded));
        }
    }
    if (all.models.empty())
        return badInput("None of these runs has finished a generation, so that there is nothing to ask: let one "
                        "finish.");
    return all;
}

} // namespace gradus::run
