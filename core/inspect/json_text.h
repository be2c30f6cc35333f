// SPDX-License-Identifier: GPL-3.0-or-later
// JSON of strangers: looked over before it is believed. Internal to the room.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace gradus::inspect {

inline constexpr std::size_t deepestJson = 100;
inline constexpr std::size_t mostValues = 2'000'000; ///< a value takes tens of bytes, however short it is written

/// Bad input: no JSON, too deep, too many values. what: "the member header.json of FILE".
Result<nlohmann::ordered_json> parsedJson(std::string_view text, const std::string& what);

/// A text that is JSON and modest becomes that, to be a part of another: else it stays a text.
nlohmann::ordered_json embedded(const std::string& text);

/// "2026-11-29T09:10:00+00:00"
std::string isoTime(double unixSeconds);

bool isUtf8(std::string_view bytes);

} // namespace gradus::inspect
