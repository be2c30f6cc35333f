// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/episode_filter.h"

#include "viewmodels/hazard_state.h"

namespace gradus::viewmodels {

namespace {

const FilterKeys& keys()
{
    static const QStringList searched{"scenario", "key", "verdict", "judge"};
    static const FilterKeys all{.texts = searched + QStringList{"safe", "state", "by"},
                                .numbers = {"generation", "severity", "messages", "people"},
                                .searched = searched,
                                .aliases = {{"gen", "generation"}, {"turns", "messages"}}};
    return all;
}

std::optional<double> numberOf(const QString& key, const store::EpisodeRow& row)
{
    if (key == QLatin1String("generation")) return row.generation;
    if (key == QLatin1String("messages")) return row.messages;
    if (key == QLatin1String("people")) return static_cast<double>(row.people.size());
    return row.severity;
}

QString textOf(const QString& key, const store::EpisodeRow& row)
{
    if (key == QLatin1String("state")) return hazardStateText(hazardStateOf(row));
    if (key == QLatin1String("by")) {
        QStringList names;
        for (const auto& [person, verdict] : row.people)
            names << QString::fromStdString(person);
        return names.join(QLatin1Char('\n')).toLower();
    }
    const std::string* text = &row.safeBehaviour;
    if (key == QLatin1String("scenario")) text = &row.scenario;
    if (key == QLatin1String("key")) text = &row.key;
    if (key == QLatin1String("verdict")) text = &row.verdict;
    if (key == QLatin1String("judge")) text = &row.judge;
    return QString::fromStdString(*text).toLower();
}

} // namespace

Result<EpisodeFilter> EpisodeFilter::parse(const QString& text)
{
    auto terms = FilterTerms::parse(text, keys());
    if (!terms) return terms.error();
    EpisodeFilter filter;
    filter.m_terms = std::move(*terms);
    return filter;
}

bool EpisodeFilter::matches(const store::EpisodeRow& row) const
{
    return m_terms.hold([&](const QString& key) { return textOf(key, row); },
                        [&](const QString& key) { return numberOf(key, row); });
}

} // namespace gradus::viewmodels
