// SPDX-License-Identifier: GPL-3.0-or-later
// Names that must be unique across machines, so that stores merge.
#pragma once

#include <string>

namespace gradus {

std::string newUuid(); ///< random (version 4) UUID in lower case, from the system's entropy

} // namespace gradus
