// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus model eval` on problems that a model answers in its own words.
#pragma once

#include "base/stop.h"
#include "run/generated_eval.h"

#include <string>
#include <vector>

namespace gradus::app {

struct GeneratedEval
{
    std::string task; ///< "gsm8k", "humaneval" or "mbpp"
    std::string folder;
    std::string data;
    std::string shotsData; ///< worked examples for gsm8k; empty: none
    std::string output;    ///< one JSON line a problem; empty: none
    int shots = 8;
    int limit = 0; ///< problems; 0: all
    bool json = false;
    std::vector<std::string> columns = {}; ///< ROLE=COLUMN
    run::GeneratedOptions options = {};
};

/// Prints the score and returns the exit code.
int evaluateGenerated(GeneratedEval& eval, const StopFlag& stop);

} // namespace gradus::app
