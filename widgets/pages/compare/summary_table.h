// SPDX-License-Identifier: GPL-3.0-or-later
// The view of a comparison table: two-line header, interval beside the figure, difference and p below it, flat heat.
#pragma once

#include "common/theme.h"

#include <QTableView>

namespace gradus::viewmodels {
class ComparisonTableModel;
}

namespace gradus::pages {

/// Rows are 28 px, 44 px where a baseline or a contrast gives them a second line. Click a header to sort, Ctrl+C copies
/// the cells that are selected as tab-separated text.
class SummaryTable final : public QTableView
{
    Q_OBJECT
public:
    SummaryTable(viewmodels::ComparisonTableModel& model, const common::ThemeController& theme,
                 QWidget* parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    viewmodels::ComparisonTableModel& m_model;
};

} // namespace gradus::pages
