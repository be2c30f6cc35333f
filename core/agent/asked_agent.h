// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder, or a generation, that is asked in words; and whatever a user names as such.
#pragma once

#include "agent/chat_endpoint.h"
#include "agent/model_agent.h"
#include "base/asked_model.h"

#include <memory>
#include <string>

namespace gradus::agent {

/// Answers greedily through its own template. What does not fit is an error and no answer.
class AskedAgent final : public AskedModel
{
public:
    static constexpr int kAnswerTokens = 300;

    /// Borrows it.
    explicit AskedAgent(const ModelAgent& agent) : m_agent(&agent) {}
    /// Owns it.
    explicit AskedAgent(ModelAgent&& agent)
        : m_owned(std::make_unique<ModelAgent>(std::move(agent))), m_agent(m_owned.get())
    {
    }

    std::string name() const override { return m_agent->name(); }
    Result<std::string> ask(const std::string& prompt) override;

private:
    std::unique_ptr<ModelAgent> m_owned;
    const ModelAgent* m_agent;
};

/// A folder with a chat template, or an address as ChatEndpoint takes it, with its options. Opens the folder and
/// contacts nobody.
Result<std::unique_ptr<AskedModel>> openAskedModel(const std::string& folderOrAddress, const EndpointOptions& options);

} // namespace gradus::agent
