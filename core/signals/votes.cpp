// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/votes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace gradus::signals {

namespace {

std::string quoted(const std::string& name)
{
    return "\"" + name + "\"";
}

Result<void> checkLabels(const VoteTable& table, const SourceVotes& source)
{
    const std::string who = "Source " + quoted(source.name);
    if (source.labels.size() != table.items)
        return badInput(who + " has " + std::to_string(source.labels.size()) + " labels for " +
                        std::to_string(table.items) + " items: give one label an item, -1 where it abstains.");
    bool speaks = false;
    for (std::size_t i = 0; i < source.labels.size(); ++i) {
        const int label = source.labels[i];
        if (label < kAbstain || label >= table.classes)
            return badInput(who + " gives item " + std::to_string(i) + " the label " + std::to_string(label) +
                            ", outside 0 to " + std::to_string(table.classes - 1) +
                            ": correct it, or use -1 to abstain.");
        speaks = speaks || label != kAbstain;
    }
    if (!speaks) return badInput(who + " abstains on every item: remove it, or give it at least one label.");
    return {};
}

Result<void> checkProbabilities(const VoteTable& table, const SourceVotes& source)
{
    if (source.probabilities.empty()) return {};
    const std::string who = "Source " + quoted(source.name);
    const auto width = static_cast<std::size_t>(table.classes);
    if (source.probabilities.size() != table.items * width)
        return badInput(who + " has " + std::to_string(source.probabilities.size()) + " probabilities for " +
                        std::to_string(table.items) + " items of " + std::to_string(width) +
                        " classes: give a full row an item, or none at all.");
    for (std::size_t i = 0; i < table.items; ++i) {
        double sum = 0;
        bool sound = true;
        for (std::size_t k = 0; k < width; ++k) {
            const double p = source.probabilities[i * width + k];
            sound = sound && std::isfinite(p) && p >= 0;
            sum += p;
        }
        if (!sound || (source.labels[i] != kAbstain && std::abs(sum - 1) > 1e-3))
            return badInput(who + " has probabilities for item " + std::to_string(i) +
                            " that are not a distribution: make them non-negative and sum to 1.");
    }
    return {};
}

Result<void> checkAnchors(const VoteTable& table, const Anchors& anchors)
{
    if (anchors.items.size() != anchors.truth.size())
        return badInput("The anchors name " + std::to_string(anchors.items.size()) + " items but " +
                        std::to_string(anchors.truth.size()) + " truths: give one truth an anchor.");
    std::set<std::size_t> seen;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        const std::string where = "Anchor " + std::to_string(a);
        if (anchors.items[a] >= table.items)
            return badInput(where + " points at item " + std::to_string(anchors.items[a]) + " of a table of " +
                            std::to_string(table.items) + ": point it inside the table.");
        if (anchors.truth[a] < 0 || anchors.truth[a] >= table.classes)
            return badInput(where + " has the truth " + std::to_string(anchors.truth[a]) + ", outside 0 to " +
                            std::to_string(table.classes - 1) + ": correct it, or drop the anchor.");
        if (!seen.insert(anchors.items[a]).second)
            return badInput(where + " repeats item " + std::to_string(anchors.items[a]) + ": keep one anchor an item.");
    }
    return {};
}

} // namespace

Result<void> checkVotes(const VoteTable& table, const Anchors& anchors)
{
    if (table.classes < 2)
        return badInput("The vote table has " + std::to_string(table.classes) + " classes: at least two are needed.");
    if (table.sources.empty()) return badInput("The vote table has no sources: add at least one supervisor.");
    std::set<std::string> names;
    for (const SourceVotes& source : table.sources) {
        if (!names.insert(source.name).second)
            return badInput("Two sources are named " + quoted(source.name) + ": rename one of them.");
        if (!(source.weight >= 0 && source.weight <= 1))
            return badInput("Source " + quoted(source.name) + " has a weight outside 0 to 1: draw it inside.");
        if (auto sound = checkLabels(table, source); !sound) return sound;
        if (auto sound = checkProbabilities(table, source); !sound) return sound;
    }
    if (std::all_of(table.sources.begin(), table.sources.end(), [](const SourceVotes& s) { return s.weight == 0; }))
        return badInput("Every source of the vote table has weight 0: give at least one a weight above it.");
    return checkAnchors(table, anchors);
}

} // namespace gradus::signals
