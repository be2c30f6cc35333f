// SPDX-License-Identifier: GPL-3.0-or-later
// The settings of a run by key, for lists that are narrowed and grouped by them: cheap to read off the frozen text of
// many thousand runs. What compares settings in earnest parses the experiment (compare/spec_diff).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gradus::store {

struct Setting
{
    std::string key;   ///< "gap.controller", "signals.source[0].rate"; "parameters.lr" of an imported run; lower case
    std::string value; ///< a text without its quotes, anything else as TOML in one line
    std::optional<double> number = {}; ///< where the value is one
};

/// Immutable; any thread. A text that cannot be read has no settings.
class RunSettings final
{
public:
    explicit RunSettings(std::string_view frozenToml);

    /// Where the run does not say it: what a file gets that does not set the key. Null: no such key in this run.
    const Setting* find(std::string_view key) const;
    /// What is not left at its default, by key; the seeds are no part of it.
    const std::vector<Setting>& changed() const { return m_changed; }
    /// Equal for runs whose settings differ in nothing but the seed; empty for a run that no experiment describes.
    const std::string& seedless() const { return m_seedless; }

private:
    std::vector<Setting> m_changed;
    std::string m_seedless;
};

/// By experiment and condition: runs of one condition share their settings, as nothing but the seed tells them apart.
using SettingsCache = std::unordered_map<std::string, std::shared_ptr<const RunSettings>>;

} // namespace gradus::store
