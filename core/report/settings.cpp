// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/settings.h"

#include "report/words.h"

#include "base/clock.h"
#include "base/text.h"
#include "compare/spec_diff.h"
#include "spec/keys.h"
#include "spec/origins.h"

#include <algorithm>

namespace gradus::report {

namespace {

constexpr std::size_t kMostDiffering = 6; ///< columns of the table of conditions
constexpr std::size_t kLongestValue = 160;

std::string unquoted(const std::string& value)
{
    return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2) : value;
}

/// Every absolute path in a value as its last name: where files lay on one machine is nobody else's business.
std::string withoutFolders(const std::string& value)
{
    std::string kept;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t end = value.find('"', at + 1);
        if (!value.substr(at).starts_with("\"/") || end == std::string::npos) {
            kept += value[at++];
            continue;
        }
        const std::size_t name = value.rfind('/', end) + 1;
        kept += '"' + value.substr(name, end - name) + '"';
        at = end + 1;
    }
    return kept;
}

bool isNameOfSource(const std::string& key)
{
    return key.starts_with("signals.source[") && key.ends_with("].name");
}

std::string originText(const std::string& key)
{
    const std::string_view origin = spec::originOf(key);
    return origin.empty() ? "ours" : std::string(origin);
}

/// What the report says elsewhere.
bool isIdentity(const spec::KeyInfo& key)
{
    return key.section == "experiment" && key.key != "procedure";
}

/// The settings of the first run that can be read; the groups' differences are told beside them.
const spec::Experiment* settingsOf(const Evidence& evidence)
{
    for (const compare::ComparedRun& run : evidence.runs)
        if (run.spec) return &*run.spec;
    return nullptr;
}

bool differs(const Evidence& evidence, const std::string& key)
{
    return std::any_of(evidence.grouping.differing.begin(), evidence.grouping.differing.end(),
                       [&](const compare::DifferingKey& one) { return one.key == key; });
}

} // namespace

Table conditionsTable(const Evidence& evidence)
{
    Table table{"Conditions", {{"condition"}}, {}};
    std::vector<compare::DiffRow> differing;
    std::size_t hidden = 0;
    for (compare::DiffRow& row : compare::specDiff(evidence.runs, evidence.grouping)) {
        if (!row.differs || isNameOfSource(row.key)) continue;
        if (differing.size() < kMostDiffering)
            differing.push_back(std::move(row));
        else
            ++hidden;
    }
    for (const compare::DiffRow& row : differing)
        table.columns.push_back({row.key, false, true});
    table.columns.push_back({"runs", true});
    for (std::size_t group = 0; group < evidence.grouping.groups.size(); ++group) {
        std::vector<std::string> cells{
            evidence.grouping.groups[group].label +
            (evidence.table.rows[group].baseline && evidence.grouping.groups.size() > 1 ? " (baseline)" : "")};
        for (const compare::DiffRow& row : differing)
            cells.push_back(row.brief[group].empty() ? "–" : unquoted(withoutFolders(row.brief[group])));
        cells.push_back(std::to_string(evidence.grouping.groups[group].runs.size()));
        table.rows.push_back(std::move(cells));
    }
    table.note = "Everything else is the same in all of them.";
    if (hidden > 0)
        table.note = counted(hidden, "further key") + " differ as well; the files at the end have all of them.";
    return table;
}

Table changedSettings(const Evidence& evidence)
{
    Table table{
        "Settings that are not the default",
        {{"key", false, true}, {"value", false, true}, {"default", false, true}, {"default is from"}, {"meaning"}},
        {}};
    const spec::Experiment* settings = settingsOf(evidence);
    if (settings == nullptr) return table;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        const std::string dotted = key.dotted();
        const std::string value = spec::valueText(key, *settings);
        const std::string usual = spec::defaultText(key);
        if (isIdentity(key) || (value == usual && !differs(evidence, dotted))) continue;
        table.rows.push_back({dotted,
                              differs(evidence, dotted) ? "differs" : visible(withoutFolders(value), kLongestValue),
                              visible(usual, kLongestValue), originText(dotted), std::string(key.help)});
    }
    table.note =
        "\u201cours\u201d: a choice of this program, which nobody has published. Of files and folders the names "
        "are told.";
    return table;
}

Table defaultSettings(const Evidence& evidence)
{
    Table table{
        "All other settings", {{"key", false, true}, {"value", false, true}, {"is from"}, {"meaning"}}, {}, {}, true};
    const spec::Experiment* settings = settingsOf(evidence);
    if (settings == nullptr) return table;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        const std::string value = spec::valueText(key, *settings);
        if (value != spec::defaultText(key) || differs(evidence, key.dotted()) || isIdentity(key)) continue;
        table.rows.push_back(
            {key.dotted(), visible(value, kLongestValue), originText(key.dotted()), std::string(key.help)});
    }
    return table;
}

Table runsTable(const Evidence& evidence)
{
    Table table{
        "Runs",
        {{"run", false, true},
         {"condition"},
         {"seed", true},
         {"state"},
         {"begun, UTC"},
         {"took"},
         {"experiment", false, true},
         {"last weights", false, true}},
        {},
        "Hashes are the first characters of SHA-256: of the experiment's canonical form, and of the weights of the "
        "last kept generation.",
        true};
    for (const compare::RunGroup& group : evidence.grouping.groups)
        for (const std::size_t index : group.runs) {
            const store::RunRow& run = evidence.runs[index].detail.run;
            const events::GenerationRecord* last = compare::lastKept(evidence.runs[index].detail);
            const bool over = run.startedAt && run.endedAt;
            table.rows.push_back(
                {run.uuid.substr(0, 8), group.label, std::to_string(run.seed), store::nameOf(run.state),
                 run.startedAt ? timeText(*run.startedAt) : "–",
                 over ? durationText(*run.endedAt - *run.startedAt) : "–", run.experimentHash.substr(0, 12),
                 last == nullptr || last->checkpointHash.empty() ? "–" : last->checkpointHash.substr(0, 12)});
        }
    return table;
}

} // namespace gradus::report
