// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/transcript_map.h"

#include "common/controls.h"
#include "pages/transcripts/transcript_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace gradus::pages {

TranscriptMap::TranscriptMap(TranscriptView& view, const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("transcriptMap"));
    setAccessibleName(tr("Map of the transcript"));
    setToolTip(tr("Who speaks where, and where the search hits; click to go there"));
    setFixedWidth(kWidth);
    connect(&view, &TranscriptView::changed, this, qOverload<>(&QWidget::update));
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void TranscriptMap::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), tokens.surface2);
    if (m_view.blockCount() == 0 || height() == 0) return;
    // One colour a line of pixels: the cost is that of the map, not of the transcript.
    for (int y = 0; y < height(); ++y) {
        const MessageKind kind = m_view.kindAt(m_view.blockAtShare((y + 0.5) / height()));
        if (kind == MessageKind::Unread) continue;
        const QColor colour = kind == MessageKind::Verdict ? tokens.text2 : colourOf(kind, tokens);
        painter.fillRect(QRect(4, y, width() - 8, 1), common::blended(colour, tokens.surface2, 0.55));
    }
    // What was denied is red whatever stands around it.
    for (int y = 0; y < height(); ++y) {
        const int first = m_view.blockAtShare(y / double(height()));
        const int last = m_view.blockAtShare((y + 1.0) / height());
        if (m_view.hasDenied(first, std::max(first, last - 1)))
            painter.fillRect(QRect(3, y, width() - 6, 2), tokens.danger);
    }
    int before = -2;
    for (const int hit : m_view.hits()) {
        const int y = static_cast<int>(m_view.shareOf(hit) * height());
        if (y < before + 2) continue; // hits of one line are one mark
        painter.fillRect(QRect(1, y, width() - 2, 2), tokens.accent);
        before = y;
    }
    const QScrollBar* bar = m_view.verticalScrollBar();
    const double all = bar->maximum() + bar->pageStep();
    if (all <= 0 || bar->maximum() == 0) return;
    const int top = static_cast<int>(bar->value() / all * height());
    const int seen = std::max(6, static_cast<int>(bar->pageStep() / all * height()));
    painter.setPen(tokens.text2);
    painter.drawRect(QRect(0, std::min(top, height() - seen), width() - 1, seen - 1));
}

void TranscriptMap::goTo(int y)
{
    if (height() > 0) m_view.scrollToShare(std::clamp(y / static_cast<double>(height()), 0.0, 1.0));
}

void TranscriptMap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) goTo(static_cast<int>(event->position().y()));
}

void TranscriptMap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) goTo(static_cast<int>(event->position().y()));
}

} // namespace gradus::pages
