// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/code_check.h"

#include "base/hash.h"
#include "sandbox/preflight.h"

#include <random>

namespace gradus::run {

namespace {

/// A word that no program is written with. One that reads its own source while it runs can find it: tests and program
/// share an interpreter, so that this guards against ending early, not against forging.
std::string freshWord()
{
    std::random_device device;
    return sha256(std::to_string(device()) + "/" + std::to_string(device())).substr(0, 32);
}

std::string lastLine(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

} // namespace

Result<CodeVerdict> checkCode(const data::CodeProblem& problem, const std::string& body, double seconds,
                              const sandbox::CellOptions& options)
{
    auto cell = sandbox::startProven(options);
    if (!cell) return cell.error();
    const std::string word = freshWord();
    const bool whole = problem.entry.empty();
    const std::string program = (whole ? "" : problem.prompt) + body + "\n\n" + problem.test + "\n\n" +
                                (whole ? "" : "check(" + problem.entry + ")\n") + "print(\"" + word + "\")\n";
    const auto written = cell->writeFile("/home/agent/program.py", program);
    if (!written) return written.error();
    if (!written->success()) return CodeVerdict{.passed = false, .why = written->message};
    // -I: nothing but the program and the standard library.
    const auto ran = cell->exec({.argv = {"python3", "-I", "program.py"}, .timeoutSeconds = seconds});
    if (!ran) {
        // A program that brings its cell down has not passed; that no cell can be had was said above.
        if (cell->end().kind == sandbox::EndKind::Alive) return ran.error();
        return CodeVerdict{.passed = false, .why = cell->end().sentence};
    }
    if (ran->success() && lastLine(ran->output) == word) return CodeVerdict{.passed = true};
    if (!ran->message.empty()) return CodeVerdict{.passed = false, .why = ran->message};
    const std::string said = lastLine(ran->errors);
    return CodeVerdict{.passed = false, .why = said.empty() ? "it ended before its tests did" : said};
}

} // namespace gradus::run
