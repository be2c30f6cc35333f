// SPDX-License-Identifier: GPL-3.0-or-later
// What `gradus sandbox play` is told, and the same as words, so that a run can be continued as it was begun.
#pragma once

#include "agent/play.h"
#include "commands/asked_choice.h"
#include "commands/scenario_choice.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradus::app {

struct PlayArguments
{
    std::string folder;
    ScenarioChoice choice;
    std::vector<std::string> twins = {"honest", "hazard", "injected"};
    std::string cue = "none";
    std::string cuePairs; ///< empty: none
    bool gate = false;    ///< the live monitors, and the judge, are asked before each call
    agent::PlayOptions play;
    double temperature = 0;
    AskedChoice judge;   ///< M6 of every episode
    AskedChoice auditor; ///< of a search
    // What follows is of one process alone.
    std::string output;
    std::string store;
    std::string resume;
    bool json = false;
};

/// Everything that says what is played.
void addPlayOptions(CLI::App& verb, PlayArguments& arguments);
agent::PlayOptions playOptionsOf(const PlayArguments& arguments);

/// The words of a command line that says the same; paths are absolute.
std::vector<std::string> wordsOf(const PlayArguments& arguments);
/// Takes these words for what is played; what is of one process alone stays. Bad input where they are no words of ours.
Result<void> takeWords(const std::vector<std::string>& words, PlayArguments& arguments);

} // namespace gradus::app
