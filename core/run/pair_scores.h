// SPDX-License-Identifier: GPL-3.0-or-later
// A run's generation as a reward model: which answer of every pair of a file it prefers.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::run {

struct PairScore
{
    int line = 0;       ///< of the file
    std::string subset; ///< of the column "subset"; empty without one: untrusted text
    double preference =
        0;             ///< probability by which the better answer is preferred; several answers: the right one's share
    double result = 0; ///< 1: the right one is preferred most, 0.5: a tie, 0: another one
};

struct PairScores
{
    int generation = 0;
    std::string rung;
    std::vector<PairScore> pairs;
    std::size_t leftOut = 0; ///< rows without information
    double truncatedShare = 0;
    std::string note = {}; ///< sentences on what was left out, and why
};

struct PairScoreRequest
{
    std::filesystem::path file;
    std::string task = "rewardbench"; ///< template by which the file is read; one that compares
    std::vector<std::pair<std::string, std::string>> columns = {}; ///< role -> column
    std::optional<int> generation = {};                            ///< none: the last one that was kept
};

/// Bad input: a run whose task does not compare as many texts as the file's, a generation without weights, a file that
/// cannot be read. The run's own data files must still be there where its rungs were built from scratch, since its
/// vocabulary came from them. Nothing is written.
Result<PairScores> scorePairs(const store::RunDetail& run, const std::filesystem::path& workspace,
                              const PairScoreRequest& request);

} // namespace gradus::run
