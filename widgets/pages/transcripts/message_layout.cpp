// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/message_layout.h"

#include "base/text.h"
#include "viewmodels/search_marks.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <cmath>

namespace gradus::pages {

namespace {

common::Type typeOf(bool mono)
{
    return mono ? common::Type::Mono : common::Type::Body;
}

QList<QTextLayout::FormatRange> formatsOf(const QString& text, const Body& body, const BodyStyle& style,
                                          const common::Tokens& tokens)
{
    QList<QTextLayout::FormatRange> formats;
    const auto add = [&](const viewmodels::NamedRange& range) -> QTextCharFormat& {
        formats.append({static_cast<int>(range.start), static_cast<int>(range.length), {}});
        return formats.last().format;
    };
    for (const viewmodels::NamedRange& range : style.changed) {
        QTextCharFormat& format = add(range);
        format.setBackground(style.changedFill);
        format.setUnderlineStyle(QTextCharFormat::DotLine); // a mark is not colour alone
    }
    for (const viewmodels::NamedRange& box : body.shown.boxes) {
        // Boxes side by side share a format: thousands of formats would take the layout minutes.
        if (!formats.isEmpty() && formats.last().start + formats.last().length == static_cast<int>(box.start) &&
            formats.last().format.foreground().color() == tokens.warn) {
            formats.last().length += static_cast<int>(box.length);
            continue;
        }
        QTextCharFormat& format = add(box);
        format.setBackground(tokens.warnWeak);
        format.setForeground(tokens.warn);
    }
    for (const viewmodels::NamedRange& hit : viewmodels::searchMarks(text, style.search)) {
        QTextCharFormat& format = add(hit);
        format.setBackground(tokens.accentWeak);
        format.setForeground(tokens.accent);
        format.setFontUnderline(true);
    }
    return formats;
}

} // namespace

MessageKind kindOf(const events::EpisodeMessage& message)
{
    if (message.role == "system") return MessageKind::System;
    if (message.role == "user") return MessageKind::User;
    if (message.role == "assistant")
        return message.detailsJson.empty() ? MessageKind::Assistant : MessageKind::ToolCall;
    return message.role == "tool" ? MessageKind::ToolOutput : MessageKind::Other;
}

MessageKind kindOf(store::MessageSort sort)
{
    using store::MessageSort;
    switch (sort) {
    case MessageSort::System:
        return MessageKind::System;
    case MessageSort::User:
        return MessageKind::User;
    case MessageSort::Assistant:
        return MessageKind::Assistant;
    case MessageSort::Call:
        return MessageKind::ToolCall;
    case MessageSort::Output:
    case MessageSort::Denied:
        return MessageKind::ToolOutput;
    case MessageSort::Other:
        break;
    }
    return MessageKind::Other;
}

store::MessageSort sortOf(MessageKind kind)
{
    using store::MessageSort;
    switch (kind) {
    case MessageKind::System:
        return MessageSort::System;
    case MessageKind::User:
        return MessageSort::User;
    case MessageKind::Assistant:
        return MessageSort::Assistant;
    case MessageKind::ToolCall:
        return MessageSort::Call;
    case MessageKind::ToolOutput:
        return MessageSort::Output;
    default:
        return MessageSort::Other;
    }
}

QString headWord(MessageKind kind, const std::string& role)
{
    const auto tr = [](const char* word) { return QCoreApplication::translate("MessageKind", word); };
    switch (kind) {
    case MessageKind::System:
        return tr("system");
    case MessageKind::User:
        return tr("user");
    case MessageKind::Assistant:
        return tr("assistant");
    case MessageKind::ToolCall:
        return tr("tool call");
    case MessageKind::ToolOutput:
        return tr("tool output");
    case MessageKind::Verdict:
        return tr("verdict");
    case MessageKind::Unread:
        return tr("being read");
    case MessageKind::Other:
        break;
    }
    return QString::fromStdString(visible(role, 60));
}

QColor colourOf(MessageKind kind, const common::Tokens& tokens)
{
    switch (kind) {
    case MessageKind::User:
        return tokens.ok;
    case MessageKind::Assistant:
        return tokens.accent;
    case MessageKind::ToolCall:
        return tokens.warn;
    default:
        return tokens.text2;
    }
}

Body layOutBody(std::string_view content, const BodyStyle& style, const common::Tokens& tokens)
{
    Body body;
    body.isMono = isMono(style.kind);
    body.shown = viewmodels::displayText(content, style.lines, style.bytes);
    QString text = body.shown.text;
    if (text.isEmpty() && body.shown.isWhole()) text = QCoreApplication::translate("MessageKind", "(nothing)");
    text.replace(QLatin1Char('\n'), QChar::LineSeparator);
    const QFont font = common::typeFont(typeOf(body.isMono));
    body.layout = std::make_unique<QTextLayout>(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(8.0 * QFontMetricsF(font).horizontalAdvance(QLatin1Char(' ')));
    body.layout->setTextOption(option);
    body.layout->setFormats(formatsOf(text, body, style, tokens));
    const int padding = body.isMono ? kBodyPadding : 0;
    double y = 0;
    body.layout->beginLayout();
    for (QTextLine line = body.layout->createLine(); line.isValid(); line = body.layout->createLine()) {
        line.setLineWidth(style.width - 2 * padding);
        line.setPosition({0, y});
        y += std::ceil(line.height()) + (body.isMono ? 0 : 2);
    }
    body.layout->endLayout();
    body.height = static_cast<int>(y) + 2 * padding;
    return body;
}

void paintBody(QPainter& painter, const QPoint& topLeft, int width, const Body& body, const common::Tokens& tokens,
               int viewportHeight)
{
    QPointF at = topLeft;
    if (body.isMono) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.surface2);
        painter.drawRoundedRect(QRect(topLeft, QSize(width, body.height)), 4, 4);
        at += QPointF(kBodyPadding, kBodyPadding);
    }
    painter.setPen(body.shown.text.isEmpty() ? tokens.text2 : tokens.text);
    body.layout->draw(&painter, at);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(tokens.warn);
    int number = 0; // of the line; boxes come in the order of the text
    for (const viewmodels::NamedRange& box : body.shown.boxes) {
        const auto start = static_cast<int>(box.start);
        const auto endsBefore = [&](const QTextLine& line) { return line.textStart() + line.textLength() <= start; };
        while (number < body.layout->lineCount() && endsBefore(body.layout->lineAt(number)))
            ++number;
        if (number == body.layout->lineCount()) break;
        const QTextLine line = body.layout->lineAt(number);
        if (at.y() + line.y() > viewportHeight) break; // boxes further down are not seen
        if (at.y() + line.y() + line.height() < 0) continue;
        const double left = line.cursorToX(static_cast<int>(box.start));
        const double right = line.cursorToX(static_cast<int>(box.start + box.length));
        painter.drawRect(QRectF(at.x() + left, at.y() + line.y(), right - left, line.height() - 1));
    }
}

} // namespace gradus::pages
