// SPDX-License-Identifier: GPL-3.0-or-later
// What a model says must be numbers: everything that is chosen or averaged from it would otherwise look like an answer.
#pragma once

#include "base/result.h"

#include <span>

namespace gradus::engine {

/// An error where one of the values is infinite or none, as after a tuning that diverged or in a damaged file.
Result<void> checkNumbers(std::span<const float> values);

} // namespace gradus::engine
