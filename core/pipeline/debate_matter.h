// SPDX-License-Identifier: GPL-3.0-or-later
// What is debated: questions with two answers, what is quoted for each, and how a judge reads it.
#pragma once

#include "engine/tuning.h"
#include "pipeline/stage_context.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

enum class Protocol
{
    Direct,      ///< nothing is quoted
    Consultancy, ///< the first debater alone
    Debate,
};
Protocol protocolOf(const spec::Debate& settings);

/// A quote as people read it.
struct Said
{
    int speaker = 0; ///< place of the answer that it is quoted for
    std::string text;
    bool verified = false;
    bool decisive = false; ///< who believes it needs nothing else to answer
};

/// A question as it is put: in one order of its answers.
struct Posed
{
    std::string text;
    std::array<std::string, 2> answers;
    int truth = 0; ///< place of the true one
};

/// Questions of one set, with what both debaters will quote. Pure: asked again, everything is as before.
class DebateSet
{
public:
    virtual ~DebateSet() = default;
    virtual std::size_t size() const = 0;
    /// What a reader of the results must know of these questions, in sentences; may be empty.
    virtual std::string note() const { return {}; }
    /// turned: with the answers in the other order.
    virtual Posed posed(std::size_t index, bool turned) const = 0;
    /// Whether the first debater, asked itself, knows the answer.
    virtual bool expertIsRight(std::size_t index) const = 0;
    /// What is quoted where the first debater argues for the true answer, or for the other; the first answer's side
    /// first, turn by turn. What a side quotes does not depend on the order of the answers.
    virtual std::vector<Said> said(std::size_t index, bool firstHonest, bool turned) const = 0;
    /// The same as the judge's rung reads it: one sequence.
    virtual std::vector<engine::Tokens> read(std::size_t index, bool firstHonest, bool turned) const = 0;
};

class DebateMatter
{
public:
    virtual ~DebateMatter() = default;
    /// purpose names the streams of draws.
    virtual Result<std::unique_ptr<DebateSet>> prepared(const data::ItemSet& set, const std::string& purpose) const = 0;
    /// The judge's rung with a fresh head of two outputs, the places of the answers.
    virtual Result<engine::TunedModel> freshJudge() const = 0;
    /// Whether a quote can settle a question by itself.
    virtual bool hasDecisiveQuotes() const = 0;
};

/// By the task: register programs, or passages where the ladder is of model folders. The context must outlive it.
std::unique_ptr<DebateMatter> debateMatter(const StageContext& context);

} // namespace gradus::pipeline
