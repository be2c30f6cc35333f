// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/reading.h"

#include "base/hash.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gradus::data {

namespace {

constexpr std::string_view kContext = "Context: ";
constexpr std::string_view kQuestion = "\nQuestion: ";
constexpr std::string_view kAnswer = "\nAnswer: ";

/// How far all texts are alike.
std::size_t commonLength(const std::vector<std::string>& texts)
{
    std::size_t common = texts.front().size();
    for (const std::string& text : texts)
        common = static_cast<std::size_t>(
            std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(common, text.size())),
                          texts.front().begin())
                .first -
            text.begin());
    return common;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool saysSomething(std::string_view piece)
{
    return std::any_of(piece.begin(), piece.end(), [](char c) {
        const unsigned byte = static_cast<unsigned char>(c);
        return (byte | 0x20U) - 'a' < 26U || byte - '0' < 10U || byte >= 0x80U;
    });
}

std::string_view stripped(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Whether a sentence ends with the character before `at`.
bool endsAt(const std::string& text, std::size_t at)
{
    if (text[at] == '\n') return true;
    if (text[at] != ' ') return false;
    std::size_t last = at;
    while (last > 0 && (text[last - 1] == '"' || text[last - 1] == '\''))
        --last;
    return last > 0 && (text[last - 1] == '.' || text[last - 1] == '!' || text[last - 1] == '?');
}

} // namespace

std::optional<ReadingQuestion> readingQuestion(const Item& item, std::uint64_t seed)
{
    if (item.texts.size() < 2 || item.truth < 0 || static_cast<std::size_t>(item.truth) >= item.texts.size())
        return std::nullopt;
    const std::string& whole = item.texts.front();
    const std::string_view shared = std::string_view(whole).substr(0, commonLength(item.texts));
    const std::size_t answer = shared.rfind(kAnswer);
    if (answer == std::string_view::npos || !shared.starts_with(kContext)) return std::nullopt;
    const std::size_t question = shared.substr(0, answer).rfind(kQuestion);
    if (question == std::string_view::npos || question < kContext.size()) return std::nullopt;
    const auto answerOf = [&](const std::string& text) { return text.substr(answer + kAnswer.size()); };

    const std::string right = answerOf(item.texts[static_cast<std::size_t>(item.truth)]);
    std::vector<std::string> wrong;
    for (const std::string& text : item.texts)
        if (answerOf(text) != right) wrong.push_back(answerOf(text));
    if (wrong.empty()) return std::nullopt;
    ReadingQuestion asked;
    asked.passage = whole.substr(kContext.size(), question - kContext.size());
    asked.question = whole.substr(question + kQuestion.size(), answer - question - kQuestion.size());
    const std::string key = whole.substr(0, answer) + '\x1F' + right;
    asked.truth = static_cast<int>(splitHash(key + "\x1Fplace", seed) & 1U);
    asked.answers[static_cast<std::size_t>(asked.truth)] = right;
    asked.answers[static_cast<std::size_t>(1 - asked.truth)] = wrong[splitHash(key, seed) % wrong.size()];
    return asked;
}

std::vector<std::string> sentencesOf(const std::string& passage)
{
    std::vector<std::string> sentences;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= passage.size(); ++at) {
        if (at < passage.size() && !endsAt(passage, at)) continue;
        const std::string_view piece = stripped(std::string_view(passage).substr(begin, at - begin));
        if (!saysSomething(piece) && at < passage.size()) continue; // goes on with what follows
        if (saysSomething(piece)) sentences.emplace_back(piece);
        begin = at;
    }
    return sentences;
}

std::string askedAfter(const std::string& read, const std::string& question)
{
    const std::string asked = "Question: " + question + "\nAnswer:";
    return read.empty() ? asked : std::string(kContext) + read + "\n" + asked;
}

} // namespace gradus::data
