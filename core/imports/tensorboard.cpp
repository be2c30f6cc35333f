// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of event files: each folder that holds some is a run.
#include "base/files.h"
#include "base/text.h"
#include "imports/event_file.h"
#include "imports/read_source.h"

#include <algorithm>
#include <map>
#include <system_error>

namespace gradus::imports {

namespace {

constexpr std::size_t kMostFiles = 100'000;

bool isEventFile(const std::filesystem::path& path)
{
    return path.filename().string().find("tfevents") != std::string::npos;
}

/// Event files by their folder, in the order of their names, which begin with the time of their making.
Result<std::map<std::filesystem::path, std::vector<std::filesystem::path>>>
filesByFolder(const std::filesystem::path& path)
{
    std::map<std::filesystem::path, std::vector<std::filesystem::path>> folders;
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) {
        folders[path.parent_path()] = {path};
        return folders;
    }
    std::size_t seen = 0;
    std::filesystem::recursive_directory_iterator entry(
        path, std::filesystem::directory_options::skip_permission_denied, code);
    for (; !code && entry != std::filesystem::recursive_directory_iterator(); entry.increment(code)) {
        if (++seen > kMostFiles)
            return badInput(visible(path.string(), 400) +
                            " holds more than 100,000 files; name the folder of fewer runs.");
        std::error_code unknown;
        if (entry->is_regular_file(unknown) && isEventFile(entry->path()))
            folders[entry->path().parent_path()].push_back(entry->path());
    }
    if (code)
        return badInput("The folder " + visible(path.string(), 400) + " cannot be read: " + causeOf(code.value()));
    for (auto& [folder, files] : folders)
        std::sort(files.begin(), files.end());
    return folders;
}

std::filesystem::path withoutEndSlash(const std::filesystem::path& path)
{
    return path.filename().empty() ? path.parent_path() : path;
}

} // namespace

Result<ForeignSource> readTensorBoard(const std::filesystem::path& path, const ReadOptions& options)
{
    const std::filesystem::path root = withoutEndSlash(std::filesystem::absolute(path).lexically_normal());
    const auto folders = filesByFolder(root);
    if (!folders) return folders.error();
    if (folders->empty())
        return badInput(visible(path.string(), 400) +
                        " holds nothing to import: no event file of TensorBoard and no meta.yaml of "
                        "MLflow lies in it.");
    ForeignSource source{.format = "TensorBoard events"};
    const bool isFile = folders->size() == 1 && folders->begin()->second.front() == root;
    const std::filesystem::path top = isFile ? root.parent_path() : root;
    std::int64_t others = 0;
    for (const auto& [folder, files] : *folders) {
        EventScalars scalars;
        for (const std::filesystem::path& file : files) {
            const auto bytes = readFile(file);
            if (!bytes) return bytes.error();
            if (auto done = addEvents(scalars, *bytes, file.string(), options); !done) return done.error();
        }
        const std::filesystem::path relative = folder.lexically_relative(top);
        const std::string name = relative == "." || relative.empty() ? top.filename().string() : relative.string();
        if (scalars.cut) source.notes.push_back(visible(name, 200) + " is cut off; what is whole was taken.");
        others += scalars.others;
        if (scalars.series.empty()) {
            source.notes.push_back(visible(name, 200) + " has no scalars and was left out.");
            continue;
        }
        source.runs.push_back({.name = name,
                               .project = top.filename().string(),
                               .key = name + " " + numberText(scalars.firstWall),
                               .startedAt = scalars.firstWall,
                               .endedAt = scalars.lastWall,
                               .series = std::move(scalars.series)});
    }
    if (others > 0)
        source.notes.push_back(std::to_string(others) + " values that are no scalars (images, histograms, texts) were "
                                                        "left out.");
    return source;
}

} // namespace gradus::imports
