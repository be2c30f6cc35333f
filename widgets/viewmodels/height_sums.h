// SPDX-License-Identifier: GPL-3.0-or-later
// Heights of very many rows below each other: where a row begins and which row is at a height, in logarithmic time.
#pragma once

#include <cstddef>
#include <vector>

namespace gradus::viewmodels {

/// A Fenwick tree over heights of 0 or more. Plain value.
class HeightSums final
{
public:
    void assign(const std::vector<int>& heights)
    {
        m_sums.assign(heights.size() + 1, 0);
        for (std::size_t i = 1; i < m_sums.size(); ++i) {
            m_sums[i] += heights[i - 1];
            if (const std::size_t next = i + (i & (~i + 1)); next < m_sums.size()) m_sums[next] += m_sums[i];
        }
    }
    std::size_t count() const { return m_sums.empty() ? 0 : m_sums.size() - 1; }

    /// Adds to the height of one row.
    void add(std::size_t row, int more)
    {
        for (std::size_t i = row + 1; i < m_sums.size(); i += i & (~i + 1))
            m_sums[i] += more;
    }
    /// Of all rows before this one.
    long long before(std::size_t row) const
    {
        long long sum = 0;
        for (std::size_t i = row; i > 0; i -= i & (~i + 1))
            sum += m_sums[i];
        return sum;
    }
    long long total() const { return before(count()); }

    /// The row that covers this height; the last one below all of them. There must be rows.
    std::size_t rowAt(long long height) const
    {
        std::size_t row = 0;
        std::size_t step = 1;
        while (step * 2 <= count())
            step *= 2;
        for (; step > 0; step /= 2)
            if (row + step < m_sums.size() && m_sums[row + step] <= height) {
                row += step;
                height -= m_sums[row];
            }
        return row < count() ? row : count() - 1;
    }

private:
    std::vector<long long> m_sums; ///< 1-based
};

} // namespace gradus::viewmodels
