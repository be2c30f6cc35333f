// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/forecast_page.h"
#include "commands/pages.h"
#include "compare/run_groups.h"
#include "store/run_choice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct ForecastOptions
{
    std::vector<std::string> runs;
    std::string experiment;
    std::string filter;
    std::string store;
    double target = 13;
    std::optional<double> gap;
    double tokensPerParameter = 20;
    std::optional<double> tokens;
    std::optional<double> price;
    double hourFlop = 1.4e18;
    std::string page;
    std::string note;
    bool json = false;
};

/// Every number that may be given, before a store is opened.
Result<void> checked(const ForecastOptions& options)
{
    struct Number
    {
        const char* option;
        std::optional<double> value;
        bool mayBeZero;
    };
    for (const Number& one : {Number{"--target", options.target, false}, Number{"--gap", options.gap, false},
                              Number{"--tokens-per-parameter", options.tokensPerParameter, false},
                              Number{"--tokens", options.tokens, false}, Number{"--hour-price", options.price, true},
                              Number{"--hour-flop", options.hourFlop, false}})
        if (one.value && !(std::isfinite(*one.value) && (*one.value > 0 || (one.mayBeZero && *one.value == 0))))
            return badInput(std::string(one.option) + " is " + numberText(*one.value) + ": give a number " +
                            (one.mayBeZero ? "of 0 or more." : "above 0."));
    return {};
}

/// The runs, and what a page about them rests on.
struct Chosen
{
    std::vector<compare::ComparedRun> runs;
    PageGround ground;
};

/// What was given on the command line and is not the runs, as it is typed.
std::vector<std::string> given(const ForecastOptions& options)
{
    std::vector<std::string> words;
    const auto add = [&](const char* option, std::optional<double> value) {
        if (value) words.insert(words.end(), {option, numberText(*value)});
    };
    add("--target", options.target);
    add("--gap", options.gap);
    add("--tokens-per-parameter", options.tokensPerParameter);
    add("--tokens", options.tokens);
    add("--hour-price", options.price);
    add("--hour-flop", options.hourFlop);
    return words;
}

/// Oldest first, whichever way they are asked for.
Result<std::vector<store::RunRow>> rowsOf(const store::StoreReader& reader, const ForecastOptions& options)
{
    if (!options.experiment.empty()) return store::runsOfExperiment(reader, options.experiment, store::Versions::All);
    if (options.filter.empty()) return store::chosenRuns(reader, options.runs);
    auto rows = filteredRuns(reader, options.filter);
    if (rows) std::ranges::reverse(*rows);
    return rows;
}

/// The same as it was typed; none where names say it.
std::vector<std::string> choiceOf(const ForecastOptions& options)
{
    if (!options.experiment.empty()) return {"--experiment", options.experiment};
    if (!options.filter.empty()) return {"--filter", options.filter};
    return {};
}

Result<Chosen> runsOf(const ForecastOptions& options, const std::string& note)
{
    auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return reader.error();
    const auto rows = rowsOf(*reader, options);
    if (!rows) return rows.error();
    auto details = store::detailsOf(*reader, *rows);
    if (!details) return details.error();
    auto ground = groundOf(*reader, *details, {"forecast", choiceOf(options), given(options), note});
    if (!ground) return ground.error();
    Chosen chosen{.runs = {}, .ground = std::move(*ground)};
    for (store::RunDetail& detail : *details) // what is fitted stands in the generations' records
        chosen.runs.push_back(compare::comparedRun(std::move(detail), {}));
    return chosen;
}

int forecastRuns(const ForecastOptions& options, const StopFlag& stop)
{
    if (const auto sound = checked(options); !sound) return report(sound.error());
    const auto note = noteOfPage(options.page, options.note);
    if (!note) return report(note.error());
    const auto chosen = runsOf(options, *note);
    if (!chosen) return report(chosen.error());
    ForecastReport made;
    made.observed = forecast::observationsOf(chosen->runs, compare::grouped(chosen->runs));
    made.ground = chosen->ground;
    made.hourPrice = options.price;
    made.hourFlop = options.hourFlop;
    if (made.observed.curves.empty())
        return report(badInput("None of these runs has finished a generation yet, so that there is nothing to "
                               "forecast from: let one finish."));
    made.target = options.target;
    for (const forecast::CapacityCurve& curve : made.observed.curves) {
        auto fit = forecast::CapacityFit::to(curve);
        made.fits.push_back(
            {&curve, fit ? std::optional(std::move(*fit)) : std::nullopt, fit ? std::string() : fit.error().message});
    }
    if (std::ranges::none_of(made.fits, [](const auto& fit) { return fit.fit.has_value(); }))
        return report(badInput(made.fits.front().refusal));
    made.cells = forecast::backTest(made.observed.curves);
    if (const auto law = forecast::fitOversightLaw(made.observed.steps))
        made.law = *law;
    else
        made.lawRefusal = law.error().message;
    if (const auto drivers = forecast::driversOf(made.observed.utility))
        made.utilityDrivers = *drivers;
    else
        made.driversRefusal = drivers.error().message;
    if (const auto drivers = forecast::driversOf(made.observed.imitation)) made.imitationDrivers = *drivers;

    forecast::LadderWish wish{.start = made.observed.lowest,
                              .target = options.target,
                              .gap = options.gap.value_or(made.observed.typicalGap),
                              .tokensPerParameter = options.tokensPerParameter,
                              .tokens = options.tokens,
                              .hourPrice = options.price,
                              .hourFlop = options.hourFlop};
    if (wish.gap <= 0) wish.gap = 0.5;
    auto plan = forecast::planLadder(wish);
    if (!plan) return report(plan.error());
    made.plan = std::move(*plan);
    if (stop.requested()) return report({.message = "The forecast was stopped.", .kind = ErrorKind::Stopped});
    if (!options.page.empty()) return writePage(options.page, forecastPage(made, *note));
    if (options.json)
        printJson(forecastJson(made));
    else
        std::printf("%s", forecastText(made).c_str());
    return 0;
}

} // namespace

void addForecast(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<ForecastOptions>();
    CLI::App* verb = app.add_subcommand("forecast", "What runs say of larger rungs, tested back on rungs held out.");
    CLI::Option* runs =
        verb->add_option("run", options->runs, "Run ids, or their first characters (default: the newest experiment's)");
    CLI::Option* experiment =
        verb->add_option("--experiment", options->experiment, "All runs of the experiment of that name")
            ->excludes(runs);
    verb->add_option("--filter", options->filter, kFilterHelp)->excludes(runs)->excludes(experiment);
    verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
    verb->add_option("--target", options->target, "Largest rung, log10 of parameters")->capture_default_str();
    verb->add_option("--gap", options->gap, "Largest step, log10 of parameters (default: the runs' median)");
    verb->add_option("--tokens-per-parameter", options->tokensPerParameter, "Tokens a rung is trained on, times N")
        ->capture_default_str();
    verb->add_option("--tokens", options->tokens, "Tokens every rung is trained on, instead");
    verb->add_option("--hour-price", options->price, "Price of a device hour; without it there is no cost");
    verb->add_option("--hour-flop", options->hourFlop, "Operations of a device hour")->capture_default_str();
    verb->add_option("-o,--output", options->page, "Write a page with figures, HTML, instead");
    verb->add_option("--note", options->note, kNoteHelp);
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->callback([options, &invocation] { invocation.exitCode = forecastRuns(*options, invocation.stop); });
}

} // namespace gradus::app
