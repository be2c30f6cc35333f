// SPDX-License-Identifier: GPL-3.0-or-later
// The templates "cosmosqa" (a context, a question and one answer: is it right?) and "cosmosqa-choices" (which of
// four?).
#pragma once

#include "data/template.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace gradus::data {

/// A published row.
struct CosmosQuestion
{
    std::string context;
    std::string text;
    std::array<std::string, 4> answers;
    std::size_t label = 0; ///< index of the right one

    std::string prompt() const; ///< ends where " " and an answer follow
    std::string withAnswer(const std::string& answer) const { return prompt() + " " + answer; }
};

/// context, question, answer0..answer3, label.
const std::vector<Role>& cosmosRoles();
/// Bad input names file, line and cure.
Result<CosmosQuestion> cosmosQuestion(const Table& table, const Row& row, const RoleCells& cells);

/// CosmosQA as the weak-to-strong studies use it. Columns context, question, answer0..answer3, label (0..3).
/// The text is "Context: ...\nQuestion: ...\nAnswer: ..."; truth 1: the answer is right. Where the right answer is
/// "None of the above choices ." truth is 0; else a hash of the row tosses a coin between the right answer (1) and one
/// of the wrong ones (0), also drawn by hash. So truth 0 is the more frequent one. Group: the context.
Template cosmosqaTemplate();

/// The same rows as four texts, one an answer, of which label names the right one: a reward model over four answers.
/// Group: the context.
Template cosmosqaChoicesTemplate();

} // namespace gradus::data
