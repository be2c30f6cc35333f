// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/lineage.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace gradus::store {

std::vector<Relative> relativesOf(std::span<const RunRow> rows, std::int64_t run)
{
    std::unordered_map<std::string, const RunRow*> byUuid;
    std::unordered_map<std::string, std::vector<const RunRow*>> children;
    const RunRow* asked = nullptr;
    for (const RunRow& row : rows) {
        byUuid.emplace(row.uuid, &row);
        if (row.lineage) children[row.lineage->parent].push_back(&row);
        if (row.id == run) asked = &row;
    }
    if (asked == nullptr) return {};
    std::string oldest = asked->uuid;
    std::unordered_set<std::string> above{oldest};
    for (const RunRow* at = asked; at != nullptr && at->lineage;) {
        if (!above.insert(at->lineage->parent).second) break;
        oldest = at->lineage->parent;
        const auto parent = byUuid.find(oldest);
        at = parent == byUuid.end() ? nullptr : parent->second;
    }
    std::vector<Relative> found;
    std::unordered_set<std::string> placed;
    std::vector<Relative> open; // the next one last
    const auto root = byUuid.find(oldest);
    open.push_back({root == byUuid.end() ? nullptr : root->second, oldest, 0, {}});
    while (!open.empty()) {
        Relative next = std::move(open.back());
        open.pop_back();
        if (!placed.insert(next.uuid).second) continue;
        std::vector<const RunRow*>& below = children[next.uuid];
        std::sort(below.begin(), below.end(), [](const RunRow* a, const RunRow* b) { return a->id > b->id; });
        for (const RunRow* child : below)
            open.push_back({child, child->uuid, next.depth + 1, child->lineage});
        found.push_back(std::move(next));
    }
    return found;
}

std::string fromText(const Lineage& lineage)
{
    const std::string generation = std::to_string(lineage.generation);
    return lineage.superseded ? "what it was before it was rolled back to generation " + generation
                              : "branch after generation " + generation;
}

} // namespace gradus::store
