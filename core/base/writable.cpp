// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/writable.h"

#include "base/files.h"
#include "base/text.h"

#include <cerrno>
#include <unistd.h>

namespace gradus {

Result<void> checkWritable(const std::filesystem::path& path)
{
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    std::error_code ignored;
    const bool isFolder = std::filesystem::is_directory(path, ignored) || !path.has_filename();
    if (!isFolder && ::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return badInput("Cannot write " + visible(path.string(), 400) + ": " +
                    (isFolder ? "it is a folder; name a file." : causeOf(errno)));
}

} // namespace gradus
