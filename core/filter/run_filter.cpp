// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/run_filter.h"

#include "spec/keys.h"
#include "store/run_settings.h"

namespace gradus::filter {

namespace {

std::vector<std::string> settingNames()
{
    std::vector<std::string> names;
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (std::string name = key.dotted(); !key.note && name != "experiment.seeds") names.push_back(std::move(name));
    return names;
}

const FilterKeys& keys()
{
    static const FilterKeys all{
        .texts = {"state", "name", "condition", "task", "id", "note", "procedure"},
        .numbers = {"seed", "generation", "progress", "utility", "imitation"},
        .searched = {"state", "name", "condition", "task", "id", "tag", "note"},
        .aliases = {{"tags", "tag"}, {"notes", "note"}, {"experiment.seeds", "seed"}},
        .words = {"tag"},
        .settings = settingNames(),
        .settingPrefixes = {"parameters.", "imported.", "signals.source["},
    };
    return all;
}

const store::Setting* settingOf(const std::string& key, const store::RunRow& row)
{
    return row.settings ? row.settings->find(key) : nullptr;
}

std::optional<double> numberOf(const std::string& key, const store::RunRow& row)
{
    if (key == "seed") return static_cast<double>(row.seed);
    if (key == "generation") return row.generation;
    if (key == "progress") return 100 * row.progress;
    if (key == "utility") return row.lastUtility;
    if (key == "imitation") return row.lastImitation;
    const store::Setting* setting = settingOf(key, row);
    return setting ? setting->number : std::nullopt;
}

std::string tagsOf(const store::RunRow& row)
{
    std::string tags;
    for (const std::string& tag : row.tags)
        tags += '\n' + folded(tag);
    return tags.empty() ? tags : tags + '\n';
}

std::string textOf(const std::string& key, const store::RunRow& row)
{
    if (key == "state") return folded(store::nameOf(row.state));
    if (key == "name") return folded(row.experimentName);
    if (key == "condition") return folded(row.condition);
    if (key == "task") return folded(row.taskName);
    if (key == "id") return folded(row.uuid);
    if (key == "tag") return tagsOf(row);
    if (key == "note") return folded(row.note);
    if (key == "procedure") return folded(row.procedure);
    const store::Setting* setting = settingOf(key, row);
    return setting ? framed(folded(setting->value)) : std::string();
}

} // namespace

Result<RunFilter> RunFilter::parse(std::string_view line)
{
    auto terms = FilterTerms::parse(line, keys());
    if (!terms) return terms.error();
    RunFilter filter;
    filter.m_terms = std::move(*terms);
    return filter;
}

bool RunFilter::matches(const store::RunRow& row) const
{
    return m_terms.hold([&](const std::string& key) { return textOf(key, row); },
                        [&](const std::string& key) { return numberOf(key, row); });
}

} // namespace gradus::filter
