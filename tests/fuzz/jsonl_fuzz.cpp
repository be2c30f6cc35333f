// SPDX-License-Identifier: GPL-3.0-or-later
// JSON Lines: a table that is read, written with every cell as a text, reads back equal.
#include "data/jsonl.h"
#include "fuzz.h"
#include "table.h"

#include <nlohmann/json.hpp>

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto table = data::parseJsonl(fuzz::textOf(data, size), "t.jsonl");
    if (!fuzz::isRead(table)) return 0;
    fuzz::expectTable(*table);
    std::string text;
    for (const data::Row& row : table->rows) {
        auto object = nlohmann::ordered_json::object();
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            object[table->columns[i]] =
                row.cells[i] ? nlohmann::ordered_json(*row.cells[i]) : nlohmann::ordered_json(nullptr);
        text += object.dump() + "\n"; // throws where a cell is no UTF-8, which would be a fault of the reader
    }
    const auto again = data::parseJsonl(text, "again.jsonl");
    fuzz::expect(again.ok(), "what is written can be read", again ? "" : again.error().message);
    fuzz::expectEqual(*table, *again);
    return 0;
}
