// SPDX-License-Identifier: GPL-3.0-or-later
// Calls as fenced blocks of Markdown, for models whose template knows no tools: the form that every instruction model
// has seen. The word after the fence names the tool. Pure; every byte read is hostile.
#pragma once

#include "chat/chat_template.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::agent {

inline constexpr std::size_t kDeepestCall = 20; ///< a call stands in a conversation, which may be kDeepestJson deep

/// What a reply does in blocks.
struct FencedReply
{
    std::string words; ///< before the call's block; the whole text where there is none
    /// At most one: what a model writes after a block rests on an output that it has not seen.
    std::vector<chat::ChatCall> calls;
    std::size_t later = 0; ///< blocks behind the call that would have been calls too
    std::string fault;     ///< why there is no call although a block begins like one; empty otherwise
};

/// ```bash (sh, shell) holds a command line, ```read_file a path, ```write_file PATH the content, ```json an object
/// with name and arguments. Blocks of other languages are words. Line ends of a path do not count.
FencedReply fencedReply(std::string_view text);

/// The call as a block that fencedReply reads back equal.
std::string fencedCall(const chat::ChatCall& call);

} // namespace gradus::agent
