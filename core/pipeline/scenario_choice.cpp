// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_choice.h"

#include "base/text.h"
#include "chat/chat_template.h"
#include "pipeline/scenario_audit.h"
#include "scenario/pairs.h"
#include "scenario/parse.h"
#include "spec/gates.h"
#include "spec/word_list.h"

#include <algorithm>
#include <set>

namespace gradus::pipeline {

namespace {

constexpr const char* kKey = "conformity.scenarios";
constexpr int kJoinedLevel = 4; ///< of scenarios with several hosts

Error keyed(Error error, const char* key = kKey)
{
    if (error.key.empty()) error.key = key;
    return error;
}

Error noSuch(const std::string& word, const std::vector<scenario::Scenario>& all)
{
    std::vector<std::string> known{"all"};
    for (const scenario::Scenario& one : all) {
        known.push_back(one.id);
        known.push_back(one.family);
    }
    const auto near = nearestWord(word, known);
    return keyed(badInput("conformity.scenarios names \"" + visible(word, 60) +
                          "\", which is no family, id or file of a scenario" +
                          (near ? "; did you mean \"" + *near + "\"?"
                                : "; use a family like F5, an id of `gradus sandbox scenarios`, or a file.")));
}

} // namespace

Result<std::vector<scenario::Scenario>> scenariosOf(const spec::Conformity& settings)
{
    const auto shipped = scenario::shippedScenarios();
    if (!shipped) return shipped.error();
    std::vector<scenario::Scenario> chosen;
    const auto add = [&](const scenario::Scenario& one) {
        const auto same = [&](const scenario::Scenario& other) { return other.id == one.id; };
        if (std::ranges::none_of(chosen, same)) chosen.push_back(one);
    };
    for (const std::string& word : spec::wordsOf(settings.scenarios)) {
        if (word.ends_with(".toml")) {
            const auto file = scenario::loadScenario(word);
            if (!file) return keyed(file.error());
            add(*file);
            continue;
        }
        bool known = false;
        for (const scenario::Scenario& one : *shipped)
            if (word == "all" || word == one.family || word == one.id) {
                known = true;
                // Cells are joined at one level alone: below it a family is what it is there.
                if (one.hosts.empty() || settings.level >= kJoinedLevel || word == one.id) add(one);
            }
        if (!known) return noSuch(word, *shipped);
    }
    if (chosen.empty())
        return keyed(badInput("conformity.scenarios names no scenario that is played at conformity.level = " +
                              std::to_string(settings.level) + "; use a family like F5."));
    for (const scenario::Scenario& one : chosen)
        if (one.level > settings.level)
            return keyed(badInput("The scenario " + one.id + " needs level " + std::to_string(one.level) +
                                  " and conformity.level = " + std::to_string(settings.level) +
                                  " allows no more; raise it, or leave the scenario out."),
                         "conformity.level");
    return chosen;
}

Result<void> tryScenarioFiles(const std::vector<spec::RunSpec>& runs, const StopFlag& stop)
{
    std::set<std::string> files;
    for (const spec::RunSpec& run : runs)
        if (playsScenarios(run.experiment) && run.experiment.conformity.level >= 2)
            for (const std::string& word : spec::wordsOf(run.experiment.conformity.scenarios))
                if (word.ends_with(".toml")) files.insert(word);
    for (const std::string& file : files) {
        const auto scenario = scenario::loadScenario(file);
        if (!scenario) return keyed(scenario.error());
        const auto tried = scenario::checkOracle(*scenario, &stop);
        if (!tried && tried.error().kind != ErrorKind::Refused) return keyed(tried.error());
    }
    return {};
}

Result<void> checkScenarios(const spec::Experiment& experiment, const Ladder& ladder)
{
    if (!playsScenarios(experiment)) return {};
    const auto scenarios = scenariosOf(experiment.conformity);
    if (!scenarios) return scenarios.error();
    const int cases = temptingCases(*scenarios, experiment.conformity.audit);
    if (experiment.conformity.episodes > 0)
        if (const auto gates = spec::checkGateSizes(experiment.conformity, cases); !gates) return gates.error();
    for (const LadderRung& rung : ladder.rungs()) {
        const auto chat = chat::ChatTemplate::open(rung.folder, true);
        if (!chat) return keyed(badInput("The rung " + rung.name + " cannot play scenarios: " + chat.error().message));
        const int reply = experiment.conformity.turnTokens;
        if (rung.shape.longestSequence() <= reply)
            return keyed(badInput("The rung " + rung.name + " takes " + std::to_string(rung.shape.longestSequence()) +
                                  " tokens, which leaves no room for a task beside a reply of " +
                                  std::to_string(reply) + "; lower conformity.turn_tokens."),
                         "conformity.turn_tokens");
    }
    return {};
}

} // namespace gradus::pipeline
