// SPDX-License-Identifier: GPL-3.0-or-later
// A draft of what a run shall do after one of its generations: what is behind it stays, what is ahead may be drawn
// anew.
#pragma once

#include "spec/experiment.h"

#include <QString>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

/// A run that is running or has ended, and the last generation that is kept of it.
struct PastOfRun
{
    QString uuid;
    QString name;       ///< "progressive ladder, seed 1"
    spec::RunSpec run;  ///< as it was frozen
    int finished = 0;   ///< generations that are there; at least 1
    int generation = 1; ///< 1..finished
};

/// Bad input: no such run, or one without a finished generation that anything may come after. Reads the store: not for
/// the GUI thread.
Result<PastOfRun> pastOfRun(const std::filesystem::path& store, const std::string& run);

/// spec::readUntil for the number of generations that the draft asks for.
std::optional<double> closedUntil(const PastOfRun& past, int generations);
/// The run's experiment as a draft: its canonical text, with a key on each curve where the past ends, so that what
/// comes after can be drawn without moving what was.
std::string futureText(const PastOfRun& past);
/// "gap.curve={ keys = ... }": what --set takes, for every key that differs from futureText().
std::vector<std::string> assignmentsOf(const PastOfRun& past, const spec::Experiment& wanted);

} // namespace gradus::viewmodels
