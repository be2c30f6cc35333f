// SPDX-License-Identifier: GPL-3.0-or-later
// How Home's tables draw what is not plain text: thumbnails, state icons, unsaved dots.
#pragma once

#include "common/theme.h"

#include <QStyledItemDelegate>

namespace gradus::pages {

/// Draws a row's cell: fill, row line, text in the right face and tone, a curve, or a state icon before the name.
class HomeDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// strongColumn: names in 500, the rest quiet where quietFrom says so.
    HomeDelegate(const common::ThemeController& theme, int nameColumn, int quietFrom, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintCurve(QPainter& painter, const QRect& cell, const QModelIndex& index) const;
    int paintState(QPainter& painter, const QRect& cell, const QModelIndex& index) const;

    const common::ThemeController& m_theme;
    int m_nameColumn;
    int m_quietFrom;
};

} // namespace gradus::pages
