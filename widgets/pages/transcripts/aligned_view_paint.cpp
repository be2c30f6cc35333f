// SPDX-License-Identifier: GPL-3.0-or-later
// How episodes side by side are drawn.
#include "pages/transcripts/aligned_view.h"

#include "base/text.h"
#include "pages/transcripts/verdict_look.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace gradus::pages {

void AlignedView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    const common::Tokens& tokens = m_theme.tokens();
    painter.fillRect(viewport()->rect(), tokens.surface);
    if (m_rows.empty()) return;
    const int from = verticalScrollBar()->value();
    const int first = static_cast<int>(m_heights.rowAt(from));
    int top = kTitle + static_cast<int>(m_heights.before(static_cast<std::size_t>(first))) - from;
    painter.setClipRect(viewport()->rect().adjusted(0, kTitle, 0, 0));
    for (int row = first; row < rowCount() && top < viewport()->height(); ++row) {
        const QRect rect(0, top, viewport()->width(), m_rowHeights[static_cast<std::size_t>(row)]);
        paintRow(painter, rect, row);
        top += rect.height();
    }
    painter.setClipping(false);
    paintTitles(painter);
}

void AlignedView::paintTitles(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRect bar(0, 0, viewport()->width(), kTitle);
    painter.fillRect(bar, tokens.surface2);
    painter.fillRect(QRect(0, kTitle - 1, bar.width(), 1), tokens.border);
    for (int side = 0; side < sideCount(); ++side) {
        const Side& shown = m_sides[static_cast<std::size_t>(side)];
        QRect head = cellRect(bar, side).adjusted(kMargin, 0, -kMargin, 0);
        painter.setFont(common::typeFont(common::Type::SmallStrong));
        painter.setPen(tokens.text);
        const QString letter = QString(QChar(u'A' + side));
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, letter);
        head.setLeft(head.left() + painter.fontMetrics().horizontalAdvance(letter) + 8);
        painter.setFont(common::typeFont(common::Type::Small));
        painter.setPen(tokens.text2);
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(shown.title, Qt::ElideRight, head.width()));
    }
}

void AlignedView::paintRow(QPainter& painter, const QRect& rect, int number) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const viewmodels::AlignedRow& row = m_rows[static_cast<std::size_t>(number)];
    const auto bodies = m_bodies.find(number);
    if (row.isShared) painter.fillRect(rect, common::blended(tokens.surface2, tokens.surface, 0.5));
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.setPen(number == m_current ? tokens.accent : tokens.text2);
    if (!isVerdicts(number))
        painter.drawText(QRect(0, rect.top(), kGutter - 6, kHead), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(number + 1));
    for (int side = 0; side < sideCount() && bodies != m_bodies.end(); ++side) {
        QRect cell = cellRect(rect, side);
        if (row.isShared) cell.setWidth(sideWidth() * sideCount());
        paintCell(painter, cell, number, side, bodies->second[static_cast<std::size_t>(side)]);
        if (row.isShared) break;
    }
    if (number == m_current) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.accent, hasFocus() ? 2 : 1));
        painter.drawRect(rect.adjusted(1, 1, -2, -2));
    }
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.grid);
}

void AlignedView::paintCell(QPainter& painter, const QRect& cell, int number, int side, const Body& body) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const Side& shown = m_sides[static_cast<std::size_t>(side)];
    painter.save();
    painter.setClipRect(cell, Qt::IntersectClip);
    if (side > 0) painter.fillRect(QRect(cell.left(), cell.top(), 1, cell.height()), tokens.border);
    QColor colour = colourOf(kindAt(number, side), tokens);
    QString word;
    if (isVerdicts(number)) {
        const auto verdict =
            shown.tellsVerdict ? viewmodels::verdictOf(shown.episode->verdict) : viewmodels::Verdict::NotJudged;
        const VerdictLook look = lookOf(verdict, tokens);
        painter.fillRect(cell.adjusted(1, 0, 0, 0), look.fill);
        colour = look.text;
        word = shown.tellsVerdict ? tr("verdict: %1").arg(viewmodels::verdictText(verdict))
                                  : tr("hidden until it is judged");
        common::paintIcon(painter, QRectF(cell.left() + kMargin, cell.top() + 6, 12, 12), look.icon, colour);
    } else if (const events::EpisodeMessage* message = messageAt(number, side)) {
        word = headWord(kindOf(*message), message->role);
    } else {
        painter.fillRect(cell.adjusted(1, 0, 0, -1),
                         QBrush(common::blended(tokens.text2, tokens.surface, 0.25), Qt::BDiagPattern));
        painter.restore();
        return;
    }
    painter.fillRect(QRect(cell.left() + (side > 0 ? 1 : 0), cell.top(), 3, cell.height() - 1), colour);
    const int shift = isVerdicts(number) ? 18 : 0;
    painter.setFont(common::typeFont(common::Type::SmallStrong));
    painter.setPen(colour);
    painter.drawText(QRect(cell.left() + kMargin + shift, cell.top(), cell.width() - 2 * kMargin - shift, kHead),
                     Qt::AlignLeft | Qt::AlignVCenter, word);
    if (body.layout && (!isVerdicts(number) || shown.tellsVerdict))
        paintBody(painter, QPoint(cell.left() + kMargin, cell.top() + kHead), cell.width() - 2 * kMargin, body, tokens,
                  viewport()->height());
    painter.restore();
}

} // namespace gradus::pages
