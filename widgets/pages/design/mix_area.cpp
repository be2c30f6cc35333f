// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/mix_area.h"

#include "common/controls.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::pages {

using viewmodels::Mix;

namespace {

constexpr double kHitRadius = 8;
constexpr double kSnap = 0.05;
constexpr double kStep = 0.01;
constexpr double kPlayheadStep = 0.01;

} // namespace

MixArea::MixArea(viewmodels::MixDesk& desk, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("mixArea"));
    setAccessibleName(tr("Signal mix"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(220, 120);
    connect(&desk, &viewmodels::MixDesk::mixChanged, this, [this] {
        // Text that changed under a drag (an undo) ends it.
        if (m_drag && !(m_desk.committed() == m_drag->base)) m_drag.reset();
        describe();
        update();
    });
    connect(&theme, &common::ThemeController::changed, this, [this] { update(); });
    describe();
}

QRectF MixArea::plotArea() const
{
    return QRectF(rect()).adjusted(48, 20, -20, -22);
}

double MixArea::toX(double pixel) const
{
    const QRectF area = plotArea();
    return std::clamp((pixel - area.left()) / std::max(area.width(), 1.0), 0.0, 1.0);
}

double MixArea::toPixel(double x) const
{
    const QRectF area = plotArea();
    return area.left() + x * area.width();
}

QPointF MixArea::boundaryAt(std::size_t source, double x) const
{
    const auto shares = viewmodels::sharesAt(m_desk.mix(), x);
    double above = 0;
    for (std::size_t i = 0; i <= source && i < shares.size(); ++i)
        above += shares[i];
    return {toPixel(x), plotArea().top() + above * plotArea().height()};
}

double MixArea::reach() const
{
    return kHitRadius / std::max(plotArea().width(), 1.0);
}

std::optional<MixArea::Boundary> MixArea::boundaryNear(const QPointF& position) const
{
    const QRectF area = plotArea();
    if (m_desk.isEmpty() || !area.adjusted(-kHitRadius, 0, kHitRadius, 0).contains(position)) return std::nullopt;
    const auto shares = viewmodels::sharesAt(m_desk.mix(), toX(position.x()));
    std::optional<Boundary> nearest;
    double distance = kHitRadius;
    double above = 0;
    std::optional<std::size_t> last; // sources that are off have no area and no boundary
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (!m_desk.isOn(i)) continue;
        const double away = std::abs(area.top() + above * area.height() - position.y());
        if (last && away <= distance) {
            // Of several that lie on one another (a source may have nothing here) the first is as good as any.
            if (!nearest || away < distance) nearest = Boundary{*last, i};
            distance = away;
        }
        above += shares[i];
        last = i;
    }
    return nearest;
}

std::size_t MixArea::sourceAt(const QPointF& position) const
{
    const auto shares = viewmodels::sharesAt(m_desk.mix(), toX(position.x()));
    const double wanted = (position.y() - plotArea().top()) / std::max(plotArea().height(), 1.0);
    double above = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        above += shares[i];
        if (wanted < above) return i;
    }
    return m_desk.selected();
}

bool MixArea::event(QEvent* event)
{
    // Escape in a drag is ours before any shortcut's.
    if (event->type() == QEvent::ShortcutOverride && (m_drag || m_movesPlayhead)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void MixArea::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_desk.isEmpty()) return;
    setFocus(Qt::MouseFocusReason);
    m_before = {m_desk.selected(), m_desk.playhead()};
    const auto boundary = boundaryNear(event->position());
    if (!boundary || !m_desk.document().isValid()) {
        m_desk.select(sourceAt(event->position()));
        m_desk.setPlayhead(toX(event->position().x()));
        m_movesPlayhead = true;
        return;
    }
    const double x = viewmodels::mixKeyNear(m_desk.committed(), toX(event->position().x()), reach());
    m_drag = Drag{*boundary, m_desk.committed(), x, viewmodels::sharesAt(m_desk.committed(), x)[boundary->above],
                  event->position().y()};
    m_desk.select(boundary->above);
    m_desk.setPlayhead(x);
}

void MixArea::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drag) return drag(event->position(), event->modifiers());
    if (m_movesPlayhead) return m_desk.setPlayhead(toX(event->position().x()));
    setCursor(boundaryNear(event->position()) ? Qt::SplitVCursor : Qt::ArrowCursor);
}

void MixArea::drag(const QPointF& position, Qt::KeyboardModifiers modifiers)
{
    double share = m_drag->startShare + (position.y() - m_drag->startY) / std::max(plotArea().height(), 1.0);
    if (modifiers & Qt::ControlModifier) share = std::round(share / kSnap) * kSnap;
    const auto [above, below] = m_drag->boundary;
    const Mix next = modifiers & Qt::ShiftModifier
                         ? viewmodels::withShare(m_drag->base, above, m_drag->x, share)
                         : viewmodels::withTrade(m_drag->base, above, below, m_drag->x, share - m_drag->startShare);
    m_desk.preview(next);
}

void MixArea::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    m_movesPlayhead = false;
    if (!m_drag) return;
    m_drag.reset();
    if (m_desk.isPreviewing()) m_desk.commit(m_desk.mix(), tr("Draw mix"));
}

void MixArea::cancelDrag()
{
    m_drag.reset();
    m_movesPlayhead = false;
    m_desk.cancelPreview();
    m_desk.select(m_before.source);
    m_desk.setPlayhead(m_before.playhead);
}

void MixArea::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && !m_desk.isEmpty()) insertKey(toX(event->position().x()));
}

void MixArea::insertKey(double x)
{
    const double at = viewmodels::mixKeyNear(m_desk.committed(), x, reach());
    m_desk.setPlayhead(at);
    m_desk.commit(viewmodels::withMixKey(m_desk.committed(), at), tr("Insert key in the mix"));
}

void MixArea::nudge(double delta)
{
    const std::size_t source = m_desk.selected();
    const double x = m_desk.editPlace();
    if (m_nudgeStep < 0 || m_nudged != source || m_nudgedAt != x) m_nudgeStep = m_desk.document().newMergeId();
    m_nudged = source;
    m_nudgedAt = x;
    const double share = viewmodels::sharesAt(m_desk.committed(), x)[source];
    m_desk.commit(viewmodels::withShare(m_desk.committed(), source, x, share + delta), tr("Change share"), m_nudgeStep);
}

void MixArea::keyPressEvent(QKeyEvent* event)
{
    if (m_desk.isEmpty()) return QWidget::keyPressEvent(event);
    if (m_drag || m_movesPlayhead) {
        if (event->key() == Qt::Key_Escape) cancelDrag();
        return;
    }
    const bool coarse = event->modifiers() & Qt::ShiftModifier;
    const double step = coarse ? kSnap : kStep;
    switch (event->key()) {
    case Qt::Key_Up:
        return nudge(step);
    case Qt::Key_Down:
        return nudge(-step);
    case Qt::Key_Left:
        return m_desk.setPlayhead(m_desk.playhead() - (coarse ? 10 : 1) * kPlayheadStep);
    case Qt::Key_Right:
        return m_desk.setPlayhead(m_desk.playhead() + (coarse ? 10 : 1) * kPlayheadStep);
    case Qt::Key_Home:
        return m_desk.setPlayhead(0);
    case Qt::Key_End:
        return m_desk.setPlayhead(1);
    case Qt::Key_PageUp:
        return m_desk.select(std::max<std::size_t>(m_desk.selected(), 1) - 1);
    case Qt::Key_PageDown:
        return m_desk.select(m_desk.selected() + 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() & Qt::ControlModifier) break; // the page's launch
        return insertKey(m_desk.playhead());
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

QMenu* MixArea::makeMenu(std::size_t source, double x)
{
    auto* menu = new QMenu(this);
    const double at = viewmodels::mixKeyNear(m_desk.committed(), x, reach());
    const bool open = m_desk.document().isValid() && !m_desk.isLocked(source);
    const auto add = [&](const QString& text, bool enabled, auto edit) {
        QAction* action = menu->addAction(text);
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this,
                [this, text, edit] { m_desk.commit(edit(m_desk.committed()), text); });
    };
    // A name is shown as it is: an ampersand in it is no shortcut.
    QString name = QString::fromStdString(m_desk.sources()[source].name);
    name.replace(QLatin1Char('&'), QStringLiteral("&&"));
    menu->addSection(name);
    add(tr("Insert key here"), m_desk.document().isValid(),
        [at](const Mix& mix) { return viewmodels::withMixKey(mix, at); });
    add(tr("Equalise here"), m_desk.document().isValid(),
        [at](const Mix& mix) { return viewmodels::equalised(mix, at); });
    add(tr("Solo here"), open, [source, at](const Mix& mix) { return viewmodels::soloed(mix, source, at); });
    add(tr("Fade in up to here"), open && at > 0,
        [source, at](const Mix& mix) { return viewmodels::fadedIn(mix, source, at); });
    add(tr("Fade out from here"), open && at < 1,
        [source, at](const Mix& mix) { return viewmodels::fadedOut(mix, source, at); });
    menu->addSeparator();
    QAction* remove = menu->addAction(tr("Remove this source"), this,
                                      [this, source] { (void)m_desk.document().removeSource(m_desk.list(), source); });
    remove->setObjectName(QStringLiteral("removeSource"));
    remove->setEnabled(m_desk.document().isValid());
    return menu;
}

void MixArea::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_desk.isEmpty() || m_drag) return;
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const std::size_t source = keyboard ? m_desk.selected() : sourceAt(event->pos());
    const double x = keyboard ? m_desk.playhead() : toX(event->pos().x());
    m_desk.select(source);
    m_desk.setPlayhead(x);
    QMenu* menu = makeMenu(source, x);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(keyboard ? mapToGlobal(boundaryAt(source, x).toPoint()) : event->globalPos());
}

void MixArea::describe()
{
    QStringList words;
    const auto shares =
        m_desk.isEmpty() ? std::vector<double>{} : viewmodels::sharesAt(m_desk.mix(), m_desk.playhead());
    for (std::size_t i = 0; i < shares.size(); ++i)
        words << tr("%1 %2 percent%3")
                     .arg(QString::fromStdString(m_desk.sources()[i].name), QString::number(100 * shares[i], 'f', 1),
                          i == m_desk.selected() ? tr(", selected") : QString());
    setAccessibleDescription(tr("At %1 percent of the ladder: %2")
                                 .arg(std::lround(100 * m_desk.playhead()))
                                 .arg(words.join(QStringLiteral("; "))));
}

} // namespace gradus::pages
