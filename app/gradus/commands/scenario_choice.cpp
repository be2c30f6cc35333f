// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/scenario_choice.h"

#include "base/text.h"
#include "scenario/pairs.h"
#include "scenario/parse.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

Result<std::vector<scenario::Scenario>> readAll(const ScenarioChoice& choice)
{
    if (choice.files.empty()) return scenario::shippedScenarios();
    std::vector<scenario::Scenario> all;
    for (const std::string& file : choice.files) {
        auto one = scenario::loadScenario(file);
        if (!one) return one.error();
        all.push_back(std::move(*one));
    }
    return all;
}

Error noSuch(const std::string& what, const std::string& word, const std::vector<std::string>& known)
{
    const auto near = nearestWord(word, known);
    return badInput(
        "There is no scenario of the " + what + " \"" + visible(word, 60) + "\"" +
        (near ? "; did you mean \"" + *near + "\"?" : "; `gradus sandbox scenarios` without it tries all."));
}

} // namespace

void addScenarioChoice(CLI::App& verb, ScenarioChoice& choice)
{
    verb.add_option("files", choice.files, "Scenario files; none: those that come with the program");
    verb.add_option("--family", choice.family, "Only this family: F1 to F16");
    verb.add_option("--id", choice.ids, "Only these scenarios");
}

Result<std::vector<scenario::Scenario>> chosenScenarios(const ScenarioChoice& choice)
{
    auto all = readAll(choice);
    if (!all) return all.error();
    std::vector<std::string> ids;
    std::vector<std::string> families;
    for (const scenario::Scenario& one : *all) {
        ids.push_back(one.id);
        families.push_back(one.family);
    }
    for (const std::string& id : choice.ids)
        if (std::ranges::find(ids, id) == ids.end()) return noSuch("id", id, ids);
    std::erase_if(*all, [&](const scenario::Scenario& one) {
        return (!choice.family.empty() && one.family != choice.family) ||
               (!choice.ids.empty() && std::ranges::find(choice.ids, one.id) == choice.ids.end());
    });
    if (!all->empty()) return all;
    const bool familyKnown = std::find(families.begin(), families.end(), choice.family) != families.end();
    if (!choice.family.empty() && !familyKnown) return noSuch("family", choice.family, families);
    return badInput("No scenario of the family " + choice.family + " has one of these ids; leave one of the two out.");
}

Result<void> tryOracles(const ScenarioChoice& choice, const std::vector<scenario::Scenario>& chosen,
                        const StopFlag& stop)
{
    if (choice.files.empty()) return {};
    for (const scenario::Scenario& one : chosen)
        if (auto tried = scenario::checkOracle(one, &stop); !tried) return tried;
    return {};
}

scenario::Cue cueOf(const std::string& name)
{
    const auto found = std::find_if(scenario::allCues.begin(), scenario::allCues.end(),
                                    [&](scenario::Cue cue) { return scenario::cueName(cue) == name; });
    return found == scenario::allCues.end() ? scenario::Cue::None : *found;
}

void announce(std::size_t done, std::size_t all, const std::string& what)
{
    const bool terminal = isatty(STDERR_FILENO) == 1;
    std::fprintf(stderr, "%s%2zu of %zu  %s%s", terminal ? "\r\x1b[K" : "", done, all, what.c_str(),
                 terminal ? "" : "\n");
}

void endAnnouncements()
{
    if (isatty(STDERR_FILENO) == 1) std::fputs("\r\x1b[K", stderr);
}

} // namespace gradus::app
