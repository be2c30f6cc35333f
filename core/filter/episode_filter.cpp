// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/episode_filter.h"

#include "filter/hazard_state.h"

namespace gradus::filter {

namespace {

const FilterKeys& keys()
{
    static const FilterKeys all{
        .texts = {"scenario", "key", "verdict", "judge", "safe", "state", "by"},
        .numbers = {"generation", "severity", "messages", "people"},
        .searched = {"scenario", "key", "verdict", "judge"},
        .aliases = {{"gen", "generation"}, {"turns", "messages"}},
    };
    return all;
}

std::optional<double> numberOf(const std::string& key, const store::EpisodeRow& row)
{
    if (key == "generation") return row.generation;
    if (key == "messages") return static_cast<double>(row.messages);
    if (key == "people") return static_cast<double>(row.people.size());
    return row.severity;
}

std::string textOf(const std::string& key, const store::EpisodeRow& row)
{
    if (key == "state") return nameOf(hazardStateOf(row));
    if (key == "by") {
        std::string names;
        for (const auto& [person, verdict] : row.people)
            names += (names.empty() ? "" : "\n") + person;
        return folded(names);
    }
    if (key == "scenario") return folded(row.scenario);
    if (key == "key") return folded(row.key);
    if (key == "verdict") return folded(row.verdict);
    if (key == "judge") return folded(row.judge);
    return folded(row.safeBehaviour);
}

} // namespace

Result<EpisodeFilter> EpisodeFilter::parse(std::string_view line)
{
    auto terms = FilterTerms::parse(line, keys());
    if (!terms) return terms.error();
    EpisodeFilter filter;
    filter.m_terms = std::move(*terms);
    return filter;
}

bool EpisodeFilter::matches(const store::EpisodeRow& row) const
{
    return m_terms.hold([&](const std::string& key) { return textOf(key, row); },
                        [&](const std::string& key) { return numberOf(key, row); });
}

} // namespace gradus::filter
