// SPDX-License-Identifier: GPL-3.0-or-later
// A template as a tree, and the parser that makes it: internal to the room.
#pragma once

#include "base/result.h"
#include "chat/value.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::chat {

enum class ExpressionKind
{
    Constant,
    Name,      ///< text
    ListOf,    ///< parts; text "tuple" for a tuple
    MapOf,     ///< parts: key, value, key, value, ...
    Attribute, ///< parts[0].text
    Item,      ///< parts[0][parts[1]]
    Slice,     ///< parts[0][parts[1]:parts[2]:parts[3]], null where left out
    Call,      ///< parts[0](rest of parts, named)
    Filter,    ///< parts[0] | text(rest of parts, named)
    Test,      ///< parts[0] is text(rest of parts)
    Unary,     ///< text: "-", "+", "not"
    Binary,    ///< text: the operator, "and", "or", "in", "not in", ...
    Choice,    ///< parts[0] if parts[1] else parts[2] (may be null)
};

struct Expression
{
    ExpressionKind kind = ExpressionKind::Constant;
    int line = 0;
    int depth = 1; ///< of the tree below
    std::string text = {};
    Value constant = {};
    std::vector<std::unique_ptr<Expression>> parts = {};
    std::vector<std::pair<std::string, std::unique_ptr<Expression>>> named = {};
};
using ExpressionPointer = std::unique_ptr<Expression>;

enum class StatementKind
{
    Data,     ///< text
    Print,    ///< value
    If,       ///< value, body, otherwise
    For,      ///< targets in value if condition: body, else otherwise
    Set,      ///< targets = value; one target with text "space.name" sets a namespace
    SetBlock, ///< target = what body prints
    Define,   ///< a macro: text(targets, defaults)
    Body,     ///< a block that changes nothing here ({% generation %})
    Break,
    Continue,
};

struct Statement
{
    StatementKind kind = StatementKind::Data;
    int line = 0;
    std::string text = {};
    ExpressionPointer value = {};
    ExpressionPointer condition = {};
    std::vector<std::string> targets = {};
    std::vector<ExpressionPointer> defaults = {}; ///< of the last so many targets of a macro
    std::vector<Statement> body = {};
    std::vector<Statement> otherwise = {};
};

/// Bad input for what is no template, or is beyond the language that chat templates are written in: the construct and
/// the line. At most 256 KiB.
Result<std::vector<Statement>> parseTemplate(std::string_view source, const std::string& file);

/// "FILE, line 3 of the chat template: SENTENCE."
Error templateError(const std::string& file, const Fault& fault);

} // namespace gradus::chat
