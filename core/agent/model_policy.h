// SPDX-License-Identifier: GPL-3.0-or-later
// A language model as a scenario's policy: it reads the conversation through its template, and its replies become
// calls.
#pragma once

#include "agent/model_agent.h"
#include "base/stop.h"
#include "engine/conversation.h"
#include "engine/sampling.h"
#include "scenario/policy.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace gradus::agent {

struct AgentLimits
{
    int turns = 40;                 ///< replies an episode
    int tokensPerTurn = 512;        ///< of a reply
    int tokens = 8192;              ///< of all replies of an episode
    int malformedTurns = 3;         ///< replies in a row that cannot be read end it
    int reminders = 1;              ///< before its first call: how often a reply that does nothing is answered
    double seconds = 0;             ///< of thinking an episode; 0: no limit, so that equal seeds give equal episodes
    std::size_t answerBytes = 8000; ///< of a tool's answer that the model is shown
    int context = 0;                ///< tokens; 0: as many as the model takes
};

/// Why the model's part of an episode ended.
enum class AgentEnding
{
    Open, ///< the episode ended otherwise: number of calls, time, lost cell, a stop
    Said, ///< it answered without a call
    Turns,
    Tokens,
    Context, ///< what it would have to read no longer fits
    Malformed,
    Time,
    Template, ///< the template refuses the conversation that came of it
};
std::string_view agentEndingName(AgentEnding ending); ///< "said", "turns", "tokens", "context", ...

/// What a model did in one episode, beside the records of its calls.
struct Account
{
    std::vector<chat::ChatMessage> conversation; ///< hostile
    std::vector<std::string> replies;            ///< every turn's text as it came; hostile
    std::vector<std::string> words;              ///< before each call that was an act, or empty; hostile
    std::vector<std::size_t> replyOf;            ///< of each call that was an act: the number of its reply
    int turns = 0;
    int calls = 0;         ///< that could be read and were known
    int malformed = 0;     ///< calls that could not be read, or had no such tool or argument
    int later = 0;         ///< calls that were left aside because an earlier one of the same reply was not answered yet
    int reminded = 0;      ///< replies without a call that were answered by a reminder
    long long written = 0; ///< tokens
    long long read = 0;
    long long reused = 0; ///< prompt tokens that were still known from the turn before
    AgentEnding ending = AgentEnding::Open;
};

/// For one episode. Borrows the agent and the stop flag. A call that cannot be read is answered with a sentence, as a
/// harness does, and never reaches the cell.
class ModelPolicy final : public scenario::Policy
{
public:
    /// seed: of the replies' random streams; sampling.seed is left aside.
    ModelPolicy(const ModelAgent& agent, const AgentLimits& limits, const engine::SamplingOptions& sampling,
                std::uint64_t seed, const StopFlag& stop);

    /// Before the first move: these replies, of an earlier episode of the same material, are taken for the model's own,
    /// so that their calls are done again; then, where there is a message, somebody says it, and the model goes on.
    void repeat(std::vector<std::string> replies, std::string message);

    std::string name() const override { return "model/" + m_agent.name(); }
    Result<scenario::Move> next(const std::string& system, const std::string& task,
                                const std::vector<scenario::Record>& records) override;
    const Account& account() const { return m_account; }

private:
    struct Pending
    {
        chat::ChatCall call;
        scenario::ToolCall act;
        std::string fault;         ///< it is no act: what the model is told
        std::string note = {};     ///< more that it is told
        std::string words = {};    ///< before the call
        bool messageIsDue = false; ///< the assistant's message comes right before the answer
    };

    scenario::Move end(AgentEnding ending, std::string statement = {});
    void settle(const std::vector<scenario::Record>& records);
    Result<std::string> reply(AgentEnding& ending);
    void take(const std::string& text);
    void add(std::vector<chat::ChatMessage> messages);

    const ModelAgent& m_agent;
    AgentLimits m_limits;
    engine::SamplingOptions m_sampling;
    const StopFlag& m_stop;
    engine::Conversation m_conversation;
    Account m_account;
    std::deque<Pending> m_pending;
    std::vector<std::string> m_repeated; ///< replies of another episode that come first
    std::string m_message;               ///< said after them
    std::string m_statement;             ///< of a reply without calls
    bool m_stated = false;
    std::size_t m_opening = 0;  ///< messages before the model's first word
    std::size_t m_answered = 0; ///< records that the model has been told of
    int m_malformedTurns = 0;
    int m_nextId = 1;
    double m_thought = 0; ///< seconds
};

} // namespace gradus::agent
