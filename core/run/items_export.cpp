// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/items_export.h"

#include "data/fingerprint.h"
#include "data/task.h"
#include "pipeline/run_items.h"

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

void append(std::string& lines, const data::ItemSet& set, int generation, int classes)
{
    for (const data::Item& item : set.items) {
        nlohmann::ordered_json row{{"item", data::itemName(data::itemNumber(item))}, {"generation", generation}};
        if (item.texts.empty())
            row["tokens"] = item.sequences;
        else
            row["texts"] = item.texts;
        row["classes"] = classes;
        row["label"] = "";
        row["annotator"] = "";
        lines += row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    }
}

} // namespace

Result<std::string> itemsForLabelling(const spec::Experiment& experiment, int generation, std::int64_t seed)
{
    if (generation < 2 || generation > experiment.ladder.generations)
        return badInput("Generation " + std::to_string(generation) +
                        " is labelled by nobody here; name one from 2 to " +
                        std::to_string(experiment.ladder.generations) + ".");
    const auto task = data::openTask(experiment);
    if (!task) return task.error();
    std::string lines;
    append(lines, pipeline::poolOf(**task, experiment, seed, generation), generation, (*task)->classes());
    append(lines, pipeline::anchorsOf(**task, experiment, seed), 0, (*task)->classes());
    return lines;
}

} // namespace gradus::run
