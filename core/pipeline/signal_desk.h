// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the supervisor of every generation out of the experiment's sources: who is asked, with what weight, and how
// their labels become one.
#pragma once

#include "controller/gap_controller.h"
#include "pipeline/sources.h"
#include "pipeline/supervisor.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// What the sources ask of the task: profiles and matrices of its number of classes, files that can be read. Bad input.
Result<void> checkSources(const spec::Experiment& experiment, const data::Task& task);

/// One desk a run; used in its thread.
class SignalDesk final
{
public:
    explicit SignalDesk(const StageContext& context); ///< asks nobody

    bool pools() const { return !m_sources.empty(); }
    /// How many generations back a source looks; at least 1.
    std::size_t deepest() const;

    /// Who labels for generation i >= 2. ancestors: A_{i-1} first, at least one, at best deepest(). Supervisors of a
    /// source's own are trained at first need, and read back by a later process of the run.
    Result<std::unique_ptr<Supervisor>> supervisorOf(int generation, const std::vector<Ancestor>& ancestors);
    /// The source of that name (there is one), as it is. It must not look back: there is nobody to look back to.
    Result<std::shared_ptr<const Source>> sourceNamed(const std::string& name);
    /// Training that the sources' own supervisors cost, as far as they are there; see trainingFlops.
    double flops() const { return m_flops; }

    /// Noise of what a pool says, on the anchors. Nothing is known (calibrated 0, upper 1) without anchors or where no
    /// source speaks.
    Result<signals::MixNoise> noise(const Supervisor& pooled) const;

    /// The pool without each of its sources in turn, and with each source that has no weight in that generation (at
    /// weight 1), by the noise that the anchors show. Empty where one predecessor labels.
    Result<std::vector<controller::Purchase>> otherPanels(int generation, const std::vector<Ancestor>& ancestors);

private:
    Result<std::shared_ptr<const Source>> sourceOf(const spec::SignalSource& source,
                                                   const std::vector<Ancestor>& ancestors);
    Result<Ancestor> ownSupervisor(const spec::SignalSource& source);
    /// Where a source keeps what is its own within the run's folder.
    std::filesystem::path folderOf(const spec::SignalSource& source) const;

    const StageContext& m_context;
    const std::vector<spec::SignalSource>& m_sources;
    data::ItemSet m_anchors;
    std::map<std::string, Ancestor> m_own; ///< by the source's name
    std::map<std::string, std::shared_ptr<const HumanLabels>> m_human;
    std::map<std::string, std::shared_ptr<const Source>> m_folders; ///< models outside the ladder
    double m_flops = 0;
};

} // namespace gradus::pipeline
