// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/keys.h"
#include "spec/toml_tree.h"

#include "base/hash.h"

namespace gradus::spec {

std::string canonicalToml(const Experiment& experiment)
{
    std::string toml;
    std::string_view section;
    for (const KeyInfo& key : knownKeys()) {
        if (key.note) continue;
        if (key.section != section) {
            section = key.section;
            toml += (toml.empty() ? "[" : "\n[") + std::string(section) + "]\n";
        }
        toml += std::string(key.key) + " = " + valueText(key, experiment) + "\n";
    }
    if (!experiment.sweep.empty()) toml += "\n[sweep]\n";
    for (const SweepAxis& axis : experiment.sweep) {
        std::string values;
        for (const std::string& value : axis.values)
            values += (values.empty() ? "" : ", ") + value;
        toml += tomlString(axis.key) + " = [" + values + "]\n";
    }
    for (const SweepCondition& condition : experiment.conditions) {
        toml += "\n[[sweep.condition]]\nname = " + tomlString(condition.name) + "\n";
        for (const auto& [key, value] : condition.settings)
            toml += tomlString(key) + " = " + value + "\n";
    }
    return toml;
}

std::string hashOf(const Experiment& experiment)
{
    return sha256(canonicalToml(experiment));
}

} // namespace gradus::spec
