// SPDX-License-Identifier: GPL-3.0-or-later
// What stands under a heading of a report, as text to look into.
#pragma once

#include "report/experiment_report.h"

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

/// Of runs that can be reported on.
inline report::Report reportOn(std::vector<compare::ComparedRun> runs)
{
    auto report = report::experimentReport({.runs = std::move(runs)});
    return report ? std::move(*report) : report::Report{};
}

} // namespace gradus::tests
