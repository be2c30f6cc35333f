// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/workbench_style.h"

#include <QAbstractButton>
#include <QFocusEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStyleOption>
#include <QToolButton>

namespace gradus::common {

namespace {

constexpr char kKeyboardFocus[] = "keyboardFocus";

void drawChevron(QPainter& painter, const QRect& rect, const QColor& colour, int degrees)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.25, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.translate(QRectF(rect).center());
    painter.rotate(degrees);
    painter.drawPolyline(QPolygonF{{-3.5, -1.75}, {0, 1.75}, {3.5, -1.75}});
    painter.restore();
}

void drawCheckBox(QPainter& painter, const QStyleOption& option, bool round)
{
    const QPalette& palette = option.palette;
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool on = option.state & (QStyle::State_On | QStyle::State_NoChange);
    const QColor fill = !enabled ? palette.color(QPalette::Disabled, QPalette::Button)
                        : on     ? palette.color(QPalette::Link)
                                 : palette.color(QPalette::Base);
    const QColor outline = on && enabled ? fill : palette.color(QPalette::PlaceholderText);
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(option.rect).center());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(outline, 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), round ? 7 : 3, round ? 7 : 3);
    painter.setPen(QPen(palette.color(QPalette::Base), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.translate(box.topLeft());
    if (option.state & QStyle::State_NoChange)
        painter.drawLine(QPointF(4, 7), QPointF(10, 7));
    else if (on && round)
        painter.drawPoint(QPointF(7, 7));
    else if (on)
        painter.drawPolyline(QPolygonF{{3.6, 7.2}, {6, 9.6}, {10.4, 4.8}});
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QStyleOption& option)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(option.palette.color(QPalette::Link), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 4, 4);
    painter.restore();
}

} // namespace

WorkbenchStyle::WorkbenchStyle() : QProxyStyle(QStringLiteral("Fusion"))
{
    setObjectName(QStringLiteral("workbench"));
}

void WorkbenchStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget)) widget->installEventFilter(this);
}

void WorkbenchStyle::unpolish(QWidget* widget)
{
    if (qobject_cast<QAbstractButton*>(widget)) widget->removeEventFilter(this);
    QProxyStyle::unpolish(widget);
}

bool WorkbenchStyle::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        auto* widget = static_cast<QWidget*>(watched);
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        const bool ring =
            event->type() == QEvent::FocusIn &&
            (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason);
        if (widget->property(kKeyboardFocus).toBool() != ring) {
            widget->setProperty(kKeyboardFocus, ring);
            widget->style()->unpolish(widget);
            widget->style()->polish(widget);
        }
    }
    return QProxyStyle::eventFilter(watched, event);
}

void WorkbenchStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                   const QWidget* widget) const
{
    const QColor quiet = option->palette.color(QPalette::PlaceholderText);
    switch (element) {
    case PE_IndicatorArrowDown:
        return drawChevron(*painter, option->rect, quiet, 0);
    case PE_IndicatorArrowUp:
        return drawChevron(*painter, option->rect, quiet, 180);
    case PE_IndicatorArrowRight:
        return drawChevron(*painter, option->rect, quiet, -90);
    case PE_IndicatorArrowLeft:
        return drawChevron(*painter, option->rect, quiet, 90);
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            drawChevron(*painter, option->rect, quiet, option->state & State_Open ? 0 : -90);
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
            drawChevron(*painter, header->rect, quiet, header->sortIndicator == QStyleOptionHeader::SortUp ? 180 : 0);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        return drawCheckBox(*painter, *option, false);
    case PE_IndicatorRadioButton:
        return drawCheckBox(*painter, *option, true);
    case PE_FrameFocusRect:
        // The style sheet gives these a border once the keyboard brought the focus; a ring inside would cross their
        // text.
        if (qobject_cast<const QPushButton*>(widget) || qobject_cast<const QToolButton*>(widget)) return;
        return drawFocusRing(*painter, *option);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

int WorkbenchStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 14;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return 16;
    case PM_HeaderMarkSize:
        return 8;
    case PM_SplitterWidth:
        return 1;
    case PM_DockWidgetSeparatorExtent:
        return 1;
    case PM_ScrollBarExtent:
        return 10;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int WorkbenchStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                              QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_ToolTip_FallAsleepDelay:
        return 2000;
    case SH_Widget_Animation_Duration:
        return 0;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
        return 0;
    case SH_UnderlineShortcut:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

} // namespace gradus::common
