// SPDX-License-Identifier: GPL-3.0-or-later
// How a transcript is drawn.
#include "pages/transcripts/transcript_view.h"

#include "base/text.h"
#include "events/evidence.h"
#include "pages/transcripts/verdict_look.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace gradus::pages {

namespace {

/// Where standard error begins in what a command said.
QString streamsText(const events::EpisodeMessage& message)
{
    const events::Streams streams = events::streamsOf(message);
    if (streams.errors.empty()) return {};
    const QString errors =
        TranscriptView::tr("%n byte(s) of standard error", nullptr, static_cast<int>(streams.errors.size()));
    if (streams.output.empty()) return QStringLiteral("  ") + errors;
    return QStringLiteral("  ") +
           TranscriptView::tr("%n byte(s) of output, then %1", nullptr, static_cast<int>(streams.output.size()))
               .arg(errors);
}

} // namespace

QColor TranscriptView::colourAt(int block) const
{
    const common::Tokens& tokens = m_theme.tokens();
    if (kindAt(block) != MessageKind::Verdict) return colourOf(kindAt(block), tokens);
    return lookOf(viewmodels::verdictOf(m_episode->verdict), tokens).text;
}

void TranscriptView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(event->rect(), m_theme.tokens().surface);
    if (m_blocks.empty()) return;
    const int from = verticalScrollBar()->value();
    const int first = static_cast<int>(m_heights.rowAt(from + event->rect().top()));
    int top = topOf(first) - from;
    for (int i = first; i < blockCount() && top <= event->rect().bottom(); ++i) {
        const QRect rect(0, top, viewport()->width(), m_blocks[static_cast<std::size_t>(i)].height);
        if (rect.height() > 0) paintBlock(painter, rect, i);
        top += rect.height();
    }
}

void TranscriptView::paintBlock(QPainter& painter, const QRect& rect, int number) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const MessageKind kind = kindAt(number);
    const auto body = m_bodies.find(number);
    painter.save();
    painter.setClipRect(rect); // stacked marks must not climb out of their message
    const QColor colour = colourAt(number);
    if (kind == MessageKind::Verdict)
        painter.fillRect(rect, lookOf(viewmodels::verdictOf(m_episode->verdict), tokens).fill);
    painter.fillRect(QRect(rect.left(), rect.top(), kBar, rect.height() - 1), colour);
    if (number == m_current) {
        painter.setPen(QPen(tokens.accent, hasFocus() ? 2 : 1));
        painter.drawRect(rect.adjusted(kBar + 1, 1, -2, -3));
    }
    const common::Icon arrow = isFolded(number) ? common::Icon::ChevronRight : common::Icon::ChevronDown;
    common::paintIcon(painter, QRectF(rect.left() + kBar + 3, rect.top() + (kHead - 12) / 2.0, 12, 12), arrow,
                      tokens.text2);
    QRect head(rect.left() + kBar + kMargin, rect.top(), bodyWidth(), kHead);
    if (kind == MessageKind::Verdict) {
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
    if (kind == MessageKind::Verdict)
        beside = m_episode->judge.empty()
                     ? QString()
                     : tr("by %1, never shown to the model").arg(QString::fromStdString(visible(m_episode->judge, 60)));
    else if (const events::EpisodeMessage* message = messageAt(number)) {
        if (kind == MessageKind::ToolCall)
            beside += QStringLiteral("  ") + QString::fromStdString(visible(message->detailsJson, 200));
        if (kind == MessageKind::ToolOutput) beside += streamsText(*message);
    }
    if (const auto next = static_cast<std::size_t>(number) + 1; next < m_blocks.size() && m_blocks[next].isHidden)
        beside += QStringLiteral("  ") + tr("%n more message(s) of this turn", nullptr, turnEnd(number) - number - 1);
    if (isDenied(number)) beside = tr("denied") + QStringLiteral("  ") + beside;
    if (isFolded(number)) beside += QStringLiteral("  ") + QString::fromStdString(visible(contentOf(number), 200));
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(beside, Qt::ElideRight, head.width()));
    if (body != m_bodies.end() && !isFolded(number)) {
        const QPoint place(rect.left() + kBar + kMargin, rect.top() + kHead);
        paintBody(painter, place, bodyWidth(), body->second, tokens, viewport()->height());
        if (!body->second.shown.isWhole()) {
            painter.setFont(common::typeFont(common::Type::Small));
            painter.setPen(tokens.accent);
            painter.drawText(QRect(place.x(), place.y() + body->second.height, bodyWidth(), kMore),
                             Qt::AlignLeft | Qt::AlignVCenter, moreTextOf(number));
        }
    }
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.grid);
    painter.restore();
}

} // namespace gradus::pages
