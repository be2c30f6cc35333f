// SPDX-License-Identifier: GPL-3.0-or-later
// How the queue's rows look: group heads over the whole width, states with icon and word, progress as bar and number.
#pragma once

#include "common/theme.h"

#include <QStyledItemDelegate>

namespace gradus::pages {

/// Paints one cell of QueueModel; reads roles only.
class QueueDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 28;

    QueueDelegate(const common::ThemeController& theme, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintGroup(QPainter& painter, const QRect& cell, const QModelIndex& index) const;
    void paintRun(QPainter& painter, const QRect& cell, const QModelIndex& index, bool selected) const;
    void paintProgress(QPainter& painter, const QRect& cell, const QModelIndex& index) const;

    const common::ThemeController& m_theme;
};

} // namespace gradus::pages
