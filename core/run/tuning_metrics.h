// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.jsonl of a tuning: a line a step, an evaluation and the result, cut back when a job is resumed.
#pragma once

#include "run/tune_model.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

/// One thread at a time. Every line is handed to the system when add() returns.
class TuningMetrics final
{
public:
    TuningMetrics(std::filesystem::path file, engine::TuningMethod method);

    /// Keeps the lines up to that step and returns the evaluations among them. Without it the first line written
    /// begins the file anew.
    Result<std::vector<TuneEvaluation>> resume(std::int64_t step);
    Result<void> add(const engine::TuningStep& step);
    Result<void> add(const TuneEvaluation& evaluation);
    Result<void> add(const engine::TuningDivergence& divergence);
    Result<void> finish(const TuneResult& result);

private:
    Result<void> append(const std::string& line);

    std::filesystem::path m_file;
    engine::TuningMethod m_method;
    bool m_begun = false;
};

} // namespace gradus::run
