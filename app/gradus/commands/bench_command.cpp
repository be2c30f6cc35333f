// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"

#include <CLI/CLI.hpp>

namespace gradus::app {

void addBench(CLI::App&, Invocation&) {}

} // namespace gradus::app
