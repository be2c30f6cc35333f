// SPDX-License-Identifier: GPL-3.0-or-later
// The view of one table of containment studies: words in their tones, shares with a line from 0 to 1 below them.
#pragma once

#include "common/theme.h"

#include <QTableView>

namespace gradus::viewmodels {
class ContainmentModel;
}

namespace gradus::pages {

/// Rows are 26 px, 40 px where a cell has a share. Columns are as wide as their cells, the first at most kWidestName;
/// Ctrl+C copies the selected cells, tab-separated.
class ContainmentTable final : public QTableView
{
    Q_OBJECT
public:
    ContainmentTable(viewmodels::ContainmentModel& model, const common::ThemeController& theme,
                     QWidget* parent = nullptr);

    static constexpr int kWidestName = 320;
    static constexpr int kWidest = 190; ///< of the other columns

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    viewmodels::ContainmentModel& m_model;
};

} // namespace gradus::pages
