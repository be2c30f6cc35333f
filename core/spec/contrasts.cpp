// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/contrasts.h"

#include "base/text.h"
#include "spec/checks.h"
#include "spec/experiment.h"

#include <algorithm>

namespace gradus::spec {

namespace {

constexpr const char* kSection = "report";
constexpr const char* kKey = "report.contrasts";
constexpr const char* kForm = "pairs of conditions' names, each minus the other, like [[\"three kinds\", \"one\"]]";

Error wrong(const Node& node, const std::string& what)
{
    return errorAt(node.begin, kKey, std::string(kKey) + " " + what + "; write " + kForm + ".");
}

/// A condition of that name, alone or at a point of the axes.
bool isOf(const std::string& condition, const std::string& name)
{
    return condition == name || condition.starts_with(name + ", ");
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

Result<void> checkContrasts(const std::vector<NamedContrast>& contrasts, const std::vector<RunSpec>& runs)
{
    std::vector<std::string> known;
    for (const RunSpec& run : runs)
        if (std::ranges::find(known, run.condition) == known.end()) known.push_back(run.condition);
    for (const NamedContrast& contrast : contrasts)
        for (const std::string& name : {contrast.of, contrast.minus}) {
            if (std::ranges::any_of(known, [&](const std::string& one) { return isOf(one, name); })) continue;
            std::string names;
            for (const std::string& one : known)
                names += (names.empty() ? "\"" : ", \"") + visible(one, 60) + "\"";
            Error error = badInput(std::string(kKey) + " names \"" + visible(name, 60) +
                                   "\", which is no condition of this sweep; " +
                                   (known.size() < 2 ? "there is nothing to hold against each other, so remove it."
                                                     : "conditions are " + names + "."));
            error.key = kKey;
            return error;
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
