// SPDX-License-Identifier: GPL-3.0-or-later
// What a harness says about tools in its own words: to models whose template says nothing of them, and to every model
// whose reply could not be done. Pure.
#pragma once

#include "agent/call_format.h"

#include <string>
#include <vector>

namespace gradus::agent {

/// For the system message: the tools, the form of a call, and that nothing but calls does anything.
std::string wordsAboutTools(CallFormat format);

/// A worked example to stand before the task, as turns of the conversation: small models follow a form that they have
/// seen used, and not one that was described.
std::vector<chat::ChatMessage> demonstration(CallFormat format);

/// A tool's answer as a user's message, for templates without a role for it.
std::string answerInWords(CallFormat format, const std::string& text);

/// One call that is right, as the family writes it.
std::string rightCall(CallFormat format);

/// What a model is told of a call that could not be read: what was wrong, and one right call.
std::string correction(CallFormat format, const std::string& fault);

/// What a model is told whose first replies do nothing. It does not urge: whoever declines may.
std::string reminder(CallFormat format);

} // namespace gradus::agent
