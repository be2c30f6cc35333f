// SPDX-License-Identifier: GPL-3.0-or-later
// MBPP as it is published: a task in words, tests that say what the function is called, and a program that passes.
#pragma once

#include "base/result.h"
#include "data/template.h"

#include <string>
#include <vector>

namespace gradus::data {

struct MbppProblem
{
    std::string name;   ///< "mbpp/2"; empty where the file has no task_id
    std::string prompt; ///< the task and its tests as a text in quotation marks, which a program follows
    std::string code;   ///< the reference
    std::string test;   ///< set-up and tests, to be run after the program
};

/// The published columns: task_id, text (prompt, in the sanitised part), code, test_list, test_setup_code.
const std::vector<Role>& mbppRoles();
/// Bad input names file, line and cure: no text, tests that are no list of texts in JSON.
Result<MbppProblem> mbppProblem(const Table& table, const Row& row, const RoleCells& cells);

} // namespace gradus::data
