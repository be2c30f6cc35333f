// SPDX-License-Identifier: GPL-3.0-or-later
// A joined cell's side of its wire: listens on loopback for what the supervisor named, and takes streams that arrive.
#pragma once

#include "sandbox/protocol.h"

namespace gradus::sandbox {

/// Before anything else: no command may inherit the wire. Nothing happens where there is none.
void keepWire();

/// Addresses and ports, in the order of their links; then Ready. From now on a thread of the first process moves bytes,
/// beside the commands; it cannot be ended from inside the cell. When the supervisor closes the wire, the cell ends.
/// False: the request is no such list, or there is no wire.
bool joinRequest(FieldReader fields);

} // namespace gradus::sandbox
