// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/open_problems.h"

#include "base/text.h"
#include "data/answers.h"
#include "data/cell_path.h"
#include "data/mbpp.h"
#include "data/table.h"
#include "data/template.h"

#include <algorithm>
#include <array>
#include <span>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 8> kElsewhere{"\ndef ", "\nclass ", "\n@",   "\n#",
                                                     "\nif ",  "\nprint",  "\n```", "\nassert "};

constexpr std::array<std::string_view, 5> kBehindProgram{"\nassert ", "\nprint", "\nif __name__", "\n```", "\n\"\"\""};

bool isPythonName(std::string_view name)
{
    const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= 200 && isWord(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return isWord(c) || (c >= '0' && c <= '9'); });
}

std::string before(std::string_view written, std::span<const std::string_view> ends)
{
    std::size_t end = written.size();
    for (const std::string_view begin : ends)
        end = std::min(end, written.find(begin));
    return std::string(written.substr(0, end));
}

/// Calls take(row, cells) for every row up to the limit.
Result<void> eachRow(const Table& table, int limit, const auto& take)
{
    const std::size_t count = limit > 0 ? static_cast<std::size_t>(limit) : table.rows.size();
    for (std::size_t i = 0; i < std::min(count, table.rows.size()); ++i)
        if (auto taken = take(table.rows[i]); !taken) return taken;
    return {};
}

Result<NumberProblem> numberProblem(const Table& table, const Row& row, const RoleCells& cells)
{
    auto question = cellText(table, row, cells[0].front());
    if (!question) return question.error();
    auto solution = cellText(table, row, cells[1].front());
    if (!solution) return solution.error();
    NumberProblem made{.question = std::move(*question), .solution = std::move(*solution), .number = {}};
    made.number = finalNumber(made.solution);
    if (made.number.empty())
        return badInput(placeOf(table, row) + ": the answer holds no number: it ends in the result.");
    return made;
}

Result<CodeProblem> functionProblem(const Table& table, const Row& row, const RoleCells& cells)
{
    std::array<std::string, 4> texts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto text = cellText(table, row, cells[i].front());
        if (!text) return text.error();
        texts[i] = std::move(*text);
    }
    if (!isPythonName(texts[2]))
        return badInput(placeOf(table, row) + ": the entry point \"" + visible(texts[2], 60) +
                        "\" is no name of a function.");
    return CodeProblem{.name = texts[0], .prompt = texts[1], .entry = texts[2], .test = texts[3]};
}

Result<CodeProblem> programProblem(const Table& table, const Row& row, const RoleCells& cells)
{
    auto read = mbppProblem(table, row, cells);
    if (!read) return read.error();
    return CodeProblem{.name = read->name.empty() ? "line " + std::to_string(row.line) : std::move(read->name),
                       .prompt = std::move(read->prompt),
                       .entry = {},
                       .test = std::move(read->test)};
}

} // namespace

std::string numberPrompt(const std::string& question)
{
    return "Question: " + question + "\nAnswer:";
}

std::string finalNumber(std::string_view answer)
{
    const std::size_t mark = answer.find("####");
    if (mark != std::string_view::npos) {
        std::string_view line = answer.substr(mark + 4);
        return lastNumber(line.substr(0, line.find('\n'))).value_or("");
    }
    return lastNumber(answer).value_or("");
}

std::string functionBody(std::string_view written)
{
    return before(written, kElsewhere);
}

std::string wholeProgram(std::string_view written)
{
    return before(written, kBehindProgram);
}

std::string programPart(const CodeProblem& problem, std::string_view written)
{
    return problem.entry.empty() ? wholeProgram(written) : functionBody(written);
}

Result<std::vector<NumberProblem>> readNumberProblems(const std::filesystem::path& file, int limit,
                                                      const std::vector<std::pair<std::string, std::string>>& columns)
{
    const auto table = readTable(file);
    if (!table) return table.error();
    const auto cells = roleCells("gsm8k", {{"question"}, {"answer"}}, *table, columns);
    if (!cells) return cells.error();
    std::vector<NumberProblem> all;
    const auto take = [&](const Row& row) -> Result<void> {
        auto problem = numberProblem(*table, row, *cells);
        if (!problem) return problem.error();
        all.push_back(std::move(*problem));
        return {};
    };
    if (auto read = eachRow(*table, limit, take); !read) return read.error();
    return all;
}

Result<std::vector<CodeProblem>> readCodeProblems(const std::filesystem::path& file, int limit,
                                                  const std::vector<std::pair<std::string, std::string>>& columns)
{
    const auto table = readTable(file);
    if (!table) return table.error();
    const bool asMbpp =
        findColumn(*table, "test_list").has_value() ||
        std::ranges::find(columns, "test_list", &std::pair<std::string, std::string>::first) != columns.end();
    const auto cells =
        asMbpp ? roleCells("mbpp", mbppRoles(), *table, columns)
               : roleCells("humaneval", {{"task_id"}, {"prompt"}, {"entry_point"}, {"test"}}, *table, columns);
    if (!cells) return cells.error();
    std::vector<CodeProblem> all;
    const auto take = [&](const Row& row) -> Result<void> {
        auto problem = asMbpp ? programProblem(*table, row, *cells) : functionProblem(*table, row, *cells);
        if (!problem) return problem.error();
        all.push_back(std::move(*problem));
        return {};
    };
    if (auto read = eachRow(*table, limit, take); !read) return read.error();
    return all;
}

} // namespace gradus::data
