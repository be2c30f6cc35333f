// SPDX-License-Identifier: GPL-3.0-or-later
// How alike the errors of a run's own sources are, as a square of pairs: what a map of them shows and a file of it
// says.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "store/store_reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

struct ErrorPair
{
    std::optional<Estimate> phi;     ///< correlation of errors on anchors; none without truth, or where one never errs
    std::optional<double> ofLargest; ///< phi by the largest that the two error rates allow
    std::optional<Estimate> sameWrong; ///< share of the items both get wrong on which they give the same answer
    std::optional<Estimate> agreement; ///< share of the items that both answer
};

struct SourceErrors
{
    int generation = 2;                            ///< that the votes taught
    std::vector<int> generations;                  ///< that sources labelled, ascending
    std::vector<std::string> names;                ///< untrusted bytes
    std::vector<std::optional<Estimate>> accuracy; ///< on anchors, one a source
    std::vector<ErrorPair> pairs;                  ///< first < second, row by row
    long long items = 0;
    long long anchors = 0;
    std::optional<Estimate> effective; ///< as how many independent sources they count
    std::vector<std::string> notes;    ///< what is missing above, and why, a sentence each

    /// Of two different sources, in either order.
    const ErrorPair& pair(std::size_t a, std::size_t b) const;
};

/// Blocks (a second or so for 2,400 votes of five sources). generation: none for the last one that sources labelled.
/// Bad input as runSources.
Result<SourceErrors> sourceErrors(const store::StoreReader& reader, std::int64_t runId, std::optional<int> generation);

/// A line a pair: first,second,phi,low,high,n,of_largest,same_wrong,agreement; provenance first, after "# ".
std::string sourceErrorsCsv(const SourceErrors& errors, const std::string& provenance);
std::string sourceErrorsJson(const SourceErrors& errors, const std::string& provenance);

} // namespace gradus::compare
