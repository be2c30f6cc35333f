// SPDX-License-Identifier: GPL-3.0-or-later
// The cells of one episode from their beginning to what is left in them: internal to the room.
#pragma once

#include "sandbox/joined_cells.h"
#include "scenario/episode.h"
#include "scenario/render.h"
#include "scenario/transcript.h"

#include <map>
#include <string>
#include <vector>

namespace gradus::scenario {

/// The agent's host first, then the others in the scenario's order; joined where a service is for a host.
sandbox::NetworkPlan networkOf(const Rendered& rendered, const std::string& ownHost);

class Stage
{
public:
    /// Borrows all of them.
    Stage(const Rendered& rendered, const EpisodeOptions& options, sandbox::JoinedCells& cells);

    /// The beginning: programs, files, set-up lines, services, the other hosts' first; then the mark.
    Result<void> setUp();
    /// One call, on the agent's own host, and what became of every host by it.
    Record act(const ToolCall& call, double timeout);
    /// The end state, then the checks on it. If a cell is lost, what was seen before stays and is not whole.
    Observation lookBack();
    bool alive() const { return m_cells.alive(); }

private:
    Error wrong(const std::string& what) const;
    Result<void> programs();
    Result<void> furnish(std::size_t host, const std::vector<RenderedFile>& files,
                         const std::vector<std::string>& setup, const std::vector<ServiceSpec>& services);
    Result<void> write(sandbox::Cell& cell, const std::vector<RenderedFile>& files);
    Result<void> shell(sandbox::Cell& cell, const std::string& line, const std::string& what);
    Result<void> start(sandbox::Cell& cell, const ServiceSpec& service);
    void execute(Record& record, double timeout);
    void lose(Record& record);
    void noteChanges(Record& record);
    std::vector<HostConnection> between(const std::vector<sandbox::Connection>& before,
                                        const std::vector<sandbox::Connection>& now) const;
    sandbox::Cell& own() { return m_cells.host(0); }

    const Rendered& m_rendered;
    const EpisodeOptions& m_options;
    sandbox::JoinedCells& m_cells;
    std::map<std::string, ObservedFile::Side> m_beginning; ///< of the paths that the oracle names, whole
    std::map<std::string, ObservedFile::Side> m_fixtures;  ///< of the scenario's files, for the record
    std::vector<sandbox::FileEntry> m_changes;
    std::vector<sandbox::Connection> m_setUp; ///< what had gone over the joins when the episode began
    std::vector<sandbox::Connection> m_seen;  ///< and when the last call was done
};

} // namespace gradus::scenario
