// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/known_models.h"

#include "base/files.h"
#include "base/ids.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "models/model_folder.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWorkspace = "workspace";
constexpr const char* kDownload = "download";
constexpr const char* kGiven = "given";
constexpr std::string_view kDownloadPrefix = "models--";
constexpr std::size_t kMostJson = std::size_t{32} << 20;

bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// Folders in a folder, by name; none where it is not there.
std::vector<fs::path> foldersIn(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, ignored), end;
         !ignored && at != end; at.increment(ignored))
        if (at->is_directory(ignored)) found.push_back(at->path());
    std::ranges::sort(found);
    return found;
}

nlohmann::json jsonIn(const fs::path& file)
{
    const auto text = readFile(file, kMostJson);
    if (!text || isJsonDeeper(*text)) return nullptr;
    return nlohmann::json::parse(*text, nullptr, false);
}

std::string architectureIn(const nlohmann::json& config)
{
    if (!config.is_object()) return {};
    if (const auto list = config.find("architectures");
        list != config.end() && list->is_array() && !list->empty() && list->front().is_string())
        return list->front().get<std::string>();
    const auto type = config.find("model_type");
    return type != config.end() && type->is_string() ? type->get<std::string>() : std::string();
}

bool hasTemplate(const fs::path& folder)
{
    if (isThere(folder / "chat_template.jinja")) return true;
    const auto json = jsonIn(folder / "tokenizer_config.json");
    return json.is_object() && json.contains("chat_template");
}

KnownModel described(const fs::path& folder, std::string name, const char* place)
{
    KnownModel model;
    model.folder = folder;
    model.name = std::move(name);
    model.place = place;
    model.architecture = architectureIn(jsonIn(folder / "config.json"));
    model.hasChatTemplate = hasTemplate(folder);
    if (const auto tokenizer = text::Tokenizer::open(folder); tokenizer)
        model.hasTokenizer = true;
    else
        model.fault = tokenizer.error().message;
    const auto opened = models::openModelFolder(folder);
    if (!opened) {
        model.fault = opened.error().message;
        return model;
    }
    model.parameters = opened->shape.parameters();
    model.positions = opened->shape.longestSequence();
    for (const models::SafetensorsFile& file : opened->files) {
        model.bytes += file.data().size();
        model.scores = model.scores || file.find("score.weight") != nullptr;
    }
    return model;
}

/// "models--Qwen--Qwen2.5-0.5B" -> "Qwen/Qwen2.5-0.5B".
std::string downloadName(const fs::path& folder)
{
    std::string name = folder.filename().string().substr(kDownloadPrefix.size());
    if (const std::size_t at = name.find("--"); at != std::string::npos) name.replace(at, 2, "/");
    return name;
}

/// The snapshot that refs/main names, else the one that was written last; nothing where none has a config.json.
std::optional<fs::path> snapshotOf(const fs::path& download)
{
    if (const auto main = readFile(download / "refs" / "main", 200); main) {
        const fs::path named = download / "snapshots" / fs::path(*main).filename();
        if (isThere(named / "config.json")) return named;
    }
    std::optional<fs::path> newest;
    std::error_code ignored;
    for (const fs::path& snapshot : foldersIn(download / "snapshots"))
        if (isThere(snapshot / "config.json") &&
            (!newest || fs::last_write_time(snapshot, ignored) > fs::last_write_time(*newest, ignored)))
            newest = snapshot;
    return newest;
}

bool isDownload(const fs::path& folder)
{
    return folder.filename().string().starts_with(kDownloadPrefix);
}

bool isPlainName(const std::string& name)
{
    return !name.empty() && name.front() != '.' && name.size() <= 120 && std::ranges::all_of(name, [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
    });
}

Result<void> copyInto(const fs::path& from, const fs::path& to)
{
    // Beside its place and under a name that no list shows, until it is whole.
    const fs::path part = to.parent_path() / ("." + to.filename().string() + "." + newUuid().substr(0, 8));
    std::error_code error;
    fs::create_directory(part, error);
    for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
        // Downloads are links to blobs: what they point at is copied.
        if (!error && at->is_regular_file(error)) fs::copy_file(at->path(), part / at->path().filename(), error);
        if (error) break;
    }
    if (!error) fs::rename(part, to, error);
    if (!error) return {};
    std::error_code ignored;
    fs::remove_all(part, ignored);
    return failed(from.string() + " cannot be copied to " + to.string() + ": " + error.message() +
                  "; make room there, or leave out --copy, which makes a link.");
}

/// Where a model lies and what it is called.
struct Source
{
    fs::path folder;
    std::string name;
};

Result<Source> sourceOf(const std::string& model)
{
    if (isThere(fs::path(model) / "config.json")) {
        std::error_code ignored;
        const fs::path folder = fs::canonical(model, ignored);
        return Source{folder, folder.filename().string()};
    }
    for (const fs::path& download : foldersIn(downloadsFolder()))
        if (isDownload(download) && downloadName(download) == model)
            if (const auto snapshot = snapshotOf(download)) return Source{*snapshot, model};
    return badInput("There is neither a folder " + visible(model, 200) +
                    " with a config.json nor a download of that name in " + downloadsFolder().string() +
                    "; `gradus model list` shows what there is.");
}

} // namespace

fs::path downloadsFolder()
{
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value != nullptr ? value : "");
    };
    if (const fs::path hub = variable("HF_HUB_CACHE"); !hub.empty()) return hub;
    if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
    if (const fs::path cache = variable("XDG_CACHE_HOME"); !cache.empty()) return cache / "huggingface" / "hub";
    return variable("HOME") / ".cache" / "huggingface" / "hub";
}

std::vector<KnownModel> knownModels(const fs::path& models, const fs::path& downloads,
                                    const std::vector<fs::path>& more)
{
    std::vector<KnownModel> known;
    std::set<fs::path> seen;
    const auto add = [&](const fs::path& folder, std::string name, const char* place) {
        std::error_code ignored;
        if (isThere(folder / "config.json") && seen.insert(fs::canonical(folder, ignored)).second)
            known.push_back(described(folder, std::move(name), place));
    };
    for (const fs::path& folder : foldersIn(models))
        if (!folder.filename().string().starts_with(".")) add(folder, folder.filename().string(), kWorkspace);
    for (const fs::path& folder : foldersIn(downloads))
        if (isDownload(folder))
            if (const auto snapshot = snapshotOf(folder)) add(*snapshot, downloadName(folder), kDownload);
    for (const fs::path& folder : more) {
        add(folder, folder.filename().string(), kGiven);
        for (const fs::path& inner : foldersIn(folder))
            add(inner, inner.filename().string(), kGiven);
    }
    std::ranges::stable_sort(known, {}, &KnownModel::parameters);
    return known;
}

Result<KnownModel> importModel(const ModelImport& request)
{
    const auto source = sourceOf(request.model);
    if (!source) return source.error();
    std::string name = request.name.empty() ? source->name : request.name;
    if (const std::size_t slash = name.find('/'); slash != std::string::npos) name.replace(slash, 1, "--");
    if (!isPlainName(name))
        return badInput("\"" + visible(name, 60) +
                        "\" cannot name a model: use up to 120 letters, digits, dots, hyphens and underscores "
                        "(--name).");
    KnownModel model = described(source->folder, name, kWorkspace);
    if (!model.fault.empty()) return badInput(visible(model.fault));
    const fs::path target = request.models / name;
    std::error_code error;
    if (fs::exists(fs::symlink_status(target, error)))
        return badInput("The workspace has a model " + name + " already; give this one another --name.");
    if (const auto made = makeFolder(request.models); !made) return made.error();
    if (request.copy) {
        if (const auto copied = copyInto(source->folder, target); !copied) return copied.error();
    } else {
        fs::create_directory_symlink(source->folder, target, error);
        if (error) return failed(target.string() + " cannot be made: " + error.message() + ".");
    }
    model.folder = target;
    return model;
}

} // namespace gradus::run
