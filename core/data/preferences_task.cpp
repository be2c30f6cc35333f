// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/preferences_task.h"

#include "base/hash.h"

#include <algorithm>

namespace gradus::data {

namespace {

constexpr std::uint64_t kOrderSeed = 2;

std::string promptOf(const std::string& chosen, const std::string& rejected)
{
    const std::size_t turn = chosen.rfind("\n\nAssistant:");
    if (turn != std::string::npos) return chosen.substr(0, turn);
    const auto shorter = static_cast<std::ptrdiff_t>(std::min(chosen.size(), rejected.size()));
    const auto differ = std::mismatch(chosen.begin(), chosen.begin() + shorter, rejected.begin()).first;
    return {chosen.begin(), differ};
}

Result<RawItems> itemsOf(const Table& table, const std::vector<std::size_t>& columns)
{
    RawItems read;
    for (const Row& row : table.rows) {
        auto chosen = cellText(table, row, columns[0]);
        if (!chosen) return chosen.error();
        auto rejected = cellText(table, row, columns[1]);
        if (!rejected) return rejected.error();
        if (*chosen == *rejected) {
            ++read.leftOut;
            continue;
        }
        RawItem item;
        item.group = promptOf(*chosen, *rejected);
        item.truth = static_cast<int>(splitHash(*chosen + '\x1F' + *rejected, kOrderSeed) & 1U);
        item.texts = {std::move(*chosen), std::move(*rejected)};
        if (item.truth == 1) std::swap(item.texts[0], item.texts[1]);
        read.items.push_back(std::move(item));
    }
    return read;
}

} // namespace

Template preferencesTemplate()
{
    return {.name = "preferences",
            .roles = {"chosen", "rejected"},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "their two texts are equal",
            .items = &itemsOf};
}

} // namespace gradus::data
