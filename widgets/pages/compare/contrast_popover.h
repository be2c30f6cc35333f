// SPDX-License-Identifier: GPL-3.0-or-later
// Which groups the table holds against each other besides the baseline: the list, one more, one less.
#pragma once

#include "viewmodels/contrast_list.h"

#include <QFrame>
#include <QStringList>

class QComboBox;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace gradus::pages {

/// What a file asks for stays: it is the question that the runs were made for. Escape or a click outside closes it. GUI
/// thread.
class ContrastPopover final : public QFrame
{
    Q_OBJECT
public:
    explicit ContrastPopover(QWidget* parent);

    /// Groups by their names, in their order.
    void setContrasts(const QStringList& groups, const QVector<viewmodels::ContrastEntry>& entries);
    /// Below the widget, as far as the screen has room there.
    void openBelow(const QWidget& widget);

Q_SIGNALS:
    void added(int group, int minus);
    void removed(const QString& typed);

private:
    void addRow(const viewmodels::ContrastEntry& entry);
    void refreshAdd();
    void fit();

    QVector<viewmodels::ContrastEntry> m_entries;
    QVBoxLayout* m_rows;
    QScrollArea* m_area;
    QComboBox* m_group;
    QComboBox* m_minus;
    QPushButton* m_add;
};

} // namespace gradus::pages
