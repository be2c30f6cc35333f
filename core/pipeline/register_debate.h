// SPDX-License-Identifier: GPL-3.0-or-later
// Debates about the end of register programs.
#pragma once

#include "pipeline/debate_matter.h"

namespace gradus::pipeline {

/// - Question: a register program and two states, one of which it ends in; chance is one half.
/// - Debaters: rungs as they were pretrained. Each is assigned an answer, draws from its own beliefs the state it
/// claims
///   after every step (the last one is the assigned answer), and chooses by its own beliefs what to quote (debaters.h).
///   Lies are plain: claims that lead up to a lie consistently are not planned, so that strong liars are weaker here
///   than they could be.
/// - Quotes: "step i takes s to t" is checked by machine against that one step and marked. Whether the program ever
///   stands at s is not checked: a verified quote may be beside the point or rest on a wrong state. One of the last
///   step settles the question for whoever believes it.
/// - The judge reads program, answers and quotes as tokens.
class RegisterDebate final : public DebateMatter
{
public:
    explicit RegisterDebate(const StageContext& context) : m_context(context) {}
    Result<std::unique_ptr<DebateSet>> prepared(const data::ItemSet& set, const std::string& purpose) const override;
    Result<engine::TunedModel> freshJudge() const override;
    bool hasDecisiveQuotes() const override { return true; }

private:
    const StageContext& m_context;
};

} // namespace gradus::pipeline
