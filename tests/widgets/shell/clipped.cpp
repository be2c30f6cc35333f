// SPDX-License-Identifier: GPL-3.0-or-later
#include "clipped.h"

#include "common/controls.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace gradus::tests {

namespace {

QString pathOf(const QWidget& widget)
{
    QStringList path;
    for (const QWidget* at = &widget; at != nullptr && !at->isWindow(); at = at->parentWidget())
        if (!at->objectName().startsWith(QStringLiteral("qt_")))
            path.prepend(QString::fromLatin1(at->metaObject()->className()).section(':', -1) +
                         (at->objectName().isEmpty() ? QString() : '#' + at->objectName()));
    return path.join('/');
}

QString textOf(const QWidget& widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) return label->text();
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) return button->text();
    if (const auto* choice = qobject_cast<const QComboBox*>(&widget)) return choice->currentText();
    return {};
}

/// Width that the text needs, 0 where the widget may be narrower than it.
int neededWidth(const QWidget& widget)
{
    if (qobject_cast<const common::ElidedLabel*>(&widget)) return 0;
    if (const auto* label = qobject_cast<const QLabel*>(&widget))
        return label->wordWrap() ? 0 : label->minimumSizeHint().width();
    if (const auto* tool = qobject_cast<const QToolButton*>(&widget))
        return tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull()
                   ? 0
                   : tool->fontMetrics().horizontalAdvance(tool->text());
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) return button->minimumSizeHint().width();
    if (const auto* choice = qobject_cast<const QComboBox*>(&widget))
        return choice->fontMetrics().horizontalAdvance(choice->currentText()) + 16;
    return 0;
}

int neededHeight(const QWidget& widget)
{
    const auto* label = qobject_cast<const QLabel*>(&widget);
    return label != nullptr && label->wordWrap() ? label->heightForWidth(label->width()) : 0;
}

/// The part of the widget that no parent cuts off, up to the first that can be scrolled.
QRect shownPart(const QWidget& widget)
{
    QRect part = widget.rect();
    QPoint at;
    for (const QWidget* inner = &widget; !inner->isWindow(); inner = inner->parentWidget()) {
        const QWidget& parent = *inner->parentWidget();
        at += inner->pos();
        QRect limits = parent.rect().translated(-at);
        const auto* area = qobject_cast<const QAbstractScrollArea*>(parent.parentWidget());
        const bool scrolls = area != nullptr && area->viewport() == &parent;
        if (scrolls && area->horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff)
            limits.setCoords(part.left(), limits.top(), part.right(), limits.bottom());
        if (scrolls && area->verticalScrollBarPolicy() != Qt::ScrollBarAlwaysOff)
            limits.setCoords(limits.left(), part.top(), limits.right(), part.bottom());
        part &= limits;
        if (scrolls) break;
    }
    return part;
}

QString tabsCut(const QTabBar& tabs)
{
    for (int i = 0; i < tabs.count(); ++i)
        if (tabs.isTabVisible(i) && tabs.tabRect(i).width() < tabs.fontMetrics().horizontalAdvance(tabs.tabText(i)))
            return tabs.tabText(i);
    if (tabs.count() == 0) return {};
    const int last = tabs.count() - 1; // the chosen one stands out by a pixel
    return tabs.rect().adjusted(-2, -2, 2, 2).contains(tabs.tabRect(last)) ? QString() : tabs.tabText(last);
}

QStringList sectionsCut(const QHeaderView& header)
{
    QStringList cut;
    for (int i = 0; header.orientation() == Qt::Horizontal && i < header.count(); ++i) {
        const QString text = header.model()->headerData(i, Qt::Horizontal).toString();
        // With the space that the style keeps around it, where somebody promised that it fits.
        const bool fitted = header.property("fittedSections").toList().contains(i);
        const int needed =
            std::max(header.fontMetrics().horizontalAdvance(text), fitted ? header.sectionSizeHint(i) : 0);
        if (!header.isSectionHidden(i) && needed > header.sectionSize(i))
            cut << QStringLiteral("section \"%1\" has %2 of %3 pixels")
                       .arg(text)
                       .arg(header.sectionSize(i))
                       .arg(needed);
    }
    return cut;
}

} // namespace

QStringList clippedIn(const QWidget& root)
{
    QStringList found;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            if (const QString cut = tabsCut(*tabs); !cut.isEmpty()) found << pathOf(*widget) + ": tab " + cut;
        if (const auto* header = qobject_cast<const QHeaderView*>(widget))
            for (const QString& cut : sectionsCut(*header))
                found << pathOf(*widget) + ": " + cut;
        const QString text = textOf(*widget);
        if (text.isEmpty() && !qobject_cast<const QToolButton*>(widget)) continue;
        if (const int needed = neededWidth(*widget); needed > widget->width())
            found << QStringLiteral("%1: \"%2\" has %3 of %4 pixels")
                         .arg(pathOf(*widget), text)
                         .arg(widget->width())
                         .arg(needed);
        if (const int needed = neededHeight(*widget); needed > widget->height())
            found << QStringLiteral("%1: \"%2\" has %3 of %4 pixels of height")
                         .arg(pathOf(*widget), text)
                         .arg(widget->height())
                         .arg(needed);
        const QRect part = shownPart(*widget);
        if (part.width() < widget->width() || part.height() < widget->height())
            found << QStringLiteral("%1: \"%2\" is cut to %3x%4 of %5x%6")
                         .arg(pathOf(*widget), text)
                         .arg(part.width())
                         .arg(part.height())
                         .arg(widget->width())
                         .arg(widget->height());
    }
    return found;
}

QStringList untranslatedIn(const QWidget& root)
{
    QStringList found;
    const auto check = [&](const QWidget& widget, const QString& text) {
        const auto isLetter = [](QChar c) { return c.isLetter(); };
        if (std::count_if(text.begin(), text.end(), isLetter) > 2 && !text.contains('['))
            found << pathOf(widget) + ": " + text;
    };
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) check(*button, button->text());
        if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            for (int i = 0; i < tabs->count(); ++i)
                check(*tabs, tabs->tabText(i));
        if (!widget->toolTip().isEmpty() && qobject_cast<const QToolButton*>(widget)) check(*widget, widget->toolTip());
    }
    return found;
}

} // namespace gradus::tests
