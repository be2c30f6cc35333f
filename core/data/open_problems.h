// SPDX-License-Identifier: GPL-3.0-or-later
// Problems that a model answers in its own words: word problems with a number at the end, functions with tests.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::data {

/// GSM8K in its published columns (question, answer).
struct NumberProblem
{
    std::string question;
    std::string solution; ///< worked; ends in the number
    std::string number;   ///< the right one, in its shortest form
};

/// HumanEval's columns (task_id, prompt, entry_point, test), which MBPP is published in too.
struct CodeProblem
{
    std::string name;
    std::string prompt; ///< the beginning of a Python program, up to where the function's body begins
    std::string entry;  ///< the function; a Python name
    std::string test;   ///< defines check(candidate)
};

/// At most limit rows (0: all), the first ones. Errors name file, line and cure.
Result<std::vector<NumberProblem>> readNumberProblems(const std::filesystem::path& file, int limit);
Result<std::vector<CodeProblem>> readCodeProblems(const std::filesystem::path& file, int limit);

/// The number that a worked answer ends in: after its first "####", else the last one; empty without one.
std::string finalNumber(std::string_view answer);

/// The body of a function out of what was written after its prompt: what comes before the first line that begins
/// something else (a definition, a class, a decorator, a comment, a guard, a print or a fence at the left edge).
std::string functionBody(std::string_view written);

} // namespace gradus::data
