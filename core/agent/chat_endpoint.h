// SPDX-License-Identifier: GPL-3.0-or-later
// A model behind an OpenAI-compatible address that the user gives: one question, one answer, over http or https.
#pragma once

#include "agent/http_exchange.h"
#include "base/asked_model.h"

#include <cstddef>
#include <string>

namespace gradus::agent {

struct EndpointOptions
{
    std::string model = {};                       ///< as the server calls it; may be empty where it has one alone
    std::string key = {};                         ///< sent as a bearer token; empty: none
    std::string authorities = {};                 ///< a PEM file of those who may vouch for an https:// server, in the
                                                  ///< system's place
    int answerTokens = 300;                       ///< of one answer
    double seconds = 120;                         ///< for a whole question
    std::size_t mostBytes = std::size_t{1} << 20; ///< of a reply
};

/// Nothing is contacted before ask(), and then that place alone (http_exchange.h). What comes back is bounded and
/// hostile.
class ChatEndpoint final : public AskedModel
{
public:
    /// address: "http://127.0.0.1:8000" or "https://models.example/v1"; "/v1" is added where there is no path. Bad
    /// input otherwise, and where the file of authorities cannot be read.
    static Result<ChatEndpoint> open(const std::string& address, EndpointOptions options);

    std::string name() const override;
    Result<std::string> ask(const std::string& prompt) override;

private:
    ChatEndpoint(HttpAddress address, EndpointOptions options);

    HttpAddress m_address; ///< of the chat completions
    EndpointOptions m_options;
};

/// Whether it is an address and no folder.
bool isAddress(const std::string& text);

} // namespace gradus::agent
