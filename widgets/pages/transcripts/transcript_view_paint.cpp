// SPDX-License-Identifier: GPL-3.0-or-later
// How a transcript is drawn.
#include "pages/transcripts/transcript_view.h"

#include "pages/transcripts/verdict_look.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace gradus::pages {

QColor TranscriptView::colourOf(const Block& block) const
{
    const common::Tokens& tokens = m_theme.tokens();
    switch (block.kind) {
    case Kind::User:
        return tokens.ok;
    case Kind::Assistant:
        return tokens.accent;
    case Kind::ToolCall:
        return tokens.warn;
    case Kind::Verdict:
        return lookOf(viewmodels::verdictOf(m_episode->verdict), tokens).text;
    default:
        return tokens.text2;
    }
}

void TranscriptView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.tokens().surface);
    int top = -verticalScrollBar()->value();
    for (int i = 0; i < blockCount() && top <= event->rect().bottom(); ++i) {
        const Block& block = m_blocks[static_cast<std::size_t>(i)];
        const QRect rect(0, top, viewport()->width(), block.height);
        if (block.layout && rect.intersects(event->rect())) paintBlock(painter, rect, i);
        top += block.height;
    }
}

void TranscriptView::paintBlock(QPainter& painter, const QRect& rect, int number) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const Block& block = m_blocks[static_cast<std::size_t>(number)];
    painter.save();
    painter.setClipRect(rect); // stacked marks must not climb out of their message
    const QColor colour = colourOf(block);
    if (block.kind == Kind::Verdict)
        painter.fillRect(rect, lookOf(viewmodels::verdictOf(m_episode->verdict), tokens).fill);
    painter.fillRect(QRect(rect.left(), rect.top(), kBar, rect.height() - 1), colour);
    if (number == m_current) {
        painter.setPen(QPen(tokens.accent, hasFocus() ? 2 : 1));
        painter.drawRect(rect.adjusted(kBar + 1, 1, -2, -3));
    }
    QRect head(rect.left() + kBar + kMargin, rect.top(), bodyWidth(), kHead);
    if (block.kind == Kind::Verdict) {
        const common::Icon icon = lookOf(viewmodels::verdictOf(m_episode->verdict), tokens).icon;
        common::paintIcon(painter, QRectF(head.left(), head.center().y() - 6, 14, 14), icon, colour);
        head.setLeft(head.left() + 20);
    }
    painter.setFont(common::typeFont(common::Type::SmallStrong));
    painter.setPen(colour);
    const QString word = headOf(number);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, word);
    head.setLeft(head.left() + painter.fontMetrics().horizontalAdvance(word) + 10);
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(tokens.text2);
    QString beside = tr("turn %1").arg(number + 1);
    if (block.kind == Kind::Verdict)
        beside = m_episode->judge.empty() ? QString()
                                          : tr("by %1, never shown to the model").arg(shortText(m_episode->judge));
    else if (block.kind == Kind::ToolCall)
        beside +=
            QStringLiteral("  ") + shortText(m_episode->messages[static_cast<std::size_t>(number)].detailsJson, 200);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(beside, Qt::ElideRight, head.width()));
    paintBody(painter, rect, block);
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.grid);
    painter.restore();
}

void TranscriptView::paintBody(QPainter& painter, const QRect& rect, const Block& block) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const int more = block.shown.isWhole() ? 0 : kMore;
    const QRect body(rect.left() + kBar + kMargin, rect.top() + kHead, bodyWidth(),
                     rect.height() - kHead - kBelow - more);
    QPointF at = body.topLeft();
    if (isMono(block.kind)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.surface2);
        painter.drawRoundedRect(body, 4, 4);
        at += QPointF(kPadding, kPadding);
    }
    painter.setPen(block.content.empty() ? tokens.text2 : tokens.text);
    block.layout->draw(&painter, at);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(tokens.warn);
    int number = 0; // of the line; boxes come in the order of the text
    for (const viewmodels::NamedRange& box : block.shown.boxes) {
        const auto start = static_cast<int>(box.start);
        const auto endsBefore = [&](const QTextLine& line) { return line.textStart() + line.textLength() <= start; };
        while (number < block.layout->lineCount() && endsBefore(block.layout->lineAt(number)))
            ++number;
        if (number == block.layout->lineCount()) break;
        const QTextLine line = block.layout->lineAt(number);
        if (at.y() + line.y() > viewport()->height()) break; // boxes further down are not seen
        if (at.y() + line.y() + line.height() < 0) continue;
        const double left = line.cursorToX(static_cast<int>(box.start));
        const double right = line.cursorToX(static_cast<int>(box.start + box.length));
        painter.drawRect(QRectF(at.x() + left, at.y() + line.y(), right - left, line.height() - 1));
    }
    if (more == 0) return;
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(tokens.accent);
    const auto place = static_cast<int>(&block - m_blocks.data());
    painter.drawText(QRect(body.left(), body.bottom() + 1, body.width(), kMore), Qt::AlignLeft | Qt::AlignVCenter,
                     moreTextOf(place));
}

} // namespace gradus::pages
