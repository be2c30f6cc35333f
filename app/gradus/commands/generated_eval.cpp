// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/generated_eval.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/commands.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::ordered_json;

/// One JSON line a problem: what was asked for, what was written, and what came of it.
std::string linesOf(const run::GeneratedResult& result, const std::vector<std::string>& names)
{
    std::string lines;
    for (std::size_t i = 0; i < result.answers.size(); ++i) {
        const run::GeneratedAnswer& answer = result.answers[i];
        lines +=
            ordered_json{{"problem", names[i]}, {"right", answer.right}, {"said", answer.said}, {"text", answer.text}}
                .dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
            "\n";
    }
    return lines;
}

void print(const GeneratedEval& eval, const run::GeneratedResult& result)
{
    const Estimate& score = result.accuracy;
    if (eval.json) {
        std::printf("%s\n",
                    ordered_json{{"task", eval.task},
                                 {"accuracy",
                                  {{"value", score.value}, {"low", score.low}, {"high", score.high}, {"n", score.n}}},
                                 {"unanswered", result.unanswered},
                                 {"cut", result.cut},
                                 {"too_long", result.tooLong}}
                        .dump()
                        .c_str());
        return;
    }
    std::printf("%s, %s, greedy: %.3f [%.3f, %.3f] right\n", eval.task.c_str(),
                counted(static_cast<std::size_t>(score.n), "problem").c_str(), score.value, score.low, score.high);
    std::printf("  %zu without an answer, %zu reached --max-new-tokens, %zu leave no room in the model\n",
                result.unanswered, result.cut, result.tooLong);
}

} // namespace

int evaluateGenerated(GeneratedEval& eval, const StopFlag& stop)
{
    const bool numbers = eval.task == "gsm8k";
    if (!numbers && eval.options.asChat) return report(badInput("--as-chat is for gsm8k: programs are continued."));
    const auto columns = assignments(eval.columns, "--column", "ROLE=COLUMN");
    if (!columns) return report(columns.error());
    std::vector<data::NumberProblem> words;
    std::vector<data::CodeProblem> programs;
    std::vector<std::string> names;
    if (numbers) {
        auto read = data::readNumberProblems(eval.data, eval.limit, *columns);
        if (!read) return report(read.error());
        words = std::move(*read);
        for (std::size_t i = 0; i < words.size(); ++i)
            names.push_back(std::to_string(i + 1));
    } else {
        auto read = data::readCodeProblems(eval.data, eval.limit, *columns);
        if (!read) return report(read.error());
        programs = std::move(*read);
        for (const data::CodeProblem& problem : programs)
            names.push_back(problem.name);
    }
    if (!eval.shotsData.empty()) {
        auto shots = data::readNumberProblems(eval.shotsData, eval.shots, *columns);
        if (!shots) return report(shots.error());
        eval.options.shots = std::move(*shots);
    }
    const double begun = monotonicSeconds();
    double shownAt = begun;
    const auto onProgress = [&](std::size_t done) {
        const double now = monotonicSeconds();
        if (eval.json || now - shownAt < 2) return;
        shownAt = now;
        const double left = (now - begun) / static_cast<double>(done) * static_cast<double>(names.size() - done);
        std::fprintf(stderr, "%zu of %zu problems, about %.0f s left\n", done, names.size(), left);
    };
    const auto result = numbers ? run::evaluateNumbers(eval.folder, words, eval.options, stop, onProgress)
                                : run::evaluatePrograms(eval.folder, programs, eval.options, stop, onProgress);
    if (!result) return report(result.error());
    if (!eval.output.empty())
        if (const auto written = writeFileAtomically(eval.output, linesOf(*result, names)); !written)
            return report(written.error());
    print(eval, *result);
    return 0;
}

} // namespace gradus::app
