// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/tuning_data.h"

#include "base/hash.h"
#include "base/text.h"
#include "chat/prompt.h"
#include "models/model_folder.h"
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

std::string roleOf(const std::string& speaker)
{
    if (speaker == "Human") return "user";
    if (speaker == "Assistant") return "assistant";
    if (speaker == "System") return "system";
    return speaker;
}

/// Turns texts into ids as one model wants them.
class Reader final
{
public:
    static Result<Reader> open(const std::filesystem::path& folder, TuningMethod method)
    {
        auto tokenizer = text::Tokenizer::open(folder);
        if (!tokenizer) return tokenizer.error();
        return Reader(folder, std::move(*tokenizer), method);
    }

    Result<TaughtSequence> read(const data::TrainingText& text)
    {
        return text.turns.empty() ? plain(text) : dialogue(text);
    }

private:
    Reader(std::filesystem::path folder, text::Tokenizer tokenizer, TuningMethod method)
        : m_folder(std::move(folder)), m_tokenizer(std::move(tokenizer)), m_method(method)
    {
        const std::string& end = m_tokenizer.specials().eos;
        if (!end.empty()) m_end = m_tokenizer.idOf(end);
    }

    /// Prompt and response are one text; a token that reaches over the seam belongs to the response. What writes learns
    /// to end in the end token. What judges reads none: transformers takes it for padding where a model has no other,
    /// and would read the score off the token before it.
    Result<TaughtSequence> plain(const data::TrainingText& text) const
    {
        const text::Encoding encoding =
            m_tokenizer.encodeWithRanges(text.prompt + text.response, {.parseSpecialTokens = false});
        TaughtSequence made{.tokens = encoding.ids};
        std::size_t begin = 0;
        while (begin < encoding.ranges.size() && encoding.ranges[begin].end <= text.prompt.size())
            ++begin;
        // What the post-processor put before the text follows nothing and is not learnt.
        while (begin < encoding.ranges.size() && encoding.ranges[begin].begin == encoding.ranges[begin].end)
            ++begin;
        const bool writes = m_method == TuningMethod::Sft || m_method == TuningMethod::Preference;
        if (m_end && writes && (made.tokens.empty() || made.tokens.back() != *m_end)) made.tokens.push_back(*m_end);
        addRange(made, std::max<std::size_t>(1, begin), made.tokens.size());
        return made;
    }

    Result<TaughtSequence> dialogue(const data::TrainingText& text)
    {
        const auto all = rendered(text.turns, text.turns.size(), false);
        if (!all) return all.error();
        TaughtSequence made{.tokens = *all};
        if (m_method == TuningMethod::Reward || m_method == TuningMethod::Classify) return made;
        for (std::size_t k = std::max<std::size_t>(text.context, 1); k < text.turns.size(); ++k) {
            if (text.turns[k].speaker != "Assistant") continue;
            const auto before = rendered(text.turns, k, true);
            if (!before) return before.error();
            const auto after = k + 1 == text.turns.size() ? all : rendered(text.turns, k + 1, false);
            if (!after) return after.error();
            // A template may write earlier turns otherwise once later ones follow: those are read and not learnt.
            const std::size_t begin = common(*before, *all);
            const std::size_t end = common(*after, *all);
            if (begin == before->size() || k + 1 == text.turns.size()) addRange(made, begin, end);
        }
        return made;
    }

    static std::size_t common(const std::vector<text::Id>& one, const std::vector<text::Id>& other)
    {
        return static_cast<std::size_t>(std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first -
                                        one.begin());
    }

    static void addRange(TaughtSequence& made, std::size_t begin, std::size_t end)
    {
        const auto first = std::max(static_cast<std::int32_t>(begin), made.taught.empty() ? 1 : made.taught.back().end);
        const auto last = static_cast<std::int32_t>(end);
        if (first < last) made.taught.push_back({first, last});
    }

    Result<std::vector<text::Id>> rendered(const std::vector<data::Turn>& turns, std::size_t count, bool prompt)
    {
        if (!m_template) {
            auto opened = chat::ChatTemplate::open(m_folder, false);
            if (!opened) return opened.error();
            m_template.emplace(std::move(*opened));
        }
        chat::ChatRequest request{.addGenerationPrompt = prompt};
        for (std::size_t i = 0; i < count; ++i)
            request.messages.push_back({.role = roleOf(turns[i].speaker), .content = turns[i].text});
        return chat::promptIds(*m_template, m_tokenizer, std::move(request));
    }

    std::filesystem::path m_folder;
    text::Tokenizer m_tokenizer;
    TuningMethod m_method;
    std::optional<text::Id> m_end;
    std::optional<chat::ChatTemplate> m_template; ///< opened when the first dialogue comes
};

struct Counts
{
    std::size_t tooLong = 0;
    std::size_t untaught = 0;
    std::size_t cut = 0;
};

/// None when the row is left out, which is counted.
Result<std::optional<engine::TaughtExample>> exampleOf(Reader& reader, const data::TrainingRow& row,
                                                       TuningMethod method, std::size_t limit, Counts& counts)
{
    engine::TaughtExample example{.sequences = {}, .preference = static_cast<float>(row.preference)};
    example.target.assign(row.classes.begin(), row.classes.end());
    const bool learns = method == TuningMethod::Sft || method == TuningMethod::Preference;
    for (const data::TrainingText& text : row.texts) {
        auto sequence = reader.read(text);
        if (!sequence) return sequence.error();
        if (sequence->tokens.size() > limit && method == TuningMethod::Classify) {
            ++counts.cut;
            sequence->tokens.erase(sequence->tokens.begin(),
                                   sequence->tokens.end() - static_cast<std::ptrdiff_t>(limit));
        }
        if (sequence->tokens.size() > limit) {
            ++counts.tooLong;
            return std::optional<engine::TaughtExample>{};
        }
        if (sequence->tokens.empty() || (learns && sequence->taught.empty())) {
            ++counts.untaught;
            return std::optional<engine::TaughtExample>{};
        }
        if (!learns) sequence->taught.clear();
        example.sequences.push_back(std::move(*sequence));
    }
    return std::optional(std::move(example));
}

std::string noteOf(const Counts& counts, std::size_t limit)
{
    std::string note;
    if (counts.tooLong > 0)
        note += counted(counts.tooLong, "row") + " of more than " + std::to_string(limit) +
                " tokens left out (--max-tokens). ";
    if (counts.untaught > 0) note += counted(counts.untaught, "row") + " without a token to learn left out. ";
    if (counts.cut > 0)
        note += counted(counts.cut, "text") + " of more than " + std::to_string(limit) + " tokens lost the beginning. ";
    return note;
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

using MaybeExample = Result<std::optional<engine::TaughtExample>>;

/// An error says the row's line.
MaybeExample numbered(MaybeExample example, const data::TrainingRow& row)
{
    if (example) return example;
    Error error = example.error();
    error.message = "Line " + std::to_string(row.line) + ": " + error.message;
    return error;
}

Result<std::vector<engine::TaughtExample>> examplesOf(Reader& reader, const std::vector<data::TrainingRow>& rows,
                                                      TuningMethod method, std::size_t limit, Counts& counts)
{
    std::vector<engine::TaughtExample> all;
    for (const data::TrainingRow& row : rows) {
        auto example = numbered(exampleOf(reader, row, method, limit, counts), row);
        if (!example) return example.error();
        if (*example) all.push_back(std::move(**example));
    }
    return all;
}

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
        auto file = engine::FiledExamples::create(request.scratch.empty() ? std::filesystem::temp_directory_path()
                                                                          : request.scratch);
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
    data::TrainingFile file = request.file;
    file.shape = shapeOf(request.method);
    const auto shape = models::readModelShape(request.folder);
    if (!shape) return shape.error();
    const auto limit =
        std::min(static_cast<std::size_t>(request.maxTokens), static_cast<std::size_t>(shape->longestSequence()));
    std::optional<Reader> reader; // opened once there is something to read
    TuningData made;
    auto taught = Taught::create(request);
    if (!taught) return taught.error();
    HeldOut held(request.held.empty() ? request.heldShare : 0, request.mostHeld);
    Counts counts;
    LeftOut leftOut;
    const auto onPart = [&](data::TrainingRows&& part) -> Result<void> {
        if (!reader) {
            auto opened = Reader::open(request.folder, request.method);
            if (!opened) return opened.error();
            reader.emplace(std::move(*opened));
        }
        made.about = part.about;
        made.classes = part.classes;
        leftOut.add(part);
        held.takeFrom(part.rows);
        auto examples = examplesOf(*reader, part.rows, request.method, limit, counts);
        return examples ? taught->add(std::move(*examples)) : Result<void>(examples.error());
    };
    if (auto read = data::eachTrainingPart(file, request.partBytes, onPart); !read) return read.error();
    made.note = leftOut.note();
    auto heldRows =
        request.held.empty() ? Result<std::vector<data::TrainingRow>>(held.rows()) : heldFile(request, file, made);
    if (!heldRows) return heldRows.error();
    for (data::TrainingRow& row : *heldRows)
        row.classes.resize(static_cast<std::size_t>(made.classes));
    auto checked = examplesOf(*reader, *heldRows, request.method, limit, counts);
    if (!checked) return checked.error();
    made.held = std::move(*checked);
    made.note += noteOf(counts, limit);
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
    auto reader = Reader::open(folder, TuningMethod::Reward);
    if (!reader) return reader.error();
    const auto limit =
        std::min(static_cast<std::size_t>(maxTokens), static_cast<std::size_t>(shape->longestSequence()));
    PairExamples made{.pairs = {}, .lines = {}, .leftOut = rows->leftOut, .note = {}};
    LeftOut leftOut;
    leftOut.add(*rows);
    made.note = leftOut.note();
    Counts counts;
    for (const data::TrainingRow& row : rows->rows) {
        auto example = numbered(exampleOf(*reader, row, TuningMethod::Reward, limit, counts), row);
        if (!example) return example.error();
        if (!*example) {
            ++made.leftOut;
            continue;
        }
        made.pairs.push_back(std::move(**example));
        made.lines.push_back(row.line);
    }
    made.note += noteOf(counts, limit);
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
