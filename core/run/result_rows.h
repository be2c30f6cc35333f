// SPDX-License-Identifier: GPL-3.0-or-later
// What runs measured, condition by condition: the numbers that the result table and its JSON are written from.
#pragma once

#include "base/interval.h"
#include "compare/alignment_rows.h"
#include "store/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

/// One generation of one condition over its seeds.
struct ResultRow
{
    std::string condition;
    int generation = 1;
    std::string rung;
    std::optional<std::int64_t> parameters;
    std::optional<double> gap;
    std::size_t runs = 0;
    std::optional<Estimate> utility, weak, ceiling, pgr, imitation, excess, memorisation;
    std::optional<compare::AlignmentRow> alignment; ///< where risk discovery and alignment ran
};

/// Conditions in the order in which they were recorded, generations ascending; rolled back ones are left out.
std::vector<ResultRow> resultRows(const std::vector<store::RunDetail>& runs);

/// What a condition ends with, over its seeds: of its runs that are over or, where none is, of what all have so far.
struct Ending
{
    std::string condition;
    std::size_t runs = 0;
    std::size_t unfinished = 0;              ///< left out: they go on, or have kept nothing
    double generations = 0;                  ///< mean number kept
    std::optional<Estimate> utility;         ///< of A^+ where alignment ran
    std::optional<Estimate> beforeAlignment; ///< of A^-, of runs in which it did
    std::optional<Estimate> imitation, excess, flops;
};

std::vector<Ending> endingsOf(const std::vector<store::RunDetail>& runs);

/// Final utility of one condition minus another's, paired by seed.
struct Difference
{
    std::string condition, baseline;
    Estimate estimate;
    bool sameRungs = false; ///< both climbed alike in every seed: they are one experiment under two names
};

inline constexpr std::size_t kMostPairwise = 8; ///< conditions
/// Each condition against every one before it, or, where there are more than kMostPairwise, against the first alone:
/// hundreds of differences tell nobody anything. Only those with two common seeds or more.
std::vector<Difference> differencesOf(const std::vector<store::RunDetail>& runs);

/// How often the detectors of failed supervision fired in a condition's students.
struct Signatures
{
    std::string condition;
    std::size_t students = 0;         ///< generations from A_2 on, and A_1 where it was audited; roll-backs included
    std::map<std::string, int> fired; ///< kind without "signature." -> events
};

std::vector<Signatures> signaturesOf(const std::vector<store::RunDetail>& runs);

/// What a model without understanding reaches, each line once; where seeds got different items, with the seeds.
std::vector<std::string> baselinesOf(const std::vector<store::RunDetail>& runs);

} // namespace gradus::run
