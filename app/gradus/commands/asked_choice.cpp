// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/asked_choice.h"

#include "agent/asked_agent.h"
#include "agent/chat_endpoint.h"

#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addAskedChoice(CLI::App& verb, const std::string& role, const std::string& what, AskedChoice& choice)
{
    CLI::Option* place = verb.add_option("--" + role, choice.place,
                                         what + ": a model folder, or the http:// address of an OpenAI-compatible "
                                                "server; nobody is contacted without it");
    verb.add_option("--" + role + "-model", choice.model, "What that server calls its model")->needs(place);
}

std::vector<std::string> wordsOf(const std::string& role, const AskedChoice& choice)
{
    if (choice.place.empty()) return {};
    std::error_code ignored;
    std::vector<std::string> words{"--" + role, agent::isAddress(choice.place)
                                                    ? choice.place
                                                    : std::filesystem::absolute(choice.place, ignored).string()};
    if (!choice.model.empty()) {
        words.push_back("--" + role + "-model");
        words.push_back(choice.model);
    }
    return words;
}

Result<std::unique_ptr<AskedModel>> openAsked(const AskedChoice& choice)
{
    if (choice.place.empty()) return std::unique_ptr<AskedModel>();
    const char* key = std::getenv("GRADUS_API_KEY");
    return agent::openAskedModel(choice.place, choice.model, key != nullptr ? key : "");
}

} // namespace gradus::app
