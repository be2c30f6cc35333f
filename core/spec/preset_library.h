// SPDX-License-Identifier: GPL-3.0-or-later
// The presets of a person: a folder with one file a preset. Window and commands share it.
#pragma once

#include "spec/preset_file.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace gradus::spec {

/// A file of the library. One that cannot be used is listed with the reason and left alone: no call here changes,
/// moves or replaces it.
struct ListedPreset
{
    std::filesystem::path file;
    std::string name;                  ///< its own; the file's where it cannot be read
    std::optional<SavedPreset> preset; ///< none: see problem
    std::string problem;               ///< one sentence; empty where there is a preset
};

inline constexpr std::size_t kMostPresets = 1000; ///< more are not listed

/// Every call reads the folder anew: it is small, and people change it by hand. Reads and writes files: never in the
/// GUI thread. A folder that is not there has no presets.
class PresetLibrary final
{
public:
    explicit PresetLibrary(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    const std::filesystem::path& folder() const { return m_folder; }
    /// Its *.toml files by name; those that cannot be used last.
    std::vector<ListedPreset> list() const;
    /// What remove() put aside, newest first.
    std::vector<ListedPreset> removed() const;
    /// By its name. Bad input: there is none, with the nearest one; or it cannot be used, with the reason.
    Result<ListedPreset> find(const std::string& name) const;

    /// Writes a new file; the file's path. Bad input: a name that is taken (unless it is to be replaced), or none.
    Result<std::filesystem::path> save(const SavedPreset& preset, bool replace = false) const;
    Result<void> rename(const std::string& name, const std::string& to) const;
    /// Moves the file into the folder "removed" of the library; where it is now.
    Result<std::filesystem::path> remove(const std::string& name) const;
    /// Brings back what was removed last under this name.
    Result<void> restore(const std::string& name) const;
    /// Copies a preset's file from elsewhere, bytes as they are. Where its name is taken, "NAME 2" and so on; the name.
    Result<std::string> import(const std::filesystem::path& file) const;
    /// The preset's file as it is, to a path that may exist.
    Result<void> exportTo(const std::string& name, const std::filesystem::path& file) const;

private:
    std::filesystem::path removedFolder() const { return m_folder / "removed"; }

    std::filesystem::path m_folder;
};

} // namespace gradus::spec
