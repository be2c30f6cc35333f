// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/asked_agent.h"

#include "engine/language_model.h"

#include <algorithm>

namespace gradus::agent {

Result<std::string> AskedAgent::ask(const std::string& prompt)
{
    // No tools are told of here: a judge that is offered some would call them.
    const auto tokens = m_agent->question(prompt);
    if (!tokens) return tokens.error();
    const long long room = m_agent->model().shape().longestSequence() - static_cast<long long>(tokens->size());
    if (room < 1)
        return failed("The question has " + std::to_string(tokens->size()) + " tokens, more than " + m_agent->name() +
                      " takes.");
    engine::GenerationOptions options;
    options.sampling.greedy = true;
    options.maxNewTokens = static_cast<int>(std::min<long long>(room, kAnswerTokens));
    options.stopIds = m_agent->stopIds();
    const auto made = m_agent->model().generate({*tokens}, options, StopFlag());
    if (!made) return made.error();
    return m_agent->textOf(made->front().tokens);
}

Result<std::unique_ptr<AskedModel>> openAskedModel(const std::string& folderOrAddress, const EndpointOptions& options)
{
    if (isAddress(folderOrAddress)) {
        auto endpoint = ChatEndpoint::open(folderOrAddress, options);
        if (!endpoint) return endpoint.error();
        return std::unique_ptr<AskedModel>(std::make_unique<ChatEndpoint>(std::move(*endpoint)));
    }
    auto agent = ModelAgent::open(folderOrAddress);
    if (!agent) return agent.error();
    return std::unique_ptr<AskedModel>(std::make_unique<AskedAgent>(std::move(*agent)));
}

} // namespace gradus::agent
