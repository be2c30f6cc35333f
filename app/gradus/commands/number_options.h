// SPDX-License-Identifier: GPL-3.0-or-later
// Options that are numbers within bounds. CLI11's own Range compares, and "nan" passes every comparison.
#pragma once

#include <CLI/CLI.hpp>

namespace gradus::app {

/// A number from least to most, both included, and nothing that is none.
CLI::Validator numberFrom(double least, double most);
/// A number above least and at most most.
CLI::Validator numberAbove(double least, double most);

} // namespace gradus::app
