// SPDX-License-Identifier: GPL-3.0-or-later
// A question about a register program with two answers, and quotes of its run: what debaters argue with and what a
// judge reads.
#pragma once

#include "data/registers.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace gradus::data {

/// Which of two states does the program end in? One is true, the other drawn evenly from the rest, in a drawn order.
struct EndQuestion
{
    registers::Program program;
    std::array<std::int32_t, 2> answers{};
    int truth = 0; ///< place of the true one
};

/// Of these programs, in order; a pure function of the programs and the seed, a prefix of programs gives a prefix.
std::vector<EndQuestion> endQuestions(const std::vector<registers::Program>& programs, std::uint64_t seed);
/// The same question with its answers in the other order.
EndQuestion swapped(const EndQuestion& question);

/// "Step i takes `before` to `after`."
struct Quote
{
    int speaker = 0; ///< place of the answer that it is quoted for
    int step = 1;    ///< 1-based
    std::int32_t before = 0;
    std::int32_t after = 0;
    friend bool operator==(const Quote&, const Quote&) = default;
};

/// Whether that step of the program does that: all that can be checked of a quote by itself. Whether the program ever
/// stands at `before` cannot.
bool isVerified(const registers::Program& program, const Quote& quote);

/// What a judge reads: the program, both answers, and for every turn a quote of the first answer's side and one of the
/// second's (step, before, after and the verifier's mark; a side without a quote is silent), then an end. Tokens of the
/// world's own vocabulary. Whom a quote is for is told by its place.
std::vector<std::int32_t> transcriptTokens(const EndQuestion& question, const std::vector<Quote>& quotes, int turns);
/// How long that is.
constexpr int transcriptLength(int turns)
{
    return registers::kTokens + 2 + 8 * turns + 1;
}

/// For people: "3; +5; x4; max 2; ... Does it end in 4 or in 1?" and "Step 2 takes 1 to 4."
std::string told(const EndQuestion& question);
std::string told(const Quote& quote);

} // namespace gradus::data
