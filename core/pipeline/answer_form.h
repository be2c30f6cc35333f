// SPDX-License-Identifier: GPL-3.0-or-later
// What a model that rates itself is asked, how its answers end, and what a checker could say of them.
#pragma once

#include "data/register_traces.h"
#include "engine/language_model.h"
#include "pipeline/stage_context.h"

#include <memory>
#include <vector>

namespace gradus::pipeline {

/// Used in the run's thread.
class AnswerForm
{
public:
    virtual ~AnswerForm() = default;

    virtual std::vector<engine::Tokens> prompts(const data::ItemSet& set) const = 0;
    /// Longest answer and what ends it; sampling and batch are the caller's.
    virtual engine::GenerationOptions ends() const = 0;
    /// Whether a checker knows right ends: programs have one, texts do not.
    virtual bool checks() const = 0;
    /// Of a form that checks; else nothing is right.
    virtual data::traces::Reading read(const engine::Tokens& prompt, const engine::Tokens& answer) const = 0;
    /// Pairs that the items themselves hold, with truth's preference; none in programs.
    virtual engine::WritingPairs pairs(const data::ItemSet& set) const = 0;
};

/// Register programs for the built-in ladder, preference texts for a rung that is a model folder (read by its own
/// tokenizer). Bad input where the folder's model cannot hold a prompt and an answer.
Result<std::unique_ptr<AnswerForm>> answerForm(const StageContext& context, int rung);

} // namespace gradus::pipeline
