// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/human_labels.h"

#include "base/text.h"
#include "data/fingerprint.h"
#include "data/table.h"

#include <charconv>
#include <optional>
#include <set>
#include <string>

namespace gradus::pipeline {

namespace {

std::string annotatorOf(const data::Row& row, std::optional<std::size_t> column)
{
    return column && row.cells[*column] ? *row.cells[*column] : std::string();
}

/// Refuses a file in which it is not clear whose labels are meant. Rows that nobody has labelled yet, as
/// `gradus data items` writes them, are nobody's.
Result<void> checkAnnotators(const data::Table& table, std::size_t label, std::optional<std::size_t> column,
                             const spec::SignalSource& source)
{
    std::set<std::string> names;
    for (const data::Row& row : table.rows)
        if (!row.cells[label].value_or("").empty()) names.insert(annotatorOf(row, column));
    std::string all;
    for (const std::string& name : names)
        all += (all.empty() ? "\"" : ", \"") + visible(name, 60) + "\"";
    if (source.annotator.empty() && names.size() > 1)
        return badInput(visible(table.file, 400) + " holds labels of several annotators (" + all +
                        "); make one source of each with annotator = \"…\".");
    if (!source.annotator.empty() && !names.contains(source.annotator))
        return badInput(visible(table.file, 400) + " has no annotator \"" + visible(source.annotator, 60) +
                        "\"; it holds labels of " + (all.empty() ? "nobody" : all) + ".");
    return {};
}

/// The row's class; nothing where the cell is empty.
Result<std::optional<int>> labelOf(const data::Table& table, const data::Row& row, std::size_t column, int classes)
{
    const std::string text = row.cells[column].value_or("");
    if (text.empty()) return std::optional<int>();
    int label = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (code != std::errc() || end != text.data() + text.size() || label < 0 || label >= classes)
        return badInput(data::placeOf(table, row) + ": the label \"" + visible(text, 40) +
                        "\" is no class of this task; use 0 to " + std::to_string(classes - 1) +
                        ", or leave it empty.");
    return std::optional<int>(label);
}

} // namespace

Result<HumanLabels> readHumanLabels(const spec::SignalSource& source, int classes)
{
    const auto table = data::readTable(source.file);
    if (!table) return table.error();
    const auto item = data::findColumn(*table, "item");
    const auto label = data::findColumn(*table, "label");
    if (!item || !label)
        return badInput(visible(table->file, 400) + " has no column \"" + (item ? "label" : "item") +
                        "\"; write human labels as columns item, label and, if need be, annotator.");
    const auto annotator = data::findColumn(*table, "annotator");
    if (const auto clear = checkAnnotators(*table, *label, annotator, source); !clear) return clear.error();
    const auto background = data::findColumn(*table, "background");
    HumanLabels labels;
    for (const data::Row& row : table->rows) {
        if (!source.annotator.empty() && annotatorOf(row, annotator) != source.annotator) continue;
        const auto number = data::itemNumberFrom(row.cells[*item].value_or(""));
        if (!number)
            return badInput(data::placeOf(*table, row) + ": \"" + visible(row.cells[*item].value_or(""), 40) +
                            "\" names no item; use the 16 digits that `gradus data items` writes.");
        const auto given = labelOf(*table, row, *label, classes);
        if (!given) return given.error();
        if (!*given) continue;
        const std::string said = background ? row.cells[*background].value_or("") : std::string();
        if (!said.empty() && !labels.background.empty() && said != labels.background)
            return badInput(data::placeOf(*table, row) + ": one person has two backgrounds (\"" +
                            visible(labels.background, 60) + "\" and \"" + visible(said, 60) +
                            "\"); name people apart, or keep one of the two.");
        if (!said.empty()) labels.background = said;
        const auto [place, isNew] = labels.classes.emplace(*number, **given);
        if (!isNew && place->second != **given)
            return badInput(data::placeOf(*table, row) + ": this item already has the label " +
                            std::to_string(place->second) + "; keep one of them.");
    }
    return labels;
}

} // namespace gradus::pipeline
