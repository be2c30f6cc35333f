// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/jsonl.h"

#include "base/json_depth.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <unordered_map>

namespace gradus::data {

namespace {

constexpr std::size_t kMaxLine = std::size_t{16} << 20;
constexpr std::size_t kMaxColumns = 1000;

Error lineError(const std::string& file, int line, const std::string& what)
{
    Error error = badInput(visible(file) + " line " + std::to_string(line) + ": " + what + ".");
    error.line = line;
    return error;
}

std::optional<std::string> cellOf(const nlohmann::ordered_json& value)
{
    if (value.is_null()) return std::nullopt;
    if (value.is_string()) return value.get<std::string>();
    return value.dump();
}

class Columns final
{
public:
    explicit Columns(Table& table) : m_table(table) {}

    std::size_t index(const std::string& name)
    {
        const auto [found, isNew] = m_index.emplace(name, m_table.columns.size());
        if (isNew) m_table.columns.push_back(name);
        return found->second;
    }

private:
    Table& m_table;
    std::unordered_map<std::string, std::size_t> m_index;
};

Result<Row> parseRow(std::string_view line, const std::string& file, int number, Columns& columns)
{
    if (line.size() > kMaxLine) return lineError(file, number, "the line is longer than 16 MiB: split it");
    // Asked before parsing, so that a hostile line never builds a deep tree.
    if (isJsonDeeper(line)) return lineError(file, number, "the row is nested deeper than 64: flatten it");
    try {
        const auto json = nlohmann::ordered_json::parse(line);
        if (!json.is_object())
            return lineError(file, number, "the row is not an object: write {\"column\": value, ...}");
        Row row;
        row.line = number;
        for (const auto& [key, value] : json.items()) {
            const std::size_t at = columns.index(key);
            if (at >= kMaxColumns) return lineError(file, number, "the file has over 1,000 columns: take some out");
            if (at >= row.cells.size()) row.cells.resize(at + 1);
            row.cells[at] = cellOf(value);
        }
        return row;
    } catch (const nlohmann::json::parse_error& problem) {
        Error error = lineError(file, number,
                                "not valid JSON near column " + std::to_string(problem.byte) +
                                    ": write one complete object a line");
        error.column = static_cast<int>(problem.byte);
        return error;
    } catch (const nlohmann::json::exception&) {
        return lineError(file, number, "the row cannot be read as UTF-8 JSON: save the file as UTF-8");
    }
}

} // namespace

Result<Table> parseJsonl(std::string_view text, const std::string& file)
{
    auto table = parseJsonlRows(text, file, 1);
    if (table && table->rows.empty()) return badInput(visible(file) + " is empty: put one JSON object a line into it.");
    return table;
}

Result<Table> parseJsonlRows(std::string_view text, const std::string& file, int firstLine)
{
    if (firstLine == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Table table;
    table.file = file;
    Columns columns(table);
    for (int number = firstLine; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        Result<Row> row = parseRow(line, file, number, columns);
        if (!row) return row.error();
        table.rows.push_back(std::move(*row));
    }
    for (Row& row : table.rows)
        row.cells.resize(table.columns.size());
    return table;
}

} // namespace gradus::data
