// SPDX-License-Identifier: GPL-3.0-or-later
// The tools of a cell as a language model is told of them, and its calls as acts in the cell. Pure.
#pragma once

#include "base/result.h"
#include "chat/chat_template.h"
#include "scenario/scenario.h"
#include "scenario/transcript.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::agent {

/// bash {command}, read_file {path}, write_file {path, content}.
const std::vector<chat::ChatTool>& cellTools();

/// Bad input, as a sentence for the model: no such tool, an argument that is missing or of another kind.
Result<scenario::ToolCall> actOf(const chat::ChatCall& call);

/// The same act as a call: what a script does, as a model would ask for it. The id is empty.
chat::ChatCall callOf(const scenario::ToolCall& act);

/// "call00007": nine letters and digits, as Mistral's templates ask for.
std::string callId(int number);

/// What came of it, as the model reads it: output, then errors, then how it ended; at most so many bytes, the middle
/// left out.
std::string answerOf(const scenario::Record& record, std::size_t mostBytes);

} // namespace gradus::agent
