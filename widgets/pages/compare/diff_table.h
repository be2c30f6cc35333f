// SPDX-License-Identifier: GPL-3.0-or-later
// The view of a DiffModel: monospaced values, changed cells filled, the key's section faint.
#pragma once

#include "common/theme.h"

#include <QTableView>

namespace gradus::viewmodels {
class DiffModel;
}

namespace gradus::pages {

/// Columns share what the key column leaves, at least 140 px each. Ctrl+C copies the selected cells, tab-separated.
class DiffTable final : public QTableView
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 26;

    DiffTable(viewmodels::DiffModel& model, const common::ThemeController& theme, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void share();
};

} // namespace gradus::pages
