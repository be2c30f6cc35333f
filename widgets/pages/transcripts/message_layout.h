// SPDX-License-Identifier: GPL-3.0-or-later
// One message laid out as plain text with its marks: what both views of transcripts paint.
#pragma once

#include "common/tokens.h"
#include "events/events.h"
#include "store/episode_outline.h"
#include "viewmodels/hostile_text.h"

#include <QRect>
#include <QString>
#include <QTextLayout>

#include <cstdint>
#include <memory>
#include <string_view>

class QPainter;

namespace gradus::pages {

enum class MessageKind : std::uint8_t
{
    System,
    User,
    Assistant,
    ToolCall,
    ToolOutput,
    Other,
    Verdict,
    Unread, ///< not read from the store yet
};
inline constexpr int kMessageKinds = 8;

MessageKind kindOf(const events::EpisodeMessage& message);
MessageKind kindOf(store::MessageSort sort);
/// The same in the outline's words; nothing is known of what is unread.
store::MessageSort sortOf(MessageKind kind);
/// "tool call", "user", ...: the word that says what it is; of another kind the role itself, made visible.
QString headWord(MessageKind kind, const std::string& role);
QColor colourOf(MessageKind kind, const common::Tokens& tokens); ///< of a message; a verdict has its own
inline bool isMono(MessageKind kind)
{
    return kind == MessageKind::ToolCall || kind == MessageKind::ToolOutput;
}

/// How a body is to be laid out.
struct BodyStyle
{
    MessageKind kind = MessageKind::Other;
    int width = 400;                              ///< of the body, in pixels
    std::size_t lines = 40;                       ///< at most
    std::size_t bytes = 8000;                     ///< at most
    QString search = {};                          ///< marked by the store's rule of words
    QVector<viewmodels::NamedRange> changed = {}; ///< words that another side does not have
    QColor changedFill = {};
};

/// A message's text as it is shown. Boxes name characters that hide or steer.
struct Body
{
    viewmodels::DisplayText shown = {};
    std::unique_ptr<QTextLayout> layout = {};
    bool isMono = false;
    int height = 0; ///< in pixels, padding of a box included
};
inline constexpr int kBodyPadding = 8; ///< inside the box of a tool call or output

Body layOutBody(std::string_view content, const BodyStyle& style, const common::Tokens& tokens);
/// At topLeft, width as it was laid out; of the viewport's height only what is seen.
void paintBody(QPainter& painter, const QPoint& topLeft, int width, const Body& body, const common::Tokens& tokens,
               int viewportHeight);

} // namespace gradus::pages
