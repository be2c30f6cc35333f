// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/pair_scores.h"

#include "base/text.h"
#include "data/task.h"
#include "data/template.h"
#include "pipeline/ladder.h"
#include "run/run_weights.h"
#include "spec/experiment.h"
#include "spec/stored.h"

#include <algorithm>
#include <map>

namespace gradus::run {

namespace {

Result<const events::GenerationRecord*> generationOf(const store::RunDetail& run, const std::optional<int>& number)
{
    const events::GenerationRecord* found = nullptr;
    for (const events::GenerationRecord& record : run.generations)
        if (hasWeights(record) && (!number || record.generation == *number)) found = &record;
    if (found) return found;
    return badInput("Run " + run.run.uuid.substr(0, 8) + " has no finished " +
                    (number ? "generation " + std::to_string(*number) : std::string("generation")) +
                    " with weights: `gradus show` lists what it has.");
}

/// The rung's place in the ladder, by its name.
Result<int> rungOf(const pipeline::Ladder& ladder, const std::string& name)
{
    const auto names = ladder.names();
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return badInput("The run's ladder has no rung " + visible(name, 60) + " any more: restore its model folders.");
    return static_cast<int>(found - names.begin());
}

/// The file's items in the form of the run's own.
data::ItemSet itemsFor(const data::Task& task, const data::RawItems& raw)
{
    data::ItemSet set;
    double cut = 0;
    for (const data::RawItem& item : raw.items) {
        set.items.push_back({.sequences = {}, .texts = item.texts, .truth = item.truth});
        cut += task.encode(set.items.back());
    }
    const double texts = static_cast<double>(raw.items.size()) * task.classes();
    set.truncatedShare = texts > 0 ? cut / texts : 0;
    return set;
}

double resultOf(const float* row, int classes, int truth)
{
    const float own = row[truth];
    int equal = 0;
    for (int k = 0; k < classes; ++k) {
        if (row[k] > own) return 0;
        equal += k != truth && row[k] == own ? 1 : 0;
    }
    return equal > 0 ? 0.5 : 1;
}

} // namespace

Result<PairScores> scorePairs(const store::RunDetail& run, const std::filesystem::path& workspace,
                              const PairScoreRequest& request)
{
    const auto record = generationOf(run, request.generation);
    if (!record) return record.error();
    const auto form = data::templateOf(request.task);
    if (!form) return form.error();
    const auto experiment = spec::parseStored(run.specToml, run.run.uuid);
    if (!experiment) return experiment.error();
    const auto task = data::openTask(*experiment);
    if (!task) return task.error();
    if (form->read != data::Read::Compare || (*task)->read() != data::Read::Compare ||
        form->classes != (*task)->classes())
        return badInput("A run on " + visible(experiment->task.name, 60) + " cannot score a file of " +
                        visible(form->name, 60) + ": both must compare the same number of answers.");
    const auto table = data::readTable(request.file);
    if (!table) return table.error();
    const auto cells = data::roleCells(*form, *table, request.columns);
    if (!cells) return cells.error();
    const auto raw = form->items(*table, *cells);
    if (!raw) return raw.error();
    const auto ladder = pipeline::Ladder::open(*experiment, **task, workspace / "models");
    if (!ladder) return ladder.error();
    const auto rung = rungOf(*ladder, (*record)->rung);
    if (!rung) return rung.error();
    const auto model = weightsOf(run, **record, workspace);
    if (!model) return model.error();

    const data::ItemSet set = itemsFor(**task, *raw);
    const pipeline::RungItems read = ladder->read(*rung, set);
    const auto rows = model->predict(read.items);
    if (!rows) return rows.error();

    const auto subset = data::findCell(*table, "subset");
    std::map<int, const data::Row*> byLine;
    for (const data::Row& row : table->rows)
        byLine.emplace(row.line, &row);
    PairScores scores{.generation = (*record)->generation,
                      .rung = (*record)->rung,
                      .pairs = {},
                      .leftOut = raw->leftOut,
                      .truncatedShare = read.truncatedShare,
                      .note = data::distrustNote(*form, *raw)};
    const int classes = form->classes;
    for (std::size_t i = 0; i < raw->items.size(); ++i) {
        const data::RawItem& item = raw->items[i];
        const float* row = rows->data() + i * static_cast<std::size_t>(classes);
        const data::Row& from = *byLine.at(item.line);
        scores.pairs.push_back({.line = item.line,
                                .subset = subset ? data::cellAt(from, *subset).value_or("") : std::string(),
                                .preference = row[item.truth],
                                .result = resultOf(row, classes, item.truth)});
    }
    return scores;
}

} // namespace gradus::run
