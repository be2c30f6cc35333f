// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/elided_paragraph.h"

#include <QEvent>
#include <QFontMetrics>

namespace gradus::common {

ElidedParagraph::ElidedParagraph(int lines, QWidget* parent) : QLabel(parent), m_lines(lines)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
}

void ElidedParagraph::setFullText(const QString& text)
{
    if (text == m_full) return;
    m_full = text;
    setAccessibleDescription(text);
    fit();
}

void ElidedParagraph::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    fit();
}

void ElidedParagraph::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fit();
}

void ElidedParagraph::fit()
{
    const QFontMetrics metrics = fontMetrics();
    const int width = contentsRect().width();
    const int height = m_lines * metrics.lineSpacing();
    const auto fits = [&](const QString& text) {
        return metrics.boundingRect(QRect(0, 0, width, 0), Qt::TextWordWrap, text).height() <= height;
    };
    QString shown = m_full;
    if (width > 0 && !fits(m_full)) {
        qsizetype some = 0; // of the characters fit with the ellipsis behind them
        for (qsizetype most = m_full.size(); some < most;) {
            const qsizetype half = (some + most + 1) / 2;
            if (fits(m_full.left(half).trimmed() + QChar(0x2026)))
                some = half;
            else
                most = half - 1;
        }
        if (some > 0 && m_full[some - 1].isHighSurrogate()) --some;
        shown = m_full.left(some).trimmed() + QChar(0x2026);
    }
    if (shown == text()) return;
    setText(shown);
}

} // namespace gradus::common
