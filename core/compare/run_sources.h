// SPDX-License-Identifier: GPL-3.0-or-later
// What the votes that a run keeps tell of its own sources: who errs with whom, and what a further one brings. Blocks
// (2,400 votes of five sources take a second or so); any thread but the GUI's.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "signals/source_report.h"
#include "spec/experiment.h"
#include "store/store_reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

/// The votes on one generation's items as the report reads them.
struct KeptVotes
{
    signals::VoteTable table;                  ///< sources in the order in which the store has them
    std::vector<std::int64_t> items;           ///< numbers (data::itemNumber) of the table's items, ascending
    signals::SourceQuestion question;          ///< the anchors that the run had
    std::vector<std::string> backgrounds = {}; ///< of the table's sources; hostile, empty where none was given
};

/// People of one background, taken together.
struct BackgroundLine
{
    std::string background;           ///< as it was given: hostile
    std::vector<std::string> people;  ///< names of their sources
    long long answered = 0;           ///< labels
    std::optional<Estimate> accuracy; ///< over labels on anchors, Wilson: an item that two of them label counts twice
    std::optional<Estimate> among;    ///< over items and pairs of them: the same label
    std::optional<Estimate> others;   ///< over items and pairs of one of them and a source without this background
};

/// By first appearance; none where nobody's background is known. Pure.
std::vector<BackgroundLine> byBackground(const KeptVotes& votes);

struct RunSources
{
    int generation = 2; ///< that the votes taught
    KeptVotes votes;
    signals::SourceReport report;
};

/// Pure. Weights and families are the experiment's where it is known; the number of classes is that of the
/// probabilities, or without any the largest that somebody named.
KeptVotes keptVotes(const std::vector<events::VoteRecord>& records, const spec::Experiment* experiment);

/// generation: none for the last one that sources labelled. Bad input: a run whose predecessor labelled alone, a
/// generation without votes, a single source.
Result<RunSources> runSources(const store::StoreReader& reader, const store::RunDetail& detail,
                              std::optional<int> generation);

} // namespace gradus::compare
