// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/evidence_text.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::events {

namespace {

constexpr std::size_t kLongestLine = 400; // bytes

std::vector<std::string_view> linesOf(std::string_view bytes)
{
    std::vector<std::string_view> lines;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        lines.push_back(bytes.substr(0, end));
        if (end == std::string_view::npos) break;
        bytes.remove_prefix(end + 1);
    }
    return lines;
}

/// Archives and images have no lines to show.
bool isText(const KeptSide& side)
{
    return side.bytes.find('\0') == std::string::npos;
}

std::string sizeText(const KeptSide& side)
{
    return counted(side.size, "byte") +
           (side.whole ? "" : ", of which the first " + std::to_string(side.bytes.size()) + " are kept");
}

} // namespace

std::string originText(const Origin& origin)
{
    std::string text = "level " + std::to_string(origin.level);
    if (!origin.twin.empty()) text += ", " + visible(origin.twin, 40) + " twin";
    if (!origin.cue.empty() && origin.cue != "none") text += ", " + visible(origin.cue, 40);
    text += ", seed " + std::to_string(origin.seed);
    for (const auto& [axis, which] : origin.axes)
        if (which != 0) text += ", " + visible(axis, 40) + " " + std::to_string(which);
    if (!origin.policy.empty()) text += "; " + visible(origin.policy, 120);
    if (!origin.parent.empty())
        text += "; branched off " + visible(origin.parent, 120) +
                (origin.branchedAfter
                     ? " after " + counted(static_cast<std::size_t>(std::max(*origin.branchedAfter, 0)), "call")
                     : std::string());
    return text;
}

std::string changeText(const KeptFile& file)
{
    if (!file.before) return "left, " + sizeText(file.after) + " (not looked at before)";
    if (!file.before->present) return "new, " + sizeText(file.after);
    if (!file.after.present) return "removed, " + sizeText(*file.before);
    return "changed, " + sizeText(*file.before) + " to " + sizeText(file.after);
}

std::vector<std::string> changedLines(const KeptFile& file, std::size_t most)
{
    if (!file.before || !isText(*file.before) || !isText(file.after)) return {};
    std::vector<std::string_view> before = linesOf(file.before->bytes);
    std::vector<std::string_view> after = linesOf(file.after.bytes);
    const auto same = std::ranges::mismatch(before, after);
    const auto first = static_cast<std::size_t>(same.in1 - before.begin());
    std::size_t last = 0;
    while (last < std::min(before.size(), after.size()) - first &&
           before[before.size() - 1 - last] == after[after.size() - 1 - last])
        ++last;
    std::vector<std::string> lines;
    std::size_t leftOut = 0;
    const auto add = [&](const std::vector<std::string_view>& side, const char* sign) {
        for (std::size_t i = first; i < side.size() - last; ++i)
            if (lines.size() < most)
                lines.push_back(sign + visible(side[i], kLongestLine));
            else
                ++leftOut;
    };
    add(before, "- ");
    add(after, "+ ");
    if (leftOut > 0) lines.push_back("... " + counted(leftOut, "more line"));
    return lines;
}

} // namespace gradus::events
