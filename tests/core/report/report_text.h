// SPDX-License-Identifier: GPL-3.0-or-later
// What stands under a heading of a report, as text to look into, and runs to report on.
#pragma once

#include "report/experiment_report.h"
#include "support/compared_runs.h"

namespace gradus::tests {

/// Everything of a section that is text, a line a block or cell.
inline std::string textOf(const report::Report& report, const std::string& heading)
{
    std::string text;
    for (const report::Section& section : report.sections) {
        if (section.heading != heading) continue;
        for (const report::Block& block : section.blocks) {
            if (const auto* paragraph = std::get_if<report::Paragraph>(&block)) text += paragraph->text + "\n";
            if (const auto* list = std::get_if<report::BulletList>(&block))
                for (const std::string& item : list->items)
                    text += item + "\n";
            if (const auto* table = std::get_if<report::Table>(&block))
                for (const auto& row : table->rows)
                    for (const std::string& cell : row)
                        text += cell + "\n";
            if (const auto* listing = std::get_if<report::Listing>(&block)) text += listing->text + "\n";
        }
    }
    return text;
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Two conditions over five seeds whose competence differs by about this much.
inline std::vector<compare::ComparedRun> pairOf(double difference, double scatter = 0.004)
{
    std::vector<compare::ComparedRun> runs;
    for (const std::int64_t seed : {1, 2, 3, 4, 5})
        runs.push_back(comparedRun("fixed", seed, 0.60 + 0.01 * static_cast<double>(seed), 0.5));
    for (const std::int64_t seed : {1, 2, 3, 4, 5})
        runs.push_back(comparedRun(
            "schedule", seed,
            0.60 + 0.01 * static_cast<double>(seed) + difference + scatter * static_cast<double>(seed - 3), 0.5));
    return runs;
}

/// Of runs that can be reported on.
inline report::Report reportOn(std::vector<compare::ComparedRun> runs)
{
    auto report = report::experimentReport({.runs = std::move(runs)});
    return report ? std::move(*report) : report::Report{};
}

} // namespace gradus::tests
