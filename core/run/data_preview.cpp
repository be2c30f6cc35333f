// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/data_preview.h"

#include "base/text.h"
#include "data/bpe.h"
#include "data/file_task.h"
#include "data/raw_data.h"
#include "data/worlds.h"
#include "models/model_folder.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>

namespace gradus::run {

namespace {

using Ids = std::vector<std::int32_t>;

struct Reader
{
    std::string name;
    std::size_t limit = 0;
    std::function<Ids(const std::string&)> encode;
    std::function<std::string(const Ids&)> decode;
};

/// As the ladder reads texts for a model folder.
Result<Reader> folderReader(const std::filesystem::path& folder, int maxTokens)
{
    auto opened = text::Tokenizer::open(folder);
    if (!opened) return opened.error();
    auto limit = static_cast<std::size_t>(maxTokens);
    std::error_code failure;
    if (std::filesystem::exists(folder / "config.json", failure)) {
        const auto shape = models::readModelShape(folder);
        if (!shape) return shape.error();
        limit = std::min(limit, static_cast<std::size_t>(shape->longestSequence()));
    }
    const auto tokenizer = std::make_shared<const text::Tokenizer>(std::move(*opened));
    return Reader{
        .name = folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string(),
        .limit = limit,
        .encode =
            [tokenizer](const std::string& text) { return tokenizer->encode(text, {.parseSpecialTokens = false}); },
        .decode = [tokenizer](const Ids& ids) { return tokenizer->decode(ids, false); }};
}

/// As a file task reads texts for rungs from scratch: one token is the end of the text.
Reader ownReader(const data::RawData& raw, const spec::Experiment& experiment)
{
    const auto bpe = std::make_shared<const data::Bpe>(data::vocabularyOf(raw, experiment.ladder.vocabulary));
    return {.name = "own vocabulary of " + std::to_string(bpe->vocabulary()),
            .limit = static_cast<std::size_t>(experiment.task.maxTokens) - 1,
            .encode = [bpe](const std::string& text) { return bpe->encode(text); },
            .decode = [bpe](const Ids& ids) { return bpe->decode(ids); }};
}

PreviewText readText(const std::string& text, const std::vector<Reader>& readers,
                     std::vector<std::vector<std::size_t>>& lengths)
{
    PreviewText read{.text = text, .tokens = {}};
    for (std::size_t r = 0; r < readers.size(); ++r) {
        const Ids ids = readers[r].encode(text);
        lengths[r].push_back(ids.size());
        read.tokens.push_back(ids.size());
        if (r == 0 && ids.size() > readers[r].limit)
            read.kept = readers[r].decode({ids.end() - static_cast<std::ptrdiff_t>(readers[r].limit), ids.end()});
    }
    return read;
}

DataPreview previewOf(const data::Template& form, const std::vector<data::RawItem>& items,
                      const std::vector<Reader>& readers, std::size_t shown)
{
    DataPreview preview{.about = form.about, .items = items.size(), .leftOutBecause = form.leftOutBecause};
    preview.truths.resize(static_cast<std::size_t>(form.classes));
    std::set<std::string> groups;
    std::vector<std::vector<std::size_t>> lengths(readers.size());
    for (const data::RawItem& item : items) {
        groups.insert(item.group);
        ++preview.truths[static_cast<std::size_t>(item.truth)];
        PreviewItem read{.truth = item.truth, .texts = {}};
        for (const std::string& text : item.texts)
            read.texts.push_back(readText(text, readers, lengths));
        if (preview.first.size() < shown) preview.first.push_back(std::move(read));
    }
    preview.groups = groups.size();
    for (std::size_t r = 0; r < readers.size(); ++r) {
        auto& all = lengths[r];
        PreviewReader made{.name = readers[r].name, .limit = readers[r].limit, .texts = all.size()};
        made.cut = static_cast<std::size_t>(
            std::ranges::count_if(all, [&](std::size_t length) { return length > readers[r].limit; }));
        std::ranges::sort(all);
        if (!all.empty()) {
            made.median = all[all.size() / 2];
            made.longest = all.back();
        }
        preview.readers.push_back(std::move(made));
    }
    return preview;
}

Result<std::vector<Reader>> folderReaders(const std::vector<std::string>& folders, int maxTokens)
{
    std::vector<Reader> readers;
    for (const std::string& folder : folders) {
        auto reader = folderReader(folder, maxTokens);
        if (!reader) return reader.error();
        readers.push_back(std::move(*reader));
    }
    return readers;
}

} // namespace

Result<DataPreview> previewFile(const PreviewRequest& request)
{
    const auto form = data::templateOf(request.task);
    if (!form) return form.error();
    const auto readers = folderReaders(request.models, request.maxTokens);
    if (!readers) return readers.error();
    const auto table = data::readTable(request.file);
    if (!table) return table.error();
    const auto cells = data::roleCells(*form, *table, request.columns);
    if (!cells) return cells.error();
    const auto read = form->items(*table, *cells);
    if (!read) return read.error();
    DataPreview preview = previewOf(*form, read->items, *readers, request.items);
    preview.leftOut = read->leftOut;
    return preview;
}

Result<DataPreview> previewExperiment(const spec::Experiment& experiment, std::size_t items)
{
    if (data::findWorld(experiment.task.name))
        return badInput(experiment.task.name + " is a built-in world and reads no files: `gradus data items` writes "
                                               "what is labelled in it.");
    const auto form = data::templateOf(experiment.task.name);
    if (!form) return form.error();
    const auto raw = data::readRawData(*form, experiment);
    if (!raw) return raw.error();
    auto readers = folderReaders(experiment.ladder.models, experiment.task.maxTokens);
    if (!readers) return readers.error();
    if (readers->empty()) readers->push_back(ownReader(*raw, experiment));
    DataPreview preview = previewOf(*form, raw->teacher, *readers, items);
    preview.note = raw->note;
    return preview;
}

} // namespace gradus::run
