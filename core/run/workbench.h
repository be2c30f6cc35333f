// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks and ladders that a set of runs needs, each opened once and shared by their threads.
#pragma once

#include "data/task.h"
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
    };

    /// Opens every distinct combination of [task], [ladder] and anchors among the runs, and asks of each run whether
    /// its rows are enough and its signal sources fit. Errors are bad input.
    static Result<Workbench> open(const std::vector<spec::RunSpec>& runs, const std::filesystem::path& modelsFolder);
    /// The same of runs that a store holds: training.teacher_labels beyond the first teacher's rows, which earlier
    /// versions took for all of them, is no error.
    static Result<Workbench> openStored(const std::vector<spec::RunSpec>& runs,
                                        const std::filesystem::path& modelsFolder);

    const Place& placeOf(const spec::Experiment& experiment) const;
    std::vector<std::string> notes() const; ///< what readers of the results must know of the data

private:
    static Result<Workbench> opened(const std::vector<spec::RunSpec>& runs, const std::filesystem::path& modelsFolder,
                                    bool stored);
    Result<void> openPlace(const spec::Experiment& experiment, const std::filesystem::path& modelsFolder);

    std::map<std::string, Place> m_places; ///< by the canonical text of [task], [ladder] and anchors
};

} // namespace gradus::run
