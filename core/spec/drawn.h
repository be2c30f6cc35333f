// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of an experiment that are drawn over the run instead of given once.
#pragma once

#include "spec/keys.h"

namespace gradus::spec {

/// The curve of a key that is drawn in this experiment; nullptr where its number is given once.
const schedule::Curve* drawnCurve(const Experiment& experiment, std::string_view dottedKey);

/// What the curve says for generation i of K: its value at the place where sources' weights are read too (the first
/// generation reads the beginning); a key of whole numbers takes the nearest one.
double drawnValue(const KeyInfo& key, const schedule::Curve& curve, int generation, int generations);

/// The experiment as one generation sees it: every drawn number is given once, and none is drawn. Bit-equal wherever
/// it is asked.
Experiment atGeneration(const Experiment& experiment, int generation);

/// The key's numbers over a run as TOML text: its curve, or a number where the curve has one key.
std::string drawnToml(const KeyInfo& key, const schedule::Curve& curve);

} // namespace gradus::spec
