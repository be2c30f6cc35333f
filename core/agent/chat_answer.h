// SPDX-License-Identifier: GPL-3.0-or-later
// What a chat completion says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gradus::agent {

/// choices[0].message.content; the message's own refusal is an answer too, and a judge's is counted as one. Nothing
/// where the body is no chat completion.
std::optional<std::string> chatAnswer(std::string_view body);

} // namespace gradus::agent
