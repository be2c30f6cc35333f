// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/ternary_view.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "common/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr double kMargin = 30;    ///< pixels around the triangle, for the corners' names
constexpr double kHitRadius = 12; ///< pixels around the point
constexpr int kWaySamples = 121;
constexpr double kSnap = 0.05;
constexpr double kHalfRoot3 = 0.8660254037844386;

double across(const QPointF& a, const QPointF& b, const QPointF& c)
{
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

} // namespace

TernaryView::TernaryView(viewmodels::MixDesk& desk, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("ternaryView"));
    setAccessibleName(tr("Shares of three sources"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 110);
    connect(&desk, &viewmodels::MixDesk::mixChanged, this, &TernaryView::describe);
    connect(&desk, &viewmodels::MixDesk::sourcesChanged, this, &TernaryView::describe);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
    describe();
}

std::optional<std::array<std::size_t, 3>> TernaryView::corners() const
{
    std::array<std::size_t, 3> on = {};
    std::size_t found = 0;
    for (std::size_t i = 0; i < m_desk.count(); ++i) {
        if (!m_desk.isOn(i)) continue;
        if (found == on.size()) return std::nullopt;
        on[found++] = i;
    }
    if (found < on.size()) return std::nullopt;
    return on;
}

void TernaryView::describe()
{
    if (const auto on = corners()) {
        const auto shares = sharesAt(viewmodels::MixEvaluator(m_desk.mix()), m_desk.playhead());
        QStringList words;
        for (std::size_t i = 0; i < 3; ++i)
            words << tr("%1: %2 percent")
                         .arg(QString::fromStdString(m_desk.sources()[(*on)[i]].name),
                              common::numberText(100 * shares[i], 1));
        setAccessibleDescription(words.join(QStringLiteral("; ")));
    } else {
        setAccessibleDescription(tr("Needs exactly three sources that are on."));
    }
    update();
}

std::array<QPointF, 3> TernaryView::triangle() const
{
    const double side = std::min(width() - 2 * kMargin, (height() - 2 * kMargin) / kHalfRoot3);
    const QPointF middle(width() / 2.0, height() / 2.0);
    const double half = side / 2;
    const double high = side * kHalfRoot3 / 2;
    return {middle + QPointF(-half, high), middle + QPointF(half, high), middle + QPointF(0, -high)};
}

QPointF TernaryView::pointOf(const std::array<double, 3>& shares) const
{
    const auto corner = triangle();
    return corner[0] * shares[0] + corner[1] * shares[1] + corner[2] * shares[2];
}

std::array<double, 3> TernaryView::sharesAt(const viewmodels::MixEvaluator& mix, double x) const
{
    const auto all = mix.sharesAt(x);
    const auto on = *corners();
    return {all[on[0]], all[on[1]], all[on[2]]};
}

/// Barycentric; a pixel outside counts as the nearest place by dropping what is negative.
std::array<double, 3> TernaryView::sharesUnder(const QPointF& pixel) const
{
    const auto corner = triangle();
    const double whole = across(corner[0], corner[1], corner[2]);
    std::array<double, 3> shares = {across(pixel, corner[1], corner[2]) / whole,
                                    across(corner[0], pixel, corner[2]) / whole,
                                    across(corner[0], corner[1], pixel) / whole};
    double sum = 0;
    for (double& share : shares) {
        share = std::max(share, 0.0);
        sum += share;
    }
    for (double& share : shares)
        share /= sum;
    return shares;
}

void TernaryView::paintEvent(QPaintEvent*)
{
    const common::Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), t.surface);
    painter.setFont(common::typeFont(common::Type::Chart));
    const auto on = corners();
    if (!on) {
        painter.setPen(t.text2);
        painter.drawText(rect().adjusted(12, 0, -12, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("The triangle shows three sources: switch on exactly three."));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const auto corner = triangle();
    painter.setPen(QPen(t.grid, 1));
    for (int i = 1; i < 5; ++i)
        for (int c = 0; c < 3; ++c) {
            const double part = i / 5.0;
            const QPointF apex = corner[c];
            painter.drawLine(apex + (corner[(c + 1) % 3] - apex) * part, apex + (corner[(c + 2) % 3] - apex) * part);
        }
    painter.setPen(QPen(hasFocus() ? t.accent : t.border, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolygon(QPolygonF{corner[0], corner[1], corner[2]});
    const viewmodels::MixEvaluator mix(m_desk.mix());
    QPolygonF way;
    for (int i = 0; i < kWaySamples; ++i)
        way << pointOf(sharesAt(mix, schedule::samplePosition(0, 1, i, kWaySamples)));
    painter.setPen(QPen(t.text3, 1));
    painter.drawPolyline(way);
    painter.setBrush(t.surface);
    painter.drawEllipse(way.first(), 3, 3);
    const auto shares = sharesAt(mix, m_desk.playhead());
    painter.setPen(QPen(t.accent, 1.25));
    painter.setBrush(t.accent);
    painter.drawEllipse(pointOf(shares), 5, 5);
    const QFontMetricsF metrics(painter.font());
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t source = (*on)[i];
        painter.setPen(t.text);
        const QString share = QStringLiteral("  %1 %").arg(common::numberText(100 * shares[i], 1));
        const QString name = metrics.elidedText(QString::fromStdString(m_desk.sources()[source].name), Qt::ElideRight,
                                                width() / 2.0 - metrics.horizontalAdvance(share) - 24);
        const double wide = metrics.horizontalAdvance(name + share) + 14;
        const double left = std::clamp(corner[i].x() - wide / 2, 4.0, std::max(4.0, width() - wide - 4));
        const double base = i == 2 ? corner[i].y() - 10 : corner[i].y() + 18;
        painter.fillRect(QRectF(left, base - 8, 8, 8), t.seriesAt(static_cast<int>(source)).line);
        painter.drawText(QPointF(left + 13, base), name + share);
    }
}

void TernaryView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    setFocus(Qt::MouseFocusReason);
    if (!corners() || !m_desk.document().isValid()) return;
    const QPointF point = pointOf(sharesAt(viewmodels::MixEvaluator(m_desk.mix()), m_desk.playhead()));
    m_dragging = QLineF(point, event->position()).length() <= kHitRadius;
}

void TernaryView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragging) return drag(event->position(), event->modifiers());
    if (!corners()) return setCursor(Qt::ArrowCursor);
    const QPointF point = pointOf(sharesAt(viewmodels::MixEvaluator(m_desk.mix()), m_desk.playhead()));
    setCursor(QLineF(point, event->position()).length() <= kHitRadius ? Qt::OpenHandCursor : Qt::ArrowCursor);
}

void TernaryView::drag(const QPointF& pixel, Qt::KeyboardModifiers modifiers)
{
    std::array<double, 3> shares = sharesUnder(pixel);
    if (modifiers & Qt::ControlModifier)
        for (double& share : shares)
            share = std::round(share / kSnap) * kSnap;
    std::vector<double> all(m_desk.count(), 0.0);
    const auto on = *corners();
    for (std::size_t i = 0; i < 3; ++i)
        all[on[i]] = shares[i];
    m_desk.preview(viewmodels::withShares(m_desk.committed(), m_desk.editPlace(), all));
}

void TernaryView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragging) return;
    m_dragging = false;
    if (m_desk.isPreviewing()) m_desk.commit(m_desk.mix(), tr("Draw mix"));
}

bool TernaryView::event(QEvent* event)
{
    // Escape in a drag is ours before any shortcut's.
    if (event->type() == QEvent::ShortcutOverride && m_dragging) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    return QWidget::event(event);
}

void TernaryView::nudge(double delta)
{
    const std::size_t source = m_desk.selected();
    const double x = m_desk.editPlace();
    if (m_nudgeStep < 0) m_nudgeStep = m_desk.document().newMergeId();
    const double share = viewmodels::sharesAt(m_desk.committed(), x)[source];
    m_desk.commit(viewmodels::withShare(m_desk.committed(), source, x, share + delta), tr("Change share"), m_nudgeStep);
}

void TernaryView::keyPressEvent(QKeyEvent* event)
{
    if (m_dragging) {
        if (event->key() != Qt::Key_Escape) return;
        m_dragging = false;
        return m_desk.cancelPreview();
    }
    if (!corners()) return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Up:
        return nudge(0.01);
    case Qt::Key_Down:
        return nudge(-0.01);
    case Qt::Key_Left:
        m_nudgeStep = -1;
        return m_desk.setPlayhead(m_desk.playhead() - 0.01);
    case Qt::Key_Right:
        m_nudgeStep = -1;
        return m_desk.setPlayhead(m_desk.playhead() + 0.01);
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace gradus::pages
