// SPDX-License-Identifier: GPL-3.0-or-later
// The text that stands where an experiment would, of a run that another tracker made.
#pragma once

#include <string_view>

namespace gradus::spec {

inline constexpr std::string_view kImportedHeader = "[imported]"; ///< its first section; no experiment has it

/// Whether a run's frozen text is such a text.
inline bool isImported(std::string_view frozenToml)
{
    return frozenToml.starts_with(kImportedHeader);
}

} // namespace gradus::spec
