// SPDX-License-Identifier: GPL-3.0-or-later
// Rungs that write: the built-in world's bodies, taught to write out the run of a register program, model folders as
// they are, and their answers.
#pragma once

#include "engine/language_model.h"
#include "pipeline/answer_form.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gradus::pipeline {

/// The rung as a writer. Its shipped body holds the running states inside but has never written a token: it is taught
/// on `self.examples` written-out programs of the pretraining side, once for all runs and seeds (seeds vary what is
/// tuned, not the base), and kept in models/writers under the hash of all it depends on. Thread-safe;
/// ErrorKind::Stopped when the run is stopped meanwhile, and the teaching then begins again from its beginning. A model
/// folder writes already: its weights are put beside the others in one file.
Result<std::filesystem::path> writerFile(const StageContext& context, int rung);
/// A writer's weights from such a file, or from one that saveBody wrote.
Result<engine::LanguageModel> loadWriter(const StageContext& context, int rung, const std::filesystem::path& file);

/// Several answers to each prompt: [prompt][sample].
using Answers = std::vector<std::vector<engine::Continuation>>;

/// Answers to prompts of the form.
/// Answer k of prompt i is a pure function of the weights, the sampling's seed, i and k. measured: with the model's own
/// log-probabilities and entropies.
Result<Answers> answersOf(const engine::LanguageModel& model, const AnswerForm& form,
                          const std::vector<engine::Tokens>& prompts, int samples,
                          const engine::SamplingOptions& sampling, bool measured, const StopFlag& stop);

/// log p(answer | prompt) in nats of each answer, [prompt][sample].
Result<std::vector<std::vector<double>>> logsOf(const engine::LanguageModel& model,
                                                const std::vector<engine::Tokens>& prompts, const Answers& answers);

/// The programs of a set, which are a writer's prompts.
std::vector<engine::Tokens> promptsOf(const data::ItemSet& set);

} // namespace gradus::pipeline
