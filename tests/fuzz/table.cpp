// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include "data/dialogue.h"
#include "data/template.h"
#include "fuzz.h"

#include <set>

namespace gradus::fuzz {

void expectTable(const data::Table& table)
{
    expect(std::set(table.columns.begin(), table.columns.end()).size() == table.columns.size(),
           "a column has its name alone");
    int line = 0;
    for (const data::Row& row : table.rows) {
        expect(row.cells.size() == table.columns.size(), "a row is as wide as its table");
        expect(row.line > line, "rows follow each other");
        line = row.line;
        for (const auto& cell : row.cells) {
            if (!cell) continue;
            if (const auto turns = data::readTurns(*cell)) data::dialogueText(*turns);
        }
    }
    for (const data::Template& form : data::templates()) {
        const auto cells = data::roleCells(form, table, {});
        if (!isRead(cells)) continue;
        const auto items = form.items(table, *cells);
        if (!isRead(items)) continue;
        expect(items->items.size() + items->leftOut >= table.rows.size() || !table.rows.empty(),
               "rows become items or are counted");
        for (const data::RawItem& item : items->items)
            expect(item.truth >= 0 && !item.texts.empty(), "an item has a text and a truth", form.name);
    }
}

void expectEqual(const data::Table& table, const data::Table& again)
{
    expect(again.columns == table.columns, "columns read back");
    expect(again.rows.size() == table.rows.size(), "rows read back");
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        expect(again.rows[i].cells == table.rows[i].cells, "cells read back", std::to_string(i));
}

} // namespace gradus::fuzz
