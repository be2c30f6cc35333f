// SPDX-License-Identifier: GPL-3.0-or-later
// Where a workspace keeps what, and whether a store can live there.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace gradus::store {

/// A workspace is a folder; everything of it has a fixed place inside.
struct Workspace
{
    std::filesystem::path folder;

    std::filesystem::path store() const { return folder / "gradus.db"; }
    std::filesystem::path checkpoints() const { return folder / "checkpoints"; }
    std::filesystem::path experiments() const { return folder / "experiments"; }
};

/// $XDG_DATA_HOME/gradus, or ~/.local/share/gradus. Bad input when neither variable says where that is.
Result<Workspace> defaultWorkspace();

/// Where a person's presets of curves lie: a folder of the default workspace's, whatever workspace is open. It need not
/// exist. Bad input as above.
Result<std::filesystem::path> presetFolder();

/// Creates the workspace's folders.
Result<void> makeWorkspace(const Workspace& workspace);

/// Bad input when the folder is on a network file system (NFS, SMB, most FUSE ones), where SQLite's write-ahead log
/// does not work and damage would go unnoticed.
Result<void> checkFileSystem(const std::filesystem::path& folder);

/// Name of a network file system by statfs's f_type, or null for one that is fine.
const char* networkFileSystem(long type);

} // namespace gradus::store
