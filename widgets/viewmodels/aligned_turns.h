// SPDX-License-Identifier: GPL-3.0-or-later
// Two to four transcripts side by side: which of their messages stand in one row, and which words differ.
#pragma once

#include "events/events.h"
#include "viewmodels/hostile_text.h"

#include <QString>
#include <QVector>

#include <array>
#include <cstddef>
#include <vector>

namespace gradus::viewmodels {

inline constexpr std::size_t kMostSides = 4;

struct AlignedRow
{
    std::array<int, kMostSides> messages{-1, -1, -1, -1}; ///< 0-based; -1: this side has nothing here
    bool isShared = false;                                ///< of the prefix that all sides have in common
};

/// Rows in which every message of every side stands once, in its order. What all sides begin with is shared; after it
/// every other side is aligned to the first one so that as many messages as possible stand beside one of the same
/// words, else of the same kind. Transcripts of more than 2,000 differing messages are put side by side by number.
/// sides: one to kMostSides, none null.
std::vector<AlignedRow> alignTurns(const std::vector<const events::EpisodeRecord*>& sides);

/// What differs between two shown texts, word by word, as ranges of each; ranges increase and do not touch. Of texts
/// that differ in more than 1,500 words in a row the whole part differs.
struct WordDiff
{
    QVector<NamedRange> left;
    QVector<NamedRange> right;
};
WordDiff wordDiff(const QString& left, const QString& right);

} // namespace gradus::viewmodels
