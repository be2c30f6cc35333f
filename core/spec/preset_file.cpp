// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/preset_file.h"

#include "base/text.h"
#include "schedule/presets.h"
#include "spec/experiment.h"
#include "spec/values.h"

#include <algorithm>

namespace gradus::spec {

namespace {

/// A preset belongs to no lane, so that its values have no bounds but those of every curve.
const KeyInfo& curveKey()
{
    static const KeyInfo key{.section = "preset",
                             .key = "curve",
                             .field = [](Experiment& any) -> Field { return &any.gap.curve; },
                             .help = "",
                             .least = -1e100,
                             .most = 1e100};
    return key;
}

Error inFile(const std::string& file, const Error& error)
{
    Error placed = error;
    const std::string place =
        error.line > 0 ? ":" + std::to_string(error.line) + ":" + std::to_string(error.column) : std::string();
    placed.message = visible(file, 300) + place + ": " + error.message;
    placed.kind = ErrorKind::BadInput;
    return placed;
}

Result<void> readVersion(const Node& root)
{
    const Member* version = root.find("version");
    if (!version)
        return badInput("This is no preset: it does not say its version; write version = " +
                        std::to_string(kPresetVersion) + " into its first line.");
    if (version->value.kind != NodeKind::Integer || version->value.integer < 1)
        return errorAt(version->value.begin, "version", "The version of a preset is a whole number of at least 1.");
    if (version->value.integer > kPresetVersion)
        return errorAt(version->value.begin, "version",
                       "This preset is from a newer version of Gradus (it is of version " +
                           std::to_string(version->value.integer) + ", and this program reads up to " +
                           std::to_string(kPresetVersion) + "); update Gradus to use it.");
    return {};
}

Result<SavedPreset> readPreset(const Node& root)
{
    // Before anything else: what a newer version means by its other keys is not known here.
    if (auto version = readVersion(root); !version) return version.error();
    static const std::vector<std::string> known{"version", "name", "drawn_for", "curve"};
    for (const Member& member : root.members) {
        if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
        const auto near = nearestWord(member.key, known);
        return errorAt(member.place, member.key,
                       "A preset has no \"" + visible(member.key, 60) + "\"; the nearest known name is \"" +
                           near.value_or("curve") + "\".");
    }
    SavedPreset preset;
    const Member* name = root.find("name");
    if (!name || name->value.kind != NodeKind::Text)
        return badInput("A preset needs a name, like name = \"slow start\".");
    preset.name = name->value.text;
    if (auto fits = checkPresetName(preset.name); !fits)
        return errorAt(name->value.begin, "name", fits.error().message);
    if (const Member* drawn = root.find("drawn_for")) {
        if (drawn->value.kind != NodeKind::Text || !isShowable(drawn->value.text))
            return errorAt(drawn->value.begin, "drawn_for", "What a preset was drawn for is text in one line.");
        preset.drawnFor = drawn->value.text;
    }
    const Member* curve = root.find("curve");
    if (!curve) return badInput("A preset needs a curve, like curve = { keys = [[0.0, 0.3], [1.0, 0.9]] }.");
    auto read = curveFrom(curveKey(), curve->value);
    if (!read) return read.error();
    preset.curve = std::move(*read);
    return preset;
}

} // namespace

Result<SavedPreset> parsePreset(const std::string& toml, const std::string& file)
{
    const auto root = parseToml(toml);
    if (!root) return inFile(file, root.error());
    auto preset = readPreset(*root);
    if (!preset) return inFile(file, preset.error());
    return preset;
}

std::string presetToml(const SavedPreset& preset)
{
    return "version = " + std::to_string(kPresetVersion) + "\nname = " + tomlString(preset.name) + "\n" +
           (preset.drawnFor.empty() ? std::string() : "drawn_for = " + tomlString(preset.drawnFor) + "\n") +
           "curve = " + curveToml(preset.curve) + "\n";
}

Result<void> checkPresetName(const std::string& name)
{
    if (name.empty() || name.front() == ' ' || name.back() == ' ' || name.size() > kLongestPresetName ||
        !isShowable(name))
        return badInput("A preset's name is one line of at most " + std::to_string(kLongestPresetName) +
                        " bytes without a space at its ends; choose another one.");
    if (schedule::presetNamed(name)) return badInput("\"" + name + "\" is a built-in preset; choose another name.");
    return {};
}

Result<std::string> withPresetName(const std::string& toml, const std::string& name, const std::string& file)
{
    if (auto fits = checkPresetName(name); !fits) return fits.error();
    if (const auto preset = parsePreset(toml, file); !preset) return preset.error();
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const Node& own = root->find("name")->value;
    return toml.substr(0, offsetOf(toml, own.begin)) + tomlString(name) + toml.substr(offsetOf(toml, own.end));
}

} // namespace gradus::spec
