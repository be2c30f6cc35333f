// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/workbench.h"

#include "engine/device.h"
#include "pipeline/scenario_choice.h"
#include "pipeline/signal_desk.h"
#include "run/data_read.h"

namespace gradus::run {

namespace {

std::string keyOf(const spec::Experiment& experiment)
{
    spec::Experiment only;
    only.task = experiment.task;
    only.ladder = experiment.ladder;
    only.signals.anchors = experiment.signals.anchors; // rows that the task keeps back
    return spec::canonicalToml(only);
}

} // namespace

Result<Workbench> Workbench::open(const std::vector<spec::RunSpec>& runs, const std::filesystem::path& modelsFolder)
{
    Workbench bench;
    for (const spec::RunSpec& run : runs) {
        if (const auto there = engine::checkDevice(run.experiment.compute.device); !there) return there.error();
        if (const auto opened = bench.openPlace(run.experiment, modelsFolder); !opened) return opened.error();
        // A place is opened once for runs that differ in [training]: each asks for its own number of rows.
        const auto enough = bench.placeOf(run.experiment).task->admits(run.experiment);
        if (!enough) return enough.error();
        const auto sources = pipeline::checkSources(run.experiment, *bench.placeOf(run.experiment).task);
        if (!sources) return sources.error();
        const auto played = pipeline::checkScenarios(run.experiment, *bench.placeOf(run.experiment).ladder);
        if (!played) return played.error();
    }
    return bench;
}

Result<void> Workbench::openPlace(const spec::Experiment& experiment, const std::filesystem::path& modelsFolder)
{
    const std::string key = keyOf(experiment);
    if (m_places.contains(key)) return {};
    auto task = data::openTask(experiment);
    if (!task) return task.error();
    auto ladder = pipeline::Ladder::open(experiment, **task, modelsFolder);
    if (!ladder) return ladder.error();
    auto files = dataRead(data::filesOf(**task), m_hashes);
    if (!files) return files.error();
    m_places.emplace(
        key, Place{std::move(*task), std::make_unique<pipeline::Ladder>(std::move(*ladder)), std::move(*files)});
    return {};
}

const Workbench::Place& Workbench::placeOf(const spec::Experiment& experiment) const
{
    return m_places.at(keyOf(experiment));
}

std::vector<std::string> Workbench::notes() const
{
    std::vector<std::string> notes;
    for (const auto& [key, place] : m_places)
        if (const std::string note = place.task->note(); !note.empty()) notes.push_back(note);
    return notes;
}

} // namespace gradus::run
