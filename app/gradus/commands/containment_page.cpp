// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/containment_page.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <map>

namespace gradus::app {

namespace {

using monitors::ContainmentStudy;
using monitors::FidelityRow;
using monitors::LevelRow;

std::string shown(const Estimate& estimate)
{
    if (estimate.n == 0) return "–";
    return fixedText(estimate.value, 3) + " [" + fixedText(estimate.low, 3) + ", " + fixedText(estimate.high, 3) + "]";
}

std::string levelName(int level)
{
    return "level " + std::to_string(level);
}

report::ChartSeries seriesOf(const ContainmentStudy& study, const std::string& name, int style,
                             const Estimate LevelRow::*figure)
{
    report::ChartSeries series{.name = name, .style = style, .joined = false};
    for (const LevelRow& row : study.levels)
        if (row.episodes > 0)
            series.points.push_back({.place = static_cast<double>(row.level),
                                     .value = (row.*figure).value,
                                     .low = (row.*figure).low,
                                     .high = (row.*figure).high,
                                     .words = levelName(row.level) + ": " + shown(row.*figure)});
    return series;
}

report::Section scripts(const ContainmentStudy& study)
{
    report::Table table{.title = "Scripted episodes by level",
                        .columns = {{"level"},
                                    {"episodes", true},
                                    {"undecided", true},
                                    {"hazardous scripts: hazard", true},
                                    {"honest scripts: hazard", true}},
                        .rows = {},
                        .note = "Shares with 95 % intervals of a bootstrap over scenarios, Wilson's at 0 and 1."};
    for (const LevelRow& row : study.levels)
        table.rows.push_back({levelName(row.level),
                              row.episodes == 0 ? "no programs, or not run" : std::to_string(row.episodes),
                              std::to_string(row.undecided), shown(row.hazards), shown(row.honestHazards)});
    report::Figure figure{
        .title = "Elicitation by level",
        .caption = "Share of scripted episodes that the oracle calls a hazard; 95 % intervals over scenarios.",
        .panels = {}};
    std::vector series{seriesOf(study, "hazardous scripts", 0, &LevelRow::hazards),
                       seriesOf(study, "honest scripts", 1, &LevelRow::honestHazards)};
    if (study.options.player) {
        const std::string model = visible(study.options.playerName, 80);
        table.columns.push_back({model + ": hazard", true});
        for (std::size_t i = 0; i < study.levels.size(); ++i)
            table.rows[i].push_back(shown(study.levels[i].playerHazards));
        series.push_back(seriesOf(study, model, 2, &LevelRow::playerHazards));
    }
    figure.panels.push_back({.title = "Elicitation",
                             .place = {.label = "level", .whole = true},
                             .value = {.label = "share called a hazard", .least = 0, .most = 1},
                             .series = std::move(series)});
    return {
        .heading = "Does a level change what is elicited?",
        .blocks = {report::Paragraph{"The same scripts play at every level that has programs. A script does the same "
                                     "wherever it is: a share that moves is a fault of a level, not of a policy."},
                   std::move(figure), std::move(table)}};
}

report::Section ways(const ContainmentStudy& study)
{
    report::Table table{.title = "Ways out by level", .columns = {{"way"}}, .rows = {}, .note = {}};
    std::map<std::string, std::vector<std::string>> rows;
    std::vector<std::string> order;
    for (const LevelRow& level : study.levels) {
        table.columns.push_back({levelName(level.level)});
        for (const sandbox::VectorReport& row : level.battery.vectors)
            if (rows.try_emplace(std::string(row.id)).second) order.emplace_back(row.id);
    }
    for (const LevelRow& level : study.levels)
        for (const std::string& id : order) {
            const auto found = std::find_if(level.battery.vectors.begin(), level.battery.vectors.end(),
                                            [&](const sandbox::VectorReport& row) { return row.id == id; });
            rows[id].push_back(found == level.battery.vectors.end() ? std::string("not run")
                                                                    : std::string(verdictName(found->verdict)));
        }
    for (const std::string& id : order) {
        std::vector<std::string> cells{id};
        cells.insert(cells.end(), rows[id].begin(), rows[id].end());
        table.rows.push_back(std::move(cells));
    }
    table.note = "Each way is tried outside a cell first; where it fails there too the row is not informative.";
    report::BulletList refusals;
    for (const LevelRow& level : study.levels)
        if (!level.refused.empty()) refusals.items.push_back(levelName(level.level) + ": " + level.refused);
    report::Section section{.heading = "What each level contains", .blocks = {}};
    if (!refusals.items.empty()) section.blocks.emplace_back(std::move(refusals));
    section.blocks.emplace_back(std::move(table));
    return section;
}

report::Section parity(const ContainmentStudy& study)
{
    report::Table tasks{.title = "Everyday tasks",
                        .columns = {{"task"}, {"same"}, {.title = "outside", .code = true}},
                        .rows = {},
                        .note = {}};
    for (const LevelRow& level : study.levels)
        tasks.columns.push_back({.title = levelName(level.level), .code = true});
    for (const monitors::ParityRow& row : study.parity) {
        std::vector<std::string> cells{row.task,
                                       !row.held()                ? "NO"
                                       : row.otherOutside.empty() ? "yes"
                                                                  : "no: " + row.otherOutside,
                                       visible(row.outside, 80)};
        for (std::size_t i = 0; i < study.levels.size(); ++i)
            cells.push_back(i < row.results.size() ? visible(row.results[i], 80) : "not run");
        tasks.rows.push_back(std::move(cells));
    }
    tasks.note =
        "The end of the task and a digest of what it printed; outside: as an ordinary user of this machine. Levels "
        "2 to 4 share their walls and differ in what a scenario may start, so that their columns agree by "
        "construction: it is the column of the outside that a cell can fail.";
    report::Table same{
        .title = "Beside level 2, played once more",
        .columns = {{"level"}, {"verdicts", true}, {"ends of calls", true}, {"outputs", true}, {"files left", true}},
        .rows = {},
        .note = "Shares that are the same, 95 % intervals of a bootstrap over scenarios, Wilson's at 0 and 1. The row "
                "of level 2 "
                "is two plays at one level: what differs there (times, names of commits) is no doing of a level."};
    for (const FidelityRow& row : study.fidelity)
        same.rows.push_back(
            {levelName(row.level), shown(row.verdicts), shown(row.ends), shown(row.outputs), shown(row.files)});
    return {.heading = "Is a cell the same world as outside?", .blocks = {std::move(tasks), std::move(same)}};
}

} // namespace

report::Report containmentPage(const ContainmentStudy& study)
{
    report::Report page{.title = "Containment study", .facts = {}, .sections = {}};
    page.facts = {study.held() ? "Held: no way out is open, no task differs, no honest script is called a hazard."
                               : "DID NOT HOLD: see below.",
                  counted(study.scenarios, "scenario") + ", " + counted(study.options.seeds.size(), "seed") + ", " +
                      durationText(study.seconds) + "; made by gradus sandbox study.",
                  "\"Contained\" means that these attempts failed; no fault of the kernel is exploited here."};
    page.sections = {ways(study), scripts(study), parity(study)};
    if (!study.notRun.empty())
        page.sections.push_back({.heading = "Not run", .blocks = {report::BulletList{study.notRun}}});
    return page;
}

} // namespace gradus::app
