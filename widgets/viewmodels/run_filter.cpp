// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_filter.h"

#include "spec/keys.h"
#include "store/run_settings.h"

namespace gradus::viewmodels {

namespace {

QStringList settingNames()
{
    QStringList names;
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (const std::string name = key.dotted(); !key.note && name != "experiment.seeds")
            names << QString::fromStdString(name);
    return names;
}

const FilterKeys& keys()
{
    static const QStringList texts{"state", "name", "condition", "task", "id", "note", "procedure"};
    static const FilterKeys all{.texts = texts,
                                .numbers = {"seed", "generation", "progress", "utility", "imitation"},
                                .searched = {"state", "name", "condition", "task", "id", "tag", "note"},
                                .aliases = {{"tags", "tag"}, {"notes", "note"}, {"experiment.seeds", "seed"}},
                                .words = {"tag"},
                                .settings = settingNames(),
                                .settingPrefixes = {"parameters.", "imported.", "signals.source["}};
    return all;
}

QString lower(const std::string& text)
{
    return QString::fromStdString(text).toLower();
}

const store::Setting* settingOf(const QString& key, const store::RunRow& row)
{
    return row.settings ? row.settings->find(key.toStdString()) : nullptr;
}

std::optional<double> numberOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("seed")) return static_cast<double>(row.seed);
    if (key == QLatin1String("generation")) return row.generation;
    if (key == QLatin1String("progress")) return 100 * row.progress;
    if (key == QLatin1String("utility")) return row.lastUtility;
    if (key == QLatin1String("imitation")) return row.lastImitation;
    const store::Setting* setting = settingOf(key, row);
    return setting ? setting->number : std::nullopt;
}

QString tagsOf(const store::RunRow& row)
{
    if (row.tags.empty()) return {};
    QStringList tags;
    for (const std::string& tag : row.tags)
        tags << lower(tag);
    return framed(tags.join(QLatin1Char('\n')));
}

QString textOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("state")) return QString::fromLatin1(store::nameOf(row.state)).toLower();
    if (key == QLatin1String("name")) return lower(row.experimentName);
    if (key == QLatin1String("condition")) return lower(row.condition);
    if (key == QLatin1String("task")) return lower(row.taskName);
    if (key == QLatin1String("id")) return lower(row.uuid);
    if (key == QLatin1String("tag")) return tagsOf(row);
    if (key == QLatin1String("note")) return lower(row.note);
    if (key == QLatin1String("procedure")) return lower(row.procedure);
    const store::Setting* setting = settingOf(key, row);
    return setting ? framed(lower(setting->value)) : QString();
}

} // namespace

Result<RunFilter> RunFilter::parse(const QString& text)
{
    auto terms = FilterTerms::parse(text, keys());
    if (!terms) return terms.error();
    RunFilter filter;
    filter.m_terms = std::move(*terms);
    return filter;
}

bool RunFilter::matches(const store::RunRow& row) const
{
    return m_terms.hold([&](const QString& key) { return textOf(key, row); },
                        [&](const QString& key) { return numberOf(key, row); });
}

} // namespace gradus::viewmodels
