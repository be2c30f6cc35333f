// SPDX-License-Identifier: GPL-3.0-or-later
// Multiple choice as a language model is asked: a prompt, and answers that may follow it.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gradus::data {

struct ChoiceItem
{
    std::string prompt;               ///< ends where an answer begins
    std::vector<std::string> answers; ///< each with the space before it
    int truth = 0;                    ///< index of the right one
};

/// CosmosQA in its published columns (context, question, answer0 .. answer3, label), four-way; at most limit rows (0:
/// all), always the same. columns: role -> column, where they have other names. Errors name file, line and cure.
Result<std::vector<ChoiceItem>>
readCosmosqaChoices(const std::filesystem::path& file, int limit,
                    const std::vector<std::pair<std::string, std::string>>& columns = {});

} // namespace gradus::data
