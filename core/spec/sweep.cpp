// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/checks.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::spec {

namespace {

constexpr std::size_t kMostValues = 1000;
constexpr std::size_t kLongestName = 200;

/// A swept key with its value: "gap.value" = ... and gap.value = ... are the same to us, not to TOML.
struct Swept
{
    const KeyInfo* key = nullptr;
    const Member* member = nullptr;
};

std::vector<std::string> dottedNames()
{
    std::vector<std::string> names;
    for (const KeyInfo& key : knownKeys())
        names.push_back(key.dotted());
    return names;
}

Result<void> add(std::vector<Swept>& all, const Member& member, const std::string& dotted, const std::string& where)
{
    const KeyInfo* key = findKey(dotted);
    if (!key) return unknownKey(member, where, dotted, dottedNames());
    if (dotted == "experiment.seeds")
        return errorAt(member.place, dotted,
                       "experiment.seeds cannot be swept; every condition is repeated over the seeds anyway.");
    if (dotted == "experiment.name")
        return errorAt(member.place, dotted,
                       "experiment.name cannot be swept; give each [[sweep.condition]] a name instead.");
    if (key->note) return errorAt(member.place, dotted, dotted + " cannot be swept; no run reads it.");
    for (const Swept& other : all)
        if (other.key == key)
            return errorAt(member.place, dotted, dotted + " stands twice in " + where + "; keep one of them.");
    all.push_back({key, &member});
    return {};
}

/// Every key of a sweep or condition table but the reserved one.
Result<std::vector<Swept>> flatten(const Node& table, std::string_view reserved, const std::string& where)
{
    std::vector<Swept> all;
    const auto& sections = knownSections();
    for (const Member& member : table.members) {
        if (member.key == reserved) continue;
        const bool section = std::find(sections.begin(), sections.end(), member.key) != sections.end();
        if (!section || member.value.kind != NodeKind::Table) {
            if (auto added = add(all, member, member.key, where); !added) return added.error();
            continue;
        }
        for (const Member& inner : member.value.members)
            if (auto added = add(all, inner, member.key + "." + inner.key, where); !added) return added.error();
    }
    return all;
}

/// The value's canonical text, if the key takes it.
Result<std::string> checkedText(const KeyInfo& key, const Node& value)
{
    Experiment scratch;
    if (auto applied = applyValue(scratch, key, value); !applied) return applied.error();
    return valueText(key, scratch);
}

Result<SweepAxis> axisFrom(const Swept& swept)
{
    const std::string dotted = swept.key->dotted();
    const Node& list = swept.member->value;
    if (list.kind != NodeKind::List || list.items.empty())
        return errorAt(list.begin, dotted,
                       "[sweep] needs a list of values for " + dotted + ", each " + acceptedText(*swept.key) + ".");
    if (list.items.size() > kMostValues)
        return errorAt(list.begin, dotted, "[sweep] has more than 1000 values for " + dotted + "; use fewer.");
    SweepAxis axis{dotted, {}};
    for (const Node& item : list.items) {
        auto text = checkedText(*swept.key, item);
        if (!text) return text.error();
        if (std::find(axis.values.begin(), axis.values.end(), *text) != axis.values.end())
            return errorAt(item.begin, dotted,
                           "[sweep] lists " + visible(*text, 60) + " twice for " + dotted + "; remove one.");
        axis.values.push_back(std::move(*text));
    }
    return axis;
}

Result<std::string> nameFrom(const Node& table)
{
    const Member* name = table.find("name");
    const Node& at = name ? name->value : table;
    if (!name || name->value.kind != NodeKind::Text || name->value.text.empty() ||
        name->value.text.size() > kLongestName || visible(name->value.text, kLongestName + 1) != name->value.text)
        return errorAt(at.begin, "sweep.condition",
                       "[[sweep.condition]] needs a name of 1 to 200 bytes, like name = \"fixed, small\".");
    return name->value.text;
}

Result<SweepCondition> conditionFrom(const Node& table)
{
    auto name = nameFrom(table);
    if (!name) return name.error();
    SweepCondition condition{std::move(*name), {}};
    auto all = flatten(table, "name", "[[sweep.condition]]");
    if (!all) return all.error();
    if (all->empty())
        return errorAt(table.begin, "sweep.condition",
                       "[[sweep.condition]] " + tomlString(condition.name) +
                           " sets no key; add one, like \"gap.value\" = 0.4.");
    for (const Swept& swept : *all) {
        auto text = checkedText(*swept.key, swept.member->value);
        if (!text) return text.error();
        condition.settings.emplace_back(swept.key->dotted(), std::move(*text));
    }
    return condition;
}

Result<void> readConditions(Experiment& experiment, const Node& list)
{
    if (list.kind != NodeKind::List)
        return errorAt(list.begin, "sweep.condition",
                       "conditions are written as [[sweep.condition]] tables; use double brackets.");
    if (list.items.size() > kMostValues)
        return errorAt(list.begin, "sweep.condition", "[[sweep.condition]] stands more than 1000 times; use fewer.");
    for (const Node& table : list.items) {
        if (table.kind != NodeKind::Table)
            return errorAt(table.begin, "sweep.condition",
                           "conditions are written as [[sweep.condition]] tables; use double brackets.");
        auto condition = conditionFrom(table);
        if (!condition) return condition.error();
        for (const SweepCondition& other : experiment.conditions)
            if (other.name == condition->name)
                return errorAt(table.begin, "sweep.condition",
                               "two conditions are named " + tomlString(condition->name) + "; give each its own name.");
        for (const auto& [key, value] : condition->settings)
            for (const SweepAxis& axis : experiment.sweep)
                if (axis.key == key)
                    return errorAt(table.begin, key,
                                   key +
                                       " is set by a [[sweep.condition]] and swept by [sweep] too; keep one of them.");
        experiment.conditions.push_back(std::move(*condition));
    }
    return {};
}

} // namespace

Result<void> readSweep(Experiment& experiment, const Node& sweep)
{
    if (sweep.kind != NodeKind::Table)
        return errorAt(sweep.begin, "sweep", "[sweep] is a section; write it in single brackets with keys below it.");
    auto all = flatten(sweep, "condition", "[sweep]");
    if (!all) return all.error();
    for (const Swept& swept : *all) {
        auto axis = axisFrom(swept);
        if (!axis) return axis.error();
        experiment.sweep.push_back(std::move(*axis));
    }
    const Member* conditions = sweep.find("condition");
    return conditions ? readConditions(experiment, conditions->value) : Result<void>();
}

} // namespace gradus::spec
