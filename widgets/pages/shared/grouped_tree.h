// SPDX-License-Identifier: GPL-3.0-or-later
// A flat tree of two levels, as several pages show one: group rows and rows of 26 px, fills and lines over the whole
// width.
#pragma once

#include "common/theme.h"

#include <QTreeView>

namespace gradus::pages {

/// Reads one role of the model: whether a row is a group. What stands in the cells is the delegate's.
class GroupedTree : public QTreeView
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 26;

    GroupedTree(const common::ThemeController& theme, int isGroupRole, QWidget* parent = nullptr);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;

private:
    const common::ThemeController& m_theme;
    const int m_isGroupRole;
};

} // namespace gradus::pages
