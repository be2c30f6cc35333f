// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/isotonic.h"

#include <algorithm>
#include <numeric>

namespace gradus::signals {

namespace {

struct Block
{
    double start = 0;
    double sum = 0;
    double count = 0;
    double mean() const { return sum / count; }
};

} // namespace

double IsotonicFit::at(double x) const
{
    if (start.empty()) return 0;
    const auto after = std::upper_bound(start.begin(), start.end(), x);
    return value[after == start.begin() ? 0 : static_cast<std::size_t>(after - start.begin()) - 1];
}

IsotonicFit fitIsotonic(std::span<const double> x, std::span<const double> y)
{
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<Block> blocks;
    for (std::size_t at = 0; at < order.size();) {
        Block block{x[order[at]], 0, 0};
        for (; at < order.size() && x[order[at]] == block.start; ++at) {
            block.sum += y[order[at]];
            block.count += 1;
        }
        blocks.push_back(block);
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back().sum += last.sum;
            blocks.back().count += last.count;
        }
    }
    IsotonicFit fit;
    for (const Block& block : blocks) {
        fit.start.push_back(block.start);
        fit.value.push_back(block.mean());
    }
    return fit;
}

} // namespace gradus::signals
