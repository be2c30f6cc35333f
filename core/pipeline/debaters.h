// SPDX-License-Identifier: GPL-3.0-or-later
// Rungs that argue: what a debater believes of a program's run, what it claims for an answer, and what it quotes.
#pragma once

#include "data/register_quotes.h"
#include "pipeline/stage_context.h"

#include <array>
#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// P(state after step i+1 = v) as a rung's pretrained body says it: its own opinion, [step][state].
using Beliefs = std::array<std::array<double, data::registers::kModulus>, data::registers::kOperations>;
/// Of every program, by that rung's body as it was pretrained.
Result<std::vector<Beliefs>> beliefsOf(const StageContext& context, int rung,
                                       const std::vector<data::registers::Program>& programs);

/// States claimed: the start, then after every step.
using Claims = std::array<std::int32_t, data::registers::kOperations + 1>;
/// What a debater claims for an answer: each state drawn from its own beliefs at that temperature, the last one the
/// answer, whatever it believes of it.
Claims claimsFor(std::int32_t answer, const data::registers::Program& program, const Beliefs& beliefs,
                 double temperature, Rng& rng);

/// The steps that a debater quotes, in order. It puts forward first what it believes most firmly against the other
/// side: the step with the largest log P(own claim) - log P(other's claim) by its own beliefs; where both claim the
/// same the difference is 0, and of equals the one it is surest of goes first. No step twice.
std::vector<int> stepsToQuote(const Claims& own, const Claims& other, const Beliefs& beliefs, int turns);

/// Both sides' quotes turn by turn, the first answer's debater first; a side without claims says nothing.
struct Argument
{
    Claims claims{};
    std::vector<int> steps; ///< empty: silent
};
std::vector<data::Quote> quotesOf(const std::array<Argument, 2>& sides);

} // namespace gradus::pipeline
