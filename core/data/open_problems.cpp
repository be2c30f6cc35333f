// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/open_problems.h"

#include "base/text.h"
#include "data/answers.h"
#include "data/cell_path.h"
#include "data/table.h"

#include <algorithm>
#include <array>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 8> kElsewhere{"\ndef ", "\nclass ", "\n@",   "\n#",
                                                     "\nif ",  "\nprint",  "\n```", "\nassert "};

bool isPythonName(std::string_view name)
{
    const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= 200 && isWord(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return isWord(c) || (c >= '0' && c <= '9'); });
}

/// Calls take(texts of the columns, row) for every row up to the limit.
Result<void> eachRow(const std::filesystem::path& file, const std::vector<std::string>& columns, int limit,
                     const auto& take)
{
    const auto table = readTable(file);
    if (!table) return table.error();
    std::vector<CellPath> places;
    for (const std::string& column : columns) {
        auto place = cellPath(*table, column, column);
        if (!place) return place.error();
        places.push_back(std::move(*place));
    }
    int rows = 0;
    for (const Row& row : table->rows) {
        if (limit > 0 && rows++ == limit) break;
        std::vector<std::string> texts;
        for (const CellPath& place : places) {
            auto text = cellText(*table, row, place);
            if (!text) return text.error();
            texts.push_back(std::move(*text));
        }
        if (auto taken = take(texts, placeOf(*table, row)); !taken) return taken;
    }
    return {};
}

} // namespace

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
    std::size_t end = written.size();
    for (const std::string_view begin : kElsewhere)
        end = std::min(end, written.find(begin));
    return std::string(written.substr(0, end));
}

Result<std::vector<NumberProblem>> readNumberProblems(const std::filesystem::path& file, int limit)
{
    std::vector<NumberProblem> all;
    const auto take = [&](std::vector<std::string>& texts, const std::string& place) -> Result<void> {
        NumberProblem made{.question = std::move(texts[0]), .solution = std::move(texts[1]), .number = {}};
        made.number = finalNumber(made.solution);
        if (made.number.empty()) return badInput(place + ": the answer holds no number: it ends in the result.");
        all.push_back(std::move(made));
        return {};
    };
    if (auto read = eachRow(file, {"question", "answer"}, limit, take); !read) return read.error();
    return all;
}

Result<std::vector<CodeProblem>> readCodeProblems(const std::filesystem::path& file, int limit)
{
    std::vector<CodeProblem> all;
    const auto take = [&](std::vector<std::string>& texts, const std::string& place) -> Result<void> {
        if (!isPythonName(texts[2]))
            return badInput(place + ": the entry point \"" + visible(texts[2], 60) + "\" is no name of a function.");
        all.push_back({.name = texts[0], .prompt = texts[1], .entry = texts[2], .test = texts[3]});
        return {};
    };
    if (auto read = eachRow(file, {"task_id", "prompt", "entry_point", "test"}, limit, take); !read)
        return read.error();
    return all;
}

} // namespace gradus::data
