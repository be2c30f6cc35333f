// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/bpe.h"

#include <algorithm>
#include <queue>

namespace gradus::data {

namespace {

std::uint64_t packed(Bpe::Merge pair)
{
    return (static_cast<std::uint64_t>(pair.first) << 32) | static_cast<std::uint32_t>(pair.second);
}

/// A place in a piece where two neighbours may be merged into id.
struct Candidate
{
    Bpe::Id id;
    std::size_t left;
    std::size_t right;

    // The queue gives the greatest: the earliest merge first, then the leftmost place.
    friend bool operator<(const Candidate& a, const Candidate& b)
    {
        return a.id != b.id ? a.id > b.id : a.left > b.left;
    }
};

struct Symbol
{
    Bpe::Id id;
    std::size_t previous;
    std::size_t next;
};

constexpr std::size_t kNone = ~std::size_t{0};

} // namespace

Bpe::Bpe(std::vector<Merge> merges) : m_merges(std::move(merges))
{
    for (int byte = 0; byte < kBytes; ++byte)
        m_pieces.emplace_back(1, static_cast<char>(byte));
    for (const Merge& merge : m_merges) {
        m_mergedIds.emplace(packed(merge), static_cast<Id>(m_pieces.size()));
        m_pieces.push_back(m_pieces[static_cast<std::size_t>(merge.first)] +
                           m_pieces[static_cast<std::size_t>(merge.second)]);
    }
    std::vector<Id> ids;
    for (const std::string& piece : m_pieces) {
        ids.clear();
        mergePiece(piece, ids);
        if (ids.size() == 1) m_whole.emplace(piece, ids.front());
    }
}

// A linked list and a queue instead of erasing from a vector: a long unbroken run stays n log n.
void Bpe::mergePiece(std::string_view piece, std::vector<Id>& out) const
{
    std::vector<Symbol> symbols(piece.size());
    for (std::size_t i = 0; i < piece.size(); ++i)
        symbols[i] = {static_cast<unsigned char>(piece[i]), i == 0 ? kNone : i - 1,
                      i + 1 == piece.size() ? kNone : i + 1};
    std::priority_queue<Candidate> candidates;
    const auto consider = [&](std::size_t left, std::size_t right) {
        if (left == kNone || right == kNone) return;
        const auto found = m_mergedIds.find(packed({symbols[left].id, symbols[right].id}));
        if (found != m_mergedIds.end()) candidates.push({found->second, left, right});
    };
    for (std::size_t i = 1; i < symbols.size(); ++i)
        consider(i - 1, i);
    while (!candidates.empty()) {
        const Candidate candidate = candidates.top();
        candidates.pop();
        Symbol& left = symbols[candidate.left];
        Symbol& right = symbols[candidate.right];
        // Outdated when either side has been merged since: the pair no longer stands there.
        if (left.next != candidate.right || right.id < 0) continue;
        const Merge& merge = m_merges[static_cast<std::size_t>(candidate.id - kBytes)];
        if (left.id != merge.first || right.id != merge.second) continue;
        left.id = candidate.id;
        left.next = right.next;
        right.id = -1;
        if (left.next != kNone) symbols[left.next].previous = candidate.left;
        consider(left.previous, candidate.left);
        consider(candidate.left, left.next);
    }
    for (std::size_t i = 0; i != kNone; i = symbols[i].next)
        out.push_back(symbols[i].id);
}

std::vector<Bpe::Id> Bpe::encode(std::string_view text) const
{
    std::vector<Id> ids;
    for (const std::string_view piece : splitForBpe(text)) {
        const auto whole = m_whole.find(piece);
        if (whole != m_whole.end())
            ids.push_back(whole->second);
        else
            mergePiece(piece, ids);
    }
    return ids;
}

std::string Bpe::decode(std::span<const Id> ids) const
{
    std::string text;
    for (const Id id : ids)
        if (id >= 0 && static_cast<std::size_t>(id) < m_pieces.size()) text += m_pieces[static_cast<std::size_t>(id)];
    return text;
}

} // namespace gradus::data
