// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_path.h"

#include "base/files.h"

#include <cerrno>
#include <cstdlib>
#include <string>

#include <sys/vfs.h>

namespace gradus::store {

namespace {

/// The XDG rules: a relative path in a variable is to be ignored.
std::filesystem::path absoluteFrom(const char* variable)
{
    const char* value = std::getenv(variable);
    if (value == nullptr) return {};
    std::filesystem::path path(value);
    return path.is_absolute() ? path : std::filesystem::path{};
}

} // namespace

Result<Workspace> defaultWorkspace()
{
    if (const auto data = absoluteFrom("XDG_DATA_HOME"); !data.empty()) return Workspace{data / "gradus"};
    if (const auto home = absoluteFrom("HOME"); !home.empty()) return Workspace{home / ".local/share/gradus"};
    return badInput("There is no default workspace because neither XDG_DATA_HOME nor HOME is set; "
                    "set one of them or name a store with --store.");
}

Result<std::filesystem::path> presetFolder()
{
    const auto workspace = defaultWorkspace();
    if (!workspace) return workspace.error();
    return workspace->folder / "presets";
}

Result<void> makeWorkspace(const Workspace& workspace)
{
    for (const auto& folder : {workspace.folder, workspace.checkpoints(), workspace.experiments()})
        if (auto made = makeFolder(folder); !made) return made;
    return {};
}

const char* networkFileSystem(long type)
{
    switch (static_cast<unsigned long>(type) & 0xFFFFFFFFUL) {
    case 0x6969:
        return "NFS";
    case 0x517B:
    case 0xFE534D42:
    case 0xFF534D42:
        return "SMB";
    case 0x65735546:
        return "FUSE";
    case 0x01021997:
        return "9P";
    case 0x00C36400:
        return "Ceph";
    case 0x0BD00BD0:
        return "Lustre";
    case 0x5346414F:
    case 0x6B414653:
        return "AFS";
    case 0x47504653:
        return "GPFS";
    case 0x19830326:
        return "BeeGFS";
    case 0x7461636F:
        return "OCFS2";
    case 0x01161970:
        return "GFS2";
    default:
        return nullptr;
    }
}

Result<void> checkFileSystem(const std::filesystem::path& folder)
{
    struct statfs info = {};
    int code = 0;
    do {
        code = ::statfs(folder.c_str(), &info);
    } while (code != 0 && errno == EINTR);
    if (code != 0) return badInput("Cannot use the folder " + folder.string() + ": " + causeOf(errno));
    if (const char* name = networkFileSystem(static_cast<long>(info.f_type)))
        return badInput("The folder " + folder.string() + " is on a network file system (" + name +
                        "), where a run store would be damaged; choose a folder on a local disk.");
    return {};
}

} // namespace gradus::store
