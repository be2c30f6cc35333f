// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/cell_path.h"

#include "base/json_depth.h"
#include "base/text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace gradus::data {

using nlohmann::json;

std::optional<CellPath> findCell(const Table& table, const std::string& path)
{
    for (std::size_t end = path.size();; end = path.rfind('.', end - 1)) {
        if (end == std::string::npos) return std::nullopt;
        const auto column = findColumn(table, path.substr(0, end));
        if (!column) {
            if (end == 0) return std::nullopt;
            continue;
        }
        CellPath found{.column = *column, .name = path};
        std::size_t at = end;
        while (at < path.size()) {
            const std::size_t next = std::min(path.find('.', at + 1), path.size());
            found.keys.push_back(path.substr(at + 1, next - at - 1));
            at = next;
        }
        return found;
    }
}

Result<CellPath> cellPath(const Table& table, const std::string& path, const std::string& role)
{
    if (auto found = findCell(table, path)) return std::move(*found);
    Error error = badInput(visible(table.file) + " has no column \"" + visible(path, 60) + "\", only " +
                           visible(columnNames(table), 400) + ": name the right one with task.columns = { " + role +
                           " = \"...\" }, of a command with --column " + role + "=....");
    error.key = "task.columns";
    return error;
}

std::optional<std::string> cellAt(const Row& row, const CellPath& path)
{
    if (path.column >= row.cells.size() || !row.cells[path.column]) return std::nullopt;
    if (path.keys.empty()) return row.cells[path.column];
    const std::string& cell = *row.cells[path.column];
    if (isJsonDeeper(cell)) return std::nullopt;
    const json whole = json::parse(cell, nullptr, false);
    const json* value = &whole;
    for (const std::string& key : path.keys) {
        if (!value->is_object() || !value->contains(key)) return std::nullopt;
        value = &(*value)[key];
    }
    if (value->is_null()) return std::nullopt;
    return value->is_string() ? value->get<std::string>() : value->dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> cellText(const Table& table, const Row& row, const CellPath& path)
{
    if (auto text = cellAt(row, path)) return std::move(*text);
    return badInput(placeOf(table, row) + " has no \"" + visible(path.name, 60) +
                    "\": fill it in or take the row out.");
}

} // namespace gradus::data
