// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_filter.h"

namespace gradus::viewmodels {

namespace {

const FilterKeys& keys()
{
    static const QStringList texts{"state", "name", "condition", "task", "id"};
    static const FilterKeys all{.texts = texts,
                                .numbers = {"seed", "generation", "progress", "utility", "imitation"},
                                .searched = texts,
                                .aliases = {}};
    return all;
}

QString lower(const std::string& text)
{
    return QString::fromStdString(text).toLower();
}

std::optional<double> numberOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("seed")) return static_cast<double>(row.seed);
    if (key == QLatin1String("generation")) return row.generation;
    if (key == QLatin1String("progress")) return 100 * row.progress;
    if (key == QLatin1String("utility")) return row.lastUtility;
    return row.lastImitation;
}

QString textOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("state")) return QString::fromLatin1(store::nameOf(row.state)).toLower();
    if (key == QLatin1String("name")) return lower(row.experimentName);
    if (key == QLatin1String("condition")) return lower(row.condition);
    if (key == QLatin1String("task")) return lower(row.taskName);
    return lower(row.uuid);
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
