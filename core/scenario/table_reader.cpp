// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/table_reader.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

const spec::Node& emptyTable()
{
    static const spec::Node empty = [] {
        spec::Node node;
        node.kind = spec::NodeKind::Table;
        return node;
    }();
    return empty;
}

} // namespace

Error faultAt(const spec::Place& place, const std::string& key, const std::string& message)
{
    Error error = badInput(message);
    error.key = key;
    error.line = place.line;
    error.column = place.column;
    return error;
}

TableReader::TableReader(const spec::Node& table, std::string where) : m_table(table), m_where(std::move(where)) {}

const spec::Member* TableReader::find(std::string_view key)
{
    m_known.emplace_back(key);
    return m_table.find(key);
}

void TableReader::fault(const spec::Place& place, std::string_view key, const std::string& message)
{
    if (!m_fault) m_fault = faultAt(place, std::string(key), message);
}

const spec::Member* TableReader::ofKind(std::string_view key, spec::NodeKind kind)
{
    const spec::Member* member = find(key);
    if (!member || member->value.kind == kind) return member;
    fault(member->value.begin, key,
          "\"" + std::string(key) + "\" in " + m_where + " is " + nameOf(member->value.kind) + "; write " +
              nameOf(kind) + ".");
    return nullptr;
}

std::string TableReader::text(std::string_view key, std::string_view otherwise)
{
    const spec::Member* member = ofKind(key, spec::NodeKind::Text);
    return member ? member->value.text : std::string(otherwise);
}

std::string TableReader::requiredText(std::string_view key)
{
    const std::string value = text(key);
    if (value.empty()) fault(m_table.begin, key, m_where + " has no \"" + std::string(key) + "\"; every one needs it.");
    return value;
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most)
{
    const spec::Member* member = ofKind(key, spec::NodeKind::Integer);
    if (!member) return otherwise;
    if (member->value.integer < least || member->value.integer > most)
        fault(member->value.begin, key,
              "\"" + std::string(key) + "\" in " + m_where + " is outside " + std::to_string(least) + " to " +
                  std::to_string(most) + "; write a number in that range.");
    return member->value.integer;
}

double TableReader::number(std::string_view key, double otherwise, double least, double most)
{
    const spec::Member* member = find(key);
    if (!member) return otherwise;
    const bool isNumber = member->value.kind == spec::NodeKind::Number || member->value.kind == spec::NodeKind::Integer;
    // Written so that not-a-number is outside as well.
    if (!isNumber || !(member->value.number >= least && member->value.number <= most)) {
        fault(member->value.begin, key,
              "\"" + std::string(key) + "\" in " + m_where + " is not a number from " + numberText(least) + " to " +
                  numberText(most) + "; write one.");
        return otherwise;
    }
    return member->value.number;
}

std::vector<std::string> TableReader::texts(std::string_view key)
{
    std::vector<std::string> all;
    const spec::Member* member = ofKind(key, spec::NodeKind::List);
    if (!member) return all;
    for (const spec::Node& item : member->value.items) {
        if (item.kind != spec::NodeKind::Text)
            fault(item.begin, key,
                  "\"" + std::string(key) + "\" in " + m_where + " is a list of texts; put quotes here.");
        all.push_back(item.text);
    }
    return all;
}

const spec::Node& TableReader::table(std::string_view key)
{
    const spec::Member* member = ofKind(key, spec::NodeKind::Table);
    return member ? member->value : emptyTable();
}

std::vector<const spec::Node*> TableReader::tables(std::string_view key)
{
    std::vector<const spec::Node*> all;
    const spec::Member* member = ofKind(key, spec::NodeKind::List);
    if (!member) return all;
    for (const spec::Node& item : member->value.items) {
        if (item.kind != spec::NodeKind::Table)
            fault(item.begin, key,
                  "\"" + std::string(key) + "\" in " + m_where + " is a list of tables; write [[" + std::string(key) +
                      "]] or braces.");
        else
            all.push_back(&item);
    }
    return all;
}

Result<void> TableReader::finish()
{
    // Unknown keys first: what is missing is often there under a wrong name.
    for (const spec::Member& member : m_table.members) {
        if (std::find(m_known.begin(), m_known.end(), member.key) != m_known.end()) continue;
        std::string all;
        for (const std::string& key : m_known)
            all += (all.empty() ? "" : ", ") + key;
        const auto near = nearestWord(member.key, m_known);
        return faultAt(member.place, member.key,
                       "unknown key \"" + visible(member.key, 60) + "\" in " + m_where + "; " +
                           (near ? "did you mean \"" + *near + "\"?" : "known keys are " + all + "."));
    }
    if (m_fault) return *m_fault;
    return {};
}

} // namespace gradus::scenario
