// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reward_scores.h"

#include "base/text.h"
#include "engine/torch_errors_impl.h"
#include "engine/tuning_job_impl.h"
#include "engine/tuning_objective_impl.h"

#include <c10/core/InferenceMode.h>

namespace gradus::engine {

namespace {

constexpr std::int64_t kTokensAtOnce = 4096;

} // namespace

Result<std::vector<ExampleScore>> rewardScores(const RewardFolder& from, const std::vector<TaughtExample>& pairs,
                                               const StopFlag& stop, const std::function<void(std::size_t)>& onProgress)
{
    FolderTuning job;
    job.folder = from.folder;
    job.adapter = from.adapter;
    job.method = TuningMethod::Reward;
    job.precision = from.precision;
    job.device = from.device;
    if (auto checked = checkFolderTuning(job); !checked) return checked.error();
    const auto folder = models::openModelFolder(from.folder);
    if (!folder) return folder.error();
    const ListedExamples listed(pairs);
    if (auto checked = checkExamples(job, folder->shape, listed, "pair"); !checked) return checked.error();
    return caught("Scoring with " + from.folder.string(), [&]() -> Result<std::vector<ExampleScore>> {
        const c10::InferenceMode inference;
        const auto model = openedForTuning(job, *folder);
        if (!model) return model.error();
        if (!model->hasOwnHead)
            return badInput(
                visible(from.folder.string()) +
                " has no score.weight of one label, so it scores nothing; make a reward model of it: gradus "
                "model tune FOLDER FILE --method reward.");
        const auto objective = makeObjective(job, model->decoder, &*model->head, listed, "pairs");
        std::vector<ExampleScore> scores(pairs.size());
        std::size_t done = 0;
        for (const Batch& batch : budgetBatches(objective->lengths(), kTokensAtOnce)) {
            if (stop.requested())
                return Error{.message = "Scoring was stopped after " + counted(done, "pair") + ".",
                             .kind = ErrorKind::Stopped};
            std::vector<ExampleScore> some;
            objective->score(batch, some);
            for (std::size_t i = 0; i < batch.size(); ++i)
                scores[static_cast<std::size_t>(batch[i])] = some[i];
            done += batch.size();
            if (onProgress) onProgress(done);
        }
        return scores;
    });
}

} // namespace gradus::engine
