// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_settings.h"

#include "base/hash.h"
#include "base/text.h"
#include "spec/imported.h"
#include "spec/keys.h"
#include "spec/toml_tree.h"

#include <algorithm>

namespace gradus::store {

namespace {

constexpr std::string_view kSeeds = "experiment.seeds";
constexpr std::string_view kSources = "signals.source";
constexpr std::string_view kSweep = "sweep";

std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// toml: one value in one line.
Setting settingOf(std::string key, std::string_view toml)
{
    const bool isText = toml.size() >= 2 && toml.front() == '"' && toml.back() == '"';
    if (isText && toml.find('\\') == std::string_view::npos)
        return {std::move(key), std::string(toml.substr(1, toml.size() - 2)), std::nullopt};
    if (isText)
        if (auto read = spec::parseTomlValue(toml)) return {std::move(key), read->text, std::nullopt};
    return {std::move(key), std::string(toml), parseNumber(toml)};
}

/// A value as it stands in a file, without the quotes of a text.
Setting settingOf(std::string key, const spec::Node& node)
{
    if (node.kind == spec::NodeKind::Text) return {std::move(key), node.text, std::nullopt};
    return settingOf(std::move(key), spec::textOf(node));
}

const std::unordered_map<std::string_view, Setting>& defaults()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const spec::KeyInfo& key : spec::knownKeys())
            all.push_back(key.dotted());
        return all;
    }();
    static const auto byKey = [] {
        std::unordered_map<std::string_view, Setting> all;
        for (const std::string& name : names)
            all.emplace(name, settingOf(name, spec::defaultText(*spec::findKey(name))));
        return all;
    }();
    return byKey;
}

/// [{ name = "a", rate = 0.1 }] becomes a setting a field.
void addSources(std::vector<Setting>& settings, std::string_view list)
{
    const auto read = spec::parseTomlValue(list);
    if (!read || read->kind != spec::NodeKind::List) return;
    for (std::size_t place = 0; place < read->items.size(); ++place)
        for (const spec::Member& member : read->items[place].members)
            settings.push_back(
                settingOf(std::string(kSources) + "[" + std::to_string(place) + "]." + member.key, member.value));
}

/// The canonical form has a section or a key a line (spec/canonical.cpp); what is not in that form is passed over.
std::vector<Setting> readCanonical(std::string_view text)
{
    std::vector<Setting> settings;
    std::string section;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.size() > 2 && line.front() == '[') {
            if (line.back() == ']') section = line.substr(1, line.size() - 2);
            continue;
        }
        const std::size_t equals = line.find(" = ");
        if (section.empty() || section.find(kSweep) != std::string::npos || equals == std::string_view::npos) continue;
        std::string key = section + "." + std::string(line.substr(0, equals));
        const std::string_view value = line.substr(equals + 3);
        if (key == kSeeds) continue;
        if (key == kSources) addSources(settings, value);
        Setting setting = settingOf(std::move(key), value);
        const auto usual = defaults().find(setting.key);
        if (usual == defaults().end() || usual->second.value != setting.value) settings.push_back(std::move(setting));
    }
    return settings;
}

void flatten(std::vector<Setting>& settings, const std::string& prefix, const spec::Node& table)
{
    for (const spec::Member& member : table.members) {
        std::string key = lower(prefix.empty() ? visible(member.key, 60) : prefix + "." + visible(member.key, 60));
        if (member.value.kind == spec::NodeKind::Table)
            flatten(settings, key, member.value);
        else
            settings.push_back(settingOf(std::move(key), member.value));
    }
}

} // namespace

RunSettings::RunSettings(std::string_view frozenToml)
{
    const bool isOther = !frozenToml.starts_with("[experiment]");
    if (!isOther)
        m_changed = readCanonical(frozenToml);
    else if (const auto tree = spec::parseToml(frozenToml))
        flatten(m_changed, {}, *tree);
    std::stable_sort(m_changed.begin(), m_changed.end(),
                     [](const Setting& a, const Setting& b) { return a.key < b.key; });
    if (isOther) return;
    std::string all;
    for (const Setting& setting : m_changed)
        all += setting.key + "\n" + setting.value + "\n";
    m_seedless = sha256(all);
}

const Setting* RunSettings::find(std::string_view key) const
{
    const auto found =
        std::lower_bound(m_changed.begin(), m_changed.end(), key,
                         [](const Setting& setting, std::string_view name) { return setting.key < name; });
    if (found != m_changed.end() && found->key == key) return &*found;
    if (m_seedless.empty()) return nullptr; // another program's defaults are not ours
    const auto usual = defaults().find(key);
    return usual == defaults().end() || key == kSeeds ? nullptr : &usual->second;
}

} // namespace gradus::store
