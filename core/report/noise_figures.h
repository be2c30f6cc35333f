// SPDX-License-Identifier: GPL-3.0-or-later
// What a noise sweep shows: what students of each size fit of labels that were made wrong on purpose, and how much of
// such noise each bears. Pure.
#pragma once

#include "report/chart.h"
#include "report/figures.h"
#include "report/report.h"

#include <optional>
#include <vector>

namespace gradus::report {

/// One a kind of noise: for each size the accuracy on training items against the labels that were taught and against
/// truth, and on held-out items, with chance, the rate from which labels say nothing, and the rate that the size bears;
/// then these rates side by side with their intervals. None where the runs are no noise sweep.
std::vector<Figure> noiseFigures(const Evidence& evidence);

/// The noise that each size bears, as a rate and as a share of wrong labels: a row a kind of noise and size. None where
/// the runs are no noise sweep.
std::optional<Table> noiseTable(const Evidence& evidence);

} // namespace gradus::report
