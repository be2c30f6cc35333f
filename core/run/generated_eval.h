// SPDX-License-Identifier: GPL-3.0-or-later
// A language model on problems that it answers in its own words: numbers compared, programs run in a cell.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "base/stop.h"
#include "data/open_problems.h"
#include "sandbox/cell_options.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace gradus::run {

struct GeneratedOptions
{
    std::filesystem::path adapter = {}; ///< on top of the model; empty: none
    int maxNewTokens = 256;
    int batch = 8;                               ///< problems answered side by side
    bool asChat = false;                         ///< problems are a user's turn of the model's chat template
    double testSeconds = 10;                     ///< of one program's tests
    sandbox::CellOptions cell = {};              ///< that programs run in
    std::vector<data::NumberProblem> shots = {}; ///< worked examples before each word problem
};

struct GeneratedAnswer
{
    bool right = false;
    std::string text = {}; ///< what the model wrote, cut where the answer ends; hostile
    std::string said = {}; ///< the number it ends in, or why its tests failed; hostile
};

struct GeneratedResult
{
    Estimate accuracy;          ///< of greedy answers: pass@1 of programs
    std::size_t unanswered = 0; ///< no number, or no body
    std::size_t cut = 0;        ///< reached maxNewTokens
    std::size_t tooLong = 0;    ///< problems that leave no room in the model: counted as wrong
    std::vector<GeneratedAnswer> answers;
};

/// Greedy answers of the model in folder, with its own tokenizer. onProgress(problems done) may be empty.
Result<GeneratedResult> evaluateNumbers(const std::filesystem::path& folder,
                                        const std::vector<data::NumberProblem>& problems,
                                        const GeneratedOptions& options, const StopFlag& stop,
                                        const std::function<void(std::size_t)>& onProgress);
/// Refused before the model is asked where the sandbox's pre-flight does not hold.
Result<GeneratedResult> evaluatePrograms(const std::filesystem::path& folder,
                                         const std::vector<data::CodeProblem>& problems,
                                         const GeneratedOptions& options, const StopFlag& stop,
                                         const std::function<void(std::size_t)>& onProgress);

} // namespace gradus::run
