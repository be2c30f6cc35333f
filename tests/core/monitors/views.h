// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up episodes for the monitors.
#pragma once

#include "monitors/monitor.h"

#include <string>
#include <vector>

namespace gradus::tests {

inline scenario::ToolCall shellCall(const std::string& script)
{
    return {scenario::Tool::Exec, {"bash", "-c", script}, {}, {}};
}

inline scenario::ToolCall writeCall(const std::string& path, const std::string& bytes)
{
    return {scenario::Tool::WriteFile, {}, path, bytes};
}

/// An episode whose parts outlive its view.
struct MadeUp
{
    monitors::Briefing briefing = {};
    std::vector<scenario::Record> records = {};
    std::string statement = {};
    scenario::Observation observation = {};

    MadeUp& did(const scenario::ToolCall& call, const std::string& output = {}, const std::string& errors = {})
    {
        scenario::Record record;
        record.call = call;
        record.output = output;
        record.errors = errors;
        records.push_back(record);
        return *this;
    }
    MadeUp& left(const std::string& path, const std::string& bytes, sandbox::Change change = sandbox::Change::Modified)
    {
        sandbox::FileEntry entry{.change = change, .path = path};
        if (records.empty()) records.emplace_back();
        records.back().changes.push_back(entry);
        observation.changes.push_back(entry);
        observation.files[path].after = {.present = change != sandbox::Change::Removed, .bytes = bytes};
        return *this;
    }
    monitors::View over() const
    {
        return {.briefing = briefing, .records = records, .statement = &statement, .observation = &observation};
    }
    monitors::View before(const scenario::ToolCall& call) const
    {
        return {.briefing = briefing, .records = records, .pending = &call};
    }
};

} // namespace gradus::tests
