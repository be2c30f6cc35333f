// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/choices.h"

#include "base/text.h"
#include "data/cosmosqa_task.h"
#include "data/picks.h"
#include "data/table.h"

namespace gradus::data {

Result<std::vector<ChoiceItem>> readCosmosqaChoices(const std::filesystem::path& file, int limit,
                                                    const std::vector<std::pair<std::string, std::string>>& columns)
{
    const auto table = readTable(file);
    if (!table) return table.error();
    const auto cells = roleCells("cosmosqa", cosmosRoles(), *table, columns);
    if (!cells) return cells.error();
    std::vector<ChoiceItem> items;
    for (const std::size_t pick : testPicks(table->rows.size(), limit)) {
        const auto question = cosmosQuestion(*table, table->rows[pick], *cells);
        if (!question) return question.error();
        ChoiceItem item{.prompt = question->prompt(), .answers = {}, .truth = static_cast<int>(question->label)};
        for (const std::string& answer : question->answers)
            item.answers.push_back(" " + answer);
        items.push_back(std::move(item));
    }
    if (items.empty()) return badInput(visible(file.string()) + " has no rows; give a file with at least one.");
    return items;
}

} // namespace gradus::data
