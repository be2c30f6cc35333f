// SPDX-License-Identifier: GPL-3.0-or-later
// Where a key's default comes from: a published setting, or a choice of this program.
#pragma once

#include <string_view>

namespace gradus::spec {

/// "released code of Burns et al. 2023"; empty: our own choice, which nobody has published.
std::string_view originOf(std::string_view dottedKey);

} // namespace gradus::spec
