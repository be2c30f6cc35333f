// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/stored.h"

#include "spec/checks.h"

#include <utility>

namespace gradus::spec {

std::vector<std::string> keysLeftAside(const Experiment& experiment)
{
    std::vector<std::string> keys;
    if (!placesItself(experiment)) return keys;
    if (measures(experiment.gap)) keys.emplace_back("gap.controller");
    if (experiment.gap.gate == "anchors") keys.emplace_back("gap.gate");
    if (experiment.signals.anchors > 0) keys.emplace_back("signals.anchors");
    return keys;
}

Result<Experiment> parseStored(const std::string& toml, const std::string& file)
{
    auto now = parseExperiment(toml, file);
    if (now) return now;
    // The same text without these keys must stand; then their values are put back.
    const auto root = parseToml(toml);
    if (!root) return now;
    std::string without = toml;
    std::vector<std::pair<const KeyInfo*, const Node*>> values;
    for (const char* dotted : {"gap.controller", "gap.gate", "signals.anchors"}) {
        const KeyInfo* key = findKey(dotted);
        const Member* section = root->find(key->section);
        const Member* member = section ? section->value.find(key->key) : nullptr;
        if (!member) continue;
        auto edited = editToml(without, dotted, defaultText(*key));
        if (!edited) return now;
        without = std::move(*edited);
        values.emplace_back(key, &member->value);
    }
    auto stored = parseExperiment(without, file);
    if (!stored || !placesItself(*stored)) return now;
    for (const auto& [key, value] : values)
        if (const auto applied = applyValue(*stored, *key, *value); !applied) return now;
    return stored;
}

} // namespace gradus::spec
