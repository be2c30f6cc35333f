// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/answers.h"

#include "base/text.h"
#include "data/cell_path.h"
#include "data/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::data {

namespace {

using nlohmann::json;
using Cell = std::optional<std::string>;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Error noColumn(const Table& table, const std::string& path, const char* option)
{
    return badInput(visible(table.file) + " has no column \"" + visible(path, 60) + "\", only " +
                    visible(columnNames(table), 400) + ": name one of them with " + option +
                    " (column.key for a value inside JSON).");
}

/// Which item a row of any of the files is.
class Items
{
public:
    explicit Items(std::string key) : m_key(std::move(key)) {}

    /// One a row of the table. New keys become new items.
    Result<std::vector<std::size_t>> of(const Table& table)
    {
        std::vector<std::size_t> items;
        if (m_key.empty()) {
            for (std::size_t i = 0; i < table.rows.size(); ++i)
                items.push_back(i);
            m_count = std::max(m_count, items.size());
            return items;
        }
        const auto place = findCell(table, m_key);
        if (!place) return noColumn(table, m_key, "--key");
        std::set<std::string> seen;
        for (const Row& row : table.rows) {
            const Cell key = cellAt(row, *place);
            const std::string where = placeOf(table, row);
            if (!key)
                return badInput(where + " has no \"" + visible(m_key, 60) + "\": fill it in or take the row out.");
            if (!seen.insert(*key).second)
                return badInput(where + " repeats the key \"" + visible(*key, 60) +
                                "\": keep one row an item, or name another column with --key.");
            items.push_back(m_numbers.try_emplace(*key, m_count).first->second);
            m_count = std::max(m_count, items.back() + 1);
        }
        return items;
    }
    std::size_t count() const { return m_count; }

private:
    std::string m_key;
    std::map<std::string, std::size_t> m_numbers;
    std::size_t m_count = 0;
};

constexpr std::array<std::string_view, 6> kRight{"true", "1", "yes", "right", "correct", "1.0"};
constexpr std::array<std::string_view, 6> kWrong{"false", "0", "no", "wrong", "incorrect", "0.0"};

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// What a cell says, in the form in which answers are compared. None where it says nothing.
class Reading
{
public:
    explicit Reading(const AnswerColumns& columns) : m_columns(columns) {}

    Result<Cell> of(const Cell& cell, const std::string& where)
    {
        if (!cell) return Cell();
        std::string text = renamed(trimmed(*cell));
        if (text.empty()) return Cell();
        if (m_columns.comparison == Comparison::Exact) return Cell(std::move(text));
        if (m_columns.comparison == Comparison::Number) {
            auto number = lastNumber(text);
            m_unread += number ? 0 : 1;
            return Cell(number ? renamed(*number) : std::move(number));
        }
        const std::string word = lowered(text);
        if (std::ranges::find(kRight, word) != kRight.end()) return Cell("right");
        if (std::ranges::find(kWrong, word) != kWrong.end()) return Cell("wrong");
        return badInput(where + " says \"" + visible(text, 40) +
                        "\", which is no verdict: write true or false, or compare the answers themselves with "
                        "--compare exact.");
    }
    std::size_t unread() const { return m_unread; }

private:
    std::string renamed(std::string text) const
    {
        for (const auto& [from, to] : m_columns.sameAs)
            if (text == from) return to;
        return text;
    }

    const AnswerColumns& m_columns;
    std::size_t m_unread = 0;
};

using Said = std::vector<Cell>; ///< an item each, as read

Result<Said> columnOf(const Table& table, const std::vector<std::size_t>& items, const std::string& column,
                      const char* option, Reading& reading)
{
    const auto place = findCell(table, column);
    if (!place) return noColumn(table, column, option);
    Said said;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const Row& row = table.rows[i];
        auto read = reading.of(cellAt(row, *place), placeOf(table, row) + ", \"" + visible(column, 60) + "\",");
        if (!read) return read.error();
        said.resize(std::max(said.size(), items[i] + 1));
        said[items[i]] = std::move(*read);
    }
    return said;
}

Result<void> checkColumns(const AnswerColumns& columns)
{
    const std::size_t sources = columns.files.size() * columns.sources.size();
    if (sources < 2)
        return badInput("There are " + std::to_string(sources) +
                        " sources: name at least two columns with --source, or several files.");
    const bool joined = columns.files.size() > 1 || !columns.truthFile.empty();
    if (joined && columns.key.empty())
        return badInput("Several files need a column that says which rows are one item: name it with --key.");
    if (columns.comparison == Comparison::Verdict && !columns.truth.empty())
        return badInput("Verdicts already say who is right: leave --truth out, or compare answers instead.");
    if (!columns.truthFile.empty() && columns.truth.empty())
        return badInput("The file of the truth needs its column: name it with --truth.");
    return {};
}

std::string nameOf(const AnswerColumns& columns, const std::filesystem::path& file, const std::string& column)
{
    if (columns.files.size() == 1) return column;
    const std::string stem = file.stem().string();
    return columns.sources.size() == 1 ? stem : stem + ":" + column;
}

/// Answers become classes: all that anybody said, sorted.
AnswerTable numbered(std::vector<std::string> names, std::vector<Said> said, Said truth, bool hasTruth, bool verdicts,
                     std::size_t items)
{
    AnswerTable table{.names = std::move(names), .answers = {}, .labels = {}, .truth = {}, .unread = 0};
    std::map<std::string, int> numbers;
    if (verdicts) numbers = {{"right", 0}, {"wrong", 0}};
    said.push_back(std::move(truth));
    for (Said& one : said) {
        one.resize(items);
        for (const Cell& cell : one)
            if (cell) numbers.emplace(*cell, 0);
    }
    for (auto& [answer, number] : numbers) {
        number = static_cast<int>(table.answers.size());
        table.answers.push_back(answer);
    }
    for (const Said& one : said) {
        std::vector<int> labels;
        for (const Cell& cell : one)
            labels.push_back(cell ? numbers.at(*cell) : -1);
        table.labels.push_back(std::move(labels));
    }
    if (hasTruth) table.truth = std::move(table.labels.back());
    table.labels.pop_back();
    if (verdicts) table.truth.assign(items, numbers.at("right"));
    return table;
}

} // namespace

std::optional<Comparison> comparisonFromName(std::string_view name)
{
    if (name == "exact") return Comparison::Exact;
    if (name == "number") return Comparison::Number;
    if (name == "verdict") return Comparison::Verdict;
    return std::nullopt;
}

std::optional<std::string> lastNumber(std::string_view text)
{
    std::size_t end = text.size();
    while (end > 0 && !isDigit(text[end - 1]))
        --end;
    if (end == 0) return std::nullopt;
    std::size_t begin = end;
    const auto joins = [&](std::size_t at) { // a point or comma between digits
        return (text[at] == '.' || text[at] == ',') && at > 0 && isDigit(text[at - 1]);
    };
    while (begin > 0 && (isDigit(text[begin - 1]) || joins(begin - 1)))
        --begin;
    // After a digit or a closing bracket a dash takes away; only elsewhere is it a sign.
    const bool negative =
        begin > 0 && text[begin - 1] == '-' && (begin == 1 || (!isDigit(text[begin - 2]) && text[begin - 2] != ')'));
    std::string digits(negative ? "-" : "");
    for (const char c : text.substr(begin, end - begin))
        if (c != ',') digits += c;
    const auto number = parseNumber(digits);
    if (!number || !std::isfinite(*number)) return std::nullopt;
    return numberText(*number == 0 ? 0.0 : *number); // -0 is 0
}

Result<AnswerTable> readAnswers(const AnswerColumns& columns)
{
    if (auto sound = checkColumns(columns); !sound) return sound.error();
    Items items(columns.key);
    Reading reading(columns);
    std::vector<std::string> names;
    std::vector<Said> said;
    Said truth;
    for (const std::filesystem::path& file : columns.files) {
        const auto table = readTable(file);
        if (!table) return table.error();
        const auto places = items.of(*table);
        if (!places) return places.error();
        for (const std::string& column : columns.sources) {
            auto one = columnOf(*table, *places, column, "--source", reading);
            if (!one) return one.error();
            const std::string name = nameOf(columns, file, column);
            if (std::ranges::find(names, name) != names.end())
                return badInput("Two sources are named \"" + visible(name, 60) +
                                "\": give every file and column once, and files different names.");
            names.push_back(name);
            said.push_back(std::move(*one));
        }
        if (columns.truth.empty() || !columns.truthFile.empty() || !truth.empty()) continue;
        auto one = columnOf(*table, *places, columns.truth, "--truth", reading);
        if (!one) return one.error();
        truth = std::move(*one);
    }
    const std::size_t answered = items.count(); // rows that only the file of the truth has are no items
    if (!columns.truthFile.empty()) {
        const auto table = readTable(columns.truthFile);
        if (!table) return table.error();
        const auto places = items.of(*table);
        if (!places) return places.error();
        auto one = columnOf(*table, *places, columns.truth, "--truth", reading);
        if (!one) return one.error();
        truth = std::move(*one);
        truth.resize(std::max(truth.size(), answered));
        truth.resize(answered);
    }
    AnswerTable table = numbered(std::move(names), std::move(said), std::move(truth), !columns.truth.empty(),
                                 columns.comparison == Comparison::Verdict, answered);
    table.unread = reading.unread();
    return table;
}

} // namespace gradus::data
