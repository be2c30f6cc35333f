// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_origin.h"

#include "base/machine.h"
#include "engine/tuning.h"

namespace gradus::run {

events::RunOrigin originHere(const std::string& device)
{
    return {.version = GRADUS_VERSION,
            .program = programHash(),
            .library = device.empty() ? std::string() : engine::describeLibrary(),
            .device = device,
            .processor = processorName(),
            .system = systemName()};
}

} // namespace gradus::run
