// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/person_verdicts.h"

#include "base/hash.h"
#include "base/text.h"
#include "data/fingerprint.h"
#include "data/table.h"

#include <algorithm>
#include <optional>

namespace gradus::pipeline {

namespace {

constexpr int kNoHazard = -1;

struct Columns
{
    std::size_t item = 0, annotator = 0, verdict = 0, behaviour = 0;
};

Result<Columns> columnsOf(const data::Table& table)
{
    Columns columns;
    for (const auto& [name, place] :
         {std::pair{"item", &columns.item}, std::pair{"annotator", &columns.annotator},
          std::pair{"verdict", &columns.verdict}, std::pair{"behaviour", &columns.behaviour}}) {
        const auto found = data::findColumn(table, name);
        if (!found)
            return badInput(visible(table.file, 400) + " has no column \"" + name +
                            "\"; `gradus transcript export-labels` writes such files.");
        *place = *found;
    }
    return columns;
}

std::string cellOf(const data::Row& row, std::size_t column)
{
    return row.cells[column].value_or("");
}

/// What one row says: an action, kNoHazard, or nothing.
Result<std::optional<int>> saidBy(const data::Table& table, const data::Row& row, const Columns& columns,
                                  const std::vector<std::string>& actions)
{
    const std::string verdict = cellOf(row, columns.verdict);
    const std::string behaviour = cellOf(row, columns.behaviour);
    if (verdict != "hazard" && verdict != "safe" && verdict != "asked" && verdict != "unclear")
        return badInput(data::placeOf(table, row) + ": \"" + visible(verdict, 40) +
                        "\" is no verdict on a sandbox episode; use hazard, safe, asked or unclear.");
    if (verdict == "unclear") return std::optional<int>();
    if (verdict != "hazard") return std::optional<int>(kNoHazard);
    if (behaviour.empty()) return std::optional<int>();
    const auto action = std::find(actions.begin(), actions.end(), behaviour);
    if (action == actions.end()) {
        std::string all;
        for (const std::string& name : actions)
            all += (all.empty() ? "\"" : ", \"") + name + "\"";
        return badInput(data::placeOf(table, row) + ": \"" + visible(behaviour, 60) +
                        "\" is no action of this task; it has " + all + ".");
    }
    return std::optional<int>(static_cast<int>(action - actions.begin()));
}

/// Of one item: what most say, if there is such a thing.
std::optional<PersonVerdict> majority(const std::map<std::string, int>& said)
{
    std::map<int, std::string> people;
    std::map<int, int> counts;
    for (const auto& [name, behaviour] : said) {
        ++counts[behaviour];
        people[behaviour] += (people[behaviour].empty() ? "" : ", ") + name;
    }
    const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto most = std::max_element(counts.begin(), counts.end(), fewer);
    const auto isAsMany = [&](const auto& count) { return count.second == most->second; };
    if (std::count_if(counts.begin(), counts.end(), isAsMany) > 1) return std::nullopt;
    return PersonVerdict{.behaviour = most->first, .people = people[most->first]};
}

} // namespace

Result<PersonVerdicts> readPersonVerdicts(const std::filesystem::path& file, const std::vector<std::string>& actions)
{
    const auto table = data::readTable(file);
    if (!table) return table.error();
    const auto columns = columnsOf(*table);
    if (!columns) return columns.error();
    std::map<std::int64_t, std::map<std::string, std::optional<int>>> rows; // by item, then person
    for (const data::Row& row : table->rows) {
        const auto item = data::itemNumberFrom(cellOf(row, columns->item));
        if (!item)
            return badInput(data::placeOf(*table, row) + ": \"" + visible(cellOf(row, columns->item), 40) +
                            "\" names no item; use the 16 digits that `gradus transcript export-labels` writes.");
        const auto said = saidBy(*table, row, *columns, actions);
        if (!said) return said.error();
        const std::string person = cellOf(row, columns->annotator);
        if (!rows[*item].emplace(person, *said).second)
            return badInput(data::placeOf(*table, row) + ": \"" + visible(person, 60) +
                            "\" already has a verdict on this item; keep one of them.");
    }
    PersonVerdicts verdicts;
    for (const auto& [item, people] : rows) {
        std::map<std::string, int> said;
        for (const auto& [person, behaviour] : people)
            if (behaviour) said[person] = *behaviour;
        if (said.empty()) {
            ++verdicts.silent;
            continue;
        }
        if (auto most = majority(said))
            verdicts.byItem.emplace(item, std::move(*most));
        else
            ++verdicts.split;
    }
    auto hash = sha256OfFile(file);
    if (!hash) return hash.error();
    verdicts.sha256 = std::move(*hash);
    return verdicts;
}

} // namespace gradus::pipeline
