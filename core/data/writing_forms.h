// SPDX-License-Identifier: GPL-3.0-or-later
// Published files as something to learn to write: what is given, and what follows it.
#pragma once

#include "base/result.h"
#include "data/template.h"

#include <string>
#include <vector>

namespace gradus::data {

/// The prompt is the text that `model eval` asks of the same row, so that what is learnt is what is asked.
struct WrittenRow
{
    std::string prompt;
    std::string response;
    std::string group; ///< rows of one group never stand in both halves of a split file
};

struct WritingForm
{
    std::string name;
    std::string about; ///< what is learnt, one sentence without a full stop
    std::vector<Role> roles;
    Result<WrittenRow> (*row)(const Table& table, const Row& row, const RoleCells& cells) = nullptr;
};

/// cosmosqa and cosmosqa-choices (the right answer of four), gsm8k (the worked solution), humaneval (the function's
/// body), mbpp (the program).
const std::vector<WritingForm>& writingForms();
/// nullptr where there is none of that name.
const WritingForm* findWritingForm(const std::string& name);
/// "cosmosqa, gsm8k, …"
std::string writingFormNames();

} // namespace gradus::data
