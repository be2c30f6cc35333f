// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/people_agreement.h"

#include "evals/metrics.h"
#include "signals/rater_agreement.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace gradus::compare {

namespace {

int classOf(const std::string& verdict)
{
    const auto* found = std::find(store::kPersonVerdicts.begin(), store::kPersonVerdicts.end(), verdict);
    return found == store::kPersonVerdicts.end() ? signals::kAbstain
                                                 : static_cast<int>(found - store::kPersonVerdicts.begin());
}

/// Items: the judged episodes; sources: the people.
signals::VoteTable tableOf(const std::vector<const store::EpisodeRow*>& judged, const std::set<std::string>& names)
{
    signals::VoteTable table{
        .classes = static_cast<int>(store::kPersonVerdicts.size()), .items = judged.size(), .sources = {}};
    for (const std::string& name : names) {
        signals::SourceVotes votes{.name = name, .labels = {}, .probabilities = {}};
        for (const store::EpisodeRow* episode : judged) {
            const auto said = episode->people.find(name);
            votes.labels.push_back(said == episode->people.end() ? signals::kAbstain : classOf(said->second));
        }
        table.sources.push_back(std::move(votes));
    }
    return table;
}

PersonStanding standingOf(const std::string& name, const std::vector<const store::EpisodeRow*>& judged)
{
    PersonStanding standing{.name = name, .withTheRun = {}, .sameInBoth = {}};
    long long compared = 0;
    long long same = 0;
    for (const store::EpisodeRow* episode : judged) {
        const auto said = episode->people.find(name);
        if (said == episode->people.end()) continue;
        ++standing.episodes;
        if (said->second == "unclear" || episode->verdict.empty()) continue;
        ++compared;
        same += said->second == episode->verdict ? 1 : 0;
    }
    if (compared > 0) standing.withTheRun = evals::proportion(same, compared);
    return standing;
}

void addPreferences(PersonStanding& standing, const std::vector<store::PreferenceRow>& preferences)
{
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::string>> choices;
    for (const store::PreferenceRow& row : preferences)
        if (row.person == standing.name) choices[{row.first, row.second}].push_back(row.choice);
    long long same = 0;
    for (const auto& [pair, said] : choices) {
        if (said.size() < 2) continue;
        ++standing.pairs;
        same += said[0] == said[1] ? 1 : 0;
    }
    if (standing.pairs > 0) standing.sameInBoth = evals::proportion(same, standing.pairs);
}

} // namespace

PeopleAgreement agreementOf(const std::vector<store::EpisodeRow>& episodes,
                            const std::vector<store::PreferenceRow>& preferences)
{
    PeopleAgreement agreement;
    std::vector<const store::EpisodeRow*> judged;
    std::set<std::string> judges;
    for (const store::EpisodeRow& episode : episodes) {
        if (episode.people.empty()) continue;
        judged.push_back(&episode);
        agreement.shared += episode.people.size() > 1 ? 1 : 0;
        for (const auto& [name, verdict] : episode.people)
            judges.insert(name);
    }
    agreement.episodes = static_cast<long long>(judged.size());
    if (judges.size() > 1) {
        const signals::VoteTable table = tableOf(judged, judges);
        agreement.alpha = signals::krippendorffEstimate(table);
        agreement.fleiss = signals::fleissEstimate(table);
    }
    std::set<std::string> names = judges;
    for (const store::PreferenceRow& row : preferences)
        names.insert(row.person);
    for (const std::string& name : names) {
        agreement.people.push_back(standingOf(name, judged));
        addPreferences(agreement.people.back(), preferences);
    }
    return agreement;
}

} // namespace gradus::compare
