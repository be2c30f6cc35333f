// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as text and back (RFC 4648, with padding). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gradus {

std::string base64(std::string_view bytes);
/// Nothing where it is no whole base64; bits beyond the last byte are not looked at.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace gradus
