// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of supervision protocols that are no ladder: internal to the room, part of knownKeys().
#pragma once

#include "spec/keys.h"

namespace gradus::spec {

/// [self] and [debate].
std::vector<KeyInfo> protocolKeys();

} // namespace gradus::spec
