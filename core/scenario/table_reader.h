// SPDX-License-Identifier: GPL-3.0-or-later
// Typed reads from one TOML table that remember the first fault and refuse keys nobody asked for: internal to the room.
#pragma once

#include "base/result.h"
#include "spec/toml_tree.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::scenario {

/// An error at a place; the file's name goes before it later.
Error faultAt(const spec::Place& place, const std::string& key, const std::string& message);

/// Reads keys of one table. After the first fault every read gives its default; finish() tells the fault, or names a
/// key that was never asked for. Borrows the node.
class TableReader final
{
public:
    /// `where` in messages: "[oracle]".
    TableReader(const spec::Node& table, std::string where);

    const spec::Member* find(std::string_view key);
    std::string text(std::string_view key, std::string_view otherwise = {});
    std::string requiredText(std::string_view key);
    std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
    double number(std::string_view key, double otherwise, double least, double most);
    std::vector<std::string> texts(std::string_view key);
    /// The members of a sub-table, an empty one if it is not there.
    const spec::Node& table(std::string_view key);
    /// The items of a list of tables ([[key]] or inline).
    std::vector<const spec::Node*> tables(std::string_view key);

    void fault(const spec::Place& place, std::string_view key, const std::string& message);
    bool ok() const { return !m_fault; }
    Result<void> finish();
    const spec::Place& place() const { return m_table.begin; }
    const std::string& where() const { return m_where; }

private:
    const spec::Member* ofKind(std::string_view key, spec::NodeKind kind);

    const spec::Node& m_table;
    std::string m_where;
    std::vector<std::string> m_known;
    std::optional<Error> m_fault;
};

} // namespace gradus::scenario
