// SPDX-License-Identifier: GPL-3.0-or-later
// Where this thread's models live.
#pragma once

#include <c10/core/Device.h>

namespace gradus::engine {

/// What useDevice() said last on this thread.
at::Device deviceInUse();

} // namespace gradus::engine
