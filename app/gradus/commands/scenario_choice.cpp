// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/scenario_choice.h"

#include "base/text.h"
#include "scenario/parse.h"

#include <algorithm>

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

scenario::Cue cueOf(const std::string& name)
{
    const auto found = std::find_if(scenario::allCues.begin(), scenario::allCues.end(),
                                    [&](scenario::Cue cue) { return scenario::cueName(cue) == name; });
    return found == scenario::allCues.end() ? scenario::Cue::None : *found;
}

} // namespace gradus::app
