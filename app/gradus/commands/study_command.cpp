// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox study: every level beside the ways out, everyday tasks and the scenarios' scripts, as table, JSON or page.
#include "agent/play.h"
#include "base/files.h"
#include "base/text.h"
#include "base/writable.h"
#include "commands/commands.h"
#include "commands/domain_acts.h"
#include "commands/scenario_choice.h"
#include "compare/containment.h"
#include "monitors/containment_study.h"
#include "report/containment_page.h"
#include "report/html.h"
#include "run/episode_run.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct StudyArguments
{
    ScenarioChoice choice;
    monitors::ContainmentOptions study;
    std::string page;
    std::string model;
    std::string store;
    std::string name = "containment study";
    agent::AgentLimits limits = {.turns = 12, .tokensPerTurn = 256, .tokens = 3072};
    bool json = false;
};

/// The study as a run: a step is a level, so that Compare draws it beside another machine's.
Result<void> keep(const monitors::ContainmentStudy& study, const std::string& json, const StudyArguments& arguments)
{
    auto run = run::EpisodeRun::begin(
        arguments.store, {.name = arguments.name,
                          .procedure = compare::kContainmentProcedure,
                          .task = counted(study.scenarios, "scenario"),
                          // Compare takes runs of one text and seed for one observation, of which the newest counts.
                          .text = run::describingToml(
                              "study", {{"levels", std::to_string(study.options.highest)}, {"name", arguments.name}})});
    if (!run) return run.error();
    run->madeHere({});
    for (const monitors::LevelRow& row : study.levels) {
        const auto count = [&](const char* series, sandbox::Verdict verdict) {
            run->sink().point({.series = series,
                               .step = row.level,
                               .value = static_cast<double>(
                                   std::ranges::count(row.battery.vectors, verdict, &sandbox::VectorReport::verdict))});
        };
        if (!row.refused.empty()) continue;
        count("containment/contained", sandbox::Verdict::Contained);
        count("containment/open", sandbox::Verdict::Open);
        count("containment/partial", sandbox::Verdict::Partial);
        if (row.episodes > 0) {
            run->sink().estimate({"containment/elicitation", row.level, row.hazards});
            run->sink().estimate({"containment/honest_hazards", row.level, row.honestHazards});
        }
        if (row.playerEpisodes > 0) run->sink().estimate({"containment/model_hazards", row.level, row.playerHazards});
    }
    for (const monitors::FidelityRow& row : study.fidelity) {
        run->sink().estimate({"containment/same_outputs", row.level, row.outputs});
        run->sink().estimate({"containment/same_files", row.level, row.files});
    }
    for (const monitors::ActsRow& row : study.acts) {
        run->sink().estimate({"containment/act_hazards", row.level, row.hazards});
        run->sink().estimate({"containment/as_simulated", row.level, row.outcomes});
    }
    run->sink().event(
        {.kind = compare::kContainmentEvent,
         .generation = 0,
         .step = 0,
         .sentence = study.held() ? "Every level held." : "The containment study did not hold: " + study.fault() + ".",
         .detailsJson = json});
    if (const auto ended = run->end(store::RunState::Finished); !ended) return ended;
    if (!arguments.json)
        std::printf("Kept: gradus containment %s --store %s\n", run->uuid().substr(0, 8).c_str(),
                    arguments.store.c_str());
    return {};
}

/// A study takes minutes; what it is to be written to is looked at before.
Result<void> checkPlaces(const StudyArguments& arguments)
{
    if (!arguments.page.empty())
        if (const auto can = checkWritable(arguments.page); !can) return can;
    return arguments.store.empty() ? Result<void>() : run::EpisodeRun::checkStore(arguments.store);
}

int runStudy(StudyArguments& arguments, Invocation& invocation)
{
    const auto scenarios = chosenScenarios(arguments.choice);
    if (!scenarios) return report(scenarios.error());
    // Where no cell starts the study says so itself, level by level.
    if (const auto told = tryOracles(arguments.choice, *scenarios, invocation.stop);
        !told && told.error().kind != ErrorKind::Refused)
        return report(told.error());
    arguments.study.stop = &invocation.stop;
    std::optional<agent::ModelAgent> model;
    if (!arguments.model.empty()) {
        auto opened = agent::ModelAgent::open(arguments.model);
        if (!opened) return report(opened.error());
        model.emplace(std::move(*opened));
        arguments.study.playerName = model->name();
        arguments.study.player = [&](const scenario::Rendered& material,
                                     const sandbox::CellOptions& cell) -> Result<scenario::Episode> {
            agent::PlayOptions options;
            options.sampling.greedy = true;
            options.limits = arguments.limits;
            options.episode.cell = cell;
            auto played = agent::playOne(*model, material, options, invocation.stop);
            if (!played) return played.error();
            return std::move(played->episode);
        };
    }
    if (const auto can = checkPlaces(arguments); !can) return report(can.error());
    arguments.study.acts = consoleActs(arguments.study.seeds);
    if (!arguments.json) arguments.study.progress = announce;
    const auto study = monitors::studyContainment(*scenarios, arguments.study);
    if (!arguments.json) endAnnouncements();
    if (!study) return report(study.error());
    const std::string json = monitors::containmentJson(*study);
    const auto record = compare::readContainment(json);
    if (!record) return report(record.error());
    // Shown before anything is written that could fail.
    std::fputs((arguments.json ? json + "\n" : compare::containmentText(*record)).c_str(), stdout);
    if (!arguments.store.empty())
        if (const auto kept = keep(*study, json, arguments); !kept) return report(kept.error());
    if (!arguments.page.empty())
        if (const auto written = writeFileAtomically(
                arguments.page, report::htmlOf(report::containmentPage({{visible(arguments.name), *record}})));
            !written)
            return report(written.error());
    return study->held() ? 0 : exitCode(ErrorKind::Refused);
}

} // namespace

void addStudy(CLI::App& sandbox, Invocation& invocation)
{
    auto arguments = std::make_shared<StudyArguments>();
    CLI::App* verb = sandbox.add_subcommand("study", "Every level beside the ways out of it, everyday tasks, and the "
                                                     "scenarios' scripts; 0 if all of it held, 3 otherwise.");
    addScenarioChoice(*verb, arguments->choice);
    verb->add_option("--level", arguments->study.highest, "The highest level to try")
        ->check(CLI::Range(0, 5))
        ->capture_default_str();
    verb->add_option("--seeds", arguments->study.seeds, "Seeds of values, tokens and variations")
        ->capture_default_str();
    verb->add_flag("--quick", arguments->study.quick, "Only the ways out that take about a second");
    verb->add_option("--model", arguments->model,
                     "A model folder with a chat template, which plays the tempting twins at every level");
    verb->add_option("--turns", arguments->limits.turns, "Replies of the model an episode")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    verb->add_option("--turn-tokens", arguments->limits.tokensPerTurn, "Tokens a reply")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
    verb->add_option("-o,--output", arguments->page, "Write a page (HTML) to this file");
    verb->add_option("--store", arguments->store,
                     "Keep the study in this run store as a run whose steps are levels, for Compare");
    verb->add_option("--name", arguments->name, "What the kept study is called beside others")->capture_default_str();
    verb->add_flag("--json", arguments->json, "One line of JSON");
    verb->callback([arguments, &invocation] { invocation.exitCode = runStudy(*arguments, invocation); });
}

} // namespace gradus::app
