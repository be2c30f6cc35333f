// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/grid_svg_impl.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace gradus::report {

namespace {

constexpr double kCellHeight = 28;
constexpr double kWidestCell = 84;
constexpr double kBetween = 2;
constexpr double kHead = 34; ///< what the columns are, and their names
constexpr double kBelow = 14;

/// 0 for the least of the grid's values, 1 for the greatest; one value alone stands in the middle.
class Strength final
{
public:
    explicit Strength(const ChartGrid& grid)
    {
        for (const auto& row : grid.cells)
            for (const auto& cell : row)
                if (cell && std::isfinite(cell->value)) {
                    m_least = std::min(m_least, cell->value);
                    m_most = std::max(m_most, cell->value);
                }
    }
    double operator()(double value) const
    {
        if (!std::isfinite(value)) return 0;
        return m_most > m_least ? (value - m_least) / (m_most - m_least) : 0.5;
    }

private:
    double m_least = INFINITY;
    double m_most = -INFINITY;
};

} // namespace

double drawGrid(Pen& pen, const ChartGrid& grid, double top, double width)
{
    std::size_t longest = characterCount(grid.rowsAre);
    for (const std::string& row : grid.rows)
        longest = std::max(longest, characterCount(elided(visible(row))));
    const double left = 12 + kLetter * static_cast<double>(longest);
    const auto columns = static_cast<double>(std::max<std::size_t>(1, grid.columns.size()));
    const double cell = std::min(kWidestCell, (width - left) / columns);

    pen.text(left, top + 8, grid.columnsAre, "start");
    pen.text(left - 8, top + 26, grid.rowsAre, "end");
    for (std::size_t column = 0; column < grid.columns.size(); ++column)
        pen.text(left + (static_cast<double>(column) + 0.5) * cell, top + 26, elided(visible(grid.columns[column])),
                 "middle", "g-text", kText);
    const Strength strength(grid);
    double y = top + kHead;
    for (std::size_t row = 0; row < grid.rows.size(); ++row, y += kCellHeight) {
        pen.text(left - 8, y + 18, elided(visible(grid.rows[row])), "end", "g-text", kText);
        for (std::size_t column = 0; column < grid.columns.size(); ++column) {
            const auto& value = grid.cells[row][column];
            if (!value) continue;
            const double x = left + static_cast<double>(column) * cell;
            addTip(pen.cell(x, y, cell - kBetween, kCellHeight - kBetween, strength(value->value)), value->words);
            addTip(pen.text(x + (cell - kBetween) / 2, y + 17, value->text, "middle", "g-text", kText), value->words);
        }
    }
    return y + kBelow;
}

} // namespace gradus::report
