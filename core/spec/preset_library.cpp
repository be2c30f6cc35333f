// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/preset_library.h"

#include "base/files.h"
#include "base/text.h"
#include "schedule/presets.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

namespace gradus::spec {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestPreset = std::size_t{1} << 20;
constexpr std::size_t kLongestStem = 60;

ListedPreset listed(const fs::path& file)
{
    ListedPreset entry{.file = file, .name = file.stem().string(), .preset = {}, .problem = {}};
    const auto text = readFile(file, kLargestPreset);
    if (!text) {
        entry.problem = text.error().message;
        return entry;
    }
    auto preset = parsePreset(*text, file.filename().string());
    if (!preset) {
        entry.problem = preset.error().message;
        return entry;
    }
    entry.name = preset->name;
    entry.preset = std::move(*preset);
    return entry;
}

std::vector<ListedPreset> listedIn(const fs::path& folder)
{
    std::vector<ListedPreset> all;
    std::error_code failed;
    // Steps without exceptions: a folder that goes meanwhile ends the list.
    for (fs::directory_iterator each(folder, failed), end; !failed && each != end && all.size() < kMostPresets;
         each.increment(failed)) {
        std::error_code ignored;
        if (each->path().extension() == ".toml" && each->is_regular_file(ignored)) all.push_back(listed(each->path()));
    }
    return all;
}

/// Letters and digits of the name, so that a file is found by eye; what the preset is called stands inside.
std::string stemOf(const std::string& name)
{
    std::string stem;
    for (const char c : name) {
        const bool digit = c >= '0' && c <= '9';
        const bool lower = c >= 'a' && c <= 'z';
        const bool upper = c >= 'A' && c <= 'Z';
        if (digit || lower || upper)
            stem += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!stem.empty() && stem.back() != '-')
            stem += '-';
    }
    stem.resize(std::min(stem.size(), kLongestStem));
    while (!stem.empty() && stem.back() == '-')
        stem.pop_back();
    return stem.empty() ? "preset" : stem;
}

/// A path of this folder that nothing had: an empty file holds it, so that no other process takes it meanwhile.
Result<fs::path> reservedPath(const fs::path& folder, const std::string& stem)
{
    for (int number = 1; number < 10000; ++number) {
        const fs::path path = folder / (stem + (number > 1 ? "-" + std::to_string(number) : "") + ".toml");
        const int handle = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (handle >= 0) {
            ::close(handle);
            return path;
        }
        if (errno != EEXIST) return failed("Cannot write " + path.string() + ": " + causeOf(errno));
    }
    return failed("The folder " + folder.string() + " has too many presets of one name; remove some.");
}

Result<fs::path> written(const fs::path& folder, const std::string& name, const std::string& text)
{
    if (auto made = makeFolder(folder); !made) return made.error();
    const auto path = reservedPath(folder, stemOf(name));
    if (!path) return path.error();
    if (auto done = writeFileAtomically(*path, text); !done) {
        std::error_code ignored;
        fs::remove(*path, ignored); // the empty file that held the place
        return done.error();
    }
    return *path;
}

Result<fs::path> moved(const fs::path& file, const fs::path& folder, const std::string& name)
{
    if (auto made = makeFolder(folder); !made) return made.error();
    const auto path = reservedPath(folder, stemOf(name));
    if (!path) return path.error();
    if (std::rename(file.c_str(), path->c_str()) != 0) {
        const int cause = errno;
        std::error_code ignored;
        fs::remove(*path, ignored);
        return failed("Cannot move " + file.string() + ": " + causeOf(cause));
    }
    return *path;
}

const ListedPreset* named(const std::vector<ListedPreset>& all, const std::string& name)
{
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const ListedPreset& one) { return one.preset && one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Error isTaken(const std::string& name)
{
    return badInput("There is a preset \"" + name + "\" already; choose another name, or replace it.");
}

} // namespace

std::vector<ListedPreset> PresetLibrary::list() const
{
    auto all = listedIn(m_folder);
    std::sort(all.begin(), all.end(), [](const ListedPreset& a, const ListedPreset& b) {
        if (a.preset.has_value() != b.preset.has_value()) return a.preset.has_value();
        return std::tie(a.name, a.file) < std::tie(b.name, b.file);
    });
    return all;
}

std::vector<ListedPreset> PresetLibrary::removed() const
{
    std::vector<std::pair<fs::file_time_type, ListedPreset>> dated;
    for (ListedPreset& one : listedIn(removedFolder())) {
        std::error_code ignored;
        dated.emplace_back(fs::last_write_time(one.file, ignored), std::move(one));
    }
    std::sort(dated.begin(), dated.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second.file < b.second.file;
    });
    std::vector<ListedPreset> all;
    for (auto& [when, one] : dated)
        all.push_back(std::move(one));
    return all;
}

Result<ListedPreset> PresetLibrary::find(const std::string& name) const
{
    if (schedule::presetNamed(name))
        return badInput("\"" + name +
                        "\" is built in and has no file; `gradus presets apply` puts it into an experiment.");
    const auto all = list();
    if (const ListedPreset* found = named(all, name)) return *found;
    std::vector<std::string> known;
    for (const ListedPreset& one : all) {
        if (!one.preset && one.name == name)
            return badInput("The preset \"" + visible(name, 80) + "\" cannot be used: " + one.problem);
        if (one.preset) known.push_back(one.name);
    }
    const auto near = nearestWord(name, known);
    return badInput("There is no preset \"" + visible(name, 80) + "\"; " +
                    (near ? "the nearest one is \"" + *near + "\"."
                          : "`gradus presets list` says which there are (in " + m_folder.string() + ")."));
}

Result<fs::path> PresetLibrary::save(const SavedPreset& preset, bool replace) const
{
    if (auto fits = checkPresetName(preset.name); !fits) return fits.error();
    if (auto valid = schedule::validate(preset.curve); !valid) return badInput(valid.error().message);
    const auto all = list();
    const ListedPreset* present = named(all, preset.name);
    if (present && !replace) return isTaken(preset.name);
    if (!present) return written(m_folder, preset.name, presetToml(preset));
    if (auto done = writeFileAtomically(present->file, presetToml(preset)); !done) return done.error();
    return present->file;
}

Result<void> PresetLibrary::rename(const std::string& name, const std::string& to) const
{
    const auto present = find(name);
    if (!present) return present.error();
    if (name == to) return {};
    if (named(list(), to)) return isTaken(to);
    const auto text = readFile(present->file, kLargestPreset);
    if (!text) return text.error();
    const auto renamed = withPresetName(*text, to, present->file.filename().string());
    if (!renamed) return renamed.error();
    return writeFileAtomically(present->file, *renamed);
}

Result<fs::path> PresetLibrary::remove(const std::string& name) const
{
    const auto present = find(name);
    if (!present) return present.error();
    auto gone = moved(present->file, removedFolder(), name);
    // So that the newest of what was removed is the last that was removed, not the last that was drawn.
    std::error_code ignored;
    if (gone) fs::last_write_time(*gone, fs::file_time_type::clock::now(), ignored);
    return gone;
}

Result<void> PresetLibrary::restore(const std::string& name) const
{
    const auto aside = removed();
    const ListedPreset* gone = named(aside, name);
    if (!gone)
        return badInput("No preset \"" + visible(name, 80) + "\" was removed; what was lies in " +
                        removedFolder().string() + ".");
    if (named(list(), name)) return isTaken(name);
    const auto back = moved(gone->file, m_folder, name);
    if (!back) return back.error();
    return {};
}

Result<std::string> PresetLibrary::import(const fs::path& file) const
{
    const auto text = readFile(file, kLargestPreset);
    if (!text) return badInput(text.error().message);
    const auto preset = parsePreset(*text, file.filename().string());
    if (!preset) return preset.error();
    const auto all = list();
    std::string name = preset->name;
    for (int number = 2; named(all, name); ++number)
        name = preset->name + " " + std::to_string(number);
    const auto own = name == preset->name ? text : withPresetName(*text, name, file.filename().string());
    if (!own) return own.error();
    const auto path = written(m_folder, name, *own);
    if (!path) return path.error();
    return name;
}

Result<void> PresetLibrary::exportTo(const std::string& name, const fs::path& file) const
{
    const auto present = find(name);
    if (!present) return present.error();
    const auto text = readFile(present->file, kLargestPreset);
    if (!text) return text.error();
    return writeFileAtomically(file, *text);
}

} // namespace gradus::spec
