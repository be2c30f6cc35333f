// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/template.h"

#include "base/hash.h"
#include "base/text.h"
#include "data/cosmosqa_task.h"
#include "data/gsm8k_task.h"
#include "data/judged_pairs_task.h"
#include "data/labelled_texts_task.h"
#include "data/preferences_task.h"
#include "data/ultrafeedback_task.h"
#include "data/worlds.h"

#include <algorithm>

namespace gradus::data {

namespace {

constexpr std::uint64_t kOrderSeed = 2;

std::string joined(const std::vector<std::string>& words)
{
    std::string all;
    for (std::size_t i = 0; i < words.size(); ++i)
        all += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return all;
}

Error columnsError(const std::string& message)
{
    Error error = badInput(message);
    error.key = "task.columns";
    return error;
}

Result<void> checkRenamed(const std::string& form, const std::vector<Role>& roles,
                          const std::vector<std::pair<std::string, std::string>>& renamed)
{
    for (const auto& [role, column] : renamed)
        if (std::ranges::find(roles, role, &Role::name) == roles.end()) {
            std::string known;
            for (const Role& each : roles)
                known += (known.empty() ? "" : ", ") + each.name;
            return columnsError("task.columns renames \"" + visible(role, 60) + "\", which " + form +
                                " does not use: it uses " + known + ".");
        }
    return {};
}

std::vector<std::string> columnList(const std::string& columns)
{
    std::vector<std::string> list;
    for (std::size_t at = 0; at <= columns.size();) {
        const std::size_t end = std::min(columns.find(',', at), columns.size());
        std::string column = columns.substr(at, end - at);
        column.erase(0, column.find_first_not_of(' '));
        column.erase(column.find_last_not_of(' ') + 1);
        list.push_back(std::move(column));
        at = end + 1;
    }
    return list;
}

} // namespace

const std::vector<Template>& templates()
{
    static const std::vector<Template> all{
        preferencesTemplate(),          rewardBenchTemplate(),    ultraFeedbackTemplate(),
        ultraFeedbackAspectsTemplate(), judgedPairsTemplate(),    cosmosqaTemplate(),
        cosmosqaChoicesTemplate(),      gsm8kSolutionsTemplate(), labelledTextsTemplate()};
    return all;
}

std::string distrustNote(const Template& form, const RawItems& read)
{
    if (read.distrusted == 0) return {};
    return counted(read.distrusted, "answer") + " left out because " + form.distrustedBecause + ". ";
}

Result<Template> templateOf(const std::string& name)
{
    std::vector<std::string> names;
    for (const World& world : worlds())
        names.emplace_back(world.task);
    for (const Template& form : templates()) {
        if (form.name == name) return form;
        names.push_back(form.name);
    }
    const auto nearest = nearestWord(name, names);
    Error error = badInput("No task is called \"" + visible(name, 60) + "\": " +
                           (nearest ? "did you mean \"" + *nearest + "\"?" : "there are " + joined(names) + "."));
    error.key = "task.name";
    return error;
}

Result<RoleCells> roleCells(const Template& form, const Table& table,
                            const std::vector<std::pair<std::string, std::string>>& renamed)
{
    return roleCells(form.name, form.roles, table, renamed);
}

Result<RoleCells> roleCells(const std::string& form, const std::vector<Role>& roles, const Table& table,
                            const std::vector<std::pair<std::string, std::string>>& renamed)
{
    if (const auto known = checkRenamed(form, roles, renamed); !known) return known.error();
    RoleCells cells;
    for (const Role& role : roles) {
        const auto other = std::ranges::find(renamed, role.name, &std::pair<std::string, std::string>::first);
        const bool named = other != renamed.end();
        const std::string column = named ? other->second : role.name;
        std::vector<CellPath>& places = cells.emplace_back();
        // A column of that very name goes before a list.
        const bool list = role.need == Role::Need::Many && !findColumn(table, column);
        for (const std::string& each : list ? columnList(column) : std::vector{column}) {
            auto place = cellPath(table, each, role.name);
            if (place)
                places.push_back(std::move(*place));
            else if (named || role.need != Role::Need::Optional)
                return place.error();
        }
    }
    return cells;
}

RawItem pairItem(std::string better, std::string worse, std::string group)
{
    RawItem item;
    item.truth = static_cast<int>(splitHash(better + '\x1F' + worse, kOrderSeed) & 1U);
    item.texts = {std::move(better), std::move(worse)};
    if (item.truth == 1) std::swap(item.texts[0], item.texts[1]);
    item.group = std::move(group);
    return item;
}

} // namespace gradus::data
