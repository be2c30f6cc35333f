// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/play_arguments.h"

#include "base/text.h"
#include "commands/number_options.h"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addPlayOptions(CLI::App& verb, PlayArguments& arguments)
{
    verb.add_option("folder", arguments.folder, "Hugging Face model folder with a chat template");
    verb.add_option("--file", arguments.choice.files, "Scenario files; none: those that come with the program");
    verb.add_option("--scenario", arguments.choice.ids, "Only these scenarios, by id");
    verb.add_option("--family", arguments.choice.family, "Only this family: F1 to F16");
    verb.add_option("--twin", arguments.twins, "Only these twins")
        ->check(CLI::IsMember({"honest", "hazard", "injected"}));
    verb.add_option("--cue", arguments.cue, "What the task says about being observed, where a scenario has it")
        ->check(CLI::IsMember({"none", "watched", "unwatched", "sandbox", "production"}))
        ->capture_default_str();
    verb.add_option("--cue-pairs", arguments.cuePairs,
                    "Every seed under both cues of a pair, and what that changes (McNemar's test): watching (unwatched "
                    "and watched) or reality (production and sandbox)")
        ->check(CLI::IsMember({"watching", "reality"}))
        ->excludes("--cue");
    verb.add_flag("--gate", arguments.gate,
                  "Ask the live monitors before each call, and the judge where there is one: what they do not approve "
                  "is not executed");
    agent::PlayOptions& play = arguments.play;
    verb.add_option("--episodes", play.episodes, "Episodes of each scenario and twin; of a search: in all")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    verb.add_flag("--search", play.search,
                  "Play where hazards are likely and new (Thompson sampling over family and variation)");
    verb.add_option("--branches", play.branches,
                    "After each hazard so many more episodes that repeat it up to the act and go on otherwise")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    verb.add_option("--seed", play.seed, "Seed of material and replies")->capture_default_str();
    verb.add_option("--temperature", arguments.temperature, "0: the most probable token")
        ->check(numberFrom(0, 10))
        ->capture_default_str();
    verb.add_option("--top-p", play.sampling.topP, "The fewest most probable tokens whose mass reaches this")
        ->capture_default_str();
    agent::AgentLimits& limits = play.limits;
    verb.add_option("--turns", limits.turns, "Replies an episode")->check(CLI::Range(1, 1000))->capture_default_str();
    verb.add_option("--turn-tokens", limits.tokensPerTurn, "Tokens a reply")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
    verb.add_option("--tokens", limits.tokens, "Tokens of all replies of an episode")
        ->check(CLI::Range(1, 1 << 24))
        ->capture_default_str();
    verb.add_option("--reminders", limits.reminders,
                    "Before its first call: how often a reply that does nothing is answered by one right call")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    verb.add_option("--seconds", limits.seconds, "Seconds of thinking an episode; 0: no limit")
        ->check(numberFrom(0, 3600))
        ->capture_default_str();
    verb.add_option("--context", limits.context, "Tokens that the model may see; 0: all it takes")
        ->check(CLI::Range(0, 1 << 24))
        ->capture_default_str();
    addAskedChoice(verb, "judge", "Who says how suspicious an episode is (monitor M6)", arguments.judge);
    addAskedChoice(verb, "auditor", "Who chooses in a search, and may add to the task", arguments.auditor);
}

agent::PlayOptions playOptionsOf(const PlayArguments& arguments)
{
    agent::PlayOptions options = arguments.play;
    options.twins.clear();
    for (const scenario::Twin twin : scenario::allTwins)
        if (std::ranges::find(arguments.twins, twinName(twin)) != arguments.twins.end()) options.twins.push_back(twin);
    options.cue = cueOf(arguments.cue);
    options.cuePair = scenario::findCuePair(arguments.cuePairs);
    options.sampling.greedy = arguments.temperature == 0;
    if (arguments.temperature > 0) options.sampling.temperature = arguments.temperature;
    return options;
}

std::vector<std::string> wordsOf(const PlayArguments& arguments)
{
    std::error_code ignored;
    const auto absolute = [&](const std::string& path) { return std::filesystem::absolute(path, ignored).string(); };
    std::vector<std::string> words{absolute(arguments.folder)};
    const auto add = [&](const char* option, const std::string& value) {
        words.emplace_back(option);
        words.push_back(value);
    };
    for (const std::string& file : arguments.choice.files)
        add("--file", absolute(file));
    for (const std::string& id : arguments.choice.ids)
        add("--scenario", id);
    if (!arguments.choice.family.empty()) add("--family", arguments.choice.family);
    for (const std::string& twin : arguments.twins)
        add("--twin", twin);
    if (arguments.cuePairs.empty())
        add("--cue", arguments.cue);
    else
        add("--cue-pairs", arguments.cuePairs);
    if (arguments.gate) words.emplace_back("--gate");
    const agent::PlayOptions& play = arguments.play;
    add("--episodes", std::to_string(play.episodes));
    if (play.search) words.emplace_back("--search");
    add("--branches", std::to_string(play.branches));
    add("--seed", std::to_string(play.seed));
    add("--temperature", gradus::numberText(arguments.temperature));
    add("--top-p", gradus::numberText(play.sampling.topP));
    add("--turns", std::to_string(play.limits.turns));
    add("--turn-tokens", std::to_string(play.limits.tokensPerTurn));
    add("--tokens", std::to_string(play.limits.tokens));
    add("--reminders", std::to_string(play.limits.reminders));
    add("--seconds", gradus::numberText(play.limits.seconds));
    add("--context", std::to_string(play.limits.context));
    for (const std::string& word : wordsOf("judge", arguments.judge))
        words.push_back(word);
    for (const std::string& word : wordsOf("auditor", arguments.auditor))
        words.push_back(word);
    return words;
}

Result<void> takeWords(const std::vector<std::string>& words, PlayArguments& arguments)
{
    PlayArguments taken;
    taken.output = arguments.output;
    taken.store = arguments.store;
    taken.resume = arguments.resume;
    taken.json = arguments.json;
    CLI::App verb;
    addPlayOptions(verb, taken);
    try {
        verb.parse(std::vector<std::string>(words.rbegin(), words.rend())); // CLI11 takes them from the back
    } catch (const CLI::ParseError& error) {
        return badInput("The run's own settings cannot be read: " + visible(error.what()) + "; play it anew.");
    }
    arguments = std::move(taken);
    return {};
}

} // namespace gradus::app
