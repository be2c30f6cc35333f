// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures of a report stand beside: accuracy without having learnt the task, and runs that never came to their
// end. Pure.
#pragma once

#include "report/figures.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::report {

/// Accuracy on the held-out items that takes no understanding, as runs recorded it.
struct ReferenceLine
{
    std::string name;    ///< "commonest class", "bag of words", "chance"
    double accuracy = 0; ///< mean over the runs
};
/// Of a group's counted runs: always answering the commonest class, or, of preference pairs, chance and a bag of words;
/// empty where no run recorded one.
std::vector<ReferenceLine> referenceLines(const Evidence& evidence, std::size_t group);
/// Of all groups where they stand on one task; else empty, since one line in a picture cannot be that of several.
std::vector<ReferenceLine> sharedReferenceLines(const Evidence& evidence);

/// A sentence a task, with the conditions that are not above the highest of its lines by their interval; empty without
/// a line or without competence among the columns.
std::vector<std::string> referenceSentences(const Evidence& evidence);

/// Counted runs of a group that were stopped or failed: their last kept generation stands for their end.
std::size_t cutShort(const Evidence& evidence, std::size_t group);
/// "5", or "5, of which 2 did not finish".
std::string countOf(const Evidence& evidence, std::size_t group, std::size_t runs);
/// Whom the figures take for finished and are not, by condition and seed, in one sentence; empty without one.
std::string cutShortSentence(const Evidence& evidence);

} // namespace gradus::report
