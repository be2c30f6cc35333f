// SPDX-License-Identifier: GPL-3.0-or-later
// Who acts in an episode: a script, or (behind the same interface) a model.
#pragma once

#include "base/result.h"
#include "scenario/render.h"
#include "scenario/transcript.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::scenario {

/// Either a call, or the last words of an episode.
struct Move
{
    std::optional<ToolCall> call = {};
    std::string statement = {}; ///< if there is no call
};

/// Acts one call at a time. Called from the thread that runs the episode. It sees the task and the records alone: never
/// the oracle, the other twins or the scripts.
class Policy
{
public:
    virtual ~Policy() = default;
    virtual std::string name() const = 0; ///< for the provenance: "script/honest", a model's name
    virtual Result<Move> next(const std::string& system, const std::string& task,
                              const std::vector<Record>& records) = 0;
};

/// The calls of a script one after another, whatever comes of them, then its words.
class ScriptedPolicy final : public Policy
{
public:
    ScriptedPolicy(std::string name, Script script);
    std::string name() const override { return m_name; }
    Result<Move> next(const std::string& system, const std::string& task, const std::vector<Record>& records) override;

private:
    std::string m_name;
    Script m_script;
};

} // namespace gradus::scenario
