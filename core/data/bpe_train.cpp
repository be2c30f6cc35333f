// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_set>

namespace gradus::data {

namespace {

// A longer piece is cut for counting only: each merge rescans the words that hold its pair.
constexpr std::size_t kLongestWord = 256;

struct Word
{
    std::vector<Bpe::Id> ids;
    std::int64_t count = 0;
};

struct PairHash
{
    std::size_t operator()(const Bpe::Merge& pair) const
    {
        const auto mixed = (static_cast<std::uint64_t>(pair.first) << 32) ^ static_cast<std::uint32_t>(pair.second);
        return static_cast<std::size_t>(mixed * 0x9E3779B97F4A7C15ULL >> 16);
    }
};

struct Candidate
{
    std::int64_t count;
    Bpe::Merge pair;

    // The queue gives the greatest: most frequent, then the pair with the smaller ids.
    friend bool operator<(const Candidate& a, const Candidate& b)
    {
        return a.count != b.count ? a.count < b.count : a.pair > b.pair;
    }
};

std::vector<Word> wordsOf(const std::vector<std::string_view>& texts)
{
    // Ordered, so that nothing below depends on a hash table's order.
    std::map<std::string_view, std::int64_t> counts;
    for (const std::string_view text : texts)
        for (std::string_view piece : splitForBpe(text))
            for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), kLongestWord)))
                ++counts[piece.substr(0, kLongestWord)];
    std::vector<Word> words;
    words.reserve(counts.size());
    for (const auto& [piece, count] : counts) {
        Word word;
        word.count = count;
        for (const char c : piece)
            word.ids.push_back(static_cast<unsigned char>(c));
        words.push_back(std::move(word));
    }
    return words;
}

/// Pair counts kept up to date while merges are applied.
class Trainer final
{
public:
    explicit Trainer(std::vector<Word> words) : m_words(std::move(words))
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            countWord(i, +1);
        flush();
    }

    /// The next merge, applied to all words; nothing when no pair occurs twice.
    bool step(Bpe::Id newId, std::vector<Bpe::Merge>& merges)
    {
        while (!m_queue.empty()) {
            const Candidate best = m_queue.top();
            m_queue.pop();
            // Counts in the queue may be outdated; a changed pair was pushed again with its new count.
            if (best.count != m_counts[best.pair] || best.count < 2) continue;
            merges.push_back(best.pair);
            apply(best.pair, newId);
            return true;
        }
        return false;
    }

private:
    void countWord(std::size_t index, int sign)
    {
        const Word& word = m_words[index];
        for (std::size_t i = 1; i < word.ids.size(); ++i) {
            const Bpe::Merge pair{word.ids[i - 1], word.ids[i]};
            m_counts[pair] += sign * word.count;
            m_changed.insert(pair);
            if (sign > 0) m_places[pair].insert(index);
        }
    }

    void apply(Bpe::Merge pair, Bpe::Id newId)
    {
        const std::unordered_set<std::size_t> places = std::move(m_places[pair]);
        m_places.erase(pair);
        for (const std::size_t index : places) {
            countWord(index, -1);
            std::vector<Bpe::Id>& ids = m_words[index].ids;
            std::size_t kept = 0;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const bool here = i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
                ids[kept++] = here ? newId : ids[i];
                i += here ? 1 : 0;
            }
            ids.resize(kept);
            countWord(index, +1);
        }
        flush();
    }

    void flush()
    {
        for (const Bpe::Merge& pair : m_changed)
            if (const auto count = m_counts[pair]; count >= 2) m_queue.push({count, pair});
        m_changed.clear();
    }

    std::vector<Word> m_words;
    std::unordered_map<Bpe::Merge, std::int64_t, PairHash> m_counts;
    std::unordered_map<Bpe::Merge, std::unordered_set<std::size_t>, PairHash> m_places; ///< words that may hold it
    std::unordered_set<Bpe::Merge, PairHash> m_changed;
    std::priority_queue<Candidate> m_queue;
};

} // namespace

Bpe Bpe::train(const std::vector<std::string_view>& texts, int vocabulary)
{
    Trainer trainer(wordsOf(texts));
    std::vector<Merge> merges;
    for (int id = kBytes; id + 1 < vocabulary; ++id)
        if (!trainer.step(static_cast<Id>(id), merges)) break;
    return Bpe(std::move(merges));
}

} // namespace gradus::data
