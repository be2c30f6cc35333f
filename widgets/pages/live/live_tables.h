// SPDX-License-Identifier: GPL-3.0-or-later
// The two tables in Live's right column, Values and Generations: 26 px rows, row lines only.
#pragma once

#include "common/theme.h"

#include <QTableView>

#include <optional>

namespace gradus::pages {

/// A read-only table whose first columns hold words and whose others hold figures. Columns share the width by the
/// widths they want; nothing scrolls sideways.
class LiveTable final : public QTableView
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 26;

    LiveTable(QAbstractItemModel& model, const common::ThemeController& theme, QWidget* parent = nullptr);
    /// Relative width of each column; the rest of the room goes by them.
    void setShares(const QVector<int>& shares);
    /// Shows a line of the series' colour before the text of this column, from this role (a place in the cycle).
    void setStyleRole(int column, int role);
    /// Columns whose figures are quieter than the others (half widths).
    void setQuietColumn(int column);
    /// Rows whose items say true under this role are struck through and quiet.
    void setStruckRole(int role);

    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Delegate;
    void share();

    Delegate* m_delegate;
    QVector<int> m_shares;
};

} // namespace gradus::pages
