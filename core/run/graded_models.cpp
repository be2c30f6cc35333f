// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/graded_models.h"

#include "base/text.h"
#include "data/worlds.h"
#include "engine/tuning.h"
#include "pipeline/supervision.h"
#include "run/run_weights.h"

#include <algorithm>
#include <cmath>
#include <map>
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
                                         const std::filesystem::path& workspace, int items, const StopFlag& stop,
                                         const std::function<void(std::size_t, std::size_t)>& tell)
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
    std::map<std::string, std::size_t> known; // conditions of a seed share generations: equal bits are one observation
    std::set<std::vector<std::size_t>> ladders;
    std::size_t generations = 0;
    for (const store::RunDetail& run : runs)
        generations += static_cast<std::size_t>(std::ranges::count_if(run.generations, hasWeights));
    std::size_t done = 0;
    for (const store::RunDetail& run : runs) {
        evals::Bundle ladder{.seed = run.run.seed, .members = {}};
        int again = 0;
        for (const events::GenerationRecord& record : run.generations) {
            if (!hasWeights(record)) continue;
            if (tell) tell(done++, generations);
            if (stop.requested()) return Error{.message = "The evaluation was stopped.", .kind = ErrorKind::Stopped};
            if (const auto same = known.find(record.checkpointHash); same != known.end()) {
                ladder.members.push_back(same->second);
                ++again;
                continue;
            }
            const auto model = weightsOf(run, record, workspace);
            if (!model) return model.error();
            evals::GradedModel graded{.name = "A" + std::to_string(record.generation) + " " + record.rung,
                                      .capacity = std::log10(static_cast<double>(record.parameters)),
                                      .labels = {}};
            for (const Asked& bin : asked) {
                auto opinions = pipeline::opinionsOf(*model, bin, all.classes);
                if (!opinions) return opinions.error();
                graded.labels.push_back(std::move(opinions->labels));
            }
            known.emplace(record.checkpointHash, all.models.size());
            ladder.members.push_back(all.models.size());
            all.models.push_back(std::move(graded));
        }
        if (ladder.members.empty()) continue;
        if (!ladders.insert(ladder.members).second) {
            ++all.repeats;
            continue;
        }
        all.shared += again;
        all.ladders.push_back(std::move(ladder));
    }
    if (all.models.empty())
        return badInput("None of these runs has finished a generation, so that there is nothing to ask: let one "
                        "finish.");
    return all;
}

} // namespace gradus::run
