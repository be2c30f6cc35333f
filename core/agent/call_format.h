// SPDX-License-Identifier: GPL-3.0-or-later
// How a model family writes calls of tools into its reply, and what a reply says. Pure; every byte of it is hostile.
#pragma once

#include "chat/chat_template.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::agent {

enum class CallFormat
{
    Tagged,    ///< <tool_call>{"name": ..., "arguments": {...}}</tool_call>: Qwen, Hermes, SmolLM2
    PlainJson, ///< the reply is {"name": ..., "parameters": {...}}: Llama 3
    Bracketed, ///< [TOOL_CALLS][{"name": ..., "arguments": {...}}], or [TOOL_CALLS]name[ARGS]{...}: Mistral
    Fenced,    ///< ```bash and the like (fenced_calls.h): templates that know no tools; Tagged is read too
};
std::string_view callFormatName(CallFormat format); ///< "tagged", "plain JSON", "bracketed", "fenced"

/// Read off a template's text: Tagged where it does something with tools and shows no form, Fenced where it does not.
CallFormat callFormatOf(std::string_view chatTemplate);
/// Whether the template does anything with tools; if not, they are described to the model in its system message.
bool describesTools(std::string_view chatTemplate);

/// One reply: words, and calls whose names and arguments are not checked yet. Faults: sentences about calls that cannot
/// be read, for the model to mend.
struct Reply
{
    std::string words;
    std::vector<chat::ChatCall> calls; ///< ids are empty
    std::vector<std::string> faults;
    /// Calls behind the one that a reply of this form may hold: they are not done, because they rest on an answer that
    /// the model has not seen.
    std::size_t later = 0;
};

/// What a model thought (<think>...</think>) is words; no call is looked for there.
Reply parseReply(std::string_view text, CallFormat format);

/// A reply as the family writes it, for teaching and for templates that do not know tools. Fenced: one call.
std::string writtenCalls(const std::vector<chat::ChatCall>& calls, CallFormat format);

} // namespace gradus::agent
