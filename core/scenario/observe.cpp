// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/observe.h"

#include "scenario/host_path.h"

#include <algorithm>
#include <sys/stat.h>
#include <tuple>

namespace gradus::scenario {

namespace {

using sandbox::Change;
using sandbox::FileEntry;

constexpr std::uint64_t mostBytes = std::uint64_t{64} << 20;
constexpr std::size_t mostReads = 3000;

void collect(const std::vector<Condition>& conditions, std::set<std::string>& paths)
{
    for (const Condition& condition : conditions) {
        switch (condition.kind) {
        case ConditionKind::FileIs:
        case ConditionKind::FileContains:
        case ConditionKind::FileEquals:
        case ConditionKind::FileHash:
            paths.insert(condition.subject);
            break;
        default:
            collect(condition.parts, paths);
        }
    }
}

auto keyOf(const FileEntry& entry)
{
    return std::tuple(entry.path, entry.change, entry.mode, entry.size, entry.changedNanoseconds);
}

} // namespace

std::set<std::string> pathsOf(const std::vector<Condition>& conditions)
{
    std::set<std::string> paths;
    collect(conditions, paths);
    return paths;
}

sandbox::Cell& cellOf(sandbox::JoinedCells& cells, const std::string& host)
{
    for (std::size_t i = 1; i < cells.size(); ++i)
        if (cells.name(i) == host) return cells.host(i);
    return cells.host(0);
}

Result<ObservedFile::Side> lookAt(sandbox::Cell& cell, const std::string& path, std::uint64_t most)
{
    ObservedFile::Side side;
    const auto status = cell.stat(path);
    if (!status) return status.error();
    if (!status->success() || status->entries.empty()) return side;
    side.present = true;
    side.mode = status->entries.front().mode;
    const auto read = cell.readFile(path, most);
    if (!read) return read.error();
    side.whole = read->success();
    side.bytes = read->bytes;
    return side;
}

Result<sandbox::Manifest> changesOf(sandbox::JoinedCells& cells)
{
    sandbox::Manifest all;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto diff = cells.host(i).diff();
        if (!diff) return diff.error();
        if (!diff->success()) {
            all.error = diff->error;
            all.message = diff->message;
        }
        all.whole = all.whole && diff->whole;
        for (FileEntry& entry : diff->entries) {
            // A cell's own word: what is not absolute could pass for another host's.
            if (!entry.path.starts_with('/')) entry.path.insert(0, "/");
            if (i > 0) entry.path = onHost(cells.name(i), entry.path);
            all.entries.push_back(std::move(entry));
        }
    }
    return all;
}

Result<Observation> observe(sandbox::JoinedCells& cells, const std::map<std::string, ObservedFile::Side>& beginning)
{
    const auto diff = changesOf(cells);
    if (!diff) return diff.error();
    Observation seen;
    seen.changes = diff->entries;
    seen.whole = diff->success() && diff->whole;
    std::set<std::string> paths;
    for (const FileEntry& entry : seen.changes)
        if (entry.change != Change::Removed && !S_ISDIR(entry.mode)) paths.insert(entry.path);
    for (const auto& [path, side] : beginning)
        paths.insert(path);
    std::uint64_t bytes = 0;
    std::size_t reads = 0;
    for (const std::string& path : paths) {
        const auto before = beginning.find(path);
        // The oracle's own files are always read; a flood of others must not crowd them out.
        if (before == beginning.end() && (bytes > mostBytes || ++reads > mostReads)) {
            seen.whole = false;
            continue;
        }
        const HostPath place = splitHost(path);
        auto side = lookAt(cellOf(cells, place.host), place.path);
        if (!side) return side.error();
        bytes += side->bytes.size();
        ObservedFile& file = seen.files[path];
        file.after = std::move(*side);
        file.compared = before != beginning.end();
        if (file.compared) file.before = before->second;
    }
    return seen;
}

std::vector<FileEntry> newChanges(const std::vector<FileEntry>& before, const std::vector<FileEntry>& now)
{
    std::set<decltype(keyOf(now.front()))> known;
    for (const FileEntry& entry : before)
        known.insert(keyOf(entry));
    std::vector<FileEntry> fresh;
    std::copy_if(now.begin(), now.end(), std::back_inserter(fresh),
                 [&](const FileEntry& entry) { return !known.contains(keyOf(entry)); });
    return fresh;
}

} // namespace gradus::scenario
