// SPDX-License-Identifier: GPL-3.0-or-later
// Where the lowest and highest of a stretch of a long row of numbers stand, without walking all of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gradus::common {

/// Knows of every whole block of numbers where its extremes are; the numbers themselves stay with their owner, who
/// hands in `valueAt`: a function from an index to a double. Not synchronised: one thread at a time.
class Extremes final
{
public:
    static constexpr std::size_t kBlock = 512;

    /// Places in the row; -1: there is none. Of equal values the first counts; gap: the last NaN.
    struct Found
    {
        std::ptrdiff_t low = -1;
        std::ptrdiff_t high = -1;
        std::ptrdiff_t gap = -1;
    };

    /// Forgets everything from this number on: it was taken away or changed.
    void truncate(std::size_t count) { m_blocks.resize(std::min(m_blocks.size(), count / kBlock)); }

    /// The row has so many numbers now; only those that are new are looked at.
    template <typename ValueAt>
    void grow(std::size_t count, const ValueAt& valueAt)
    {
        while ((m_blocks.size() + 1) * kBlock <= count) {
            const std::size_t begin = m_blocks.size() * kBlock;
            Found found;
            walk(begin, begin + kBlock, valueAt, found);
            m_blocks.push_back({place(found.low, begin), place(found.high, begin), place(found.gap, begin)});
        }
    }

    /// Of the numbers [begin, end). Costs their number by kBlock and at most two blocks.
    template <typename ValueAt>
    Found find(std::size_t begin, std::size_t end, const ValueAt& valueAt) const
    {
        Found found;
        const std::size_t first = (begin + kBlock - 1) / kBlock;
        const std::size_t last = std::min(end / kBlock, m_blocks.size());
        if (first >= last) {
            walk(begin, end, valueAt, found);
            return found;
        }
        walk(begin, first * kBlock, valueAt, found);
        for (std::size_t block = first; block < last; ++block) {
            const Places& places = m_blocks[block];
            const auto from = static_cast<std::ptrdiff_t>(block * kBlock);
            if (places.low != kNone) lower(from + places.low, valueAt, found);
            if (places.high != kNone) higher(from + places.high, valueAt, found);
            if (places.gap != kNone) found.gap = from + places.gap;
        }
        walk(last * kBlock, end, valueAt, found);
        return found;
    }

private:
    static constexpr std::uint16_t kNone = 0xFFFF;
    struct Places ///< from the block's first number
    {
        std::uint16_t low = kNone;
        std::uint16_t high = kNone;
        std::uint16_t gap = kNone;
    };

    static std::uint16_t place(std::ptrdiff_t found, std::size_t begin)
    {
        return found < 0 ? kNone : static_cast<std::uint16_t>(static_cast<std::size_t>(found) - begin);
    }
    template <typename ValueAt>
    static void lower(std::ptrdiff_t i, const ValueAt& valueAt, Found& found)
    {
        if (found.low < 0 || valueAt(static_cast<std::size_t>(i)) < valueAt(static_cast<std::size_t>(found.low)))
            found.low = i;
    }
    template <typename ValueAt>
    static void higher(std::ptrdiff_t i, const ValueAt& valueAt, Found& found)
    {
        if (found.high < 0 || valueAt(static_cast<std::size_t>(i)) > valueAt(static_cast<std::size_t>(found.high)))
            found.high = i;
    }
    template <typename ValueAt>
    static void walk(std::size_t begin, std::size_t end, const ValueAt& valueAt, Found& found)
    {
        for (std::size_t i = begin; i < end; ++i) {
            if (std::isnan(valueAt(i))) {
                found.gap = static_cast<std::ptrdiff_t>(i);
                continue;
            }
            lower(static_cast<std::ptrdiff_t>(i), valueAt, found);
            higher(static_cast<std::ptrdiff_t>(i), valueAt, found);
        }
    }

    std::vector<Places> m_blocks;
};

} // namespace gradus::common
