// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/writings.h"

#include "data/registers.h"

#include <algorithm>
#include <span>

namespace gradus::data {

namespace {

using namespace writings;
using Tokens = std::vector<std::int32_t>;
using registers::kModulus;

Tokens briefOf(std::int32_t start, std::int32_t end, std::int32_t barred)
{
    return {kBegin, start, end, barred};
}

/// Pairs, evenly over operations and operands.
Tokens drawPairs(Rng& rng, int pairs)
{
    Tokens writing;
    for (int i = 0; i < pairs; ++i) {
        const auto operation = static_cast<std::int32_t>(registers::kAdd + static_cast<std::int32_t>(rng.below(3)));
        writing.push_back(operation);
        // Multiplying by 0 would throw the state away, as in registers.
        writing.push_back(operation == registers::kMultiply ? static_cast<std::int32_t>(1 + rng.below(kModulus - 1))
                                                            : static_cast<std::int32_t>(rng.below(kModulus)));
    }
    return writing;
}

bool uses(const Tokens& writing, std::int32_t operation)
{
    for (std::size_t i = 0; i < writing.size(); i += 2)
        if (writing[i] == operation) return true;
    return false;
}

std::int32_t endOf(const Tokens& writing, std::int32_t state)
{
    for (std::size_t i = 0; i + 1 < writing.size(); i += 2) {
        const registers::Program step{kBegin, 0, writing[i], writing[i + 1]};
        state = registers::after(step, 1, state);
    }
    return state;
}

int drawLength(Rng& rng)
{
    return kFewestPairs + static_cast<int>(rng.below(kMostPairs - kFewestPairs + 1));
}

/// A whole item in one row: the brief, the right writing, then each wrong one after a "begin", then "begin" and the
/// right one's place.
Tokens draw(Rng& rng)
{
    const auto start = static_cast<std::int32_t>(rng.below(kModulus));
    const auto barred = static_cast<std::int32_t>(registers::kAdd + static_cast<std::int32_t>(rng.below(3)));
    const int pairs = drawLength(rng);
    Tokens right;
    do
        right = drawPairs(rng, pairs);
    while (uses(right, barred));
    // The end follows from the right writing: not every end can be reached without every operation.
    const std::int32_t end = endOf(right, start);
    Tokens item = briefOf(start, end, barred);
    item.insert(item.end(), right.begin(), right.end());
    for (int other = 1; other < kChoices; ++other) {
        const bool spoilt = rng.below(2) == 0;
        Tokens wrong;
        do
            wrong = drawPairs(rng, drawLength(rng));
        while (uses(wrong, barred) != spoilt || (endOf(wrong, start) == end) != spoilt);
        item.push_back(kBegin);
        item.insert(item.end(), wrong.begin(), wrong.end());
    }
    item.push_back(kBegin);
    item.push_back(static_cast<std::int32_t>(rng.below(kChoices)));
    return item;
}

int placeOf(const Tokens& item)
{
    return item.back();
}

/// The brief and the right writing: they decide where an item may be used.
std::span<const std::int32_t> rightOf(const Tokens& item)
{
    const auto end = std::find(item.begin() + 1, item.end(), kBegin);
    return {item.begin(), end};
}

std::vector<Tokens> sequencesOf(const Tokens& item)
{
    std::vector<Tokens> sequences;
    auto from = item.begin() + kBriefTokens;
    while (sequences.size() < kChoices) {
        const auto to = std::find(from, item.end(), kBegin);
        Tokens sequence(item.begin(), item.begin() + kBriefTokens);
        sequence.insert(sequence.end(), from, to);
        sequences.push_back(std::move(sequence));
        from = to + 1;
    }
    std::swap(sequences[0], sequences[static_cast<std::size_t>(placeOf(item))]);
    return sequences;
}

constexpr WorldDraw kWorld{
    .name = "writings", .draw = draw, .truth = placeOf, .content = rightOf, .sequences = sequencesOf};

/// Whether the row, cut after some pair, is what decides an item of the pool's or the test's side.
bool isKeptBack(const Tokens& row, const Tokens& remaining)
{
    for (int pairs = kFewestPairs; pairs <= kMostPairs; ++pairs) {
        const auto length = static_cast<std::size_t>(kBriefTokens + 2 * pairs);
        if (remaining[static_cast<std::size_t>(pairs) - 1] != 0) continue;
        if (sideOf(std::span(row).first(length)) != Side::Pretraining) return true;
    }
    return false;
}

} // namespace

std::vector<std::int32_t> writings::left(const Tokens& sequence)
{
    std::vector<std::int32_t> all;
    std::int32_t state = sequence[1];
    bool spoilt = false;
    for (std::size_t at = kBriefTokens; at + 1 < sequence.size(); at += 2) {
        state = endOf({sequence[at], sequence[at + 1]}, state);
        spoilt = spoilt || sequence[at] == sequence[3];
        all.push_back(spoilt ? kSpoilt : (sequence[2] - state + kModulus) % kModulus);
    }
    return all;
}

bool writings::fulfils(const Tokens& sequence)
{
    const auto remaining = left(sequence);
    return !remaining.empty() && remaining.back() == 0;
}

PretrainingBatch writingsPretraining(std::uint64_t seed, std::int64_t step, int batch)
{
    Rng rng(seed, "writings/pretraining/" + std::to_string(step));
    PretrainingBatch drawn;
    while (drawn.inputs.size() < static_cast<std::size_t>(std::max(batch, 0))) {
        Tokens row =
            briefOf(static_cast<std::int32_t>(rng.below(kModulus)), static_cast<std::int32_t>(rng.below(kModulus)),
                    static_cast<std::int32_t>(registers::kAdd + static_cast<std::int32_t>(rng.below(3))));
        const Tokens writing = drawPairs(rng, kMostPairs);
        row.insert(row.end(), writing.begin(), writing.end());
        const auto remaining = writings::left(row);
        if (isKeptBack(row, remaining)) continue;
        Tokens targets(kTokens, -1);
        for (std::size_t i = 0; i < kMostPairs; ++i)
            targets[kBriefTokens + 2 * i + 1] = remaining[i];
        drawn.inputs.push_back(std::move(row));
        drawn.targets.push_back(std::move(targets));
    }
    return drawn;
}

std::unique_ptr<Task> writingsTask(int testItems)
{
    return worldTask(kWorld,
                     {.classes = kChoices,
                      .vocabulary = kVocabulary,
                      .tokens = kTokens,
                      .environment = nullptr,
                      .read = Read::Compare,
                      .briefTokens = kBriefTokens},
                     testItems);
}

} // namespace gradus::data
