// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/run_groups.h"

#include "base/text.h"
#include "compare/group_labels.h"
#include "spec/imported.h"
#include "spec/keys.h"
#include "spec/stored.h"
#include "spec/toml_tree.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace gradus::compare {

namespace {

/// "gap.value 0.5" for a number, "fixed" for a word: a word says what it is.
std::string shortValue(const std::string& key, const std::string& value)
{
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
    return key.substr(key.rfind('.') + 1) + " " + value;
}

bool allDifferent(const std::vector<std::string>& texts)
{
    return std::set<std::string>(texts.begin(), texts.end()).size() == texts.size();
}

std::vector<std::string> conditionsOf(const std::vector<RunGroup>& groups)
{
    std::vector<std::string> texts;
    for (const RunGroup& group : groups)
        texts.push_back(group.condition);
    return texts;
}

/// Keys are added as long as one more of them tells more groups apart.
std::vector<std::string> fromKeys(const std::vector<DifferingKey>& differing, std::size_t groups)
{
    std::vector<std::string> labels(groups);
    const auto with = [&](const DifferingKey& key) {
        std::vector<std::string> longer = labels;
        for (std::size_t i = 0; i < groups; ++i)
            longer[i] += (longer[i].empty() ? "" : ", ") + shortValue(key.key, key.values[i]);
        return longer;
    };
    const auto kinds = [](const std::vector<std::string>& texts) {
        return std::set<std::string>(texts.begin(), texts.end()).size();
    };
    while (!allDifferent(labels)) {
        std::vector<std::string> best = labels;
        for (const DifferingKey& key : differing)
            if (std::vector<std::string> longer = with(key); kinds(longer) > kinds(best)) best = std::move(longer);
        if (best == labels) break;
        labels = std::move(best);
    }
    return labels;
}

std::string parameterOf(const ComparedRun& run, const std::string& key)
{
    for (const auto& [name, value] : run.parameters)
        if (name == key) return value;
    return "–";
}

/// Settings that imported runs were made with elsewhere, in the order in which they are met.
void addParameters(std::vector<DifferingKey>& differing, const std::vector<RunGroup>& groups,
                   const std::vector<ComparedRun>& runs)
{
    std::set<std::string> seen;
    for (const RunGroup& group : groups)
        for (const auto& [key, value] : runs[group.runs.front()].parameters) {
            if (!seen.insert(key).second) continue;
            DifferingKey row{key, {}};
            for (const RunGroup& other : groups)
                row.values.push_back(parameterOf(runs[other.runs.front()], key));
            if (std::set<std::string>(row.values.begin(), row.values.end()).size() > 1)
                differing.push_back(std::move(row));
        }
}

/// The [parameters] of the text that stands for an imported run's experiment; false when it is no such text.
bool readImported(ComparedRun& run)
{
    if (!spec::isImported(run.detail.specToml)) return false;
    const auto tree = spec::parseToml(run.detail.specToml);
    if (!tree) return false;
    run.specError = "it was imported, so that it has no experiment of Gradus.";
    if (const spec::Member* parameters = tree->find("parameters"))
        for (const spec::Member& member : parameters->value.members)
            run.parameters.emplace_back("parameters." + visible(member.key, 60), spec::textOf(member.value));
    return true;
}

std::vector<DifferingKey> differingKeys(const std::vector<RunGroup>& groups, const std::vector<ComparedRun>& runs)
{
    std::vector<DifferingKey> differing;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        DifferingKey row{key.dotted(), {}};
        if (key.note || row.key == "experiment.seeds") continue;
        for (const RunGroup& group : groups) {
            const auto& spec = runs[group.runs.front()].spec;
            row.values.push_back(spec ? spec::valueText(key, *spec) : "–");
        }
        if (std::set<std::string>(row.values.begin(), row.values.end()).size() > 1) differing.push_back(std::move(row));
    }
    addParameters(differing, groups, runs);
    return differing;
}

/// A whole TOML table is no name: it is long, and what differs in it stands behind what does not.
bool holdsTable(const std::string& condition)
{
    return condition.find("[{") != std::string::npos || condition.find("= {") != std::string::npos;
}

/// What it sets, field by field of its tables: "ladder.start = 0", "rate = 0.4". Names of tables are no setting.
std::vector<std::string> settingsIn(const std::string& condition)
{
    std::vector<std::string> settings(1);
    bool quoted = false;
    for (const char c : condition) {
        if (c == '"') quoted = !quoted;
        if (!quoted && std::string_view(",[]{}").find(c) != std::string_view::npos)
            settings.emplace_back();
        else if (c != ' ' || !settings.back().empty())
            settings.back() += c;
    }
    for (std::string& one : settings)
        one.erase(one.find_last_not_of(' ') + 1);
    std::erase_if(settings, [](const std::string& one) { return one.empty() || one.ends_with('='); });
    return settings;
}

/// Of each condition what it does not share with all others. Where that is nothing, the others set what it leaves
/// alone.
std::vector<std::string> withoutWhatAllShare(const std::vector<std::string>& conditions)
{
    std::vector<std::vector<std::string>> settings;
    for (const std::string& condition : conditions)
        settings.push_back(settingsIn(condition));
    std::vector<std::string> shorter;
    for (const auto& mine : settings) {
        std::string text;
        for (const std::string& one : mine)
            if (!std::all_of(settings.begin(), settings.end(), [&](const auto& other) {
                    return std::find(other.begin(), other.end(), one) != other.end();
                }))
                text += (text.empty() ? "" : ", ") + one;
        shorter.push_back(text.empty() ? "default" : text);
    }
    return shorter;
}

void label(Grouping& grouping, const std::vector<ComparedRun>& runs)
{
    std::vector<RunGroup>& groups = grouping.groups;
    std::vector<std::string> labels = conditionsOf(groups);
    const bool named = std::none_of(labels.begin(), labels.end(), [](const std::string& text) { return text.empty(); });
    if (!named || !allDifferent(labels)) {
        labels = fromKeys(grouping.differing, groups.size());
    } else if (std::any_of(labels.begin(), labels.end(), holdsTable)) {
        std::vector<std::string> shorter = withoutWhatAllShare(labels);
        if (allDifferent(shorter)) labels = std::move(shorter);
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const store::RunRow& run = runs[groups[i].runs.front()].detail.run;
        groups[i].label = !labels[i].empty() ? labels[i] : run.condition.empty() ? run.experimentName : run.condition;
    }
}

/// Whether a stands for its seed rather than b.
bool betterOf(const ComparedRun& a, const ComparedRun& b)
{
    if (a.detail.run.progress != b.detail.run.progress) return a.detail.run.progress > b.detail.run.progress;
    return a.detail.run.id > b.detail.run.id;
}

void add(RunGroup& group, std::size_t index, const std::vector<ComparedRun>& runs)
{
    for (std::size_t& place : group.runs) {
        if (runs[place].detail.run.seed != runs[index].detail.run.seed) continue;
        if (betterOf(runs[index], runs[place])) std::swap(place, index);
        group.repeats.push_back(index);
        return;
    }
    group.runs.push_back(index);
}

} // namespace

const store::SeriesPoints* ComparedRun::find(const std::string& name) const
{
    const auto found =
        std::find_if(series.begin(), series.end(), [&](const store::SeriesPoints& one) { return one.name == name; });
    return found == series.end() ? nullptr : &*found;
}

ComparedRun comparedRun(store::RunDetail detail, std::vector<store::SeriesPoints> series)
{
    ComparedRun run{std::move(detail), std::move(series), std::nullopt, {}};
    if (readImported(run)) return run;
    auto parsed = spec::parseStored(run.detail.specToml, "run " + run.detail.run.uuid);
    if (parsed)
        run.spec = std::move(*parsed);
    else
        run.specError = parsed.error().message;
    return run;
}

std::string seedlessText(const spec::Experiment& experiment)
{
    spec::Experiment seedless = experiment;
    seedless.experiment.seeds.clear();
    return spec::canonicalToml(seedless);
}

Grouping grouped(const std::vector<ComparedRun>& runs)
{
    Grouping grouping;
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const store::RunRow& row = runs[i].detail.run;
        // Runs of one condition of one experiment differ in nothing but the seed, whether or not we can read them. What
        // a run branched or was rolled back from is not in its settings; its condition says so.
        const std::string key = runs[i].spec ? seedlessText(*runs[i].spec) + (row.lineage ? row.condition : "")
                                             : "experiment " + row.experimentHash + ", " + row.condition;
        const auto [place, isNew] = places.emplace(key, grouping.groups.size());
        if (isNew) grouping.groups.push_back({key, row.condition, {}, {}, {}});
        add(grouping.groups[place->second], i, runs);
    }
    for (RunGroup& group : grouping.groups)
        std::sort(group.runs.begin(), group.runs.end(),
                  [&](std::size_t a, std::size_t b) { return runs[a].detail.run.seed < runs[b].detail.run.seed; });
    grouping.differing = differingKeys(grouping.groups, runs);
    label(grouping, runs);
    return grouping;
}

Result<std::size_t> groupLabelled(const Grouping& grouping, const std::string& label)
{
    if (label.empty()) return std::size_t{0};
    std::vector<std::size_t> ofCondition; // a name that several share is none of them
    for (std::size_t i = 0; i < grouping.groups.size(); ++i) {
        if (grouping.groups[i].label == label) return i;
        if (grouping.groups[i].condition == label) ofCondition.push_back(i);
    }
    if (ofCondition.size() == 1) return ofCondition.front();
    return badInput("No group is called \"" + visible(label, 60) + "\"; those of these runs are " +
                    quotedLabels(grouping) + ".");
}

} // namespace gradus::compare
