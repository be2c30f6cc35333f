// SPDX-License-Identifier: GPL-3.0-or-later
// A playing as a run of a store: written while it goes on, and continued where it was stopped or killed.
#pragma once

#include "commands/play_arguments.h"
#include "monitors/monitor.h"
#include "run/episode_run.h"

#include <string>
#include <vector>

namespace gradus::app {

class PlayRecord final
{
public:
    static Result<PlayRecord> begin(const PlayArguments& arguments, const std::vector<scenario::Scenario>& scenarios,
                                    const std::string& model);
    /// Sets what is played to what the run says. Bad input as EpisodeRun::resume says.
    static Result<PlayRecord> resume(PlayArguments& arguments);

    /// Keeps what the sandbox's pre-flight said, passes over what the run holds whole, and writes word of every episode
    /// before it begins.
    void listen(agent::PlayOptions& options, const events::RunEvent& preflight);
    void keep(const agent::Played& played, const std::vector<monitors::Report>& reports);
    void tell(const events::RunEvent& event) { m_run.sink().event(event); }
    /// Finished, stopped or failed, as the playing was.
    Result<void> end(const Result<agent::PlayReport>& played);
    /// Where the episodes are, or how the run is continued where it can be.
    std::string where(bool stopped) const;

private:
    PlayRecord(run::EpisodeRun run, std::string store, bool continues)
        : m_run(std::move(run)), m_store(std::move(store)), m_continues(continues)
    {
    }

    run::EpisodeRun m_run;
    std::string m_store;
    bool m_continues; ///< once stopped; an auditor's search does not
};

} // namespace gradus::app
