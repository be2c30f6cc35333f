// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of runs that several pages show: group rows and run rows of 26 px, painted flat.
#pragma once

#include "common/theme.h"

#include <QStyledItemDelegate>
#include <QTreeView>

namespace gradus::pages {

/// Paints one cell of viewmodels::RunsModel; reads roles only.
class RunsDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    RunsDelegate(const common::ThemeController& theme, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintGroupName(QPainter& painter, QRect cell, const QModelIndex& index) const;
    static bool showsTrend(const QModelIndex& index);
    void drawState(QPainter& painter, const QRect& cell, const QModelIndex& index) const;
    void paintRunName(QPainter& painter, QRect cell, const QModelIndex& index, bool selected) const;

    const common::ThemeController& m_theme;
};

/// Draws row fills and lines over the whole width, the branch area included.
class RunsTree final : public QTreeView
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 26;

    explicit RunsTree(const common::ThemeController& theme, QWidget* parent = nullptr);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;

private:
    const common::ThemeController& m_theme;
};

} // namespace gradus::pages
