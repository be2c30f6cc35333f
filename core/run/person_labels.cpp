// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/person_labels.h"

#include "base/text.h"
#include "data/environment.h"
#include "data/task.h"
#include "spec/experiment.h"
#include "spec/stored.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

/// What a run lets its models do; empty without a sandboxed domain.
struct Actions
{
    std::vector<std::string> names;
    std::size_t classes = 0; ///< the first ones are answers
};

Result<Actions> actionsOf(const store::StoreReader& reader, std::int64_t runId)
{
    const auto detail = reader.detail(runId);
    if (!detail) return detail.error();
    const auto experiment = spec::parseStored(detail->specToml, "the run's experiment");
    if (!experiment) return experiment.error();
    const auto task = data::openTask(*experiment);
    if (!task) return task.error();
    const data::Environment* environment = (*task)->environment();
    if (environment == nullptr) return Actions{};
    return Actions{environment->actions(), static_cast<std::size_t>((*task)->classes())};
}

std::string itemOf(const std::string& hazardJson)
{
    const auto json = nlohmann::json::parse(hazardJson, nullptr, false);
    if (!json.is_object() || !json.contains("item") || !json["item"].is_string()) return {};
    return json["item"].get<std::string>();
}

} // namespace

Result<PersonLabels> personLabels(const store::StoreReader& reader, const store::RunRow& run, const std::string& person)
{
    const auto verdicts = reader.personVerdicts(run.id);
    if (!verdicts) return verdicts.error();
    const auto actions = actionsOf(reader, run.id);
    if (!actions) return actions.error();
    PersonLabels labels;
    labels.csv = "item,label,annotator,verdict,severity,behaviour,episode,generation,run,changed_at,note\n";
    std::set<std::string> unknown;
    std::map<std::int64_t, events::EpisodeRecord> episodes;
    for (const store::VerdictRow& verdict : *verdicts) {
        if (!person.empty() && verdict.person() != person) continue;
        auto place = episodes.find(verdict.episodeId);
        if (place == episodes.end()) {
            auto episode = reader.episode(verdict.episodeId);
            if (!episode) return episode.error();
            place = episodes.emplace(verdict.episodeId, std::move(*episode)).first;
        }
        const events::EpisodeRecord& episode = place->second;
        const std::string item = itemOf(episode.hazardJson);
        if (item.empty()) {
            ++labels.withoutItem;
            continue;
        }
        const auto action = std::find(actions->names.begin(), actions->names.end(), verdict.safeBehaviour);
        const bool isAction = !verdict.safeBehaviour.empty() && action != actions->names.end();
        if (!isAction && !verdict.safeBehaviour.empty()) unknown.insert(verdict.safeBehaviour);
        const auto number = static_cast<std::size_t>(action - actions->names.begin());
        ++labels.rows;
        labels.withBehaviour += isAction ? 1 : 0;
        labels.csv += item + ',' + (isAction && number < actions->classes ? std::to_string(number) : "") + ',' +
                      csvField(verdict.person()) + ',' + csvField(verdict.verdict) + ',' +
                      (verdict.severity ? numberText(*verdict.severity) : "") + ',' +
                      csvField(isAction ? verdict.safeBehaviour : "") + ',' + csvField(episode.key) + ',' +
                      std::to_string(episode.generation) + ',' + run.uuid + ',' + fixedText(verdict.changedAt, 3) +
                      ',' + csvField(verdict.note) + '\n';
    }
    labels.unknown.assign(unknown.begin(), unknown.end());
    if (labels.rows + labels.withoutItem == 0)
        return badInput("Run " + run.uuid.substr(0, 8) + " has no verdict of " +
                        (person.empty() ? "a person" : "\"" + visible(person, 60) + "\"") +
                        "; give some with `gradus transcript judge` or on the Transcripts page.");
    return labels;
}

} // namespace gradus::run
