// SPDX-License-Identifier: GPL-3.0-or-later
// A template's source as text between tags and the words inside them, white space trimmed as chat templates expect it
// (trim_blocks and lstrip_blocks of Jinja): internal to the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::chat {

enum class TokenKind
{
    Data,
    BeginPrint,
    EndPrint,
    BeginBlock,
    EndBlock,
    Name,
    Text,    ///< a string, escapes undone
    Integer, ///< digits, underscores taken out
    Number,
    Operator,
    End,
};

struct Token
{
    TokenKind kind = TokenKind::End;
    std::string text = {};
    int line = 0;
};

/// A Fault for what is no template.
std::vector<Token> tokensOf(std::string_view source);

} // namespace gradus::chat
