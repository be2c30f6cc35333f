// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/tuning_data.h"

#include "base/hash.h"
#include "base/text.h"
#include "models/model_folder.h"
#include "run/row_reader.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <optional>

namespace gradus::run {

namespace {

using engine::TaughtSequence;
using engine::TuningMethod;

constexpr std::uint64_t kHeldSeed = 4;

data::TrainingShape shapeOf(TuningMethod method)
{
    if (method == TuningMethod::Sft) return data::TrainingShape::Writing;
    return method == TuningMethod::Classify ? data::TrainingShape::Classes : data::TrainingShape::Pairs;
}

/// Takes rows out whose group's hash falls into a share; keeps at most so many, those of the lowest hashes.
class HeldOut final
{
public:
    HeldOut(double share, std::size_t most) : m_share(share), m_most(most) {}

    void takeFrom(std::vector<data::TrainingRow>& rows)
    {
        std::vector<data::TrainingRow> kept;
        for (data::TrainingRow& row : rows) {
            const std::uint64_t place = splitHash(row.group, kHeldSeed);
            if (static_cast<double>(place >> 11U) * 0x1p-53 < m_share)
                m_held.emplace_back(place, std::move(row));
            else
                kept.push_back(std::move(row));
        }
        rows = std::move(kept);
        std::ranges::stable_sort(m_held, {}, &std::pair<std::uint64_t, data::TrainingRow>::first);
        if (m_held.size() > m_most) m_held.resize(m_most);
    }
    std::vector<data::TrainingRow> rows()
    {
        std::vector<data::TrainingRow> out;
        for (auto& [place, row] : m_held)
            out.push_back(std::move(row));
        return out;
    }

private:
    double m_share;
    std::size_t m_most;
    std::vector<std::pair<std::uint64_t, data::TrainingRow>> m_held; ///< by hash, equal ones in the file's order
};

/// What a file's parts say of rows that are not used.
class LeftOut final
{
public:
    void add(const data::TrainingRows& part)
    {
        m_rows += part.leftOut;
        m_distrusted += part.distrusted;
        m_because = part.leftOutBecause;
        m_distrustedBecause = part.distrustedBecause;
    }
    std::string note() const
    {
        std::string note;
        if (m_rows > 0) note += counted(m_rows, "row") + " left out because " + m_because + ". ";
        if (m_distrusted > 0)
            note += counted(m_distrusted, "answer") + " left out because " + m_distrustedBecause + ". ";
        return note;
    }

private:
    std::size_t m_rows = 0;
    std::size_t m_distrusted = 0;
    std::string m_because;
    std::string m_distrustedBecause;
};

/// Which classes a file's rows name.
class ClassesSeen final
{
public:
    void add(const std::vector<data::TrainingRow>& rows)
    {
        for (const data::TrainingRow& row : rows) {
            m_seen.resize(std::max(m_seen.size(), row.classes.size()));
            for (std::size_t k = 0; k < row.classes.size(); ++k)
                if (row.classes[k] > 0) m_seen[k] = true;
        }
    }
    std::string note() const
    {
        const auto missing = static_cast<std::size_t>(std::ranges::count(m_seen, false));
        if (missing == 0) return {};
        const auto first = std::ranges::find(m_seen, false) - m_seen.begin();
        return "Of " + std::to_string(m_seen.size()) + " classes " + std::to_string(missing) +
               " occur in no row, the first of them " + std::to_string(first) +
               ": number the labels from 0 without gaps where that is not meant. ";
    }

private:
    std::vector<bool> m_seen;
};

/// Where taught examples go: a list, or a file and the first of them.
class Taught final
{
public:
    static Result<Taught> create(const TuningDataRequest& request)
    {
        Taught made;
        std::error_code failure;
        const auto bytes = std::filesystem::file_size(request.file.file, failure);
        if (failure || bytes <= request.partBytes) return made;
        const auto common = std::filesystem::temp_directory_path(failure);
        if (failure && request.scratch.empty())
            return failed("There is no folder for files in passing (TMPDIR); set TMPDIR to one that can be written.");
        auto file = engine::FiledExamples::create(request.scratch.empty() ? common : request.scratch);
        if (!file) return file.error();
        made.m_file = std::make_shared<engine::FiledExamples>(std::move(*file));
        return made;
    }

    Result<void> add(std::vector<engine::TaughtExample> examples)
    {
        for (engine::TaughtExample& example : examples) {
            for (const TaughtSequence& sequence : example.sequences)
                m_lengths.push_back(static_cast<std::uint32_t>(sequence.tokens.size()));
            if (m_file)
                if (auto added = m_file->add(example); !added) return added;
            if (!m_file || m_first.size() < TuningData::kShown) m_first.push_back(std::move(example));
        }
        return {};
    }

    /// Everything is there. Rows of earlier parts do not know of classes that came later.
    Result<void> finishInto(TuningData& made)
    {
        for (engine::TaughtExample& example : m_first)
            example.target.resize(static_cast<std::size_t>(made.classes));
        made.taught = std::move(m_first);
        if (m_lengths.empty()) return {};
        std::ranges::sort(m_lengths);
        made.medianTokens = m_lengths[m_lengths.size() / 2];
        made.longestTokens = m_lengths.back();
        if (!m_file) return {};
        if (auto written = m_file->finish(static_cast<std::size_t>(made.classes)); !written) return written;
        made.filed = std::move(m_file);
        return {};
    }

private:
    std::shared_ptr<engine::FiledExamples> m_file;
    std::vector<engine::TaughtExample> m_first;
    std::vector<std::uint32_t> m_lengths; ///< of all sequences
};

/// Held-out rows of a file of their own: its first ones.
Result<std::vector<data::TrainingRow>> heldFile(const TuningDataRequest& request, data::TrainingFile file,
                                                TuningData& made)
{
    file.file = request.held;
    auto other = data::readTrainingRows(file);
    if (!other) return other.error();
    if (other->classes > made.classes)
        return badInput(visible(request.held.string()) + " has " + std::to_string(other->classes) +
                        " classes and the training file " + std::to_string(made.classes) +
                        "; give both the same labels.");
    LeftOut leftOut;
    leftOut.add(*other);
    if (const std::string said = leftOut.note(); !said.empty())
        made.note += "Of " + visible(request.held.string()) + " " + said;
    if (other->rows.size() > request.mostHeld) other->rows.resize(request.mostHeld);
    return std::move(other->rows);
}

} // namespace

Result<TuningData> readTuningData(const TuningDataRequest& request)
{
    if (!(request.heldShare >= 0 && request.heldShare < 1))
        return badInput("The share that is held out must be a number from 0 to below 1.");
    data::TrainingFile file = request.file;
    file.shape = shapeOf(request.method);
    const auto shape = models::readModelShape(request.folder);
    if (!shape) return shape.error();
    const auto limit =
        std::min(static_cast<std::size_t>(request.maxTokens), static_cast<std::size_t>(shape->longestSequence()));
    std::optional<RowReader> reader; // opened once there is something to read
    TuningData made;
    auto taught = Taught::create(request);
    if (!taught) return taught.error();
    HeldOut held(request.held.empty() ? request.heldShare : 0, request.mostHeld);
    LeftOut leftOut;
    ClassesSeen seen;
    const auto onPart = [&](data::TrainingRows&& part) -> Result<void> {
        if (!reader) {
            auto opened = RowReader::open(request.folder, request.method, limit);
            if (!opened) return opened.error();
            reader.emplace(std::move(*opened));
        }
        made.about = part.about;
        made.classes = part.classes;
        leftOut.add(part);
        seen.add(part.rows);
        held.takeFrom(part.rows);
        auto examples = reader->read(part.rows);
        return examples ? taught->add(std::move(*examples)) : Result<void>(examples.error());
    };
    if (auto read = data::eachTrainingPart(file, request.partBytes, onPart); !read) return read.error();
    made.note = leftOut.note() + seen.note();
    auto heldRows =
        request.held.empty() ? Result<std::vector<data::TrainingRow>>(held.rows()) : heldFile(request, file, made);
    if (!heldRows) return heldRows.error();
    for (data::TrainingRow& row : *heldRows)
        row.classes.resize(static_cast<std::size_t>(made.classes));
    auto checked = reader->read(*heldRows);
    if (!checked) return checked.error();
    made.held = std::move(*checked);
    made.note += reader->note();
    if (auto finished = taught->finishInto(made); !finished) return finished.error();
    if (made.taughtRows() == 0)
        return badInput("No row of " + visible(request.file.file.string()) + " is left to learn from. " + made.note);
    return made;
}

Result<PairExamples> readPairExamples(const std::filesystem::path& folder, data::TrainingFile file, int maxTokens)
{
    file.shape = data::TrainingShape::Pairs;
    const auto rows = data::readTrainingRows(file);
    if (!rows) return rows.error();
    const auto shape = models::readModelShape(folder);
    if (!shape) return shape.error();
    const auto limit =
        std::min(static_cast<std::size_t>(maxTokens), static_cast<std::size_t>(shape->longestSequence()));
    auto reader = RowReader::open(folder, TuningMethod::Reward, limit);
    if (!reader) return reader.error();
    PairExamples made{.pairs = {}, .lines = {}, .leftOut = rows->leftOut, .note = {}};
    LeftOut leftOut;
    leftOut.add(*rows);
    made.note = leftOut.note();
    for (const data::TrainingRow& row : rows->rows) {
        auto example = reader->read(row);
        if (!example) return example.error();
        if (!*example) {
            ++made.leftOut;
            continue;
        }
        made.pairs.push_back(std::move(**example));
        made.lines.push_back(row.line);
    }
    made.note += reader->note();
    return made;
}

std::string shownSequence(const text::Tokenizer& tokenizer, const engine::TaughtSequence& sequence)
{
    const auto piece = [&](std::int32_t begin, std::int32_t end) {
        return tokenizer.decode(
            std::span(sequence.tokens).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
            false);
    };
    std::string shown;
    std::int32_t at = 0;
    for (const engine::TokenRange& range : sequence.taught) {
        shown += piece(at, range.begin) + "⟦" + piece(range.begin, range.end) + "⟧";
        at = range.end;
    }
    return shown + piece(at, static_cast<std::int32_t>(sequence.tokens.size()));
}

} // namespace gradus::run
