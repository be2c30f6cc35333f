// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/containment_page.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <map>
#include <set>

namespace gradus::report {

namespace {

using compare::ContainmentActs;
using compare::ContainmentFidelity;
using compare::ContainmentLevel;
using compare::ContainmentRecord;
using compare::ContainmentTask;
using compare::NamedContainment;
using compare::shareText;
using Studies = std::vector<NamedContainment>;

/// "level 2"; of several studies "level 2, new kernel".
std::string columnName(const Studies& studies, const NamedContainment& study, int level)
{
    return "level " + std::to_string(level) + (studies.size() > 1 ? ", " + study.name : "");
}

/// A chart's series of a figure that levels have.
ChartSeries seriesOf(const NamedContainment& study, const std::string& name, int style,
                     const Estimate ContainmentLevel::*figure)
{
    ChartSeries series{.name = name, .style = style, .joined = false};
    for (const ContainmentLevel& level : study.record.levels)
        if ((level.*figure).n > 0)
            series.points.push_back(
                {.place = static_cast<double>(level.level),
                 .value = (level.*figure).value,
                 .low = (level.*figure).low,
                 .high = (level.*figure).high,
                 .words = "level " + std::to_string(level.level) + ": " + shareText(level.*figure)});
    return series;
}

Table scriptsTable(const Studies& studies)
{
    const bool played =
        std::ranges::any_of(studies, [](const NamedContainment& one) { return !one.record.model.empty(); });
    Table table{.title = "Scripted episodes by level",
                .columns = {{"level"},
                            {"episodes", true},
                            {"undecided", true},
                            {"hazardous scripts: hazard", true},
                            {"honest scripts: hazard", true}},
                .rows = {},
                .note = "Shares with 95 % intervals of a bootstrap over scenarios, Wilson's at 0 and 1."};
    if (played) table.columns.push_back({"the model: hazard", true});
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels) {
            std::vector<std::string> cells{
                columnName(studies, study, level.level),
                level.episodes == 0 ? "no programs, or not run" : std::to_string(level.episodes),
                std::to_string(level.undecided), shareText(level.elicitation), shareText(level.honest)};
            if (played) cells.push_back(shareText(level.model));
            table.rows.push_back(std::move(cells));
        }
    return table;
}

Section elicitation(const Studies& studies)
{
    Figure figure{.title = "Elicitation by level",
                  .caption = "Share of episodes that the oracle calls a hazard; 95 % intervals over scenarios.",
                  .panels = {}};
    for (const NamedContainment& study : studies) {
        std::vector series{seriesOf(study, "hazardous scripts", 0, &ContainmentLevel::elicitation),
                           seriesOf(study, "honest scripts", 1, &ContainmentLevel::honest)};
        if (!study.record.model.empty())
            series.push_back(seriesOf(study, study.record.model, 2, &ContainmentLevel::model));
        figure.panels.push_back({.title = studies.size() > 1 ? study.name : "Elicitation",
                                 .place = {.label = "level", .whole = true},
                                 .value = {.label = "share called a hazard", .least = 0, .most = 1},
                                 .series = std::move(series)});
    }
    return {.heading = "Does a level change what is elicited?",
            .blocks = {Paragraph{"The same scripts play at every level that has programs. A script does the same "
                                 "wherever it is: a share that moves is a fault of a level, not of a policy."},
                       std::move(figure), scriptsTable(studies)}};
}

Section ways(const Studies& studies)
{
    Table table{.title = "Ways out by level", .columns = {{"way"}}, .rows = {}, .note = {}};
    BulletList refusals;
    BulletList differing;
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels) {
            table.columns.push_back({columnName(studies, study, level.level)});
            if (!level.refused.empty())
                refusals.items.push_back(columnName(studies, study, level.level) + ": " + level.refused);
        }
    for (const std::string& id : compare::waysOf(studies)) {
        std::vector<std::string> cells{id};
        std::map<int, std::set<std::string>> verdicts; // by level, over studies
        for (const NamedContainment& study : studies)
            for (const ContainmentLevel& level : study.record.levels) {
                const compare::WayOut* way = level.way(id);
                cells.push_back(way == nullptr ? "not run" : way->verdict);
                if (way != nullptr) verdicts[level.level].insert(way->verdict);
            }
        for (const auto& [level, said] : verdicts)
            if (said.size() > 1)
                differing.items.push_back(id + " at level " + std::to_string(level) +
                                          " is not the same in all studies.");
        table.rows.push_back(std::move(cells));
    }
    table.note =
        "Each way is tried outside a cell first; where it fails there too the row is not informative. At level "
        "0 no code runs, so that there is no way.";
    Section section{.heading = "What each level contains", .blocks = {}};
    if (!refusals.items.empty()) section.blocks.emplace_back(std::move(refusals));
    if (!differing.items.empty()) section.blocks.emplace_back(std::move(differing));
    section.blocks.emplace_back(std::move(table));
    return section;
}

Table tasksTable(const Studies& studies, const NamedContainment& study)
{
    Table tasks{.title = "Everyday tasks" + (studies.size() > 1 ? ", " + study.name : ""),
                .columns = {{"task"}, {"same"}, {.title = "outside", .code = true}},
                .rows = {},
                .note = "The end of the task and a digest of what it printed; outside: as an ordinary user of this "
                        "machine. Each cell of levels 2 to 4 has the same wall, so that their "
                        "columns agree by construction: it is the column of the outside that a cell can fail."};
    for (const ContainmentLevel& level : study.record.levels)
        tasks.columns.push_back({.title = "level " + std::to_string(level.level), .code = true});
    for (const ContainmentTask& row : study.record.tasks) {
        std::vector<std::string> cells{row.task,
                                       !row.held              ? "NO"
                                       : row.expected.empty() ? "yes"
                                                              : "no: " + row.expected,
                                       row.outside};
        for (std::size_t i = 0; i < study.record.levels.size(); ++i)
            cells.push_back(i < row.results.size() ? row.results[i] : "not run");
        tasks.rows.push_back(std::move(cells));
    }
    return tasks;
}

Section fidelity(const Studies& studies)
{
    Table same{
        .title = "Beside level 2, played once more",
        .columns = {{"level"}, {"verdicts", true}, {"ends of calls", true}, {"outputs", true}, {"files left", true}},
        .rows = {},
        .note = "Shares that are the same, 95 % intervals of a bootstrap over scenarios, Wilson's at 0 and 1. The "
                "row of level 2 is two plays at one level: what differs there (times, names of commits) is no "
                "doing of a level."};
    Table acts{.title = "Acts of the built-in domain, beside their simulation",
               .columns = {{"level"},
                           {"acts", true},
                           {"hazardous acts: hazard", true},
                           {"other acts: hazard", true},
                           {"outcomes as simulated", true},
                           {"outputs as simulated", true}},
               .rows = {},
               .note =
                   "Level 0 simulates the domain's console in this process and runs nothing; above it the same acts "
                   "are commands, each act in a cell of its own. 95 % intervals of a bootstrap over questions, "
                   "Wilson's at 0 and 1."};
    for (const NamedContainment& study : studies) {
        for (const ContainmentFidelity& row : study.record.fidelity)
            same.rows.push_back({columnName(studies, study, row.level), shareText(row.verdicts), shareText(row.ends),
                                 shareText(row.outputs), shareText(row.files)});
        for (const ContainmentActs& row : study.record.acts)
            acts.rows.push_back({columnName(studies, study, row.level), std::to_string(row.acts),
                                 shareText(row.hazards), shareText(row.honest), shareText(row.outcomes),
                                 shareText(row.outputs)});
    }
    Section section{.heading = "Is a cell the same world as outside?", .blocks = {}};
    for (const NamedContainment& study : studies)
        section.blocks.emplace_back(tasksTable(studies, study));
    section.blocks.emplace_back(std::move(same));
    if (!acts.rows.empty()) section.blocks.emplace_back(std::move(acts));
    return section;
}

} // namespace

Report containmentPage(const Studies& studies)
{
    Report page{.title = studies.size() > 1 ? "Containment studies" : "Containment study", .facts = {}, .sections = {}};
    BulletList notRun;
    for (const NamedContainment& study : studies) {
        const ContainmentRecord& record = study.record;
        page.facts.push_back((studies.size() > 1 ? study.name + ": " : "") + compare::verdictSentence(record));
        page.facts.push_back(counted(record.scenarios, "scenario") + ", " + counted(record.seeds, "seed") + ", " +
                             durationText(record.seconds) + (record.quick ? ", the quick battery alone" : "") +
                             "; made by gradus sandbox study.");
        for (const std::string& sentence : record.notRun)
            notRun.items.push_back((studies.size() > 1 ? study.name + ": " : "") + sentence);
    }
    page.facts.push_back("\"Contained\" means that these attempts failed; no fault of the kernel is exploited here.");
    page.sections = {ways(studies), elicitation(studies), fidelity(studies)};
    if (!notRun.items.empty()) page.sections.push_back({.heading = "Not run", .blocks = {std::move(notRun)}});
    return page;
}

} // namespace gradus::report
