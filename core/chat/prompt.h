// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation as the ids that a model reads, in which no message can end its own turn.
#pragma once

#include "chat/chat_template.h"
#include "text/tokenizer.h"

#include <vector>

namespace gradus::chat {

/// Renders and encodes. A special token's text inside a message, a call or its arguments (what a model or a file said)
/// becomes ordinary text: only the template opens and closes turns. request's special tokens are the tokenizer's.
/// Errors are render()'s.
Result<std::vector<text::Id>> promptIds(const ChatTemplate& chatTemplate, const text::Tokenizer& tokenizer,
                                        ChatRequest request);

} // namespace gradus::chat
