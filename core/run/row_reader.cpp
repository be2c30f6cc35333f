// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/row_reader.h"

#include "base/text.h"
#include "chat/prompt.h"

#include <algorithm>

namespace gradus::run {

namespace {

using engine::TaughtSequence;
using engine::TuningMethod;
using MaybeExample = Result<std::optional<engine::TaughtExample>>;

std::string roleOf(const std::string& speaker)
{
    if (speaker == "Human") return "user";
    if (speaker == "Assistant") return "assistant";
    if (speaker == "System") return "system";
    return speaker;
}

std::size_t common(const std::vector<text::Id>& one, const std::vector<text::Id>& other)
{
    return static_cast<std::size_t>(std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first -
                                    one.begin());
}

void addRange(TaughtSequence& made, std::size_t begin, std::size_t end)
{
    const auto first = std::max(static_cast<std::int32_t>(begin), made.taught.empty() ? 1 : made.taught.back().end);
    const auto last = static_cast<std::int32_t>(end);
    if (first < last) made.taught.push_back({first, last});
}

} // namespace

Result<RowReader> RowReader::open(const std::filesystem::path& folder, TuningMethod method, std::size_t longest)
{
    auto tokenizer = text::Tokenizer::open(folder);
    if (!tokenizer) return tokenizer.error();
    return RowReader(folder, std::move(*tokenizer), method, longest);
}

RowReader::RowReader(std::filesystem::path folder, text::Tokenizer tokenizer, TuningMethod method, std::size_t longest)
    : m_folder(std::move(folder)), m_tokenizer(std::move(tokenizer)), m_method(method), m_longest(longest)
{
    const std::string& end = m_tokenizer.specials().eos;
    if (!end.empty()) m_end = m_tokenizer.idOf(end);
}

Result<TaughtSequence> RowReader::sequenceOf(const data::TrainingText& text)
{
    return text.turns.empty() ? plain(text) : dialogue(text);
}

/// Prompt and response are one text; a token that reaches over the seam belongs to the response. What writes learns
/// to end in the end token. What judges reads none: transformers takes it for padding where a model has no other,
/// and would read the score off the token before it.
Result<TaughtSequence> RowReader::plain(const data::TrainingText& text) const
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

Result<TaughtSequence> RowReader::dialogue(const data::TrainingText& text)
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

Result<std::vector<text::Id>> RowReader::rendered(const std::vector<data::Turn>& turns, std::size_t count, bool prompt)
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

MaybeExample RowReader::exampleOf(const data::TrainingRow& row)
{
    engine::TaughtExample example{.sequences = {}, .preference = static_cast<float>(row.preference)};
    example.target.assign(row.classes.begin(), row.classes.end());
    const bool learns = m_method == TuningMethod::Sft || m_method == TuningMethod::Preference;
    for (const data::TrainingText& text : row.texts) {
        auto sequence = sequenceOf(text);
        if (!sequence) return sequence.error();
        if (sequence->tokens.size() > m_longest && m_method == TuningMethod::Classify) {
            ++m_cut;
            sequence->tokens.erase(sequence->tokens.begin(),
                                   sequence->tokens.end() - static_cast<std::ptrdiff_t>(m_longest));
        }
        if (sequence->tokens.size() > m_longest) {
            ++m_tooLong;
            return std::optional<engine::TaughtExample>{};
        }
        if (sequence->tokens.empty() || (learns && sequence->taught.empty())) {
            ++m_untaught;
            return std::optional<engine::TaughtExample>{};
        }
        if (!learns) sequence->taught.clear();
        example.sequences.push_back(std::move(*sequence));
    }
    return std::optional(std::move(example));
}

MaybeExample RowReader::read(const data::TrainingRow& row)
{
    MaybeExample example = exampleOf(row);
    if (example) return example;
    Error error = example.error();
    error.message = "Line " + std::to_string(row.line) + ": " + error.message;
    return error;
}

Result<std::vector<engine::TaughtExample>> RowReader::read(const std::vector<data::TrainingRow>& rows)
{
    std::vector<engine::TaughtExample> all;
    for (const data::TrainingRow& row : rows) {
        auto example = read(row);
        if (!example) return example.error();
        if (*example) all.push_back(std::move(**example));
    }
    return all;
}

std::string RowReader::note() const
{
    std::string note;
    const std::string limit = std::to_string(m_longest);
    if (m_tooLong > 0)
        note += counted(m_tooLong, "row") + " of more than " + limit + " tokens left out (--max-tokens). ";
    if (m_untaught > 0) note += counted(m_untaught, "row") + " without a token to learn left out. ";
    if (m_cut > 0) note += counted(m_cut, "text") + " of more than " + limit + " tokens lost the beginning. ";
    return note;
}

} // namespace gradus::run
