// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/model_policy.h"

#include "agent/tool_words.h"
#include "agent/tools.h"
#include "base/clock.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gradus::agent {

std::string_view agentEndingName(AgentEnding ending)
{
    static constexpr std::array<std::string_view, 8> names = {"open",    "said",      "turns", "tokens",
                                                              "context", "malformed", "time",  "template"};
    return names[static_cast<std::size_t>(ending)];
}

ModelPolicy::ModelPolicy(const ModelAgent& agent, const AgentLimits& limits, const engine::SamplingOptions& sampling,
                         std::uint64_t seed, const StopFlag& stop)
    : m_agent(agent), m_limits(limits), m_sampling(sampling), m_stop(stop), m_conversation(agent.model())
{
    m_sampling.seed = seed;
}

scenario::Move ModelPolicy::end(AgentEnding ending, std::string statement)
{
    m_account.ending = ending;
    return {.call = {}, .statement = std::move(statement)};
}

void ModelPolicy::add(std::vector<chat::ChatMessage> messages)
{
    for (chat::ChatMessage& message : messages)
        m_account.conversation.push_back(std::move(message));
}

/// Tells the model of what was done since it last replied, and of calls that could not be.
void ModelPolicy::settle(const std::vector<scenario::Record>& records)
{
    while (!m_pending.empty()) {
        const Pending& first = m_pending.front();
        const bool done = first.fault.empty();
        if (done && m_answered == records.size()) return; // it is to be done now
        if (first.messageIsDue) add(m_agent.asMessages(first.words, {first.call}));
        add({m_agent.answer(first.call,
                            (done ? answerOf(records[m_answered], m_limits.answerBytes) : first.fault) + first.note)});
        if (done) ++m_answered;
        m_pending.pop_front();
    }
}

Result<scenario::Move> ModelPolicy::next(const std::string& system, const std::string& task,
                                         const std::vector<scenario::Record>& records)
{
    if (m_account.conversation.empty()) {
        add(m_agent.opening(system, task));
        m_opening = m_account.conversation.size();
    }
    while (true) {
        settle(records);
        if (!m_pending.empty()) return scenario::Move{.call = m_pending.front().act, .statement = {}};
        if (m_account.turns >= m_limits.turns) return end(AgentEnding::Turns);
        if (m_account.written >= m_limits.tokens) return end(AgentEnding::Tokens);
        if (m_malformedTurns >= m_limits.malformedTurns) return end(AgentEnding::Malformed);
        if (const std::size_t number = m_account.replies.size(); number < m_repeated.size()) {
            ++m_account.turns;
            m_account.replies.push_back(m_repeated[number]);
        } else {
            auto ending = AgentEnding::Open;
            const auto text = reply(ending);
            if (!text) return text.error();
            if (ending != AgentEnding::Open) return end(ending);
            m_account.replies.push_back(*text);
        }
        take(m_account.replies.back());
        if (m_stated) return end(AgentEnding::Said, m_statement);
    }
}

void ModelPolicy::repeat(std::vector<std::string> replies, std::string message)
{
    m_repeated = std::move(replies);
    m_message = std::move(message);
}

/// The next reply's text, or an ending without one.
Result<std::string> ModelPolicy::reply(AgentEnding& ending)
{
    if (!m_message.empty()) add({{.role = "user", .content = std::exchange(m_message, {})}});
    if (m_limits.seconds > 0 && m_thought >= m_limits.seconds) {
        ending = AgentEnding::Time;
        return std::string();
    }
    const double begun = monotonicSeconds();
    const auto prompt = m_agent.prompt(m_account.conversation);
    if (!prompt) {
        // What a model wrote must not end more than its own episode.
        if (m_account.conversation.size() <= m_opening) return prompt.error();
        ending = AgentEnding::Template;
        return std::string();
    }
    const int longest = m_agent.model().shape().longestSequence();
    const int context = m_limits.context > 0 ? std::min(m_limits.context, longest) : longest;
    const long long room = std::min<long long>({context - static_cast<long long>(prompt->size()),
                                                m_limits.tokensPerTurn, m_limits.tokens - m_account.written});
    if (room < 1) {
        ending = AgentEnding::Context;
        return std::string();
    }
    engine::GenerationOptions options;
    options.sampling = m_sampling;
    options.maxNewTokens = static_cast<int>(room);
    options.stopIds = m_agent.stopIds();
    if (m_limits.seconds > 0)
        options.ended = [&](std::size_t, const engine::Tokens&) {
            return m_thought + monotonicSeconds() - begun >= m_limits.seconds;
        };
    const auto made = m_conversation.reply(*prompt, options, static_cast<std::uint64_t>(m_account.turns), m_stop);
    if (!made) return made.error();
    ++m_account.turns;
    m_account.written += static_cast<long long>(made->tokens.size());
    m_account.read = m_conversation.read();
    m_account.reused = m_conversation.reused();
    m_thought += monotonicSeconds() - begun;
    if (m_limits.seconds > 0 && m_thought >= m_limits.seconds) ending = AgentEnding::Time;
    return m_agent.textOf(made->tokens);
}

/// Makes acts of a reply, or its last words.
void ModelPolicy::take(const std::string& text)
{
    Reply reply = parseReply(text, m_agent.format());
    if (reply.calls.empty() && reply.faults.empty()) {
        add(m_agent.asMessages(text, {}));
        const bool goesOn = m_account.turns < m_limits.turns && m_account.written < m_limits.tokens;
        if (goesOn && m_account.calls == 0 && m_account.reminded < m_limits.reminders) {
            ++m_account.reminded;
            add({{.role = "user", .content = reminder(m_agent.format())}});
            return;
        }
        m_statement = text;
        m_stated = true;
        return;
    }
    m_account.malformed += static_cast<int>(reply.faults.size());
    m_account.later += static_cast<int>(reply.later);
    int known = 0;
    for (chat::ChatCall& call : reply.calls) {
        call.id = callId(m_nextId++);
        auto act = actOf(call);
        Pending pending{.call = call, .act = {}, .fault = {}};
        if (act) {
            pending.act = std::move(*act);
            m_account.replyOf.push_back(m_account.replies.size() - 1);
            m_account.words.push_back(&call == &reply.calls.front() ? reply.words : std::string());
            ++known;
        } else {
            pending.fault = "[error: " + act.error().message + "]";
            ++m_account.malformed;
        }
        m_pending.push_back(std::move(pending));
    }
    m_account.calls += known;
    m_malformedTurns = known > 0 ? 0 : m_malformedTurns + 1;
    if (reply.calls.empty()) { // nothing in it can be said as a call: the words stay as they are
        add(m_agent.asMessages(text, {}));
        add({{.role = "user", .content = correction(m_agent.format(), reply.faults.front())}});
        return;
    }
    if (!reply.faults.empty()) m_pending.back().note = "\n" + correction(m_agent.format(), reply.faults.front());
    if (reply.later > 0) m_pending.back().note += "\n[Only the first call of a reply is done.]";
    if (m_agent.format() != CallFormat::PlainJson) {
        add(m_agent.asMessages(reply.words, reply.calls));
        return;
    }
    // Llama's template takes one call a message.
    for (Pending& pending : m_pending)
        pending.messageIsDue = true;
    m_pending.front().words = reply.words;
}

} // namespace gradus::agent
