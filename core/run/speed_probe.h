// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine is at the parts that a run is made of, measured on a few real steps.
#pragma once

#include "base/result.h"
#include "data/task.h"
#include "pipeline/ladder.h"
#include "spec/experiment.h"

namespace gradus::run {

/// Seconds, each while as many threads do the same as runs will work at a time.
struct RungSpeed
{
    double step = 0; ///< one step of tuning with the experiment's batch
    double item = 0; ///< asking about one item
    double load = 0; ///< making a base of the rung
};

/// Of `most` items, so many as are tried at a time where one takes `work` floating-point operations; 1 or more.
int triedAtOnce(double work, int most);

/// Tunes one rung for about ten steps and asks it about a few hundred items. Takes a fraction of a second on the
/// built-in ladder, and some ten seconds where one step takes as long: then fewer items are tried, and what they took
/// is scaled to the experiment's batch. Writes nothing: a rung whose body is not pretrained yet is measured with drawn
/// weights.
/// @param atOnce  runs that will work at a time, 1 or more
Result<RungSpeed> measureRung(const spec::Experiment& experiment, const data::Task& task,
                              const pipeline::Ladder& ladder, int rung, int atOnce);

/// Seconds of a model folder outside the ladder that reads the task's items as a signal source.
struct ReaderSpeed
{
    double item = 0; ///< reading one item
    double load = 0; ///< opening it
};
/// Reads a few items for some seconds at most. source: one with a folder. Bad input as ClassReader::open.
Result<ReaderSpeed> measureReader(const spec::Experiment& experiment, const data::Task& task,
                                  const spec::SignalSource& source);

} // namespace gradus::run
