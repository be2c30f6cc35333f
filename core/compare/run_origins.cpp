// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/run_origins.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

namespace gradus::compare {

namespace {

using events::RunOrigin;

/// The value all runs of the group share, or that they do not.
std::string sharedValue(const std::vector<ComparedRun>& runs, const RunGroup& group,
                        const std::string& (*value)(const ComparedRun&))
{
    const std::string first = value(runs[group.runs.front()]);
    for (const std::size_t run : group.runs)
        if (value(runs[run]) != first) return "varies with the seed";
    return first;
}

const std::string& firstInput(const ComparedRun& run)
{
    static const std::string none;
    return run.detail.stages.empty() ? none : run.detail.stages.front().inputHash;
}

const std::string& firstWeights(const ComparedRun& run)
{
    static const std::string none;
    return run.detail.generations.empty() ? none : run.detail.generations.front().checkpointHash;
}

struct OriginPart
{
    const char* row;  ///< of the table
    const char* word; ///< in a sentence
    std::string RunOrigin::*member;
};

constexpr std::array<OriginPart, 6> kParts = {{
    {"code: version", "version", &RunOrigin::version},
    {"code: program", "program", &RunOrigin::program},
    {"environment: library", "library build", &RunOrigin::library},
    {"environment: device", "device", &RunOrigin::device},
    {"environment: processor", "processor", &RunOrigin::processor},
    {"environment: system", "system", &RunOrigin::system},
}};

bool isCode(const OriginPart& part)
{
    return part.member == &RunOrigin::version || part.member == &RunOrigin::program;
}

/// "a", or "a, then b" of a run that somebody else went on with; empty: not recorded.
std::string valueOf(const ComparedRun& run, const OriginPart& part)
{
    std::vector<std::string> values;
    for (const RunOrigin& origin : originsOf(run)) {
        const std::string& value = origin.*part.member;
        if (!value.empty() && (values.empty() || values.back() != value)) values.push_back(value);
    }
    std::string text;
    for (const std::string& value : values)
        text += (text.empty() ? "" : ", then ") + value;
    return text;
}

/// How many runs have each value; with those left out as repeats.
std::map<std::string, int> valuesOf(const std::vector<ComparedRun>& runs, const std::vector<std::size_t>& members,
                                    const OriginPart& part)
{
    std::map<std::string, int> values;
    for (const std::size_t run : members)
        ++values[valueOf(runs[run], part)];
    return values;
}

OriginRow rowOf(const OriginPart& part, const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    OriginRow row{part.row, {}, false};
    for (const RunGroup& group : grouping.groups) {
        const std::map<std::string, int> values = valuesOf(runs, group.runs, part);
        if (values.size() == 1) {
            row.values.push_back(values.begin()->first);
            continue;
        }
        std::string text;
        for (const auto& [value, count] : values)
            text += (text.empty() ? "" : "; ") + (value.empty() ? "not recorded" : value) + " (" +
                    counted(static_cast<std::size_t>(count), "run") + ")";
        row.values.push_back(std::move(text));
        row.differs = true;
    }
    row.differs = row.differs || std::set<std::string>(row.values.begin(), row.values.end()).size() > 1;
    return row;
}

/// Different things that are recorded of it.
std::size_t kindsOf(const std::vector<ComparedRun>& runs, const Grouping& grouping, const OriginPart& part)
{
    std::set<std::string> kinds;
    for (const RunGroup& group : grouping.groups)
        for (const auto& [value, count] : valuesOf(runs, group.runs, part))
            if (!value.empty()) kinds.insert(value);
    return kinds.size();
}

/// Runs left out as repeats that another program made than the run that stands for their seed: equal seeds need not
/// have given them equal bits.
std::size_t foreignRepeats(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::size_t foreign = 0;
    for (const RunGroup& group : grouping.groups)
        for (const std::size_t repeat : group.repeats) {
            const auto kept = std::find_if(group.runs.begin(), group.runs.end(), [&](std::size_t run) {
                return runs[run].detail.run.seed == runs[repeat].detail.run.seed;
            });
            if (kept == group.runs.end()) continue;
            const bool differs = std::any_of(kParts.begin(), kParts.end(), [&](const OriginPart& part) {
                const std::string mine = valueOf(runs[repeat], part);
                const std::string other = valueOf(runs[*kept], part);
                return !mine.empty() && !other.empty() && mine != other;
            });
            foreign += differs;
        }
    return foreign;
}

} // namespace

std::vector<RunOrigin> originsOf(const ComparedRun& run)
{
    std::vector<const store::EventRow*> told;
    for (const store::EventRow& event : run.detail.events)
        if (event.kind == events::kOriginEvent) told.push_back(&event);
    std::stable_sort(told.begin(), told.end(), [](const auto* a, const auto* b) { return a->wall < b->wall; });
    std::vector<RunOrigin> origins;
    for (const store::EventRow* event : told)
        if (auto origin = events::originOf(event->detailsJson)) origins.push_back(std::move(*origin));
    return origins;
}

std::vector<OriginRow> origins(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<OriginRow> rows{{"configuration", {}, false},
                                {"experiment", {}, false},
                                {"task", {}, false},
                                {"input of generation 1", {}, false},
                                {"weights of generation 1", {}, false}};
    for (const RunGroup& group : grouping.groups) {
        const ComparedRun& run = runs[group.runs.front()];
        rows[0].values.push_back(run.spec ? sha256(group.key) : "");
        rows[1].values.push_back(run.detail.run.experimentHash);
        rows[2].values.push_back(run.detail.run.taskName);
        rows[3].values.push_back(sharedValue(runs, group, firstInput));
        rows[4].values.push_back(sharedValue(runs, group, firstWeights));
    }
    for (OriginRow& row : rows)
        row.differs = std::set<std::string>(row.values.begin(), row.values.end()).size() > 1;
    for (const OriginPart& part : kParts)
        rows.push_back(rowOf(part, runs, grouping));
    return rows;
}

std::string originNote(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::string code;
    std::string environment;
    for (const OriginPart& part : kParts) {
        const std::size_t kinds = kindsOf(runs, grouping, part);
        if (kinds < 2) continue;
        std::string& words = isCode(part) ? code : environment;
        words += (words.empty() ? "" : ", ") + counted(kinds, part.word);
    }
    std::string note;
    if (!code.empty()) note += " Code differs between the runs: " + code + ".";
    if (!environment.empty()) note += " Environment differs between the runs: " + environment + ".";
    if (const std::size_t foreign = foreignRepeats(runs, grouping); foreign > 0)
        note += " " + counted(foreign, "run") + " with a seed that a newer run has, too, " +
                (foreign == 1 ? "was" : "were") + " made by other code or elsewhere and left out all the same.";
    return note.empty() ? note : note.substr(1);
}

} // namespace gradus::compare
