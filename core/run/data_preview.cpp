// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/data_preview.h"

#include "base/hash.h"
#include "base/text.h"
#include "data/bpe.h"
#include "data/file_task.h"
#include "data/raw_data.h"
#include "data/table_parts.h"
#include "data/worlds.h"
#include "data/writing_forms.h"
#include "models/model_folder.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <unordered_set>

namespace gradus::run {

namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::uint64_t kGroupSeed = 6;

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

/// Looks at items, all at once or part by part; of most it keeps a length and a hash.
class Looker final
{
public:
    Looker(const data::Template& form, const std::vector<Reader>& readers, std::size_t shown)
        : m_readers(readers), m_shown(shown),
          m_lengths(readers.size()), m_preview{.about = form.about, .leftOutBecause = form.leftOutBecause}
    {
        m_preview.truths.resize(static_cast<std::size_t>(form.classes));
    }
    Looker(const data::WritingForm& form, const std::vector<Reader>& readers, std::size_t shown)
        : m_readers(readers), m_shown(shown),
          m_lengths(readers.size()), m_preview{.about = form.about, .leftOutBecause = {}}
    {
    }

    void look(const data::WrittenRow& row)
    {
        ++m_preview.items;
        m_groups.insert(splitHash(row.group, kGroupSeed));
        PreviewItem read{.texts = {readText(row.prompt + row.response, m_readers, m_lengths)}};
        read.texts.front().text = row.prompt + "⟦" + row.response + "⟧";
        if (m_preview.first.size() < m_shown) m_preview.first.push_back(std::move(read));
    }

    void look(const std::vector<data::RawItem>& items)
    {
        m_preview.items += items.size();
        for (const data::RawItem& item : items) {
            m_groups.insert(splitHash(item.group, kGroupSeed));
            ++m_preview.truths[static_cast<std::size_t>(item.truth)];
            PreviewItem read{.truth = item.truth, .texts = {}};
            for (const std::string& text : item.texts)
                read.texts.push_back(readText(text, m_readers, m_lengths));
            if (m_preview.first.size() < m_shown) m_preview.first.push_back(std::move(read));
        }
    }

    DataPreview preview()
    {
        m_preview.groups = m_groups.size();
        for (std::size_t r = 0; r < m_readers.size(); ++r) {
            auto& all = m_lengths[r];
            PreviewReader made{.name = m_readers[r].name, .limit = m_readers[r].limit, .texts = all.size()};
            made.cut = static_cast<std::size_t>(
                std::ranges::count_if(all, [&](std::size_t length) { return length > m_readers[r].limit; }));
            std::ranges::sort(all);
            if (!all.empty()) {
                made.median = all[all.size() / 2];
                made.longest = all.back();
            }
            m_preview.readers.push_back(std::move(made));
        }
        return std::move(m_preview);
    }

private:
    const std::vector<Reader>& m_readers;
    std::size_t m_shown;
    std::vector<std::vector<std::size_t>> m_lengths; ///< of every text, a list a reader
    std::unordered_set<std::uint64_t> m_groups;      ///< their hashes
    DataPreview m_preview;
};

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

/// Whole rows are what is left out of a tuning when they are too long; nothing is left out here.
Result<DataPreview> previewWriting(const PreviewRequest& request, const data::WritingForm& form)
{
    const auto readers = folderReaders(request.models, request.maxTokens);
    if (!readers) return readers.error();
    Looker looker(form, *readers, request.items);
    const auto onPart = [&](const data::Table& part) -> Result<void> {
        const auto cells = data::roleCells(form.name, form.roles, part, request.columns);
        if (!cells) return cells.error();
        for (const data::Row& row : part.rows) {
            const auto written = form.row(part, row, *cells);
            if (!written) return written.error();
            looker.look(*written);
        }
        return {};
    };
    if (auto read = data::eachPart(request.file, request.partBytes, onPart); !read) return read.error();
    return looker.preview();
}

} // namespace

Result<DataPreview> previewFile(const PreviewRequest& request)
{
    // A name that both kinds have is the template that experiments read.
    if (const data::WritingForm* writing = data::findWritingForm(request.task);
        writing != nullptr && !data::templateOf(request.task))
        return previewWriting(request, *writing);
    const auto form = data::templateOf(request.task);
    if (!form) return form.error();
    const auto readers = folderReaders(request.models, request.maxTokens);
    if (!readers) return readers.error();
    Looker looker(*form, *readers, request.items);
    data::RawItems counts; // without the items
    const auto onPart = [&](const data::Table& part) -> Result<void> {
        const auto cells = data::roleCells(*form, part, request.columns);
        if (!cells) return cells.error();
        const auto read = form->items(part, *cells);
        if (!read) return read.error();
        looker.look(read->items);
        counts.leftOut += read->leftOut;
        counts.distrusted += read->distrusted;
        return {};
    };
    if (auto read = data::eachPart(request.file, request.partBytes, onPart); !read) return read.error();
    DataPreview preview = looker.preview();
    preview.leftOut = counts.leftOut;
    preview.note = data::distrustNote(*form, counts);
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
    std::vector<std::string> folders;
    for (const spec::FolderRung& rung : experiment.ladder.models) // parts of one folder read alike
        if (std::find(folders.begin(), folders.end(), rung.folder) == folders.end()) folders.push_back(rung.folder);
    auto readers = folderReaders(folders, experiment.task.maxTokens);
    if (!readers) return readers.error();
    if (readers->empty()) readers->push_back(ownReader(*raw, experiment));
    Looker looker(*form, *readers, items);
    looker.look(raw->teacher);
    DataPreview preview = looker.preview();
    preview.note = raw->note;
    return preview;
}

} // namespace gradus::run
