// SPDX-License-Identifier: GPL-3.0-or-later
// CSV: a table that is read, written with every field quoted, reads back equal.
#include "data/csv.h"
#include "fuzz.h"
#include "table.h"

using namespace gradus;

namespace {

std::string quoted(const std::string& field)
{
    std::string text = "\"";
    for (const char c : field)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

std::string textOf(const data::Table& table)
{
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        text += (i == 0 ? "" : ",") + quoted(table.columns[i]);
    text += "\r\n";
    for (const data::Row& row : table.rows) {
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            text += (i == 0 ? "" : ",") + quoted(row.cells[i].value_or(""));
        text += "\r\n";
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto table = data::parseCsv(fuzz::textOf(data, size), "t.csv");
    if (!fuzz::isRead(table)) return 0;
    fuzz::expectTable(*table);
    const std::string text = textOf(*table);
    const auto again = data::parseCsv(text, "again.csv");
    fuzz::expect(again.ok(), "what is written can be read", again ? "" : again.error().message + "\n" + text);
    fuzz::expectEqual(*table, *again);
    return 0;
}
