// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/register_quotes.h"

#include "base/rng.h"

#include <algorithm>

namespace gradus::data {

namespace {

using namespace registers;

// The verifier's marks borrow tokens that mean something else inside a program: the judge learns them by their place.
constexpr std::int32_t kVerified = kAdd;
constexpr std::int32_t kNotVerified = kMax;
constexpr int kQuoteTokens = 4;

} // namespace

std::vector<EndQuestion> endQuestions(const std::vector<Program>& programs, std::uint64_t seed)
{
    Rng rng(seed, "registers/questions");
    std::vector<EndQuestion> questions;
    for (const Program& program : programs) {
        const std::int32_t end = states(program).back();
        auto other = static_cast<std::int32_t>(rng.below(kModulus - 1));
        if (other >= end) ++other;
        EndQuestion question{.program = program, .answers = {end, other}};
        questions.push_back(rng.below(2) == 0 ? question : swapped(question));
    }
    return questions;
}

EndQuestion swapped(const EndQuestion& question)
{
    return {.program = question.program,
            .answers = {question.answers[1], question.answers[0]},
            .truth = 1 - question.truth};
}

bool isVerified(const Program& program, const Quote& quote)
{
    return after(program, quote.step, quote.before) == quote.after;
}

std::vector<std::int32_t> transcriptTokens(const EndQuestion& question, const std::vector<Quote>& quotes, int turns)
{
    std::array<std::vector<std::int32_t>, 2> said;
    for (const Quote& quote : quotes) {
        auto& side = said[static_cast<std::size_t>(quote.speaker)];
        side.insert(side.end(), {quote.step - 1, quote.before, quote.after,
                                 isVerified(question.program, quote) ? kVerified : kNotVerified});
    }
    const auto each = static_cast<std::size_t>(kQuoteTokens);
    for (auto& side : said)
        side.resize(each * static_cast<std::size_t>(turns), kBegin);
    std::vector<std::int32_t> tokens = question.program;
    tokens.insert(tokens.end(), question.answers.begin(), question.answers.end());
    for (std::size_t at = 0; at < said.front().size(); at += each)
        for (const auto& side : said)
            tokens.insert(tokens.end(), side.begin() + static_cast<std::ptrdiff_t>(at),
                          side.begin() + static_cast<std::ptrdiff_t>(at + each));
    tokens.push_back(kBegin);
    return tokens;
}

std::string told(const EndQuestion& question)
{
    std::string text = "Start at " + std::to_string(question.program[1]);
    for (int step = 1; step <= kOperations; ++step) {
        const auto at = 2 * static_cast<std::size_t>(step);
        const std::int32_t operation = question.program[at];
        text += operation == kAdd ? "; add " : operation == kMultiply ? "; multiply by " : "; at least ";
        text += std::to_string(question.program[at + 1]);
    }
    return text + " (mod 7). Does it end in " + std::to_string(question.answers[0]) + " or in " +
           std::to_string(question.answers[1]) + "?";
}

std::string told(const Quote& quote)
{
    return "Step " + std::to_string(quote.step) + " takes " + std::to_string(quote.before) + " to " +
           std::to_string(quote.after) + ".";
}

} // namespace gradus::data
