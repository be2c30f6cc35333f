// SPDX-License-Identifier: GPL-3.0-or-later
// A model behind an OpenAI-compatible address that the user gives: one question, one answer, over plain HTTP.
#pragma once

#include "base/asked_model.h"

#include <cstddef>
#include <string>

namespace gradus::agent {

struct EndpointOptions
{
    std::string model = {};                       ///< as the server calls it; may be empty where it has one alone
    std::string key = {};                         ///< sent as a bearer token; empty: none
    int answerTokens = 300;                       ///< of one answer
    double seconds = 120;                         ///< for a whole question
    std::size_t mostBytes = std::size_t{1} << 20; ///< of a reply
};

/// Nothing is contacted before ask(). Addresses are http:// alone: servers that models run on speak it on the machine's
/// own network, and what lies beyond needs a proxy that the user trusts. What comes back is bounded and hostile.
class ChatEndpoint final : public AskedModel
{
public:
    /// address: "http://127.0.0.1:8000" or ".../v1"; "/v1" is added where there is no path. Bad input otherwise.
    static Result<ChatEndpoint> open(const std::string& address, EndpointOptions options);

    std::string name() const override;
    Result<std::string> ask(const std::string& prompt) override;

private:
    ChatEndpoint(std::string host, std::string port, std::string path, EndpointOptions options);

    std::string m_host;
    std::string m_port;
    std::string m_path; ///< of the chat completions
    EndpointOptions m_options;
};

/// Whether it is an address and no folder.
bool isAddress(const std::string& text);

} // namespace gradus::agent
