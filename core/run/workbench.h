// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks and ladders that a set of runs needs, each opened once and shared by their threads.
#pragma once

#include "data/task.h"
#include "events/data_event.h"
#include "pipeline/ladder.h"
#include "spec/experiment.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradus::run {

/// Read-only after open(), so any thread may use it.
class Workbench final
{
public:
    struct Place
    {
        std::unique_ptr<data::Task> task;
        std::unique_ptr<pipeline::Ladder> ladder;
        std::vector<events::DataFile> files; ///< that the task was made of
    };

    /// Opens every distinct combination of [task], [ladder] and anchors among the runs, and asks of each run whether
    /// its rows are enough and its signal sources fit. Errors are bad input.
    static Result<Workbench> open(const std::vector<spec::RunSpec>& runs, const std::filesystem::path& modelsFolder);

    const Place& placeOf(const spec::Experiment& experiment) const;
    std::vector<std::string> notes() const; ///< what readers of the results must know of the data

private:
    Result<void> openPlace(const spec::Experiment& experiment, const std::filesystem::path& modelsFolder);

    std::map<std::string, std::string> m_hashes; ///< of files, by path
    std::map<std::string, Place> m_places;       ///< by the canonical text of [task], [ladder] and anchors
};

} // namespace gradus::run
