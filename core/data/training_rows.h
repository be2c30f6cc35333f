// SPDX-License-Identifier: GPL-3.0-or-later
// What a file of training data says, before any tokenizer: texts to learn, pairs to prefer, texts to classify.
#pragma once

#include "base/result.h"
#include "data/dialogue.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::data {

/// A dialogue, or a plain response after its plain prompt.
struct TrainingText
{
    std::vector<Turn> turns = {}; ///< a dialogue where there are any
    std::size_t context = 0;      ///< turns before this one are given and not learnt
    std::string prompt = {};      ///< of plain text; may be empty
    std::string response = {};
};

struct TrainingRow
{
    std::vector<TrainingText> texts;  ///< one; of pairs two, the chosen one first
    double preference = 1;            ///< of pairs: the probability that the first is better
    std::vector<double> classes = {}; ///< of classes: the probability of each
    std::string group = {};           ///< rows of one group (a prompt) never stand in both halves of a split file
    int line = 0;
};

enum class TrainingShape
{
    Writing, ///< roles messages; or prompt and completion; or text
    Pairs,   ///< roles chosen, rejected and perhaps prompt and preference
    Classes, ///< roles text, label and perhaps prompt
};

/// A file and how it is to be read.
struct TrainingFile
{
    std::filesystem::path file = {};
    TrainingShape shape = TrainingShape::Writing;
    std::string task = {}; ///< a template (of Writing: a writing form) that reads a published form; empty: the roles
    std::vector<std::pair<std::string, std::string>> columns = {}; ///< role -> column
    bool asChat = false; ///< plain prompts and responses are a user's and an assistant's turn
};

struct TrainingRows
{
    std::string about; ///< what a row is
    std::vector<TrainingRow> rows;
    std::size_t leftOut = 0; ///< rows that say nothing
    std::string leftOutBecause = {};
    int classes = 0;            ///< of Classes
    std::size_t distrusted = 0; ///< answers that the template distrusts, which are no part of any row
    std::string distrustedBecause = {};
};

/// Cells hold text, or messages as JSON: a list of objects with role and content, or from and value. Of two dialogues
/// that are to be compared, the turns they share are given; of two texts what they share up to the last
/// "\n\nAssistant:", else up to where they differ. A label is a class number, a probability of class 1 (with a point),
/// or a list of probabilities. Errors name file, line or column, and cure.
Result<TrainingRows> readTrainingRows(const TrainingFile& request);

/// The same in parts of about so many bytes of the file, in its order, for files larger than memory: `classes` is that
/// of the rows so far. What take returns ends it. A file of at most partBytes is one part.
Result<void> eachTrainingPart(const TrainingFile& request, std::size_t partBytes,
                              const std::function<Result<void>(TrainingRows&& part)>& take);

} // namespace gradus::data
