// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/ladder_view.h"

#include "common/controls.h"
#include "common/number_text.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kSide = 56;
constexpr int kBelow = 44; ///< for two lines of names
constexpr double kDisc = 6;
constexpr double kReach = 16; ///< a click this near takes a rung

} // namespace

LadderView::LadderView(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("ladderView"));
    setAccessibleName(tr("Ladder"));
    setFocusPolicy(Qt::StrongFocus);
    connect(&m_theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

QSize LadderView::minimumSizeHint() const
{
    return {320, 110};
}

void LadderView::setLadder(const QVector<Rung>& rungs, const QVector<Arrow>& arrows, int start, bool isScaled)
{
    m_rungs = rungs;
    m_arrows = arrows;
    m_start = start;
    m_isScaled = isScaled;
    if (m_chosen >= m_rungs.size()) choose(static_cast<int>(m_rungs.size()) - 1);
    QStringList names;
    for (const Rung& rung : rungs)
        names.append(rung.name + (rung.size.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(rung.size)));
    setAccessibleDescription(names.join(QStringLiteral(", ")));
    update();
}

void LadderView::setChosen(int rung)
{
    choose(rung);
}

void LadderView::choose(int rung)
{
    const int bounded = std::clamp(rung, -1, static_cast<int>(m_rungs.size()) - 1);
    if (bounded == m_chosen) return;
    m_chosen = bounded;
    update();
    Q_EMIT chosenChanged(m_chosen);
}

QPointF LadderView::placeOf(int rung) const
{
    if (rung < 0 || rung >= m_rungs.size()) return {};
    double low = m_rungs.front().capacity;
    double high = low;
    for (const Rung& one : m_rungs) {
        low = std::min(low, one.capacity);
        high = std::max(high, one.capacity);
    }
    const double share = high > low ? (m_rungs[rung].capacity - low) / (high - low) : 0.5;
    return {kSide + share * (width() - 2.0 * kSide), static_cast<double>(height() - kBelow)};
}

int LadderView::rungAt(const QPointF& at) const
{
    int nearest = -1;
    double distance = kReach;
    for (int i = 0; i < m_rungs.size(); ++i) {
        const QPointF apart = placeOf(i) - at;
        const double away = std::hypot(apart.x(), std::max(0.0, std::abs(apart.y()) - kBelow / 2.0));
        if (away > distance) continue;
        distance = away;
        nearest = i;
    }
    return nearest;
}

void LadderView::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), tokens.surface);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_rungs.isEmpty()) return;
    const double line = height() - kBelow;
    painter.setPen(QPen(tokens.border, 1));
    painter.drawLine(QPointF(12, line), QPointF(width() - 12, line));
    painter.setFont(common::numericFont(common::Type::Chart));
    for (const Arrow& arrow : m_arrows) {
        const QPointF from = placeOf(arrow.from) - QPointF(0, kDisc + 3);
        const QPointF to = placeOf(arrow.to) - QPointF(0, kDisc + 3);
        const double rise = std::min(line - kDisc - 20, 14 + 0.22 * std::abs(to.x() - from.x()));
        QPainterPath path(from);
        const QPointF top((from.x() + to.x()) / 2, from.y() - 2 * rise);
        path.quadTo(top, to);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.accent, 1.5));
        painter.drawPath(path);
        const double angle = std::atan2(to.y() - top.y(), to.x() - top.x());
        QPolygonF head{to};
        for (const double turn : {0.4, -0.4})
            head.append(to - QPointF(8 * std::cos(angle + turn), 8 * std::sin(angle + turn)));
        painter.setBrush(tokens.accent);
        painter.setPen(Qt::NoPen);
        painter.drawPolygon(head);
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(top.x() - 30, from.y() - rise - 16, 60, 14), Qt::AlignCenter,
                         common::numberText(arrow.gap, 2));
    }
    double taken = -1e9; // right end of the last name that was written
    for (int i = 0; i < m_rungs.size(); ++i) {
        const QPointF at = placeOf(i);
        const bool chosen = i == m_chosen;
        painter.setPen(QPen(chosen ? tokens.text : tokens.accent, chosen ? 2 : 1.5));
        painter.setBrush(i == m_start ? tokens.accent : tokens.surface);
        painter.drawEllipse(at, kDisc, kDisc);
        if (chosen && hasFocus()) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(tokens.accent, 1));
            painter.drawEllipse(at, kDisc + 3, kDisc + 3);
        }
        painter.setFont(common::typeFont(chosen ? common::Type::ChartStrong : common::Type::Chart));
        const QString name = painter.fontMetrics().elidedText(m_rungs[i].name, Qt::ElideMiddle, 2 * kSide - 8);
        const double half = painter.fontMetrics().horizontalAdvance(name) / 2.0;
        // Names that would cover each other: the chosen one is written, of the others the first.
        if (!chosen && at.x() - half < taken + 4) continue;
        taken = at.x() + half;
        painter.setPen(tokens.text);
        painter.drawText(QRectF(at.x() - kSide, at.y() + kDisc + 3, 2 * kSide, 15), Qt::AlignCenter, name);
        painter.setFont(common::numericFont(common::Type::Chart));
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(at.x() - kSide, at.y() + kDisc + 17, 2 * kSide, 15), Qt::AlignCenter, m_rungs[i].size);
    }
    if (!m_isScaled) {
        painter.setPen(tokens.text2);
        painter.setFont(common::typeFont(common::Type::Small));
        painter.drawText(QRectF(12, 6, width() - 24, 18), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("In the order of the list; \"gradus check\" reads the folders' sizes."));
    }
}

void LadderView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    m_isPressed = true;
    choose(rungAt(event->position()));
}

void LadderView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_isPressed || event->button() != Qt::LeftButton) return;
    m_isPressed = false;
    if (m_chosen < 0) return;
    // Dropped beyond a neighbour: it takes that place.
    int to = m_chosen;
    for (int i = 0; i < m_rungs.size(); ++i) {
        const double x = placeOf(i).x();
        if (i < m_chosen && event->position().x() < x) to = std::min(to, i);
        if (i > m_chosen && event->position().x() > x) to = std::max(to, i);
    }
    if (to != m_chosen) Q_EMIT moveRequested(m_chosen, to);
}

void LadderView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const int rung = rungAt(event->position()); rung >= 0) Q_EMIT startRequested(rung);
}

void LadderView::keyPressEvent(QKeyEvent* event)
{
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int by = event->key() == Qt::Key_Left ? -1 : 1;
        if (alt && m_chosen >= 0)
            Q_EMIT moveRequested(m_chosen, m_chosen + by);
        else
            choose(std::clamp(m_chosen + by, 0, static_cast<int>(m_rungs.size()) - 1));
        return;
    }
    case Qt::Key_Delete:
        if (m_chosen >= 0) Q_EMIT removeRequested(m_chosen);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_chosen >= 0) Q_EMIT startRequested(m_chosen);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace gradus::pages
