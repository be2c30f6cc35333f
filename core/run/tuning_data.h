// SPDX-License-Identifier: GPL-3.0-or-later
// Training data as one model reads it: rows become token ids, and of these the ones that are learnt.
#pragma once

#include "base/result.h"
#include "data/training_rows.h"
#include "engine/folder_tuning.h"
#include "text/tokenizer.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gradus::run {

struct TuningDataRequest
{
    std::filesystem::path folder; ///< of the model, with its tokenizer and, for dialogues, its chat template
    engine::TuningMethod method = engine::TuningMethod::Sft;
    data::TrainingFile file;    ///< its shape follows from the method
    std::filesystem::path held; ///< a file of held-out rows; empty: rows of `file` are held out by hash
    double heldShare = 0.05;    ///< [0, 1) of the groups of `file`
    std::size_t mostHeld = 500; ///< rows; the others of the held-out share are not used at all
    /// A training file of more bytes is read in parts of about so many, and what is learnt of it is laid down in a file
    /// without a name in `scratch` (empty: the system's folder for such files) instead of memory.
    std::size_t partBytes = std::size_t{32} << 20;
    std::filesystem::path scratch = {};
    int maxTokens = 1024; ///< longer texts are left out (sft, reward, dpo) or lose their beginning (classify)
};

struct TuningData
{
    static constexpr std::size_t kShown = 1000;
    std::size_t taughtRows() const { return filed ? filed->size() : taught.size(); }

    std::string about;                         ///< what a row is
    std::vector<engine::TaughtExample> taught; ///< of a file that was read in parts the first kShown alone
    std::vector<engine::TaughtExample> held;
    std::shared_ptr<const engine::FiledExamples> filed = {}; ///< of a file that was read in parts: what is learnt
    int classes = 0;                                         ///< of classify
    std::string note;                                        ///< sentences on rows left out and how they were split
    std::size_t medianTokens = 0;                            ///< of a taught text
    std::size_t longestTokens = 0;
};

/// Errors as readTrainingRows, Tokenizer::open and ChatTemplate::open have them.
Result<TuningData> readTuningData(const TuningDataRequest& request);

struct PairExamples
{
    std::vector<engine::TaughtExample> pairs;
    std::vector<int> lines;  ///< of the file, one a pair
    std::size_t leftOut = 0; ///< rows that say nothing, or longer than the model or maxTokens
    std::string note;        ///< sentences on them
};

/// Every pair of a file as a reward model in that folder reads it. Errors as readTuningData.
Result<PairExamples> readPairExamples(const std::filesystem::path& folder, data::TrainingFile file, int maxTokens);

/// A sequence as the model sees it, with what is learnt between ⟦ and ⟧. Untrusted text.
std::string shownSequence(const text::Tokenizer& tokenizer, const engine::TaughtSequence& sequence);

} // namespace gradus::run
