// SPDX-License-Identifier: GPL-3.0-or-later
// Problems that a model answers in its own words: word problems with a number at the end, functions with tests.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::data {

/// GSM8K in its published columns (question, answer).
struct NumberProblem
{
    std::string question;
    std::string solution; ///< worked; ends in the number
    std::string number;   ///< the right one, in its shortest form
};

/// HumanEval's columns (task_id, prompt, entry_point, test), or MBPP's own (see mbppRoles).
struct CodeProblem
{
    std::string name;
    std::string prompt; ///< HumanEval: the beginning of a program, up to where the function's body begins. MBPP: a text
                        ///< that a whole program follows, and no part of it
    std::string entry;  ///< HumanEval: the function; a Python name. Empty of MBPP
    std::string test;   ///< HumanEval: defines check(candidate). MBPP: run as it is
};

/// At most limit rows (0: all), the first ones. columns: role -> column, where they have other names. Errors name file,
/// line and cure. The code problems of one file are all of one kind.
Result<std::vector<NumberProblem>>
readNumberProblems(const std::filesystem::path& file, int limit,
                   const std::vector<std::pair<std::string, std::string>>& columns = {});
Result<std::vector<CodeProblem>> readCodeProblems(const std::filesystem::path& file, int limit,
                                                  const std::vector<std::pair<std::string, std::string>>& columns = {});

/// What a language model is asked; ends where " " and the solution follow.
std::string numberPrompt(const std::string& question);

/// The number that a worked answer ends in: after its first "####", else the last one; empty without one.
std::string finalNumber(std::string_view answer);

/// The body of a function out of what was written after its prompt: what comes before the first line that begins
/// something else (a definition, a class, a decorator, a comment, a guard, a print or a fence at the left edge).
std::string functionBody(std::string_view written);
/// The whole program out of what was written where one was asked for: what comes before the first line that is a test,
/// a print, a guard, a fence or another text in quotation marks at the left edge.
std::string wholeProgram(std::string_view written);
/// The one of the two that the problem asks for.
std::string programPart(const CodeProblem& problem, std::string_view written);

} // namespace gradus::data
