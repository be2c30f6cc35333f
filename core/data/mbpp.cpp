// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/mbpp.h"

#include "base/json_depth.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

namespace gradus::data {

namespace {

enum Place : std::size_t
{
    kName,
    kText,
    kPrompt,
    kCode,
    kTests,
    kSetUp,
};

std::string optionalCell(const Row& row, const std::vector<CellPath>& places)
{
    return places.empty() ? std::string() : cellAt(row, places.front()).value_or("");
}

/// The file was written with carriage returns.
std::string plainLines(std::string text)
{
    std::erase(text, '\r');
    return text;
}

Result<std::string> testsOf(const Table& table, const Row& row, const CellPath& place)
{
    const auto cell = cellText(table, row, place);
    if (!cell) return cell.error();
    const auto json = isJsonDeeper(*cell) ? nlohmann::json() : nlohmann::json::parse(*cell, nullptr, false);
    std::string tests;
    if (json.is_array())
        for (const auto& test : json)
            tests += test.is_string() ? test.get<std::string>() + "\n" : std::string();
    if (tests.empty())
        return badInput(placeOf(table, row) + ": \"" + visible(place.name, 60) +
                        "\" is no list of tests: write a JSON list of texts, each an assert.");
    return plainLines(tests);
}

} // namespace

const std::vector<Role>& mbppRoles()
{
    static const std::vector<Role> all{{"task_id", Role::Need::Optional},
                                       {"text", Role::Need::Optional},
                                       {"prompt", Role::Need::Optional},
                                       {"code"},
                                       {"test_list"},
                                       {"test_setup_code", Role::Need::Optional}};
    return all;
}

Result<MbppProblem> mbppProblem(const Table& table, const Row& row, const RoleCells& cells)
{
    const std::string text = optionalCell(row, cells[kText]);
    const std::string task = plainLines(text.empty() ? optionalCell(row, cells[kPrompt]) : text);
    if (task.empty())
        return badInput(placeOf(table, row) + " has neither a \"text\" nor a \"prompt\" that says the task: fill it in "
                                              "or take the row out.");
    const auto code = cellText(table, row, cells[kCode].front());
    if (!code) return code.error();
    const auto tests = testsOf(table, row, cells[kTests].front());
    if (!tests) return tests.error();
    const std::string name = optionalCell(row, cells[kName]);
    const std::string setUp = plainLines(optionalCell(row, cells[kSetUp]));
    return MbppProblem{.name = name.empty() ? "" : "mbpp/" + name,
                       .prompt = "\"\"\"\n" + task + "\n" + *tests + "\"\"\"\n",
                       .code = plainLines(*code),
                       .test = (setUp.empty() ? "" : setUp + "\n") + *tests};
}

} // namespace gradus::data
