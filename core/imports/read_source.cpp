// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/read_source.h"

#include "base/files.h"
#include "base/text.h"

#include <fstream>
#include <system_error>

namespace gradus::imports {

namespace {

std::string firstBytes(const std::filesystem::path& path, std::size_t count)
{
    std::ifstream file(path, std::ios::binary);
    std::string bytes(count, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

/// An MLflow folder holds experiments, each a folder with a meta.yaml.
bool isMlflow(const std::filesystem::path& folder)
{
    std::error_code code;
    if (std::filesystem::exists(folder / "meta.yaml", code)) return true;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code))
        if (std::filesystem::exists(entry.path() / "meta.yaml", code)) return true;
    return false;
}

} // namespace

Result<ForeignSource> readSource(const std::filesystem::path& path, const ReadOptions& options)
{
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status))
        return badInput("There is no file or folder " + visible(path.string(), 400) + " to import; check the path.");
    if (std::filesystem::is_directory(status))
        return isMlflow(path) ? readMlflowFolder(path) : readTensorBoard(path, options);
    if (!std::filesystem::is_regular_file(status))
        return badInput(visible(path.string(), 400) + " is neither a file nor a folder; name what a tracker wrote.");
    if (firstBytes(path, 16) == std::string("SQLite format 3\0", 16)) return readTrackerDatabase(path);
    if (path.filename().string().find("tfevents") != std::string::npos) return readTensorBoard(path, options);
    if (path.extension() == ".csv") return readWandbCsv(path);
    return badInput(visible(path.string(), 400) +
                    " is of no kind that is read: event files of TensorBoard have \"tfevents\" in "
                    "their name, exports of W&B end in .csv, MLflow and trackio keep SQLite databases.");
}

} // namespace gradus::imports
