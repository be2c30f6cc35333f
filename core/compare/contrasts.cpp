// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/contrasts.h"

#include "base/text.h"
#include "base/trimmed.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace gradus::compare {

namespace {

constexpr const char* kForm = "write it as \"A=B\" for A minus B";

std::optional<std::size_t> labelled(const Grouping& grouping, std::string_view label)
{
    for (std::size_t i = 0; i < grouping.groups.size(); ++i)
        if (grouping.groups[i].label == label) return i;
    return std::nullopt;
}

void addOnce(std::vector<Contrast>& contrasts, const Contrast& contrast)
{
    if (std::ranges::find(contrasts, contrast) == contrasts.end()) contrasts.push_back(contrast);
}

/// At whichever equals sign both sides are labels.
Result<Contrast> contrastFrom(const std::string& asked, const Grouping& grouping)
{
    for (std::size_t at = asked.find('='); at != std::string::npos; at = asked.find('=', at + 1)) {
        const auto group = labelled(grouping, trimmed(std::string_view(asked).substr(0, at), " "));
        const auto minus = labelled(grouping, trimmed(std::string_view(asked).substr(at + 1), " "));
        if (!group || !minus) continue;
        if (*group == *minus)
            return badInput("--against \"" + visible(asked, 120) + "\" holds a group against itself; give two.");
        return Contrast{*group, *minus};
    }
    std::string labels;
    for (const RunGroup& group : grouping.groups)
        labels += (labels.empty() ? "\"" : ", \"") + visible(group.label, 60) + "\"";
    return badInput("--against \"" + visible(asked, 120) + "\" names no two groups of these runs; " + kForm +
                    ". Groups are " + labels + ".");
}

} // namespace

std::string nameOf(const Contrast& contrast, const Grouping& grouping)
{
    return grouping.groups[contrast.group].label + " minus " + grouping.groups[contrast.minus].label;
}

Result<std::vector<Contrast>> contrastsFrom(const std::vector<std::string>& asked, const Grouping& grouping)
{
    std::vector<Contrast> contrasts;
    for (const std::string& one : asked) {
        const auto contrast = contrastFrom(one, grouping);
        if (!contrast) return contrast.error();
        addOnce(contrasts, *contrast);
    }
    return contrasts;
}

std::vector<Contrast> contrastsAmong(const std::vector<spec::NamedContrast>& named, const Grouping& grouping,
                                     std::vector<std::string>& absent)
{
    std::vector<Contrast> contrasts;
    for (const spec::NamedContrast& one : named) {
        bool found = false;
        for (std::size_t group = 0; group < grouping.groups.size(); ++group) {
            const std::string& label = grouping.groups[group].label;
            const bool atPoint = label.starts_with(one.of + ", ");
            if (label != one.of && !atPoint) continue;
            const auto minus = labelled(grouping, one.minus + label.substr(one.of.size()));
            if (!minus || *minus == group) continue;
            found = true;
            addOnce(contrasts, {group, *minus});
        }
        if (!found) absent.push_back(visible(one.of, 60) + " minus " + visible(one.minus, 60));
    }
    return contrasts;
}

Result<AskedContrasts> askedContrasts(const std::vector<std::pair<std::string, std::string>>& files,
                                      const std::vector<std::string>& typed, const Grouping& grouping)
{
    AskedContrasts asked;
    for (const auto& [name, text] : files)
        for (const Contrast& contrast : contrastsAmong(spec::contrastsOf(text), grouping, asked.absent))
            addOnce(asked.contrasts, contrast);
    const auto own = contrastsFrom(typed, grouping);
    if (!own) return own.error();
    for (const Contrast& contrast : *own)
        addOnce(asked.contrasts, contrast);
    return asked;
}

} // namespace gradus::compare
