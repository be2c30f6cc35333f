// SPDX-License-Identifier: GPL-3.0-or-later
// The key table's rows of [training] and [conformity]: internal to the room.
#pragma once

#include "spec/keys.h"

namespace gradus::spec {

/// In the canonical order.
std::vector<KeyInfo> trainingKeys();
std::vector<KeyInfo> conformityKeys();

} // namespace gradus::spec
