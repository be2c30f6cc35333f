// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/contrasts.h"

#include "base/text.h"
#include "spec/checks.h"
#include "spec/experiment.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace gradus::spec {

namespace {

constexpr const char* kSection = "report";
constexpr const char* kKey = "report.contrasts";
constexpr const char* kForm = "pairs of conditions' names, each minus the other, like [[\"three kinds\", \"one\"]]";

Error wrong(const Node& node, const std::string& what)
{
    return errorAt(node.begin, kKey, std::string(kKey) + " " + what + "; write " + kForm + ".");
}

constexpr const char* kBetween = ", "; ///< of a condition's name and its places on the axes

/// Where a name stands in a condition as a part of its own; npos: it does not.
std::size_t placeOf(const std::string& condition, const std::string& name)
{
    const std::string between = kBetween;
    for (std::size_t at = condition.find(name); at != std::string::npos; at = condition.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || std::string_view(condition).substr(0, at).ends_with(between)) &&
            (end == condition.size() || std::string_view(condition).substr(end).starts_with(between)))
            return at;
    }
    return std::string::npos;
}

std::string namesOf(const std::vector<std::string>& conditions)
{
    std::string names;
    for (const std::string& one : conditions)
        names += (names.empty() ? "\"" : ", \"") + visible(one, 60) + "\"";
    return names;
}

Error refused(const std::string& what)
{
    Error error = badInput(std::string(kKey) + " " + what);
    error.key = kKey;
    return error;
}

Result<NamedContrast> contrastIn(const Node& pair)
{
    if (pair.kind != NodeKind::List || pair.items.size() != 2 || pair.items[0].kind != NodeKind::Text ||
        pair.items[1].kind != NodeKind::Text)
        return wrong(pair, "has " + visible(textOf(pair), 60));
    NamedContrast contrast{pair.items[0].text, pair.items[1].text};
    if (contrast.of == contrast.minus) return wrong(pair, "holds \"" + visible(contrast.of, 60) + "\" against itself");
    return contrast;
}

} // namespace

Result<std::vector<NamedContrast>> reportSection(const Member& section)
{
    if (section.value.kind != NodeKind::Table)
        return errorAt(section.place, kSection,
                       "[report] is a section; write it in single brackets with keys below it.");
    std::vector<NamedContrast> contrasts;
    for (const Member& member : section.value.members) {
        if (member.key != "contrasts") return unknownKey(member, "[report]", "report." + member.key, {"contrasts"});
        if (member.value.kind != NodeKind::List)
            return wrong(member.value, std::string("is ") + nameOf(member.value.kind));
        for (const Node& pair : member.value.items) {
            auto contrast = contrastIn(pair);
            if (!contrast) return contrast.error();
            if (std::ranges::find(contrasts, *contrast) != contrasts.end())
                return wrong(pair, "has " + visible(textOf(pair), 120) + " twice");
            if (contrasts.size() == kMostContrasts)
                return wrong(pair, "has more than " + std::to_string(kMostContrasts) + " pairs");
            contrasts.push_back(std::move(*contrast));
        }
    }
    return contrasts;
}

std::optional<std::string> heldAgainst(const std::string& condition, const NamedContrast& contrast)
{
    const std::size_t at = placeOf(condition, contrast.of);
    if (at == std::string::npos) return std::nullopt;
    return condition.substr(0, at) + contrast.minus + condition.substr(at + contrast.of.size());
}

Result<void> checkContrasts(const std::vector<NamedContrast>& contrasts, const std::vector<RunSpec>& runs)
{
    if (contrasts.empty()) return {};
    std::vector<std::string> known;
    for (const RunSpec& run : runs) // seeds of one condition follow each other
        if (known.empty() || known.back() != run.condition) known.push_back(run.condition);
    const std::set<std::string> all(known.begin(), known.end());
    for (const NamedContrast& contrast : contrasts) {
        for (const std::string& name : {contrast.of, contrast.minus})
            if (std::ranges::none_of(known, [&](const std::string& one) { return placeOf(one, name) != one.npos; }))
                return refused("names \"" + visible(name, 60) + "\", which is no condition of this sweep; " +
                               (known.size() < 2 ? "there is nothing to hold against each other, so remove it."
                                                 : "conditions are " + namesOf(known) + "."));
        const auto isHeld = [&](const std::string& one) {
            const auto other = heldAgainst(one, contrast);
            return other && all.contains(*other);
        };
        if (std::ranges::none_of(known, isHeld))
            return refused("holds \"" + visible(contrast.of, 60) + "\" against \"" + visible(contrast.minus, 60) +
                           "\", and no two conditions differ in these alone; conditions are " + namesOf(known) + ".");
    }
    return {};
}

std::vector<NamedContrast> contrastsOf(const std::string& toml)
{
    const auto root = parseToml(toml);
    const Member* section = root ? root->find(kSection) : nullptr;
    if (section == nullptr) return {};
    auto contrasts = reportSection(*section);
    return contrasts ? std::move(*contrasts) : std::vector<NamedContrast>();
}

} // namespace gradus::spec
