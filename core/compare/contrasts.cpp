// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/contrasts.h"

#include "base/text.h"
#include "base/trimmed.h"
#include "compare/group_labels.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace gradus::compare {

namespace {

constexpr const char* kForm = "write it as \"A=B\" for A minus B";

/// By its label, else by its condition's whole name where no other group has that.
std::optional<std::size_t> groupCalled(const Grouping& grouping, std::string_view text)
{
    const std::string_view name = trimmed(text, " ");
    std::optional<std::size_t> ofCondition;
    std::size_t count = 0;
    for (std::size_t i = 0; i < grouping.groups.size(); ++i) {
        if (trimmed(std::string_view(grouping.groups[i].label), " ") == name) return i;
        if (grouping.groups[i].condition.empty() || grouping.groups[i].condition != name) continue;
        ofCondition = i;
        ++count;
    }
    return count == 1 ? ofCondition : std::nullopt;
}

void addOnce(std::vector<Contrast>& contrasts, const Contrast& contrast)
{
    if (std::ranges::find(contrasts, contrast) == contrasts.end()) contrasts.push_back(contrast);
}

/// At whichever equals sign both sides are groups.
Result<Contrast> contrastFrom(const std::string& asked, const Grouping& grouping)
{
    for (std::size_t at = asked.find('='); at != std::string::npos; at = asked.find('=', at + 1)) {
        const auto group = groupCalled(grouping, std::string_view(asked).substr(0, at));
        const auto minus = groupCalled(grouping, std::string_view(asked).substr(at + 1));
        if (!group || !minus) continue;
        if (*group == *minus)
            return badInput("--against \"" + visible(asked, 120) + "\" holds a group against itself; give two.");
        return Contrast{*group, *minus};
    }
    return badInput("--against \"" + visible(asked, 120) + "\" names no two groups of these runs; " + kForm +
                    ". Groups are " + quotedLabels(grouping) + ".");
}

/// Which groups stand for a condition, and of which experiments they are.
class Conditions
{
public:
    Conditions(const std::vector<ComparedRun>& runs, const Grouping& grouping)
    {
        for (std::size_t group = 0; group < grouping.groups.size(); ++group) {
            std::set<std::string>& names = m_names.emplace_back();
            std::set<std::string>& hashes = m_experiments.emplace_back();
            for (const std::vector<std::size_t>* members :
                 {&grouping.groups[group].runs, &grouping.groups[group].repeats})
                for (const std::size_t run : *members) {
                    names.insert(runs[run].detail.run.condition);
                    hashes.insert(runs[run].detail.run.experimentHash);
                }
            for (const std::string& name : names)
                m_groups[name].push_back(group);
        }
    }

    const std::set<std::string>& namesOf(std::size_t group) const { return m_names[group]; }

    /// The group of that condition beside this one: of the same experiment, or the only one there is.
    std::optional<std::size_t> beside(std::size_t group, const std::string& condition) const
    {
        const auto found = m_groups.find(condition);
        if (found == m_groups.end()) return std::nullopt;
        for (const std::size_t other : found->second)
            if (std::ranges::any_of(m_experiments[other],
                                    [&](const std::string& one) { return m_experiments[group].contains(one); }))
                return other;
        return found->second.size() == 1 ? std::optional(found->second.front()) : std::nullopt;
    }

private:
    std::vector<std::set<std::string>> m_names; ///< one a group, as the others
    std::vector<std::set<std::string>> m_experiments;
    std::map<std::string, std::vector<std::size_t>> m_groups;
};

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

std::string typedText(const Contrast& contrast, const Grouping& grouping)
{
    return grouping.groups[contrast.group].label + "=" + grouping.groups[contrast.minus].label;
}

std::vector<Contrast> contrastsAmong(const std::vector<spec::NamedContrast>& named,
                                     const std::vector<ComparedRun>& runs, const Grouping& grouping,
                                     std::vector<std::string>& absent)
{
    std::vector<Contrast> contrasts;
    if (named.empty()) return contrasts;
    const Conditions conditions(runs, grouping);
    for (const spec::NamedContrast& one : named) {
        bool found = false;
        for (std::size_t group = 0; group < grouping.groups.size(); ++group)
            for (const std::string& condition : conditions.namesOf(group)) {
                const auto other = spec::heldAgainst(condition, one);
                const auto minus = other ? conditions.beside(group, *other) : std::nullopt;
                if (!minus || *minus == group) continue;
                found = true;
                addOnce(contrasts, {group, *minus});
            }
        if (!found) absent.push_back(visible(one.of, 60) + " minus " + visible(one.minus, 60));
    }
    return contrasts;
}

Result<AskedContrasts> askedContrasts(const std::vector<std::pair<std::string, std::string>>& files,
                                      const std::vector<std::string>& typed, const std::vector<ComparedRun>& runs,
                                      const Grouping& grouping)
{
    AskedContrasts asked;
    for (const auto& [name, text] : files)
        for (const Contrast& contrast : contrastsAmong(spec::contrastsOf(text), runs, grouping, asked.absent))
            addOnce(asked.contrasts, contrast);
    const auto own = contrastsFrom(typed, grouping);
    if (!own) return own.error();
    for (const Contrast& contrast : *own)
        addOnce(asked.contrasts, contrast);
    return asked;
}

} // namespace gradus::compare
