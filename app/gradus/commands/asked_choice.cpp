// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/asked_choice.h"

#include "agent/asked_agent.h"

#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addAskedChoice(CLI::App& verb, const std::string& role, const std::string& what, AskedChoice& choice)
{
    CLI::Option* place = verb.add_option("--" + role, choice.place,
                                         what + ": a model folder, or the http:// or https:// address of an "
                                                "OpenAI-compatible server; nobody is contacted without it");
    verb.add_option("--" + role + "-model", choice.model, "What that server calls its model")->needs(place);
    verb.add_option("--" + role + "-ca", choice.authorities,
                    "Certificates (PEM) of who may vouch for an https:// server, in the system's place")
        ->needs(place);
}

std::vector<std::string> wordsOf(const std::string& role, const AskedChoice& choice)
{
    if (choice.place.empty()) return {};
    std::error_code ignored;
    const auto absolute = [&](const std::string& path) { return std::filesystem::absolute(path, ignored).string(); };
    std::vector<std::string> words{"--" + role, agent::isAddress(choice.place) ? choice.place : absolute(choice.place)};
    if (!choice.model.empty()) {
        words.push_back("--" + role + "-model");
        words.push_back(choice.model);
    }
    if (!choice.authorities.empty()) {
        words.push_back("--" + role + "-ca");
        words.push_back(absolute(choice.authorities));
    }
    return words;
}

Result<std::unique_ptr<AskedModel>> openAsked(const AskedChoice& choice)
{
    if (choice.place.empty()) return std::unique_ptr<AskedModel>();
    const char* key = std::getenv("GRADUS_API_KEY");
    return agent::openAskedModel(
        choice.place, {.model = choice.model, .key = key != nullptr ? key : "", .authorities = choice.authorities});
}

} // namespace gradus::app
