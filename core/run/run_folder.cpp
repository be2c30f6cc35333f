// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_folder.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace gradus::run {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGeneration = "generation-";

/// "generation-12" and "generation-12-adapter" -> 12.
std::optional<int> generationOf(const std::string& name)
{
    if (!name.starts_with(kGeneration)) return std::nullopt;
    int number = 0;
    const char* const from = name.data() + kGeneration.size();
    const auto read = std::from_chars(from, name.data() + name.size(), number);
    return read.ec == std::errc() && read.ptr != from ? std::optional<int>(number) : std::nullopt;
}

Error cannot(const fs::path& file, const std::error_code& code)
{
    return badInput("Cannot put " + visible(file.string()) + " into the new run's folder: " + causeOf(code.value()));
}

Result<void> shareFile(const fs::path& from, const fs::path& to)
{
    std::error_code code;
    fs::create_hard_link(from, to, code);
    if (code) fs::copy_file(from, to, code); // another file system, or one without links
    if (code) return cannot(from, code);
    return {};
}

/// The weights in their new place, if they are what was recorded.
Result<void> check(const fs::path& folder, const std::string& name, const std::string& recorded,
                   std::vector<KeptFile>& files)
{
    const auto hash = sha256OfFile(folder / name);
    if (!hash || *hash != recorded)
        return badInput("The run's " + name +
                        " is missing or not what the run recorded; without it there is nothing to "
                        "go on from: run it again.");
    files.push_back({name, *hash});
    return {};
}

Result<void> keep(const fs::path& from, const fs::path& to, const std::vector<events::GenerationRecord>& kept,
                  bool sources, std::vector<KeptFile>& files)
{
    std::error_code code;
    for (fs::directory_iterator entry(from, code), end; !code && entry != end; entry.increment(code)) {
        const std::string name = entry->path().filename().string();
        const auto generation = generationOf(name);
        if (generation ? *generation > static_cast<int>(kept.size()) : !sources && name.starts_with("source-"))
            continue;
        if (const auto shared = shareFolder(entry->path(), to / name); !shared) return shared.error();
    }
    for (const events::GenerationRecord& record : kept) {
        const std::string folder = std::string(kGeneration) + std::to_string(record.generation) + "/";
        if (const auto sound = check(to, folder + "weights.safetensors", record.checkpointHash, files); !sound)
            return sound;
        if (!record.alignedHash.empty())
            if (const auto sound = check(to, folder + "aligned.safetensors", record.alignedHash, files); !sound)
                return sound;
        for (const char* name : {"hazards.json", "ceiling.json"}) // nothing else says what they were
            if (const auto hash = sha256OfFile(to / (folder + name))) files.push_back({folder + name, *hash});
    }
    return {};
}

} // namespace

Result<std::vector<KeptFile>> keepGenerations(const fs::path& from, const fs::path& to,
                                              const std::vector<events::GenerationRecord>& kept, bool sources)
{
    if (const auto made = makeFolder(to); !made) return made.error();
    std::vector<KeptFile> files;
    if (const auto done = keep(from, to, kept, sources, files); !done) {
        removeFolder(to);
        return done.error();
    }
    return files;
}

Result<void> shareFolder(const fs::path& from, const fs::path& to)
{
    std::error_code code;
    if (fs::is_regular_file(from, code)) return shareFile(from, to);
    if (const auto made = makeFolder(to); !made) return made.error();
    if (!fs::is_directory(from, code)) return {};
    for (fs::directory_iterator entry(from, code), end; !code && entry != end; entry.increment(code))
        if (const auto shared = shareFolder(entry->path(), to / entry->path().filename()); !shared) return shared;
    if (code) return cannot(from, code);
    return {};
}

void dropGenerationsAfter(const fs::path& folder, int generation)
{
    std::vector<fs::path> later;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
        if (const auto number = generationOf(entry->path().filename().string()); number && *number > generation)
            later.push_back(entry->path());
    for (const fs::path& path : later)
        removeFolder(path);
}

void removeFolder(const fs::path& folder)
{
    std::error_code code;
    fs::remove_all(folder, code);
}

} // namespace gradus::run
