// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/plot_notes.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace gradus::pages {

PlotNotes::PlotNotes(plot::TimePlot& plot, const common::ThemeController& theme)
    : QWidget(&plot), m_plot(plot), m_theme(theme)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    resize(plot.size());
    plot.installEventFilter(this);
}

void PlotNotes::setNotes(const QVector<PlotNote>& notes)
{
    if (notes != m_notes) m_notes = notes;
    raise();
    update();
}

bool PlotNotes::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_plot && event->type() == QEvent::Resize) resize(m_plot.size());
    return QWidget::eventFilter(watched, event);
}

void PlotNotes::paintEvent(QPaintEvent*)
{
    if (m_notes.isEmpty()) return;
    QPainter painter(this);
    painter.setFont(common::typeFont(common::Type::Chart));
    const QRectF area = m_plot.plotArea();
    for (const PlotNote& note : m_notes) {
        const double first = std::max(m_plot.toPixel({note.first, 0}).x(), area.left());
        const double last = std::min(m_plot.toPixel({note.last, 0}).x(), area.right());
        const int wide = painter.fontMetrics().horizontalAdvance(note.text);
        if (last - first < wide + 6) continue;
        const QRectF box((first + last - wide) / 2 - 3, area.bottom() - 17, wide + 6, 15);
        QColor back = m_theme.tokens().surface;
        back.setAlphaF(0.8F);
        painter.fillRect(box, back);
        painter.setPen(m_theme.tokens().text2);
        painter.drawText(box, Qt::AlignCenter, note.text);
    }
}

} // namespace gradus::pages
