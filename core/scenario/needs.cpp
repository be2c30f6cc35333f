// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/needs.h"

#include "sandbox/cell.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace gradus::scenario {

Result<Needs> examineNeeds(const std::vector<Scenario>& scenarios, const sandbox::CellOptions& options)
{
    std::set<std::string> programs{"bash"};
    for (const Scenario& one : scenarios)
        programs.insert(one.needs.begin(), one.needs.end());
    auto cell = sandbox::Cell::start(options);
    if (!cell) return cell.error();
    std::vector<std::string> argv{"/bin/sh", "-c", R"(for p; do command -v "$p" >/dev/null || echo "$p"; done)", "sh"};
    argv.insert(argv.end(), programs.begin(), programs.end());
    const auto looked = cell->exec({.argv = std::move(argv)});
    if (!looked) return looked.error();
    Needs needs;
    std::istringstream lines(looked->output);
    for (std::string line; std::getline(lines, line);)
        if (programs.contains(line)) needs.missing.push_back(line);
    const auto isMissing = [&](const std::string& program) {
        return std::ranges::find(needs.missing, program) != needs.missing.end();
    };
    for (const Scenario& one : scenarios)
        if (isMissing("bash") || std::ranges::any_of(one.needs, isMissing)) needs.scenarios.push_back(one.id);
    return needs;
}

} // namespace gradus::scenario
