// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about a passage, taken apart again: what debaters have read and a judge has not.
#pragma once

#include "data/task.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// One question of "cosmosqa-choices" with two of its answers, in a drawn order.
struct ReadingQuestion
{
    std::string passage;
    std::string question;
    std::array<std::string, 2> answers;
    int truth = 0; ///< place of the true one
};

/// The item's passage and question, the true answer and one of the others; both draws are pure functions of the texts
/// and the seed. Nothing where the texts are not of that form, or no other answer differs from the true one.
std::optional<ReadingQuestion> readingQuestion(const Item& item, std::uint64_t seed);

/// The sentences of a passage, verbatim and without the space around them: they end at ". ", "! ", "? " (a closing
/// quotation mark may stand between) or at the end of a line. A piece without a letter or digit belongs to what
/// follows.
std::vector<std::string> sentencesOf(const std::string& passage);

/// As the template writes them: what a model is asked that has read this much of the passage (empty: none of it). Ends
/// where " " and an answer follow.
std::string askedAfter(const std::string& read, const std::string& question);

} // namespace gradus::data
