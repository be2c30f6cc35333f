// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/labelled_texts_task.h"

#include "base/text.h"
#include "data/dialogue.h"

#include <algorithm>
#include <array>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 5> kYes{"1", "true", "True", "yes", "Yes"};
constexpr std::array<std::string_view, 5> kNo{"0", "false", "False", "no", "No"};

Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    RawItems read;
    for (const Row& row : table.rows) {
        const auto text = cellText(table, row, cells[0].front());
        if (!text) return text.error();
        const auto label = cellText(table, row, cells[1].front());
        if (!label) return label.error();
        std::optional<std::string> prompt;
        if (!cells[2].empty()) prompt = cellAt(row, cells[2].front());
        const bool yes = std::ranges::find(kYes, *label) != kYes.end();
        if (!yes && std::ranges::find(kNo, *label) == kNo.end()) {
            Error error = badInput(placeOf(table, row) + ": \"" + visible(cells[1].front().name, 60) + "\" is \"" +
                                   visible(*label, 40) + "\": write 1 or 0, true or false, yes or no.");
            error.line = row.line;
            return error;
        }
        RawItem item;
        item.texts = {prompt ? plainlyAnswered(*prompt, *text) : *text};
        item.truth = yes ? 1 : 0;
        item.line = row.line;
        item.group = prompt.value_or(*text);
        read.items.push_back(std::move(item));
    }
    return read;
}

} // namespace

Template labelledTextsTemplate()
{
    return {.name = "labelled-texts",
            .about = "a text and a yes or no",
            .roles = {{"text"}, {"label"}, {"prompt", Role::Need::Optional}},
            .read = Read::Classify,
            .classes = 2,
            .leftOutBecause = {},
            .items = &itemsOf};
}

} // namespace gradus::data
