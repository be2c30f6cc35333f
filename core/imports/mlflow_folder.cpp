// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow's file store: a folder an experiment, a folder a run, a file a metric.
#include "base/files.h"
#include "base/text.h"
#include "imports/read_source.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>

namespace gradus::imports {

namespace {

constexpr std::size_t kLongestMeta = std::size_t{1} << 20;
constexpr std::size_t kMostEntries = 1'000'000;

/// The flat "key: value" lines of a meta.yaml; quotes around a value go.
Result<std::map<std::string, std::string>> metaOf(const std::filesystem::path& folder)
{
    const auto text = readFile(folder / "meta.yaml", kLongestMeta);
    if (!text) return text.error();
    std::map<std::string, std::string> values;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        const std::string line = text->substr(at, end - at);
        at = end + 1;
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos || line.front() == ' ') continue;
        std::string value = line.substr(colon + 2);
        if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        values[line.substr(0, colon)] = value;
    }
    return values;
}

double secondsOf(const std::string& milliseconds)
{
    return parseNumber(milliseconds).value_or(0) / 1000;
}

/// Folders below, sorted, so that an import is always the same.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code))
        if (entry.is_directory(code) && !entry.is_symlink(code)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// Files below at any depth; a metric "train/loss" is a file in a folder.
std::vector<std::filesystem::path> filesBelow(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code code;
    std::filesystem::recursive_directory_iterator entry(folder, code);
    for (; !code && entry != std::filesystem::recursive_directory_iterator(); entry.increment(code)) {
        std::error_code unknown;
        if (entry->is_regular_file(unknown) && !entry->is_symlink(unknown)) found.push_back(entry->path());
        if (found.size() > kMostEntries) break;
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A line is "milliseconds value step".
Result<ForeignSeries> metricOf(const std::filesystem::path& file, const std::string& name)
{
    const auto text = readFile(file);
    if (!text) return text.error();
    ForeignSeries series{.name = name};
    std::size_t line = 1;
    for (std::size_t at = 0; at < text->size(); ++line) {
        const std::size_t end = text->find('\n', at);
        const auto refuse = [&](const std::string& what) {
            return badInput(visible(file.string(), 400) + ":" + std::to_string(line) + ": " + what);
        };
        if (end == std::string::npos) return refuse("the line is cut off; the file is not whole.");
        const std::string row = text->substr(at, end - at);
        at = end + 1;
        const std::size_t first = row.find(' ');
        const std::size_t second = first == std::string::npos ? first : row.find(' ', first + 1);
        const auto wall = parseNumber(row.substr(0, first));
        const auto value =
            first == std::string::npos ? std::nullopt : parseNumber(row.substr(first + 1, second - first - 1));
        const auto step = second == std::string::npos ? std::optional(0.0) : parseNumber(row.substr(second + 1));
        if (!wall || !value || !step || !(*step >= -9e15 && *step <= 9e15))
            return refuse("a metric's line is a time, a value and a step, and this is not.");
        series.points.push_back({static_cast<std::int64_t>(*step), *wall / 1000, *value});
    }
    return series;
}

Result<ForeignRun> runOf(const std::filesystem::path& folder, const std::string& project)
{
    auto meta = metaOf(folder);
    if (!meta) return meta.error();
    const std::string id = folder.filename().string();
    ForeignRun run{.name = (*meta)["run_name"], .project = project, .key = id};
    if (run.name.empty()) run.name = id;
    run.startedAt = secondsOf((*meta)["start_time"]);
    run.endedAt = secondsOf((*meta)["end_time"]);
    run.failed = (*meta)["status"] == "4";
    for (const std::filesystem::path& file : filesBelow(folder / "params")) {
        const auto value = readFile(file, kLongestMeta);
        if (!value) return value.error();
        run.parameters.emplace_back(file.lexically_relative(folder / "params").string(), *value);
    }
    for (const std::filesystem::path& file : filesBelow(folder / "metrics")) {
        auto series = metricOf(file, file.lexically_relative(folder / "metrics").string());
        if (!series) return series.error();
        run.series.push_back(std::move(*series));
    }
    return run;
}

} // namespace

Result<ForeignSource> readMlflowFolder(const std::filesystem::path& path)
{
    ForeignSource source{.format = "MLflow"};
    std::error_code code;
    // Either the folder of all experiments, or one of them.
    std::vector<std::filesystem::path> experiments = foldersIn(path);
    if (std::filesystem::exists(path / "meta.yaml", code)) experiments = {path};
    int empty = 0;
    for (const std::filesystem::path& experiment : experiments) {
        if (!std::filesystem::exists(experiment / "meta.yaml", code)) continue;
        auto meta = metaOf(experiment);
        if (!meta) return meta.error();
        const std::string project = (*meta)["name"].empty() ? experiment.filename().string() : (*meta)["name"];
        for (const std::filesystem::path& folder : foldersIn(experiment)) {
            if (!std::filesystem::exists(folder / "meta.yaml", code)) continue;
            auto run = runOf(folder, project);
            if (!run) return run.error();
            if (run->series.empty())
                ++empty;
            else
                source.runs.push_back(std::move(*run));
        }
    }
    if (empty > 0)
        source.notes.push_back(counted(static_cast<std::size_t>(empty), "run") + " without metrics left out.");
    if (source.runs.empty())
        return badInput("The MLflow folder " + visible(path.string(), 400) + " has no run with metrics.");
    return source;
}

} // namespace gradus::imports
