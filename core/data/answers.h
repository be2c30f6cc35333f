// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of several sources about the same items, read from tables: whose column is whose, when two answers are the
// same, and what is true.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::data {

/// When two cells say the same.
enum class Comparison
{
    Exact,   ///< the same text without white space at its ends
    Number,  ///< the same last number of the text: how worked solutions end
    Verdict, ///< the cell says whether the source is right (true, 1, yes, right, correct) or not, and no more
};
std::optional<Comparison> comparisonFromName(std::string_view name); ///< "exact" | "number" | "verdict"

/// Where the answers stand. A source is a column of a file: a column may be a path into JSON ("gpt.solution").
struct AnswerColumns
{
    std::vector<std::filesystem::path> files; ///< .csv, .jsonl, .ndjson or .parquet
    std::vector<std::string> sources;
    std::string truth = {};               ///< column; empty: no truth. Not allowed with Verdict
    std::filesystem::path truthFile = {}; ///< where that column stands; empty: the first file
    std::string key = {};                 ///< column that says which rows of several files are one item
    Comparison comparison = Comparison::Exact;
    std::vector<std::pair<std::string, std::string>> sameAs = {}; ///< the first is read as the second
};

/// m sources, N items. Labels are indices into answers, -1 where a source says nothing.
struct AnswerTable
{
    std::vector<std::string> names;       ///< m; the column's, the file's, or "file:column": untrusted text
    std::vector<std::string> answers;     ///< every distinct answer, sorted; {"right", "wrong"} of verdicts
    std::vector<std::vector<int>> labels; ///< m x N
    std::vector<int> truth;               ///< N, -1 where unknown; empty without truth
    std::size_t unread = 0;               ///< cells that are not empty and hold no number
};

/// The last number of a text in its shortest form: "that is $1,234.50." gives "1234.5". None where there is none.
std::optional<std::string> lastNumber(std::string_view text);

/// Bad input names file, line or column, and cure: a missing column, a key that is missing or repeated, a cell that is
/// no verdict, fewer than two sources, or two of one name.
Result<AnswerTable> readAnswers(const AnswerColumns& columns);

} // namespace gradus::data
