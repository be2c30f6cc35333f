// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of runs that several pages show: how its rows and groups are painted.
#pragma once

#include "pages/shared/grouped_tree.h"

#include <QStyledItemDelegate>

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
    void paintMarks(QPainter& painter, QRect cell, const QModelIndex& index) const; ///< tags and that there is a note
    void paintRunName(QPainter& painter, QRect cell, const QModelIndex& index, bool selected) const;

    const common::ThemeController& m_theme;
};

/// Shows a viewmodels::RunsModel, or a proxy of one.
class RunsTree final : public GroupedTree
{
    Q_OBJECT
public:
    explicit RunsTree(const common::ThemeController& theme, QWidget* parent = nullptr);
};

} // namespace gradus::pages
