// SPDX-License-Identifier: GPL-3.0-or-later
// A curve that a person saved under a name: one TOML file each (resources/docs/design.md describes it).
#pragma once

#include "base/result.h"
#include "schedule/curve.h"

#include <cstddef>
#include <string>

namespace gradus::spec {

inline constexpr int kPresetVersion = 1; ///< that this program writes, and the newest it reads
inline constexpr std::size_t kLongestPresetName = 80;

struct SavedPreset
{
    std::string name;      ///< one line, not empty, at most kLongestPresetName bytes
    std::string drawnFor;  ///< what the curve was of ("gap.curve"), for people alone; empty: not said
    schedule::Curve curve; ///< values as they were drawn, whatever a lane's bounds are
};

/// Bad input, in words: a text that is no preset, one from a newer version, a curve that cannot be evaluated. `file` is
/// only used in messages.
Result<SavedPreset> parsePreset(const std::string& toml, const std::string& file);
std::string presetToml(const SavedPreset& preset);

/// Whether a preset may be called so: the reason why not as bad input.
Result<void> checkPresetName(const std::string& name);
/// The text with another name; every other byte, comments included, stays. The text must be a preset.
Result<std::string> withPresetName(const std::string& toml, const std::string& name, const std::string& file);

} // namespace gradus::spec
