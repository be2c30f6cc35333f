// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/aligned_turns.h"

#include <algorithm>
#include <cstdint>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kMostMessages = 2000;
constexpr std::size_t kMostWords = 1500;

/// Pairs of places that stand beside each other, both increasing, such that the sum of their worths is largest. worth:
/// of a pair, 0 or more. n and m must be small.
template <typename Worth>
std::vector<std::pair<std::size_t, std::size_t>> bestPairs(std::size_t n, std::size_t m, Worth worth)
{
    std::vector<std::uint32_t> best((n + 1) * (m + 1), 0);
    const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
    for (std::size_t i = n; i-- > 0;)
        for (std::size_t j = m; j-- > 0;) {
            const std::uint32_t pair = worth(i, j);
            best[at(i, j)] = std::max(
                {best[at(i + 1, j)], best[at(i, j + 1)], pair == 0 ? std::uint32_t{0} : best[at(i + 1, j + 1)] + pair});
        }
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t i = 0, j = 0; i < n && j < m;) {
        const std::uint32_t pair = worth(i, j);
        if (pair > 0 && best[at(i, j)] == best[at(i + 1, j + 1)] + pair)
            pairs.emplace_back(i++, j++);
        else if (best[at(i, j)] == best[at(i + 1, j)])
            ++i;
        else
            ++j;
    }
    return pairs;
}

bool isCall(const events::EpisodeMessage& message)
{
    return message.role == "assistant" && !message.detailsJson.empty();
}

bool isSame(const events::EpisodeMessage& a, const events::EpisodeMessage& b)
{
    // A task's details say which episode it was told in, and how long that took.
    return a.role == b.role && a.content == b.content && (a.role == "user" || a.detailsJson == b.detailsJson);
}

std::size_t sharedPrefix(const std::vector<const events::EpisodeRecord*>& sides)
{
    std::size_t shared = sides.front()->messages.size();
    for (const events::EpisodeRecord* side : sides) {
        const auto& first = sides.front()->messages;
        const std::size_t most = std::min(shared, side->messages.size());
        std::size_t same = 0;
        while (same < most && isSame(first[same], side->messages[same]))
            ++same;
        shared = same;
    }
    return shared;
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// Places after the prefix of the first side and another one that stand beside each other.
Pairs pairsOf(const events::EpisodeRecord& first, const events::EpisodeRecord& other, std::size_t shared)
{
    const std::size_t n = first.messages.size() - shared;
    const std::size_t m = other.messages.size() - shared;
    if (n > kMostMessages || m > kMostMessages) {
        Pairs pairs;
        for (std::size_t i = 0; i < std::min(n, m); ++i)
            pairs.emplace_back(i, i);
        return pairs;
    }
    // Three messages of one kind are worth less than two of the same words, more than one.
    return bestPairs(n, m, [&](std::size_t i, std::size_t j) -> std::uint32_t {
        const events::EpisodeMessage& a = first.messages[shared + i];
        const events::EpisodeMessage& b = other.messages[shared + j];
        if (a.role != b.role || isCall(a) != isCall(b)) return 0;
        return a.content == b.content ? 5 : 2;
    });
}

struct Word
{
    QStringView text;
    qsizetype start = 0;
};

/// Words and what stands between them, each by itself.
std::vector<Word> wordsOf(const QString& text)
{
    std::vector<Word> words;
    for (qsizetype at = 0; at < text.size();) {
        const bool isWord = text[at].isLetterOrNumber();
        qsizetype end = at + 1;
        while (isWord && end < text.size() && text[end].isLetterOrNumber())
            ++end;
        words.push_back({QStringView(text).mid(at, end - at), at});
        at = end;
    }
    return words;
}

/// Ranges of the words that are not in a pair; neighbours become one.
QVector<NamedRange> rangesOf(const std::vector<Word>& words, const std::vector<bool>& isPaired)
{
    QVector<NamedRange> ranges;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (isPaired[i]) continue;
        const NamedRange range{words[i].start, words[i].text.size()};
        if (!ranges.isEmpty() && ranges.last().start + ranges.last().length == range.start)
            ranges.last().length += range.length;
        else
            ranges.append(range);
    }
    return ranges;
}

} // namespace

std::vector<AlignedRow> alignTurns(const std::vector<const events::EpisodeRecord*>& sides)
{
    const std::size_t shared = sides.front()->messages.size() == 0 ? 0 : sharedPrefix(sides);
    std::vector<AlignedRow> rows;
    for (std::size_t i = 0; i < shared; ++i) {
        AlignedRow row{.isShared = true};
        std::fill_n(row.messages.begin(), sides.size(), static_cast<int>(i));
        rows.push_back(row);
    }
    std::vector<Pairs> pairs(sides.size());
    for (std::size_t s = 1; s < sides.size(); ++s)
        pairs[s] = pairsOf(*sides.front(), *sides[s], shared);
    std::vector<std::size_t> next(sides.size(), 0);     // place after the prefix of every other side
    std::vector<std::size_t> nextPair(sides.size(), 0); // of its pairs
    // What stands before the partner of the first side's message comes before it; these rows are shared by the others.
    const auto addBefore = [&](const std::vector<std::size_t>& until) {
        for (;;) {
            AlignedRow row;
            bool isEmpty = true;
            for (std::size_t s = 1; s < sides.size(); ++s) {
                if (next[s] >= until[s]) continue;
                row.messages[s] = static_cast<int>(shared + next[s]++);
                isEmpty = false;
            }
            if (isEmpty) return;
            rows.push_back(row);
        }
    };
    const std::size_t first = sides.front()->messages.size() - shared;
    for (std::size_t i = 0; i < first; ++i) {
        std::vector<std::size_t> until = next;
        std::vector<bool> isPaired(sides.size(), false);
        for (std::size_t s = 1; s < sides.size(); ++s)
            if (nextPair[s] < pairs[s].size() && pairs[s][nextPair[s]].first == i) {
                until[s] = pairs[s][nextPair[s]++].second;
                isPaired[s] = true;
            }
        addBefore(until);
        AlignedRow row;
        row.messages[0] = static_cast<int>(shared + i);
        for (std::size_t s = 1; s < sides.size(); ++s)
            if (isPaired[s]) row.messages[s] = static_cast<int>(shared + next[s]++);
        rows.push_back(row);
    }
    std::vector<std::size_t> ends(sides.size(), 0);
    for (std::size_t s = 1; s < sides.size(); ++s)
        ends[s] = sides[s]->messages.size() - shared;
    addBefore(ends);
    return rows;
}

WordDiff wordDiff(const QString& left, const QString& right)
{
    const std::vector<Word> a = wordsOf(left);
    const std::vector<Word> b = wordsOf(right);
    std::size_t before = 0;
    while (before < std::min(a.size(), b.size()) && a[before].text == b[before].text)
        ++before;
    std::size_t after = 0;
    while (after < std::min(a.size(), b.size()) - before &&
           a[a.size() - 1 - after].text == b[b.size() - 1 - after].text)
        ++after;
    std::vector<bool> inA(a.size(), false);
    std::vector<bool> inB(b.size(), false);
    std::fill_n(inA.begin(), before, true);
    std::fill_n(inB.begin(), before, true);
    std::fill(inA.end() - static_cast<std::ptrdiff_t>(after), inA.end(), true);
    std::fill(inB.end() - static_cast<std::ptrdiff_t>(after), inB.end(), true);
    const std::size_t n = a.size() - before - after;
    const std::size_t m = b.size() - before - after;
    if (n <= kMostWords && m <= kMostWords) {
        const auto worth = [&](std::size_t i, std::size_t j) -> std::uint32_t {
            if (a[before + i].text != b[before + j].text) return 0;
            return a[before + i].text.front().isLetterOrNumber() ? 3 : 1; // blanks alone tie nothing together
        };
        for (const auto& [i, j] : bestPairs(n, m, worth)) {
            inA[before + i] = true;
            inB[before + j] = true;
        }
    }
    return {rangesOf(a, inA), rangesOf(b, inB)};
}

} // namespace gradus::viewmodels
